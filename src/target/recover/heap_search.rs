//! The array of pointers that WASI's `args_get` or `environ_get` filled: a guess by what the array must look like.
//!
//! C's `argv` comes out of `calloc` and is nowhere but in the locals that no dump records. What it holds is known,
//! though: as many pointers as `args_sizes_get` said, to strings that stand one behind the other in so many bytes,
//! then a null pointer. Assumptions: the caller's libc ends the array so (wasi-libc does); the array is in the heap,
//! above the initial stack pointer and the data, and neither it nor the strings were changed since. If two places
//! look like it, nothing is said.

use super::equations::Equations;
use super::host_vector::HostVector;
use super::solver::{Deferred, Solver, Way};
use crate::limits::MAX_HOST_VECTOR_SEARCH_BYTES;
use crate::wasm::Module;

/// Where the array and the strings are.
pub(super) struct Found {
    pub vector: u64,
    pub buffer: u64,
}

impl Solver<'_> {
    /// The only place in the heap that looks like the array.
    pub(super) fn host_vector(
        &mut self,
        equations: &Equations,
        frame: usize,
        vector: HostVector,
        depth: u32,
    ) -> Result<Option<Found>, Deferred> {
        if equations.flow.arena().is_memory64(0) {
            return Ok(None);
        }
        let Some(instance) = self.frames.get(frame).and_then(|f| f.instance) else { return Ok(None) };
        let Some(count_at) = self.ask((frame, vector.count_at, Way::Any), depth + 1)? else { return Ok(None) };
        let Some(size_at) = self.ask((frame, vector.size_at, Way::Any), depth + 1)? else { return Ok(None) };
        let word = |address: u64| self.recorded.memory(instance, 0, address, 4);
        let (Some(count), Some(size)) = (word(count_at.bits), word(size_at.bits)) else { return Ok(None) };
        if count == 0 || count > size || size > MAX_HOST_VECTOR_SEARCH_BYTES {
            return Ok(None);
        }
        let Some(start) = self.frames.get(frame).and_then(|f| heap_start(f.module()?)) else { return Ok(None) };
        let mut found: Option<Found> = None;
        for address in (start..start + MAX_HOST_VECTOR_SEARCH_BYTES).step_by(4) {
            let Some(buffer) = word(address) else { break };
            if buffer != 0 && word(address + 4 * count) == Some(0) && self.is_vector(instance, address, count, size) {
                if found.is_some() {
                    return Ok(None);
                }
                found = Some(Found { vector: address, buffer });
            }
        }
        Ok(found)
    }

    /// The words at `address` point to `count` strings in a row that are `size` bytes long together.
    fn is_vector(&self, instance: u32, address: u64, count: u64, size: u64) -> bool {
        let read = |address: u64, width: usize| self.recorded.memory(instance, 0, address, width);
        let Some(buffer) = read(address, 4) else { return false };
        let end = buffer + size;
        let mut next = buffer;
        for index in 0..count {
            if next >= end || read(address + 4 * index, 4) != Some(next) {
                return false;
            }
            loop {
                let byte = read(next, 1);
                next += 1;
                match byte {
                    Some(0) => break,
                    Some(_) if next < end => {}
                    _ => return false,
                }
            }
        }
        next == end
    }
}

/// Above the initial stack pointer and the data that the module brings.
fn heap_start(module: &Module<'_>) -> Option<u64> {
    let pointer = module.stack_pointer().and_then(|g| module.globals().get(g.0 as usize)?.initial?.as_address())?;
    let ends = module.data_segments().iter().filter_map(|s| s.address?.checked_add(s.data.len() as u64));
    Some(ends.fold(pointer, u64::max).next_multiple_of(4))
}
