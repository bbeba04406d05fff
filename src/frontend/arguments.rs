//! The command line as data: files, scripts in order, and how to talk.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::ArgMatches;
use clap::error::{ContextKind, ErrorKind};

use super::flags::{one_dash_to_two, parser};
use crate::render::options::Style;
use crate::target::open::OpenOptions;
use crate::text::escaped;

/// One `-ex` or `-x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    Command(String),
    File(String),
}

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Module and dump, or one of them; which is which, their contents say.
    pub files: Vec<PathBuf>,
    /// `--core`
    pub core: Option<PathBuf>,
    /// `--exec`, `--symbol-file`
    pub module: Option<PathBuf>,
    /// `--module`: the name that the dump has for it, if given, and the file.
    pub modules: Vec<(Option<String>, PathBuf)>,
    pub debug: Vec<PathBuf>,
    pub debug_directories: Vec<PathBuf>,
    pub source_directories: Vec<String>,
    pub directory: Option<PathBuf>,
    /// `-iex` and `-ix` in order.
    pub early: Vec<Script>,
    /// `-ex` and `-x` in order.
    pub scripts: Vec<Script>,
    pub batch: bool,
    pub strict: bool,
    /// No commands from the init file.
    pub no_init: bool,
    pub no_shell: bool,
    pub quiet: bool,
    pub style: Option<Style>,
    pub fullname: bool,
    pub json: bool,
    pub raw: bool,
    pub globals: bool,
    pub max_depth: Option<u64>,
    /// `wasmgdb dap`, and where to log.
    pub dap: Option<Option<PathBuf>>,
}

impl Arguments {
    /// There is something to open.
    pub fn names_files(&self) -> bool {
        !self.files.is_empty() || self.core.is_some() || self.module.is_some() || !self.modules.is_empty()
    }

    /// The files to open. Of two files without a flag, the first is the module; their contents correct that.
    pub fn open_options(&self) -> OpenOptions {
        let mut files = self.files.iter().cloned();
        let module = self.module.clone().or_else(|| files.next());
        let core = self.core.clone().or_else(|| files.next());
        OpenOptions {
            module,
            core,
            named_modules: self.modules.clone(),
            debug: self.debug.clone(),
            debug_dirs: self.debug_directories.clone(),
        }
    }
}

/// Why there are no arguments: something to print, and the exit status after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    /// 0: the message is what was asked for, and goes to standard output.
    pub status: u8,
}

fn usage(message: String) -> Refusal {
    Refusal {
        message: format!("wasmgdb: {}\nUse `wasmgdb --help' for a complete list of options.\n", escaped(&message)),
        status: 2,
    }
}

/// Read the command line; the first of `arguments` is the program's name.
///
/// # Errors
/// What to print instead: help, version, or what is wrong, in gdb's words.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Refusal> {
    let mut arguments = arguments.into_iter();
    let program = arguments.next().unwrap_or_else(|| "wasmgdb".into());
    let given = std::iter::once(program).chain(one_dash_to_two(arguments));
    let matches = parser().try_get_matches_from(given).map_err(|error| refusal(&error))?;
    from_matches(&matches)
}

fn refusal(error: &clap::Error) -> Refusal {
    let argument = || error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Refusal { message: error.to_string(), status: 0 },
        ErrorKind::UnknownArgument if argument().starts_with('-') => {
            usage(format!("unrecognized option '{}'", argument()))
        }
        ErrorKind::InvalidValue if error.get(ContextKind::InvalidValue).is_some_and(|v| v.to_string().is_empty()) => {
            let option = argument();
            if option.starts_with('[') {
                return usage("the name of a file is empty".into());
            }
            usage(format!("option '{}' requires an argument", option.split([' ', '=']).next().unwrap_or("")))
        }
        ErrorKind::TooManyValues | ErrorKind::UnknownArgument => {
            usage("more than two files: further modules follow --module".to_owned())
        }
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or("").trim_start_matches("error: ");
            usage(first.to_owned())
        }
    }
}

fn from_matches(matches: &ArgMatches) -> Result<Arguments, Refusal> {
    let values = |name: &str| -> Vec<&OsString> { matches.get_many::<OsString>(name).into_iter().flatten().collect() };
    let paths = |name: &str| -> Vec<PathBuf> { values(name).into_iter().map(PathBuf::from).collect() };
    let last = |name: &str| values(name).pop().map(PathBuf::from);
    let set = |name: &str| matches.get_flag(name);
    if set("args") {
        return Err(usage("--args has no meaning: a dump takes no arguments".into()));
    }
    let interpreter = values("interpreter").pop().and_then(|name| name.to_str());
    if let Some(name) = interpreter.filter(|name| !matches!(*name, "console" | "dap")) {
        return Err(usage(format!("Interpreter `{name}' unrecognized: for editors there is \"wasmgdb dap\"")));
    }
    let dap = matches.subcommand_matches("dap").map(|dap| dap.get_one::<PathBuf>("dap-log").cloned());
    // How editors start gdb as an adapter.
    let dap = dap.or_else(|| (interpreter == Some("dap")).then_some(None));
    Ok(Arguments {
        files: matches.get_many::<PathBuf>("files").into_iter().flatten().cloned().collect(),
        core: last("core"),
        module: last("exec").or_else(|| last("symbol-file")),
        modules: values("module").into_iter().map(|value| named_module(value)).collect(),
        debug: paths("debug"),
        debug_directories: paths("debug-dir"),
        source_directories: values("directory").into_iter().map(|v| v.to_string_lossy().into_owned()).collect(),
        directory: last("cd"),
        early: in_order(matches, "iex", "ix"),
        scripts: in_order(matches, "ex", "command"),
        batch: set("batch"),
        strict: set("strict"),
        no_init: set("nx") || set("nh"),
        no_shell: set("no-shell"),
        quiet: set("quiet"),
        style: values("style").pop().map(|style| parse_style(style)).transpose()?,
        fullname: set("fullname"),
        json: set("json"),
        raw: set("raw"),
        globals: set("globals"),
        max_depth: values("max-depth").pop().map(|depth| parse_depth(depth)).transpose()?,
        dap,
    })
}

