//! The values in force: typed access, `set`, `show`, and what they mean for the renderers.

use super::spec::{Row, Setting, Value};
use super::table::TABLE;
use crate::error::{Error, Result};
use crate::render::options::{FrameArguments, FrameInfo, FrameNumbering, Options, OutputRadix, RuntimeFrames, Style};

/// One value for each row of the table.
#[derive(Debug, Clone)]
pub struct Settings {
    values: Vec<Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings::of_style(Style::Reference)
    }
}

impl Settings {
    /// The defaults of a style.
    pub fn of_style(style: Style) -> Self {
        Settings { values: TABLE.iter().map(|row| default_of(row, style).clone()).collect() }
    }

    /// The value of a setting.
    pub fn get(&self, setting: Setting) -> &Value {
        // The table has a row for every setting (tested), and there are as many values as rows.
        self.values.get(setting as usize).unwrap_or(&Value::Flag(false))
    }

    /// A switch.
    pub fn flag(&self, setting: Setting) -> bool {
        matches!(self.get(setting), Value::Flag(true))
    }

    /// A limit, none for unlimited.
    pub fn limit(&self, setting: Setting) -> Option<u64> {
        match self.get(setting) {
            Value::Limit(limit) => *limit,
            Value::Elements => self.limit(Setting::PrintElements),
            _ => None,
        }
    }

    /// A text, file name or choice.
    pub fn text(&self, setting: Setting) -> &str {
        match self.get(setting) {
            Value::Text(text) => text,
            Value::Choice(word) => word,
            _ => "",
        }
    }

    /// Directories to search for sources, first ones first; `$cdir` and `$cwd` come after them.
    pub fn directories(&self) -> &[String] {
        match self.get(Setting::Directories) {
            Value::Paths(paths) => paths,
            _ => &[],
        }
    }

    /// Beginnings of source paths, and what replaces each.
    pub fn substitutions(&self) -> &[(String, String)] {
        match self.get(Setting::SubstitutePath) {
            Value::Rules(rules) => rules,
            _ => &[],
        }
    }

    /// Put a value in force.
    pub fn put(&mut self, setting: Setting, value: Value) {
        if let Some(slot) = self.values.get_mut(setting as usize) {
            *slot = value;
        }
    }

    /// `set NAME TEXT`.
    ///
    /// # Errors
    /// As `Kind::parse`; a setting that stays off.
    pub fn set(&mut self, row: &Row, text: &str) -> Result<()> {
        let value = row.kind.parse(text, self.get(row.setting))?;
        match (row.setting, &value) {
            (Setting::OutputStyle, Value::Choice(word)) => {
                self.change_style(if *word == "gdb" { Style::Gdb } else { Style::Reference });
            }
            (Setting::ShellCommands, Value::Flag(true)) if !self.flag(Setting::ShellCommands) => {
                return Err(Error::Usage("shell-commands is off and stays off in this session".into()));
            }
            _ => {}
        }
        // gdb's prompt keeps one blank that was typed after it; ours always has one.
        let value = match (row.setting, value) {
            (Setting::Prompt, Value::Text(text)) if !text.is_empty() => Value::Text(format!("{text} ").into()),
            (_, value) => value,
        };
        self.put(row.setting, value);
        Ok(())
    }

