//! A thread of the dump to its stack: code offsets resolved, inlined calls as frames of their own.
//!
//! Every distinct place of code is looked up once, however deep the recursion, and all of a stack's places are searched
//! for in one pass over the debug information. The shadow stack is unwound when a value first needs it.

use std::rc::Rc;

use ahash::AHashMap as HashMap;

use super::frame::{Frame, FrameId, InstanceId, ModuleId};
use super::physical::PhysicalFrame;
use super::program::Program;
use super::recover::Recovery;
use super::stack::{DEPTHS, PhysicalRecord, Stack, Truncation, WASMTIME_DEFAULT_FRAMES};
use super::vote;
use crate::dump::Thread;
use crate::dwarf::function::Call;
use crate::error::{Error, Result};
use crate::wasm::{CodeOffset, FileOffset, FuncIdx, FuncOffset, WasmValue};

impl<'f> Program<'f> {
    /// A thread's frames.
    ///
    /// # Errors
    /// gdb's `No stack.` without a dump or without that thread.
    pub fn stack(&self, thread: usize) -> Result<&Stack> {
        self.youngest(thread, usize::MAX)
    }

    /// A thread with at least its `count` youngest frames, if it has as many: what older ones would cost is saved.
    ///
    /// # Errors
    /// As for [`Program::stack`].
    pub fn youngest(&self, thread: usize, count: usize) -> Result<&Stack> {
        let recorded = self.core().and_then(|core| core.threads.get(thread)).ok_or_else(Error::no_stack)?;
        let parts = self.stack_parts(thread).ok_or_else(Error::no_stack)?;
        let suffices = |stack: &&Stack| stack.is_whole() || stack.frames().len() >= count;
        let known = parts.stacks.iter().filter_map(|stack| stack.get()).find(suffices);
        let made = || {
            // A physical frame is one frame or more.
            let depths = DEPTHS.iter().zip(&parts.stacks).filter(|(depth, _)| **depth >= count);
            let mut stacks =
                depths.map(|(depth, stack)| stack.get_or_init(|| of_thread(self, thread, recorded, *depth)));
            stacks.next()
        };
        known.or_else(made).ok_or_else(Error::no_stack)
    }

    /// The whole of a stack that may have its youngest frames only.
    pub fn whole<'a>(&'a self, stack: &'a Stack) -> &'a Stack {
        self.stack(stack.thread).unwrap_or(stack)
    }

    /// What recovers the values of a stack's frames; none without a dump.
    pub fn recovery(&self, stack: &Stack) -> Option<&Recovery<'f>> {
        let recovery = self.stack_parts(stack.thread)?.recovery.get_or_init(|| {
            let convert = |record: &PhysicalRecord| PhysicalFrame {
                flows: record.module.and_then(|module| self.flows(module)).cloned(),
                instance: record.instance.map(|i| i.0),
                func: record.func,
                offset: record.offset,
                recorded_locals: record.locals.clone(),
                recorded_operands: record.operands.clone(),
            };
            let frames = stack.physical().iter().map(convert).collect();
            Some(Recovery::new(frames, Rc::new(self.recorded()?)))
        });
        recovery.as_ref()
    }
}

fn of_thread(program: &Program<'_>, index: usize, thread: &Thread<'_>, depth: usize) -> Stack {
    let mut builder = Builder { program, places: HashMap::new() };
    // Most dumps record no values, and deep stacks have many frames: one empty list serves all.
    let none: Rc<[WasmValue]> = Rc::from([]);
    let shared = |values: Vec<WasmValue>| if values.is_empty() { none.clone() } else { values.into() };
    let mut physical: Vec<PhysicalRecord> = Vec::with_capacity(thread.frames.len());
    for (index, raw) in thread.frames.iter().enumerate() {
        let instance = raw.instance.map(InstanceId);
        let module = instance.and_then(|i| program.module_of(i));
        let offset = module.and_then(|module| builder.offset(module, raw.func, raw.offset, index == 0));
        let (mut locals, operands) = (raw.locals, shared(raw.operand_stack));
        builder.drop_contradicting(module, raw.func, &mut locals);
        let locals = shared(locals);
        physical.push(PhysicalRecord { instance, module, func: raw.func, offset, locals, operands });
    }
    let resolved = physical.get(..depth).unwrap_or(physical.as_slice());
    builder.place_all(resolved);
    let mut frames = Vec::with_capacity(resolved.len());
    let mut first_frames = Vec::with_capacity(resolved.len());
    for (index, record) in resolved.iter().enumerate() {
        first_frames.push(frames.len());
        builder.push_frames(index, record, &mut frames);
    }
    let is_whole = resolved.len() == physical.len();
    let truncated = is_whole.then(|| truncation(program, thread, &physical, &frames)).flatten();
    Stack { thread: index, name: thread.name.as_ref().into(), truncated, frames, physical, first_frames }
}

/// What a place of code turns out to be; found once for all frames that stand there.
struct Placed {
    offset: Option<FuncOffset>,
    file_offset: Option<FileOffset>,
    code_offset: Option<CodeOffset>,
    calls: Rc<[Rc<Call>]>,
    /// The name of a function that DWARF does not name.
    fallback: Option<Rc<str>>,
}

struct Builder<'a, 'f> {
    program: &'a Program<'f>,
    places: HashMap<(Option<ModuleId>, FuncIdx, Option<FuncOffset>), Rc<Placed>>,
}