/// `NAME=FILE` or `FILE`.
fn named_module(value: &OsStr) -> (Option<String>, PathBuf) {
    match value.to_str().and_then(|value| value.split_once('=')) {
        Some((name, file)) => (Some(name.to_owned()), PathBuf::from(file)),
        None => (None, PathBuf::from(value)),
    }
}

fn parse_style(value: &OsStr) -> Result<Style, Refusal> {
    match value.to_str() {
        Some("gdb") => Ok(Style::Gdb),
        Some("reference") => Ok(Style::Reference),
        _ => Err(usage(format!("unknown style `{}': there are reference and gdb", value.to_string_lossy()))),
    }
}

fn parse_depth(value: &OsStr) -> Result<u64, Refusal> {
    let number = value.to_str().and_then(|value| value.parse().ok());
    number.ok_or_else(|| usage(format!("--max-depth needs a number, not `{}'", value.to_string_lossy())))
}

/// Commands and files of two options in the order of the command line.
fn in_order(matches: &ArgMatches, commands: &str, files: &str) -> Vec<Script> {
    let with_place = |name: &str| -> Vec<(usize, String)> {
        let values = matches.get_many::<OsString>(name).into_iter().flatten();
        let places = matches.indices_of(name).into_iter().flatten();
        places.zip(values.map(|value| value.to_string_lossy().into_owned())).collect()
    };
    let mut scripts: Vec<(usize, Script)> = Vec::new();
    scripts.extend(with_place(commands).into_iter().map(|(place, text)| (place, Script::Command(text))));
    scripts.extend(with_place(files).into_iter().map(|(place, text)| (place, Script::File(text))));
    scripts.sort_by_key(|(place, _)| *place);
    scripts.into_iter().map(|(_, script)| script).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Arguments, Refusal> {
        parse(std::iter::once("wasmgdb").chain(arguments.iter().copied()).map(OsString::from))
    }

    fn refused(arguments: &[&str]) -> String {
        let refusal = parsed(arguments).expect_err("must be refused");
        assert_eq!(refusal.status, 2);
        refusal.message.lines().next().unwrap_or("").to_owned()
    }

    #[test]
    fn commands_and_files_keep_their_order() {
        let arguments = parsed(&["-x", "a", "-ex", "bt", "m", "c", "--command=b", "--eval-command", "p -1"]).unwrap();
        let command = |text: &str| Script::Command(text.into());
        let file = |text: &str| Script::File(text.into());
        assert_eq!(arguments.scripts, [file("a"), command("bt"), file("b"), command("p -1")]);
        assert_eq!(arguments.files, [PathBuf::from("m"), PathBuf::from("c")]);
    }

    #[test]
    fn gdbs_spellings_are_understood() {
        let arguments =
            parsed(&["-q", "-batch", "-nx", "-core", "c", "-se=m", "-cd", "/tmp", "-d", "a", "-d", "b"]).unwrap();
        assert!(arguments.quiet && arguments.batch && arguments.no_init);
        assert_eq!((arguments.core, arguments.module), (Some("c".into()), Some("m".into())));
        assert_eq!(arguments.source_directories, ["a", "b"]);
        assert_eq!(parsed(&["--style", "gdb"]).unwrap().style, Some(Style::Gdb));
        let modules = parsed(&["-m", "lib=a.wasm", "--module", "b.wasm"]).unwrap().modules;
        assert_eq!(modules, [(Some("lib".into()), "a.wasm".into()), (None, "b.wasm".into())]);
        assert_eq!(parsed(&["dap", "--dap-log", "f"]).unwrap().dap, Some(Some("f".into())));
        assert_eq!(parsed(&["-i=dap"]).unwrap().dap, Some(None));
    }

    #[test]
    fn wrong_options_are_refused_in_gdbs_words() {
        assert_eq!(refused(&["--nosuch"]), "wasmgdb: unrecognized option '--nosuch'");
        assert_eq!(refused(&["-core"]), "wasmgdb: option '--core' requires an argument");
        assert_eq!(refused(&["a", "b", "c"]), "wasmgdb: more than two files: further modules follow --module");
        assert_eq!(refused(&["--style", "x"]), "wasmgdb: unknown style `x': there are reference and gdb");
        assert!(refused(&["--args", "a"]).contains("a dump takes no arguments"));
        assert!(refused(&["-i=mi"]).contains("Interpreter `mi' unrecognized"));
        assert_eq!(parsed(&["--version"]).expect_err("asked for").status, 0);
    }
}
