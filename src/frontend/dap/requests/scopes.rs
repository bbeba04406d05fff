//! `scopes`: the groups of variables that a frame has.

use serde::Deserialize;
use serde_json::json;

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, body};
use crate::frontend::dap::handles::{FrameKey, Node, NodeKey, ScopeKind};
use crate::frontend::dap::messages::Scope;
use crate::frontend::dap::spec::{Needs, Request};

pub static ROWS: &[Request] = &[Request { name: "scopes", capabilities: &[], needs: Needs::Program, run: scopes }];

/// A group, its name, how editors know it, and whether it may be long.
type Group = (ScopeKind, &'static str, Option<&'static str>, bool);

/// Groups of frames whose function has debug information.
const SOURCE: [Group; 4] = [
    (ScopeKind::Arguments, "Arguments", Some("arguments"), false),
    (ScopeKind::Locals, "Locals", Some("locals"), false),
    (ScopeKind::Statics, "Statics", None, true),
    (ScopeKind::Globals, "Globals", None, true),
];

/// Groups that every frame has.
const MACHINE: [Group; 3] = [
    (ScopeKind::WasmLocals, "Wasm Locals", Some("registers"), false),
    (ScopeKind::OperandStack, "Operand Stack", Some("registers"), false),
    (ScopeKind::WasmGlobals, "Wasm Globals", Some("registers"), true),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopesArguments {
    frame_id: i64,
}

fn scopes(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: ScopesArguments = arguments.parse()?;
    let key = adapter.frame_numbered(given.frame_id)?;
    let has_source = adapter.frame(key)?.1.function().is_some();
    let groups = SOURCE.iter().filter(|_| has_source).chain(&MACHINE);
    let scopes: Vec<Scope> = groups.map(|group| scope(adapter, key, group)).collect();
    Ok(json!({ "scopes": body(scopes) }))
}

fn scope(adapter: &mut Adapter<'_>, frame: FrameKey, (kind, name, hint, expensive): &Group) -> Scope {
    let node = || Node::Scope { frame, kind: *kind };
    let number = adapter.handles.nodes.number(NodeKey::Scope(frame, *kind), node);
    Scope {
        name,
        presentation_hint: *hint,
        variables_reference: number.unwrap_or(0),
        named_variables: None,
        expensive: *expensive,
    }
}
