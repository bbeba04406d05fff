//! Columns: cells of text to aligned lines, as the `info` commands print them.
//!
//! All rows are kept until the widths are known, so this is for lists that a person reads; long ones stream.

use crate::text::{Role, Sink, Stopped, Text, escaped};

/// Where a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Rows under a header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<Text>>,
    indent: usize,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&'static str, Align)]) -> Self {
        Table { columns: columns.to_vec(), rows: Vec::new(), indent: 0 }
    }

    /// Begin every line with so many blanks.
    pub fn indented(mut self, blanks: usize) -> Self {
        self.indent = blanks;
        self
    }

    /// Add a row; cells beyond the columns are dropped, missing ones are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Text>) -> &mut Self {
        self.rows.push(cells.into_iter().take(self.columns.len()).collect());
        self
    }

    /// No rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Write header and rows. No blanks at the end of a line.
    pub fn write_to(&self, out: &mut dyn Sink) -> Result<(), Stopped> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(name, _)| name.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(width_of(cell));
            }
        }
        if self.columns.iter().any(|(name, _)| !name.is_empty()) {
            let header: Vec<Text> = self.columns.iter().map(|(name, _)| Text::from(*name)).collect();
            self.write_row(&header, &widths, out)?;
        }
        self.rows.iter().try_for_each(|row| self.write_row(row, &widths, out))
    }

    fn write_row(&self, row: &[Text], widths: &[usize], out: &mut dyn Sink) -> Result<(), Stopped> {
        let last = row.iter().rposition(|cell| !cell.is_empty());
        out.put(Role::Plain, &" ".repeat(self.indent))?;
        for (index, (cell, (width, (_, align)))) in row.iter().zip(widths.iter().zip(&self.columns)).enumerate() {
            let padding = " ".repeat(width.saturating_sub(width_of(cell)));
            if *align == Align::Right {
                out.put(Role::Plain, &padding)?;
            }
            cell.write_to(out)?;
            if last.is_none_or(|last| index >= last) {
                break;
            }
            if *align == Align::Left {
                out.put(Role::Plain, &padding)?;
            }
            out.put(Role::Plain, " ")?;
        }
        out.put(Role::Plain, "\n")
    }
}

/// Characters that the cell takes on a terminal, escapes counted as they are written.
fn width_of(cell: &Text) -> usize {
    cell.spans().map(|(_, text)| escaped(text).chars().count()).sum()
}

/// A cell of one role.
pub fn cell(role: Role, text: impl AsRef<str>) -> Text {
    let mut cell = Text::new();
    cell.push(role, text.as_ref());
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_lines_end_without_blanks() {
        let mut table = Table::new(&[("Num", Align::Right), ("Name", Align::Left), ("Type", Align::Left)]);
        table.row([cell(Role::Number, "7"), cell(Role::Name, "stack_pointer"), cell(Role::Type, "i32")]);
        table.row([cell(Role::Number, "1234"), cell(Role::Name, "x")]);
        let mut text = Text::new();
        table.write_to(&mut text).expect("a text never stops");
        assert_eq!(text.to_plain(), " Num Name          Type\n   7 stack_pointer i32\n1234 x\n");
    }

    #[test]
    fn control_characters_count_as_their_escapes() {
        let mut table = Table::new(&[("", Align::Left), ("", Align::Left)]);
        table.row([cell(Role::Name, "a\u{1b}"), cell(Role::Plain, "1")]);
        table.row([cell(Role::Name, "abcdef"), cell(Role::Plain, "2")]);
        let mut text = Text::new();
        table.write_to(&mut text).expect("a text never stops");
        assert_eq!(text.to_plain(), "a\u{1b}  1\nabcdef 2\n");
    }
}
