//! The list of commands.

use super::spec::CommandTable;
use super::{
    alias, apply, backtrace, complete, control, define, directory, disassemble, display, display_type, dump, echo,
    examine, find, frame, help, hexdump, info, info_address, info_frame, info_line, info_locals, info_memory,
    info_module, info_modules, info_program, info_provenance, info_symbol, info_symbols, info_values, info_wasm, list,
    print, printf, quit, running, script, set, shell, show, thread, working_directory,
};

/// All commands, by the files that hold them.
pub static TABLE: CommandTable = CommandTable {
    families: &[
        backtrace::ROWS,
        frame::ROWS,
        thread::ROWS,
        apply::ROWS,
        info_frame::ROWS,
        info_locals::ROWS,
        info::ROWS,
        info_program::ROWS,
        info_provenance::ROWS,
        info_modules::ROWS,
        info_module::ROWS,
        info_memory::ROWS,
        info_values::ROWS,
        info_wasm::ROWS,
        print::ROWS,
        display_type::ROWS,
        list::ROWS,
        directory::ROWS,
        working_directory::ROWS,
        info_line::ROWS,
        info_symbol::ROWS,
        info_symbols::ROWS,
        disassemble::ROWS,
        display::ROWS,
        printf::ROWS,
        control::ROWS,
        info_address::ROWS,
        examine::ROWS,
        find::ROWS,
        hexdump::ROWS,
        dump::ROWS,
        show::ROWS,
        set::ROWS,
        help::ROWS,
        echo::ROWS,
        script::ROWS,
        define::ROWS,
        alias::ROWS,
        shell::ROWS,
        complete::ROWS,
        quit::ROWS,
        running::ROWS,
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::command::lookup::Call;
    use crate::command::spec::{Group, Subcommands};
    use crate::files::Files;
    use crate::session::Session;
    use crate::settings::Settings;

    #[test]
    fn names_and_aliases_are_unique_below_each_prefix() {
        let mut seen = HashSet::new();
        for command in TABLE.rows() {
            for word in std::iter::once(command.word()).chain(command.aliases.iter().copied()) {
                assert!(seen.insert((command.prefix(), word)), "{} {word}", command.prefix());
            }
        }
    }

    #[test]
    fn prefixes_are_commands_that_take_subcommands() {
        for command in TABLE.rows().filter(|command| !command.prefix().is_empty()) {
            let above = TABLE.named(command.prefix()).unwrap_or_else(|| panic!("{} has no row above", command.name));
            assert_ne!(above.subcommands, Subcommands::None, "{}", above.name);
        }
    }

    #[test]
    fn summaries_are_short_sentences_and_every_command_has_an_example() {
        for command in TABLE.rows() {
            let summary = command.summary;
            assert!((10..=75).contains(&summary.len()), "{}: {} bytes", command.name, summary.len());
            assert!(summary.starts_with(|c: char| c.is_ascii_uppercase()) && !summary.ends_with('.'), "{summary}");
            assert!(
                !command.help.ends_with('\n') && command.help.lines().all(|line| line.len() <= 100),
                "{}",
                command.name
            );
            assert!(command.group == Group::Running || !command.examples.is_empty(), "{}", command.name);
        }
    }

    #[test]
    fn examples_call_the_command_that_they_explain() {
        let files = Files::new();
        let session = Session::new(&files, Settings::default());
        for command in TABLE.rows() {
            for (line, _) in command.examples {
                let Ok(Call::Row { command: called, .. }) = TABLE.find(&session, line) else { panic!("{line}") };
                let found = match called.subcommands {
                    Subcommands::Own => command.name.starts_with(called.name) && line.starts_with(command.name),
                    _ => called.name == command.name,
                };
                assert!(found, "{line} calls {}", called.name);
            }
        }
    }

    #[test]
    fn unknown_and_ambiguous_words_are_refused_in_gdbs_words() {
        let files = Files::new();
        let session = Session::new(&files, Settings::default());
        for (line, message) in [
            ("xyzzy", "Undefined command: \"xyzzy\".  Try \"help\"."),
            ("info xyzzy 3", "Undefined info command: \"xyzzy\".  Try \"help info\"."),
            ("sh 3", "Ambiguous command \"sh 3\": shell, show."),
        ] {
            let Err(error) = TABLE.find(&session, line) else { panic!("{line}") };
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn one_letter_aliases_win_over_longer_names() {
        let files = Files::new();
        let session = Session::new(&files, Settings::default());
        for (line, name) in [("s", "step"), ("q 3", "quit"), ("h", "help"), ("!ls -l", "shell"), ("| bt | wc", "pipe")]
        {
            let Ok(Call::Row { command, .. }) = TABLE.find(&session, line) else { panic!("{line}") };
            assert_eq!(command.name, name);
        }
    }
}
