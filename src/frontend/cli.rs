//! The program: reads the command line and hands over to the prompt, a script, a report or an editor.

use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use super::arguments::{Arguments, parse};
use super::batch::{Outcome, Piped, run_piped, run_scripts};
use super::dialogue::{Dialogue, Verdict};
use super::report::{DEFAULT_DEPTH, MAX_DEPTH, ReportOptions, write_report};
use super::{repl, start};
use crate::command::TABLE;
use crate::files::Files;
use crate::render::ansi::{Output, Wishes};
use crate::target::Program;
use crate::text::escaped;

/// Run the program on the arguments of this process.
pub fn run() -> ExitCode {
    let arguments = match parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // The reader of help may leave early, and if nobody reads errors, the status still tells.
            let _ = match refusal.status {
                0 => std::io::stdout().write_all(refusal.message.as_bytes()),
                _ => std::io::stderr().write_all(refusal.message.as_bytes()),
            };
            return ExitCode::from(refusal.status);
        }
    };
    // An exit status has eight bits; what does not fit wraps as in every shell.
    ExitCode::from(serve(&arguments) as u8)
}

fn serve(arguments: &Arguments) -> i32 {
    if let Some(directory) = &arguments.directory
        && std::env::set_current_dir(directory).is_err()
    {
        complain(&format!("{}: No such directory.", directory.display()));
        return 1;
    }
    if let Some(log) = &arguments.dap {
        let input = std::io::BufReader::new(std::io::stdin());
        return super::dap::serve(input, Box::new(std::io::stdout()), log.as_deref());
    }
    let (out, err) = (std::io::stdout(), std::io::stderr());
    let colour = Wishes::of_environment(out.is_terminal()).wanted();
    let colour_errors = Wishes::of_environment(err.is_terminal()).wanted();
    let mut dialogue =
        Dialogue::new(Output::new(Box::new(out), colour), Output::new(Box::new(err), colour_errors), &TABLE);
    dialogue.colour_errors = colour_errors;
    dialogue.is_batch = arguments.batch;
    // The process ends with them: taking them apart first would only cost time.
    let files = ManuallyDrop::new(Files::new());
    if arguments.json {
        return report(arguments, &files);
    }
    let mut session = ManuallyDrop::new(start::session(arguments, &files, colour));
    session.interactive = !arguments.batch && std::io::stdin().is_terminal();
    match start::begin(&mut dialogue, &mut session, arguments) {
        Verdict::Quit(status) => return status,
        // A person may go on without the files; a script would only fail line by line.
        Verdict::Failed if !session.interactive => return 1,
        Verdict::Done | Verdict::Failed | Verdict::Stopped => {}
    }
    let Outcome { status, ended } = run_scripts(&mut dialogue, &mut session, arguments);
    if ended || arguments.batch {
        return status;
    }
    if session.interactive {
        return repl::run(&mut dialogue, ManuallyDrop::into_inner(session));
    }
    let mut input = Piped::new(std::io::stdin().lock());
    run_piped(&mut dialogue, &mut session, &mut input, arguments.strict)
}

/// Print the crash report; 1 if there is nothing to report on.
fn report(arguments: &Arguments, files: &Files) -> i32 {
    let program = match Program::open(files, &arguments.open_options()) {
        Ok(program) => ManuallyDrop::new(program),
        Err(error) => {
            complain(&error.to_string());
            return 1;
        }
    };
    let depth = arguments.max_depth.unwrap_or(u64::from(DEFAULT_DEPTH)).min(u64::from(MAX_DEPTH));
    let options = ReportOptions { raw: arguments.raw, all_globals: arguments.globals, max_depth: depth as u32 };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // A reader that has gone is no failure of the report.
    match write_report(&program, options, &mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(&format!("cannot write the report: {error}"));
            1
        }
        _ => 0,
    }
}

/// Print an error where no dialogue does. It names files, and their names may steer a terminal.
fn complain(message: &str) {
    eprintln!("{}", escaped(message));
}
