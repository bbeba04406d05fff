//! Requests that only a running program can serve: each is refused, and the user is told why, once.

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, FailureId};
use crate::frontend::dap::spec::{Needs, Request};

pub static ROWS: &[Request] = &[
    row("continue", go_on),
    row("next", go_on),
    row("stepIn", go_on),
    row("stepOut", go_on),
    row("stepBack", go_on),
    row("reverseContinue", go_on),
    row("pause", go_on),
    row("goto", go_on),
    row("gotoTargets", go_on),
    row("stepInTargets", go_on),
    row("restart", go_on),
    row("restartFrame", go_on),
    row("terminateThreads", go_on),
    row("setVariable", change),
    row("setExpression", change),
    row("writeMemory", change),
];

const fn row(name: &'static str, run: fn(&mut Adapter<'_>, Arguments) -> Answer) -> Request {
    Request { name, capabilities: &[], needs: Needs::Nothing, run }
}

const OVER: &str = "The program is not being run: this is what it left when it stopped.";

fn go_on(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    if !adapter.told_post_mortem {
        adapter.told_post_mortem = true;
        adapter.output("console", &format!("{OVER} It can be looked at, but not run on.\n"));
    }
    Err(Failure { text: OVER.into(), id: FailureId::PostMortem, show_user: false })
}

fn change(_: &mut Adapter<'_>, _: Arguments) -> Answer {
    Err(Failure { text: "Cannot write to a core dump.".into(), id: FailureId::PostMortem, show_user: true })
}