    /// Options of one command (`-elements 3`), each named as its setting without `print`.
    ///
    /// # Errors
    /// As `set`; an option without such a setting.
    pub fn with_options<'a>(&self, options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Settings> {
        let mut changed = self.clone();
        for (name, text) in options {
            let row = TABLE.iter().find(|row| row.name.strip_prefix("print ") == Some(name));
            let row = row.ok_or_else(|| Error::Usage(format!("Unrecognized option at: -{name}")))?;
            changed.set(row, text)?;
        }
        Ok(changed)
    }

    /// Give the settings whose default depends on the style the new style's default; the others keep their values.
    fn change_style(&mut self, style: Style) {
        for row in TABLE.iter().filter(|row| row.reference != row.gdb) {
            self.put(row.setting, default_of(row, style).clone());
        }
    }

    /// The answer of `show NAME`, without an end of line.
    pub fn show(&self, row: &Row) -> String {
        let value = self.get(row.setting);
        let enabled = if *value == Value::Flag(true) { "enabled" } else { "disabled" };
        row.show.replace("{enabled}", enabled).replacen("{}", &value.to_text(), 1)
    }

    /// The style of output.
    pub fn style(&self) -> Style {
        if self.text(Setting::OutputStyle) == "gdb" { Style::Gdb } else { Style::Reference }
    }

    /// What the renderers need. `interactive`: a person reads along, so `auto` folds runtime frames.
    pub fn render_options(&self, interactive: bool) -> Options {
        Options {
            style: self.style(),
            pretty: self.flag(Setting::PrintPretty),
            array: self.flag(Setting::PrintArray),
            array_indexes: self.flag(Setting::PrintArrayIndexes),
            elements: self.limit(Setting::PrintElements),
            characters: self.limit(Setting::PrintCharacters),
            repeats: self.limit(Setting::PrintRepeats),
            null_stop: self.flag(Setting::PrintNullStop),
            union: self.flag(Setting::PrintUnion),
            address: self.flag(Setting::PrintAddress),
            symbol: self.flag(Setting::PrintSymbol),
            object: self.flag(Setting::PrintObject),
            static_members: self.flag(Setting::PrintStaticMembers),
            referents: true,
            sevenbit_strings: self.flag(Setting::PrintSevenbitStrings),
            max_depth: self.limit(Setting::PrintMaxDepth),
            full_types: self.flag(Setting::PrintFullTypes),
            raw: self.flag(Setting::PrintRawValues),
            reasons: true,
            member_types: self.flag(Setting::PrintMemberTypes),
            member_addresses: self.flag(Setting::PrintMemberAddresses),
            value_numbers: self.flag(Setting::PrintValueNumbers),
            output_radix: match self.text(Setting::OutputRadix) {
                "8" => OutputRadix::Octal,
                "16" => OutputRadix::Hexadecimal,
                _ => OutputRadix::Decimal,
            },
            format: None,
            frame_arguments: match self.text(Setting::PrintFrameArguments) {
                "all" => FrameArguments::All,
                "none" => FrameArguments::None,
                "presence" => FrameArguments::Presence,
                _ => FrameArguments::Scalars,
            },
            frame_info: frame_info(self.text(Setting::PrintFrameInfo)),
            frame_numbering: match self.text(Setting::FrameNumbering) {
                "outermost" => FrameNumbering::Outermost,
                _ => FrameNumbering::Innermost,
            },
            runtime_frames: match self.text(Setting::PrintRuntimeFrames) {
                "fold" | "off" => RuntimeFrames::Fold,
                "hide" => RuntimeFrames::Hide,
                "auto" if interactive => RuntimeFrames::Fold,
                _ => RuntimeFrames::Show,
            },
        }
    }
}

fn frame_info(word: &str) -> FrameInfo {
    match word {
        "source-line" => FrameInfo::SourceLine,
        "location" => FrameInfo::Location,
        "source-and-location" => FrameInfo::SourceAndLocation,
        "location-and-address" => FrameInfo::LocationAndAddress,
        "short-location" => FrameInfo::ShortLocation,
        _ => FrameInfo::Auto,
    }
}

