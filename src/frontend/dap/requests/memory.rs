//! `readMemory`: bytes of an instance's memory.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dump::memory::{MemoryImage, Piece};
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure};
use crate::frontend::dap::handles::{memory_reference, parse_memory_reference};
use crate::frontend::dap::spec::{Needs, Request};
use crate::limits::MAX_DAP_MEMORY_BYTES;

pub static ROWS: &[Request] = &[Request {
    name: "readMemory",
    capabilities: &["supportsReadMemoryRequest"],
    needs: Needs::Program,
    run: read_memory,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadMemoryArguments {
    memory_reference: String,
    #[serde(default)]
    offset: i64,
    count: i64,
}

fn read_memory(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: ReadMemoryArguments = arguments.parse()?;
    let count = u64::try_from(given.count).map_err(|_| Failure::request("count must not be negative"))?;
    let reference = parse_memory_reference(&given.memory_reference);
    let (instance, base) =
        reference.ok_or_else(|| Failure::request(format!("no memory reference: {}", given.memory_reference)))?;
    let memory = adapter.program()?.memory(instance)?;
    let outside = || Failure::request(format!("{base:#x} and {} bytes are outside of the memory", given.offset));
    let start = base.checked_add_signed(given.offset).ok_or_else(outside)?;
    let (bytes, unreadable) = readable(memory, start, count.min(MAX_DAP_MEMORY_BYTES));
    let mut body = json!({ "address": memory_reference(instance, start) });
    if let Value::Object(fields) = &mut body {
        if !bytes.is_empty() {
            fields.insert("data".into(), Value::String(STANDARD.encode(&bytes)));
        }
        if unreadable > 0 {
            fields.insert("unreadableBytes".into(), unreadable.into());
        }
    }
    Ok(body)
}

/// Bytes up to the first that cannot be read, and how many after them cannot be read either.
fn readable(memory: &MemoryImage<'_>, start: u64, count: u64) -> (Vec<u8>, u64) {
    let end = start.saturating_add(count);
    let mut bytes = Vec::new();
    let mut unreadable_from = None;
    for piece in memory.pieces(start..end) {
        let range = piece.range();
        match (piece, unreadable_from) {
            (Piece::Unknown(_), None) => unreadable_from = Some(range.start),
            (Piece::Unknown(_), Some(_)) => {}
            (_, Some(from)) => return (bytes, range.start.saturating_sub(from)),
            (Piece::Recorded(run), None) => bytes.extend_from_slice(run.bytes),
            (Piece::Zero(_), None) => {
                // The whole range has at most `MAX_DAP_MEMORY_BYTES`.
                let size = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
                bytes.resize(bytes.len().saturating_add(size), 0);
            }
        }
    }
    // What lies outside of the memory cannot be read either.
    let missing = count.saturating_sub(bytes.len() as u64);
    (bytes, missing)
}
