//! One message after the other: which request it is, and what comes of it.
//!
//! Owns no thread and reads no input, so that tests can feed it.

use serde_json::Value;

use super::adapter::{Adapter, Stage};
use super::failure::{Answer, Arguments, Failure, FailureId};
use super::messages::Received;
use super::spec::Needs;
use super::table::rows;
use super::transport::Incoming;

/// Answer what was read.
pub fn take(adapter: &mut Adapter<'_>, incoming: Incoming) {
    match incoming {
        Incoming::Message(body) => {
            adapter.note(&body);
            match serde_json::from_slice::<Received>(&body) {
                Ok(message) => self::message(adapter, message),
                Err(error) => adapter.complain(&format!("ignored a message that cannot be read: {error}")),
            }
        }
        Incoming::Broken(what) => adapter.complain(&format!("ignored {what}")),
    }
}

fn message(adapter: &mut Adapter<'_>, message: Received) {
    match (message.kind.as_deref(), message.seq, message.command) {
        (Some("request") | None, Some(seq), Some(command)) => request(adapter, seq, command, message.arguments),
        // Nothing was asked of the client, so nothing can be answered; and events of clients mean nothing.
        (Some("response" | "event"), ..) => {}
        (_, None, _) => adapter.complain("ignored a message without a number in \"seq\""),
        (_, Some(_), None) => adapter.complain("ignored a request without a \"command\""),
        (Some(_), Some(_), Some(_)) => adapter.complain("ignored a message that is no request"),
    }
}

fn request(adapter: &mut Adapter<'_>, seq: i64, command: String, arguments: Value) {
    adapter.running = seq;
    let begun = adapter.cancelled.begin(seq);
    let answer = if begun { run(adapter, &command, Arguments(arguments)) } else { Err(Failure::cancelled()) };
    adapter.cancelled.end();
    if adapter.stage == Stage::Stopped {
        adapter.tell_warnings();
    }
    adapter.respond(seq, command, answer);
}

fn run(adapter: &mut Adapter<'_>, command: &str, arguments: Arguments) -> Answer {
    let Some(row) = rows().find(|row| row.name == command) else {
        let text = format!("unknown request {}", crate::text::escaped(command));
        return Err(Failure { text, id: FailureId::Unknown, show_user: false });
    };
    if row.needs == Needs::Program && adapter.session.program.is_none() {
        return Err(Failure::request(format!("{command}: nothing is open: `attach' or `launch' comes first")));
    }
    if row.needs == Needs::Program {
        // A client that looks at the program does not wait to be asked for its configuration.
        adapter.answer_held();
    }
    (row.run)(adapter, arguments)
}
