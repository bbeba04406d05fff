//! The options of the command line, one row each; help, parsing and the manual read the table.
//!
//! gdb's names are kept. gdb also takes long options with one dash (`-batch`), which `one_dash_to_two` undoes before
//! clap sees them.

use clap::{Arg, ArgAction, Command};

/// One option.
#[derive(Debug)]
pub struct Flag {
    /// Without dashes.
    pub long: &'static str,
    pub short: Option<char>,
    /// Other long names, gdb's among them; `--help` does not list them.
    pub aliases: &'static [&'static str],
    /// What stands for the value in the help; none: it takes no value.
    pub value: Option<&'static str>,
    /// It may be given several times.
    pub repeated: bool,
    pub heading: &'static str,
    /// One sentence without its full stop.
    pub help: &'static str,
}

const FILES: &str = "What to open";
const SCRIPTS: &str = "Commands and scripts";
const OUTPUT: &str = "Output";
const REPORT: &str = "Report";

const fn switch(long: &'static str, heading: &'static str, help: &'static str) -> Flag {
    Flag { long, short: None, aliases: &[], value: None, repeated: false, heading, help }
}

const fn valued(long: &'static str, value: &'static str, heading: &'static str, help: &'static str) -> Flag {
    Flag { long, short: None, aliases: &[], value: Some(value), repeated: true, heading, help }
}

/// All options but `--help` and `--version`.
pub static FLAGS: &[Flag] = &[
    Flag { short: Some('c'), ..valued("core", "FILE", FILES, "The coredump") },
    Flag {
        short: Some('e'),
        aliases: &["se", "symbols"],
        ..valued("exec", "FILE", FILES, "The module that crashed, the same as the first FILE")
    },
    Flag { short: Some('s'), ..valued("symbol-file", "FILE", FILES, "The same as --exec") },
    Flag {
        short: Some('m'),
        ..valued("module", "[NAME=]FILE", FILES, "A further module of the dump, under the name the dump has for it")
    },
    valued("debug", "FILE", FILES, "A file with debug information of the module: whole, .dwo or .dwp"),
    valued("debug-dir", "DIR", FILES, "Where to look for debug files by build id"),
    Flag {
        short: Some('d'),
        aliases: &["source-directory"],
        ..valued("directory", "DIR", FILES, "Where to look for source files")
    },
    valued("cd", "DIR", FILES, "Change to this directory first"),
    Flag { aliases: &["eval-command"], ..valued("ex", "COMMAND", SCRIPTS, "Run a command; in order with -x") },
    Flag { short: Some('x'), aliases: &["x"], ..valued("command", "FILE", SCRIPTS, "Run the commands of a file") },
    Flag {
        aliases: &["init-eval-command"],
        ..valued("iex", "COMMAND", SCRIPTS, "Run a command before the files are opened")
    },
    Flag {
        aliases: &["init-command"],
        ..valued("ix", "FILE", SCRIPTS, "Run the commands of a file before the files are opened")
    },
    switch("batch", SCRIPTS, "Run the commands given, then exit; the status is that of the last command"),
    switch("strict", SCRIPTS, "With --batch: end at the first command that fails"),
    Flag { short: Some('n'), ..switch("nx", SCRIPTS, "Do not run the commands of the init file") },
    switch("nh", SCRIPTS, "The same as --nx"),
    switch("no-shell", SCRIPTS, "Commands may not run other programs"),
    Flag {
        short: Some('q'),
        aliases: &["silent"],
        ..switch("quiet", OUTPUT, "Print nothing at the start but answers and errors")
    },
    valued("style", "STYLE", OUTPUT, "Form of output: reference, or gdb for gdb's exact text"),
    switch("fullname", OUTPUT, "Mark the place of each frame for an editor, as gdb does for Emacs"),
    Flag {
        short: Some('i'),
        ..valued("interpreter", "NAME", OUTPUT, "gdb's console is the only one; for editors there is \"wasmgdb dap\"")
    },
    switch("json", REPORT, "Print the crash report as one JSON object and exit"),
    switch("raw", REPORT, "With --json: members as the debug information has them"),
    switch("globals", REPORT, "With --json: the global variables of all units"),
    valued("max-depth", "N", REPORT, "With --json: levels of children below a variable"),
    switch("args", FILES, "Refused: a dump takes no arguments"),
];

