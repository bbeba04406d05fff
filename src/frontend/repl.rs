//! The prompt at a terminal: line editing, history across runs, completion; Ctrl-C cancels, Ctrl-D ends.
//!
//! rustyline stays in this file. Where standard input is no terminal, `batch` reads it instead.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Config, Editor, Helper, Highlighter, Hinter, Validator};

use super::dialogue::{Dialogue, Verdict};
use crate::command::{CommandTable, Input, complete};
use crate::session::Session;
use crate::settings::Setting;

/// Completion from the session. The session is borrowed only while a line is edited.
#[derive(Helper, Highlighter, Hinter, Validator)]
struct Assistant<'s, 'f> {
    session: &'s RefCell<Session<'f>>,
    table: &'static CommandTable,
}

impl Completer for Assistant<'_, '_> {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &rustyline::Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        // While a command asks for more lines, it holds the session: nothing is offered then.
        let Ok(session) = self.session.try_borrow() else { return Ok((pos, Vec::new())) };
        let found = complete::candidates(&session, self.table, line.get(..pos).unwrap_or(line));
        let limit = session.settings.limit(Setting::MaxCompletions).unwrap_or(u64::MAX);
        let words = found.words.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((found.start, words.collect()))
    }
}

type LineEditor<'s, 'f> = Editor<Assistant<'s, 'f>, DefaultHistory>;

/// Further lines of a command, typed by the person.
struct Typed<'e, 's, 'f> {
    editor: &'e mut LineEditor<'s, 'f>,
}

impl Input for Typed<'_, '_, '_> {
    fn line(&mut self, prompt: &str) -> Option<String> {
        self.editor.readline(prompt).ok()
    }
}

/// Talk until the person leaves; gives the exit status.
pub fn run(dialogue: &mut Dialogue, session: Session<'_>) -> i32 {
    let limit = session.settings.limit(Setting::HistorySize);
    let config = Config::builder()
        .max_history_size(limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX))
        .and_then(|config| config.history_ignore_dups(true))
        .map(|config| config.auto_add_history(false).completion_type(rustyline::CompletionType::List).build());
    let session = RefCell::new(session);
    let editor = config.and_then(LineEditor::with_config);
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => {
            dialogue.complain(&format!("the terminal cannot be used: {error}"));
            return 1;
        }
    };
    editor.set_helper(Some(Assistant { session: &session, table: dialogue.table }));
    let history = history_file(&session.borrow());
    if let Some(file) = &history {
        // Without a history so far there is nothing to load.
        let _ = editor.load_history(file);
    }
    let status = talk(dialogue, &session, &mut editor);
    if session.borrow().settings.flag(Setting::HistorySave)
        && let Some(file) = &history
    {
        save(&mut editor, file);
    }
    status
}

fn talk<'s, 'f>(dialogue: &mut Dialogue, session: &'s RefCell<Session<'f>>, editor: &mut LineEditor<'s, 'f>) -> i32 {
    let interrupted = watch_interrupts();
    dialogue.out.interrupt_by(interrupted.clone());
    loop {
        let prompt = session.borrow().settings.text(Setting::Prompt).to_owned();
        let line = match editor.readline(&prompt) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return 0,
            Err(error) => {
                dialogue.complain(&format!("the terminal cannot be read: {error}"));
                return 1;
            }
        };
        if !line.trim().is_empty() {
            // A line that cannot be remembered is still run.
            let _ = editor.add_history_entry(line.trim());
        }
        interrupted.store(false, Ordering::Relaxed);
        let verdict = dialogue.typed(&mut session.borrow_mut(), &line, &mut Typed { editor });
        let was_interrupted = interrupted.swap(false, Ordering::Relaxed);
        match verdict {
            Verdict::Quit(status) => return status,
            Verdict::Stopped if was_interrupted => dialogue.complain("Quit"),
            Verdict::Stopped if dialogue.is_closed() => return 0,
            Verdict::Done | Verdict::Failed | Verdict::Stopped => {}
        }
    }
}

/// A flag that Ctrl-C raises while a command runs. A second one ends the program, in case the first is not heard.
fn watch_interrupts() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    // Without a handler, Ctrl-C ends the program: worse, but no reason not to start.
    let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, flag.clone());
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, flag.clone());
    flag
}

/// Where the history is kept; none if there is no home.
fn history_file(session: &Session<'_>) -> Option<PathBuf> {
    let set = session.settings.text(Setting::HistoryFilename);
    if !set.is_empty() {
        return Some(crate::command::script::expand_home(set).into());
    }
    let path = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = path("XDG_STATE_HOME").or_else(|| path("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("wasmgdb/history"))
}

fn save(editor: &mut LineEditor<'_, '_>, file: &std::path::Path) {
    if let Some(directory) = file.parent() {
        // If it cannot be made, saving fails, too, and a history is not worth an error at the end.
        let _ = std::fs::create_dir_all(directory);
    }
    let _ = editor.append_history(file);
}