impl Builder<'_, '_> {
    fn offset(&self, id: ModuleId, func: FuncIdx, raw: crate::wasm::RawOffset, youngest: bool) -> Option<FuncOffset> {
        let opened = self.program.opened_module(id)?;
        let module = opened.module.as_ref()?;
        let offset = vote::func_offset(module, opened.offset_base, func, raw)?;
        if !opened.return_addresses || youngest {
            return Some(offset);
        }
        // The call is the instruction that ends where the recorded offset is.
        let body = module.body(func)?;
        let mut before = body.instructions().map_while(|i| i.ok()).take_while(|i| i.offset < offset);
        before.find(|i| i.offset.0 + i.size_bytes == offset.0).map(|i| i.offset)
    }

    /// Some producers write every local as an i32: a value of another type than the module's is none.
    fn drop_contradicting(&self, module: Option<ModuleId>, func: FuncIdx, locals: &mut [WasmValue]) {
        if locals.is_empty() {
            return;
        }
        let Some(module) = module.and_then(|id| self.program.module(id)) else { return };
        let Some(kinds) = module.local_types(func) else { return };
        for (index, value) in locals.iter_mut().enumerate() {
            let kind = kinds.get(index).map(|kind| kind.name());
            if value.type_name().is_some() && value.type_name() != kind {
                *value = WasmValue::Missing;
            }
        }
    }

    /// Find the units of all places in one pass per module.
    fn place_all(&self, physical: &[PhysicalRecord]) {
        let mut by_module: HashMap<ModuleId, Vec<CodeOffset>> = HashMap::new();
        for record in physical {
            let Some(id) = record.module else { continue };
            if let Some(pc) = self.code_offset(id, record.func, record.offset) {
                by_module.entry(id).or_default().push(pc);
            }
        }
        for (id, mut pcs) in by_module {
            pcs.sort_unstable();
            pcs.dedup();
            if let Some(info) = self.program.debug_info(id) {
                info.place(&pcs);
            }
        }
    }

    fn code_offset(&self, id: ModuleId, func: FuncIdx, offset: Option<FuncOffset>) -> Option<CodeOffset> {
        let module = self.program.module(id)?;
        module.code_offset(module.body(func)?.file_offset(offset?)?)
    }

    fn placed(&mut self, record: &PhysicalRecord) -> Rc<Placed> {
        let key = (record.module, record.func, record.offset);
        if let Some(known) = self.places.get(&key) {
            return known.clone();
        }
        let placed = Rc::new(self.find(record));
        self.places.insert(key, placed.clone());
        placed
    }

    fn find(&self, record: &PhysicalRecord) -> Placed {
        let mut placed =
            Placed { offset: record.offset, file_offset: None, code_offset: None, calls: Rc::from([]), fallback: None };
        let Some(id) = record.module else { return placed };
        let Some(module) = self.program.module(id) else { return placed };
        placed.file_offset = record.offset.and_then(|offset| module.body(record.func)?.file_offset(offset));
        placed.code_offset = placed.file_offset.and_then(|at| module.code_offset(at));
        // Without an instruction (a call stack that ran out) the function is still known by its first byte.
        let asked = placed.code_offset.or_else(|| module.code_offset(module.body(record.func)?.start));
        if let (Some(info), Some(pc)) = (self.program.debug_info(id), asked) {
            placed.calls = info.calls_at(pc).unwrap_or_default().into_iter().map(Rc::new).collect();
        }
        let named = placed.calls.last().is_some_and(|call| call.function.as_ref().is_some_and(|f| f.name.is_some()));
        if !named {
            placed.fallback = self.program.wasm_function_name(id, record.func);
        }
        placed
    }

    fn push_frames(&mut self, physical: usize, record: &PhysicalRecord, frames: &mut Vec<Frame>) {
        let placed = self.placed(record);
        let base = Frame {
            id: FrameId(0),
            physical,
            inlined: false,
            call: None,
            instance: record.instance,
            module: record.module,
            func: record.func,
            func_offset: placed.offset,
            file_offset: placed.file_offset,
            code_offset: placed.code_offset,
            name: placed.fallback.clone(),
        };
        let mut push = |frame: Frame| {
            let id = FrameId(u32::try_from(frames.len()).unwrap_or(u32::MAX));
            frames.push(Frame { id, ..frame });
        };
        let Some(last) = placed.calls.len().checked_sub(1) else {
            push(base);
            return;
        };
        for (level, call) in placed.calls.iter().enumerate() {
            let inlined = level < last;
            let name = call.function.as_ref().and_then(|f| f.name.clone());
            let name = if inlined { name } else { name.or_else(|| base.name.clone()) };
            push(Frame { inlined, call: Some(call.clone()), name, ..base.clone() });
        }
    }
}

/// A dump that was cut does not say so when the engine cut it: its frame count and its oldest frame tell.
fn truncation(
    program: &Program<'_>,
    thread: &Thread<'_>,
    physical: &[PhysicalRecord],
    frames: &[Frame],
) -> Option<Truncation> {
    if thread.is_truncated() {
        return Some(Truncation::Damaged);
    }
    let oldest = physical.last()?;
    if physical.len() != WASMTIME_DEFAULT_FRAMES {
        return None;
    }
    let exported = oldest.module.and_then(|id| program.module(id)).is_some_and(|module| {
        use crate::wasm::module::ExternalKind::Function;
        module.exports().iter().any(|e| e.kind == Function && e.index == oldest.func.0)
    });
    let is_start = frames.last().and_then(|f| f.name.as_deref()).is_some_and(|name| name == "_start");
    (!exported && !is_start).then_some(Truncation::DefaultLimit)
}