/// The parser of the command line.
pub fn parser() -> Command {
    let mut command = Command::new("wasmgdb")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Post-mortem debugger for WebAssembly: opens a coredump and says what happened")
        .override_usage("wasmgdb [OPTIONS] [MODULE] [COREDUMP]\n       wasmgdb dap [--dap-log FILE]")
        .after_help(
            "Long options may have one dash. Exit status: 0, or 1 if the last command (with --strict, any) failed or a \
             file could not be opened, or 2 for a wrong command line, or what \"quit\" says.",
        )
        .disable_version_flag(true)
        .subcommand_precedence_over_arg(true)
        .disable_help_subcommand(true)
        .infer_long_args(true)
        .arg(Arg::new("version").long("version").short('v').action(ArgAction::Version).help("Print version"))
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .num_args(0..=2)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help("The module and the coredump, or one of them"),
        )
        .subcommand(
            Command::new("dap")
                .about("Serve an editor over the Debug Adapter Protocol, on standard input and output")
                .arg(
                    Arg::new("dap-log")
                        .long("dap-log")
                        .value_name("FILE")
                        .value_parser(clap::value_parser!(std::path::PathBuf))
                        .help("Write all messages to this file"),
                ),
        );
    for flag in FLAGS {
        command = command.arg(argument(flag));
    }
    command
}

fn argument(flag: &'static Flag) -> Arg {
    let mut arg = Arg::new(flag.long).long(flag.long).help(flag.help).help_heading(flag.heading);
    // clap has no long option of one letter; "--x" is accepted by an alias.
    arg = arg.aliases(flag.aliases.iter().copied());
    if let Some(short) = flag.short {
        arg = arg.short(short);
    }
    if flag.long == "args" {
        arg = arg.hide(true);
    }
    match flag.value {
        None => arg.action(ArgAction::SetTrue).overrides_with(flag.long),
        Some(name) => {
            let arg =
                arg.value_name(name).allow_hyphen_values(true).value_parser(clap::builder::OsStringValueParser::new());
            if flag.repeated { arg.action(ArgAction::Append) } else { arg.action(ArgAction::Set) }
        }
    }
}

/// Whether an option of that long name, or the only one that begins so, exists; and if it takes a value.
pub fn takes_value(name: &str) -> Option<bool> {
    let all = || {
        let own = FLAGS.iter().flat_map(|flag| {
            let value = flag.value.is_some();
            std::iter::once(flag.long).chain(flag.aliases.iter().copied()).map(move |long| (long, value))
        });
        own.chain([("help", false), ("version", false)])
    };
    if let Some((_, value)) = all().find(|(long, _)| *long == name) {
        return Some(value);
    }
    let mut fitting = all().filter(|(long, _)| long.starts_with(name));
    match (fitting.next(), fitting.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

/// `-batch` as `--batch`, where `batch` is a long option; everything else as it is.
pub fn one_dash_to_two(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let mut result = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let Some(text) = argument.to_str() else {
            result.push(argument);
            continue;
        };
        if text == "--" {
            result.push(argument);
            result.extend(arguments);
            return result;
        }
        let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or("");
        let (name, has_value) = name.split_once('=').map_or((name, false), |(name, _)| (name, true));
        let short = name.len() == 1 && !text.starts_with("--");
        let long = if name.is_empty() || short { None } else { takes_value(name) };
        // No option without a value has one letter in common with others ("-qn"): what begins so is a wrong name.
        let switches =
            |letter| matches!(letter, 'h' | 'v') || FLAGS.iter().any(|f| f.short == Some(letter) && f.value.is_none());
        let wrong = !short && long.is_none() && name.chars().next().is_some_and(switches);
        let is_long = (long.is_some() || wrong) && !text.starts_with("--");
        let value_follows = match (long, name.chars().next()) {
            (Some(value), _) => value && !has_value,
            (None, Some(letter)) if short => {
                FLAGS.iter().any(|flag| flag.short == Some(letter) && flag.value.is_some())
            }
            _ => false,
        };
        result.push(if is_long { format!("-{text}").into() } else { argument });
        if value_follows && let Some(value) = arguments.next() {
            result.push(value);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(arguments: &[&str]) -> Vec<String> {
        let given = arguments.iter().map(std::ffi::OsString::from);
        one_dash_to_two(given).into_iter().map(|a| a.into_string().expect("all are text")).collect()
    }

    #[test]
    fn the_parser_is_sound() {
        parser().debug_assert();
    }

    #[test]
    fn long_options_may_have_one_dash_and_values_stay_as_they_are() {
        assert_eq!(normalised(&["-batch", "-ex", "-batch", "m.wasm"]), ["--batch", "--ex", "-batch", "m.wasm"]);
        assert_eq!(normalised(&["-x", "-nx", "-nx", "-q"]), ["-x", "-nx", "--nx", "-q"]);
        assert_eq!(normalised(&["-core=a", "-cfile", "-sil"]), ["--core=a", "-cfile", "--sil"]);
        assert_eq!(normalised(&["--", "-batch"]), ["--", "-batch"]);
        assert_eq!(normalised(&["-nosuch", "-"]), ["--nosuch", "-"]);
    }

    #[test]
    fn every_option_says_what_it_does() {
        for flag in FLAGS {
            assert!(flag.help.len() > 10 && !flag.help.ends_with('.'), "{}", flag.long);
        }
    }
}
