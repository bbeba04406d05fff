//! From the command line to a session: settings, early scripts, files.

use super::arguments::{Arguments, Script};
use super::dialogue::{Dialogue, Verdict};
use crate::command::spec::NoInput;
use crate::command::{Invocation, Outcome, Stop, frames, info_program, script};
use crate::error::Error;
use crate::files::Files;
use crate::render::options::Style;
use crate::session::Session;
use crate::settings::{Setting, Settings, Value};

/// A session with the settings that the command line asks for; nothing is open.
pub fn session<'f>(arguments: &Arguments, files: &'f Files, colour: bool) -> Session<'f> {
    let mut settings = Settings::of_style(arguments.style.unwrap_or(Style::Reference));
    settings.put(Setting::StyleEnabled, Value::Flag(colour));
    if arguments.no_shell {
        settings.put(Setting::ShellCommands, Value::Flag(false));
    }
    if !arguments.source_directories.is_empty() {
        settings.put(Setting::Directories, Value::Paths(arguments.source_directories.clone()));
    }
    if arguments.batch {
        settings.put(Setting::Confirm, Value::Flag(false));
    }
    Session::new(files, settings)
}

/// Run one `-ex` or `-x`.
pub fn run_script(dialogue: &mut Dialogue, session: &mut Session<'_>, script: &Script) -> Verdict {
    match script {
        Script::Command(line) => dialogue.execute(session, line, &mut NoInput),
        Script::File(file) => {
            let file = script::expand_home(file);
            dialogue.run(session, &mut NoInput, |at| match script::run_file(at, &file, false) {
                Err(Stop::Failed(Error::Io { path, message })) if path == file => {
                    Err(Error::Usage(format!("warning: {file}: {}", message.trim_end_matches('.'))).into())
                }
                ended => ended,
            })
        }
    }
}

/// The file of commands that every session begins with; none if there is no home.
pub fn init_file() -> Option<String> {
    let path = |name: &str| std::env::var(name).ok().filter(|path| !path.is_empty());
    let config = path("XDG_CONFIG_HOME").or_else(|| path("HOME").map(|home| format!("{home}/.config")))?;
    Some(format!("{config}/wasmgdb/init"))
}

/// Everything up to the first command: early scripts, then the files. A file that cannot be opened is a failure; the
/// session goes on without it.
pub fn begin(dialogue: &mut Dialogue, session: &mut Session<'_>, arguments: &Arguments) -> Verdict {
    let verdict = early(dialogue, session, arguments);
    if matches!(verdict, Verdict::Quit(_)) || !arguments.names_files() {
        return verdict;
    }
    dialogue.run(session, &mut NoInput, |at| {
        at.session.open(&arguments.open_options())?;
        let warnings = at.session.new_warnings();
        warnings.iter().try_for_each(|warning| at.warn(warning))?;
        at.session.annotate = arguments.fullname;
        announce(at, arguments.quiet)
    })
}

/// Everything before the files are opened: the init file, then early scripts.
fn early(dialogue: &mut Dialogue, session: &mut Session<'_>, arguments: &Arguments) -> Verdict {
    let init = init_file().filter(|file| !arguments.no_init && std::path::Path::new(file).exists());
    let scripts = init.map(Script::File).into_iter().chain(arguments.early.iter().cloned());
    for script in scripts {
        match run_script(dialogue, session, &script) {
            Verdict::Done | Verdict::Failed => {}
            ended => return ended,
        }
    }
    Verdict::Done
}

/// Say what was opened and why it stopped, and show where: unless the user wants it quiet.
fn announce(at: &mut Invocation<'_, '_>, quiet: bool) -> Outcome {
    let program = at.session.program()?;
    if program.core().is_none() {
        return if quiet { Ok(()) } else { info_program::module_alone(at) };
    }
    if !quiet {
        info_program::print_end(at.session, at.out)?;
    }
    // A person wants to see the own code; scripts and gdb's style begin where gdb does.
    at.session.undecided = at.session.interactive && at.session.settings.style() == Style::Reference;
    if quiet {
        return Ok(());
    }
    at.session.decide();
    match at.session.selected() {
        Ok(_) => frames::print_selected(at),
        Err(_) => Ok(()),
    }
}
