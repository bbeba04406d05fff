//! Breakpoints: none can be hit any more. Clients set theirs before they know, so each is answered as not verified.

use serde_json::{Value, json};

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments};
use crate::frontend::dap::spec::{Needs, Request};

pub static ROWS: &[Request] = &[
    row("setBreakpoints", set),
    row("setFunctionBreakpoints", set),
    row("setInstructionBreakpoints", set),
    row("setDataBreakpoints", set),
    row("setExceptionBreakpoints", set_exceptions),
    row("breakpointLocations", |_, _| Ok(json!({ "breakpoints": [] }))),
    row("dataBreakpointInfo", |_, _| Ok(json!({ "dataId": null, "description": NEVER_HIT }))),
];

const fn row(name: &'static str, run: fn(&mut Adapter<'_>, Arguments) -> Answer) -> Request {
    Request { name, capabilities: &[], needs: Needs::Nothing, run }
}

const NEVER_HIT: &str = "post-mortem session: the program does not run any more";

fn unverified(count: usize) -> Vec<Value> {
    let one = json!({ "verified": false, "reason": "failed", "message": NEVER_HIT });
    std::iter::repeat_n(one, count).collect()
}

fn set(_: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    // `lines` is what clients sent before there was `breakpoints`.
    let list = |name: &str| arguments.0.get(name).and_then(Value::as_array).map(Vec::len);
    let count = list("breakpoints").or_else(|| list("lines")).unwrap_or(0);
    Ok(json!({ "breakpoints": unverified(count) }))
}

fn set_exceptions(_: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let list = |name: &str| arguments.0.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    Ok(json!({ "breakpoints": unverified(list("filters") + list("filterOptions")) }))
}