fn default_of(row: &Row, style: Style) -> &Value {
    match style {
        Style::Reference => &row.reference,
        Style::Gdb => &row.gdb,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lookup::{Found, completions, find};
    use super::super::spec::Kind;
    use super::*;

    fn set(settings: &mut Settings, text: &str) -> Result<()> {
        match find("set", text, &[])? {
            Found::Setting { row, rest } => settings.set(row, rest),
            found => panic!("{text}: {found:?}"),
        }
    }

    fn show(settings: &Settings, text: &str) -> String {
        match find("show", text, &[]) {
            Ok(Found::Setting { row, .. }) => settings.show(row),
            found => panic!("{text}: {found:?}"),
        }
    }

    #[test]
    fn every_row_stands_where_its_handle_says_and_names_are_sorted() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.setting as usize, index, "{}", row.name);
        }
        assert!(TABLE.iter().zip(TABLE.iter().skip(1)).all(|(a, b)| a.name < b.name));
    }

    #[test]
    fn every_default_fits_its_kind() {
        for row in &TABLE {
            for value in [&row.reference, &row.gdb] {
                let fits = match row.kind {
                    Kind::Flag => matches!(value, Value::Flag(_)),
                    Kind::Limit | Kind::Depth => matches!(value, Value::Limit(_)),
                    Kind::Characters => matches!(value, Value::Limit(_) | Value::Elements),
                    Kind::Radix => matches!(value, Value::Choice("8" | "10" | "16")),
                    Kind::Choice(words) => matches!(value, Value::Choice(word) if words.contains(word)),
                    Kind::Text | Kind::File => matches!(value, Value::Text(_)),
                    Kind::Paths => matches!(value, Value::Paths(_)),
                    Kind::Rules => matches!(value, Value::Rules(_)),
                };
                assert!(fits, "{}: {value:?}", row.name);
            }
        }
    }

    #[test]
    fn summaries_complete_a_sentence_and_show_has_a_place_for_the_value() {
        for row in &TABLE {
            assert!(row.summary.len() <= 75 && !row.summary.ends_with('.'), "{}", row.name);
            assert!(row.show.contains("{}") || row.show.contains("{enabled}"), "{}", row.name);
        }
    }

    #[test]
    fn the_reference_style_is_the_renderers_default() {
        assert_eq!(Settings::default().render_options(false), Options::default());
    }

    #[test]
    fn words_may_be_shortened_while_they_are_unique() {
        let mut settings = Settings::default();
        set(&mut settings, "pr el 3").unwrap();
        set(&mut settings, "p pretty of").unwrap();
        assert_eq!(show(&settings, "print elements"), "Limit on string chars or array elements to print is 3.");
        assert_eq!(show(&settings, "pr pre"), "Pretty formatting of structures is off.");
        let ambiguous = set(&mut settings, "pr ar 3").unwrap_err().to_string();
        assert_eq!(ambiguous, "Ambiguous set print command \"ar 3\": array, array-indexes.");
    }

    #[test]
    fn wrong_values_are_refused_in_gdbs_words_and_change_nothing() {
        let mut settings = Settings::default();
        for (text, message) in [
            ("print pretty foo", "\"on\" or \"off\" expected."),
            ("print pretty o", "\"on\" or \"off\" expected."),
            ("print elements -1", "integer -1 out of range"),
            ("print elements", "Argument required (integer to set it to, or \"unlimited\")."),
            ("print elements foo", "No symbol \"foo\" in current context."),
            ("print elements 3 4", "A syntax error in expression, near `4'."),
            ("print max-depth -2", "only -1 is allowed to set as unlimited"),
            ("print frame-arguments foo", "Undefined item: \"foo\"."),
            ("print frame-arguments", "Requires an argument. Valid arguments are all, scalars, none, presence."),
            ("output-radix 7", "Unsupported output radix ``decimal 7''; output radix unchanged."),
            ("substitute-path a", "Incorrect usage, too few arguments in command"),
            ("print nosuch", "Undefined set print command: \"nosuch\".  Try \"help set print\"."),
        ] {
            assert_eq!(set(&mut settings, text).unwrap_err().to_string(), message, "{text}");
        }
        assert_eq!(settings.render_options(false), Options::default());
    }

    #[test]
    fn zero_and_unlimited_lift_a_limit_and_depth_zero_is_a_depth() {
        let mut settings = Settings::default();
        set(&mut settings, "print elements 0").unwrap();
        set(&mut settings, "print repeats unlimited").unwrap();
        set(&mut settings, "print max-depth 0").unwrap();
        let options = settings.render_options(false);
        assert_eq!((options.elements, options.repeats, options.max_depth), (None, None, Some(0)));
        assert_eq!(options.characters, None, "characters follow elements");
        set(&mut settings, "print characters 5").unwrap();
        assert_eq!(settings.render_options(false).characters, Some(5));
        set(&mut settings, "print max-depth -1").unwrap();
        assert_eq!(show(&settings, "print max-depth"), "Maximum print depth is unlimited.");
    }

    #[test]
    fn changing_the_style_changes_what_depends_on_it_and_nothing_else() {
        let mut settings = Settings::default();
        set(&mut settings, "print elements 3").unwrap();
        set(&mut settings, "output-style gdb").unwrap();
        let options = settings.render_options(true);
        assert!(!options.pretty && !options.member_types && !options.member_addresses && options.value_numbers);
        assert_eq!((options.style, options.elements), (Style::Gdb, Some(3)));
        assert_eq!(options.runtime_frames, RuntimeFrames::Show);
        set(&mut settings, "output-style reference").unwrap();
        assert!(settings.render_options(true).pretty);
        assert_eq!(settings.render_options(true).runtime_frames, RuntimeFrames::Fold);
    }

    #[test]
    fn source_paths_are_shown_as_gdb_shows_them() {
        let mut settings = Settings::default();
        set(&mut settings, "substitute-path /a/ /b").unwrap();
        set(&mut settings, "substitute-path '/with space' /c").unwrap();
        set(&mut settings, "substitute-path /a /d").unwrap();
        set(&mut settings, "directories /x:/y:/x:$cwd").unwrap();
        let rules = "List of all source path substitution rules:\n  `/with space' -> `/c'.\n  `/a' -> `/d'.";
        assert_eq!(show(&settings, "substitute-path"), rules);
        assert_eq!(show(&settings, "directories"), "Source directories searched: /x:/y:$cdir:$cwd");
    }

    #[test]
    fn options_of_one_command_leave_the_settings_alone() {
        let settings = Settings::default();
        let changed = settings.with_options([("elements", "3"), ("pretty", "off")]).unwrap();
        assert_eq!(changed.limit(Setting::PrintElements), Some(3));
        assert_eq!(settings.limit(Setting::PrintElements), Some(200));
        assert!(settings.with_options([("nosuch", "3")]).is_err());
    }

    #[test]
    fn shell_commands_that_are_off_stay_off() {
        let mut settings = Settings::default();
        set(&mut settings, "shell-commands off").unwrap();
        assert!(set(&mut settings, "shell-commands on").is_err());
        assert!(!settings.flag(Setting::ShellCommands));
    }

    #[test]
    fn completion_offers_words_groups_members_and_values() {
        assert_eq!(completions("pri", &[], true), ["print"]);
        assert_eq!(completions("print max", &[], true), ["max-depth"]);
        assert_eq!(completions("print ar", &[], true), ["array", "array-indexes"]);
        assert_eq!(completions("output-style ", &[], true), ["gdb", "reference"]);
        assert_eq!(completions("print pretty o", &[], true), ["off", "on"]);
        assert!(completions("print pretty o", &[], false).is_empty());
        assert_eq!(completions("va", &["variable"], true), ["variable"]);
    }
}
