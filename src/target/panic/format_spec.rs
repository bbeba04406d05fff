//! How a placeholder of Rust's `format!` wants its argument written: base, sign, width, precision.

/// Options of one placeholder; `FormattingOptions` of library/core/src/fmt/mod.rs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spec {
    /// Fill character and bits, as Rust packs them; none: the default.
    pub flags: Option<u32>,
    pub width: Option<usize>,
    pub precision: Option<usize>,
}

/// Widths beyond this are no message.
const MAX_WIDTH: usize = 512;

impl Spec {
    fn bit(&self, bit: u32) -> bool {
        self.flags.is_some_and(|flags| flags & 1 << bit != 0)
    }

    /// `{:#?}` and `{:#x}`.
    pub fn is_alternate(&self) -> bool {
        self.bit(23)
    }

    /// `{:x?}`
    pub fn is_debug_hex(&self) -> bool {
        self.bit(25)
    }

    /// A number, of which `digits` has no sign; `prefix` stands in front of the digits in the alternate form.
    pub fn number(&self, negative: bool, prefix: &str, digits: &str) -> String {
        let sign = if negative {
            "-"
        } else if self.bit(21) {
            "+"
        } else {
            ""
        };
        let prefix = if self.is_alternate() { prefix } else { "" };
        let width = self.width.unwrap_or(0).min(MAX_WIDTH);
        if self.bit(24) {
            let rest = width.saturating_sub(sign.len() + prefix.len());
            return format!("{sign}{prefix}{digits:0>rest$}");
        }
        self.padded(&format!("{sign}{prefix}{digits}"), true)
    }

    /// Text cut to the precision and filled to the width.
    pub fn text(&self, text: &str) -> String {
        let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        self.padded(&cut, false)
    }

    /// A float in the form that reads back, or with the precision asked for.
    pub fn float(&self, value: f64, shortest: String) -> String {
        let text = self.precision.map_or(shortest, |precision| format!("{value:.*}", precision.min(MAX_WIDTH)));
        match text.strip_prefix('-') {
            Some(digits) => self.number(true, "", digits),
            None => self.number(false, "", &text),
        }
    }

    fn padded(&self, text: &str, is_number: bool) -> String {
        let missing = self.width.unwrap_or(0).min(MAX_WIDTH).saturating_sub(text.chars().count());
        let fill = self.flags.and_then(|flags| char::from_u32(flags & 0x1f_ffff)).unwrap_or(' ');
        let before = match self.flags.map_or(3, |flags| flags >> 29 & 3) {
            0 => 0,
            1 => missing,
            2 => missing / 2,
            _ if is_number => missing,
            _ => 0,
        };
        let fill = |count: usize| fill.to_string().repeat(count);
        format!("{}{text}{}", fill(before), fill(missing - before))
    }
}
