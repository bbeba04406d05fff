//! Requests that the client no longer wants, and the thread that hears of it while another request runs.
//!
//! One thread reads and hands messages on in order; a `cancel` among them takes effect as soon as it is read.

use std::collections::HashSet;
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use super::transport::{Incoming, read_message};
use crate::limits::{MAX_DAP_CANCELLED, MAX_DAP_QUEUED};

/// Which requests are cancelled. Shared between the thread that reads and the one that answers.
#[derive(Clone, Default)]
pub struct Cancellations {
    state: Arc<Mutex<State>>,
    /// The request that runs is cancelled.
    current: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    running: Option<i64>,
    cancelled: HashSet<i64>,
}

impl Cancellations {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement below, so a panic elsewhere has not harmed it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancel the request with that number, whether it runs, waits or is yet to come.
    pub fn cancel(&self, request: i64) {
        let mut state = self.state();
        if state.running == Some(request) {
            self.current.store(true, Ordering::Relaxed);
        } else if state.cancelled.len() < MAX_DAP_CANCELLED {
            state.cancelled.insert(request);
        }
    }

    /// A request begins; false if it is cancelled already.
    pub fn begin(&self, request: i64) -> bool {
        let mut state = self.state();
        state.running = Some(request);
        self.current.store(false, Ordering::Relaxed);
        !state.cancelled.remove(&request)
    }

    /// The request that ran is answered.
    pub fn end(&self) {
        self.state().running = None;
        self.current.store(false, Ordering::Relaxed);
    }

    /// The request that runs is no longer wanted.
    pub fn is_cancelled(&self) -> bool {
        self.current.load(Ordering::Relaxed)
    }

    /// What writers of text watch: true once the running request is cancelled.
    pub fn flag(&self) -> Arc<AtomicBool> {
        self.current.clone()
    }

    /// Look at a message that was just read.
    pub fn notice(&self, body: &[u8]) {
        // Most messages are told apart without parsing them.
        if memchr::memmem::find(body, b"\"cancel\"").is_none() {
            return;
        }
        let Ok(message) = serde_json::from_slice::<Cancel>(body) else { return };
        let CancelArguments { request_id, progress_id } = message.arguments;
        // A progress is called by the number of the request that makes it.
        let request = request_id.or_else(|| progress_id?.parse().ok());
        if let (Some("cancel"), Some(request)) = (message.command.as_deref(), request) {
            self.cancel(request);
        }
    }
}

#[derive(Deserialize)]
struct Cancel {
    command: Option<String>,
    #[serde(default)]
    arguments: CancelArguments,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct CancelArguments {
    request_id: Option<i64>,
    progress_id: Option<String>,
}

/// Read `input` on a thread of its own. The channel ends where the input does; the thread with it, or with the
/// receiver.
pub fn read_in_background(mut input: impl BufRead + Send + 'static, cancelled: Cancellations) -> Receiver<Incoming> {
    let (sender, receiver) = sync_channel(MAX_DAP_QUEUED);
    let run = move || read_into(&mut input, &cancelled, &sender);
    // Without a thread there is no input: the channel is closed already, and the session ends.
    let _ = std::thread::Builder::new().name("dap-input".into()).spawn(run);
    receiver
}

fn read_into(input: &mut impl BufRead, cancelled: &Cancellations, sender: &SyncSender<Incoming>) {
    // An input that cannot be read is at its end.
    while let Ok(Some(incoming)) = read_message(input) {
        if let Incoming::Message(body) = &incoming {
            cancelled.notice(body);
        }
        if sender.send(incoming).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_request_does_not_begin_and_a_running_one_hears_of_it() {
        let cancelled = Cancellations::default();
        cancelled.notice(br#"{"seq":9,"type":"request","command":"cancel","arguments":{"requestId":7}}"#);
        assert!(!cancelled.begin(7));
        assert!(cancelled.begin(8) && !cancelled.is_cancelled());
        cancelled.notice(br#"{"type":"request","command":"cancel","arguments":{"progressId":"8"}}"#);
        assert!(cancelled.is_cancelled());
        cancelled.end();
        assert!(cancelled.begin(8), "a number counts once");
    }
}
