//! Recovers what a dump with recorded locals holds, with the locals hidden, and compares.

use std::fmt;
use std::path::Path;

use wasmgdb::dump::{Coredump, RawFrame};
use wasmgdb::error::Result;
use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::open::{OpenOptions, Opened, open};
use wasmgdb::target::physical::PhysicalFrame;
use wasmgdb::target::recorded::RecordedDump;
use wasmgdb::target::shadow_stack::ShadowStack;
use wasmgdb::target::vote::func_offset;
use wasmgdb::wasm::{FuncOffset, WasmValue};

pub const HEADING: &str = "case                         frames  sp  sp ok  sp wrong";

/// Counts over all frames of one or more dumps.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    pub frames: usize,
    pub stack_pointers: usize,
    /// Locals that hold a distance from the stack pointer and were recorded so.
    pub stack_locals_right: usize,
    pub stack_locals_wrong: usize,
}

impl Figures {
    pub fn add(&mut self, other: &Figures) {
        self.frames += other.frames;
        self.stack_pointers += other.stack_pointers;
        self.stack_locals_right += other.stack_locals_right;
        self.stack_locals_wrong += other.stack_locals_wrong;
    }

    pub fn wrong_exact(&self) -> usize {
        self.stack_locals_wrong
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:6} {:4} {:5} {:5}",
            self.frames, self.stack_pointers, self.stack_locals_right, self.stack_locals_wrong
        )
    }
}

/// Measure one dump, all its threads.
pub fn measure(files: &Files, module: &Path, dump: &Path, verbose: bool) -> Result<Figures> {
    let options = OpenOptions { module: Some(module.into()), core: Some(dump.into()), ..OpenOptions::default() };
    let opened = open(files, &options)?;
    let mut figures = Figures::default();
    let Some(core) = &opened.core else { return Ok(figures) };
    let flows: Vec<Option<Flows<'_>>> =
        opened.modules.iter().map(|m| m.module.as_ref().cloned().map(Flows::new)).collect();
    for thread in 0..core.threads.len() {
        figures.add(&measure_thread(&opened, core, &flows, thread, verbose));
    }
    Ok(figures)
}

fn measure_thread<'a, 'f>(
    opened: &'a Opened<'f>,
    core: &Coredump<'f>,
    flows: &'a [Option<Flows<'f>>],
    thread: usize,
    verbose: bool,
) -> Figures {
    let raw: Vec<RawFrame> = core.threads[thread].frames.iter().collect();
    let hidden: Vec<PhysicalFrame<'_, '_>> = raw.iter().map(|frame| physical(opened, core, flows, frame)).collect();
    let recorded = RecordedDump::new(core, |instance| opened.module_of_instance(instance)?.module.as_deref());
    let stack = ShadowStack::unwind(&hidden, &recorded);
    let mut figures = Figures { frames: raw.len(), ..Figures::default() };
    for (index, (frame, raw)) in hidden.iter().zip(&raw).enumerate() {
        figures.stack_pointers += usize::from(stack.pointer(index).is_some());
        if stack.pointer(index).is_none() && verbose {
            println!("  frame {index}: {:?}", stack.provenance(index));
        }
        check_stack_locals(frame, raw, stack.entry(index), &mut figures);
    }
    figures
}

/// The frame without its recorded locals.
fn physical<'a, 'f>(
    opened: &'a Opened<'f>,
    core: &Coredump<'f>,
    flows: &'a [Option<Flows<'f>>],
    frame: &RawFrame,
) -> PhysicalFrame<'a, 'f> {
    let index = frame.instance.and_then(|i| core.instances.get(i as usize)).map(|i| i.module as usize);
    let module = index.and_then(|index| opened.modules.get(index));
    let offset = match (module, frame.offset.0) {
        (_, 0) => Some(FuncOffset(0)),
        (Some(module), _) => {
            module.module.as_ref().and_then(|m| func_offset(m, module.offset_base, frame.func, frame.offset))
        }
        _ => None,
    };
    PhysicalFrame {
        flows: index.and_then(|index| flows.get(index)?.as_ref()),
        instance: frame.instance,
        func: frame.func,
        offset,
        recorded_locals: &[],
        recorded_operands: &[],
    }
}

fn check_stack_locals(frame: &PhysicalFrame<'_, '_>, raw: &RawFrame, entry: Option<u64>, figures: &mut Figures) {
    let (Some(flows), Some(offset), Some(entry)) = (frame.flows, frame.offset, entry) else { return };
    let Ok(flow) = flows.function(frame.func, &[offset]) else { return };
    let Some(state) = flow.state(offset) else { return };
    for (index, recorded) in raw.locals.iter().enumerate() {
        let distance = state.local(index as u32).and_then(|value| flow.distance_from_entry(value));
        let Some(distance) = distance else { continue };
        let right = match recorded {
            WasmValue::I32(value) => *value as u32 == (entry as i64 + distance) as u32,
            WasmValue::I64(value) => *value == entry as i64 + distance,
            _ => continue,
        };
        *if right { &mut figures.stack_locals_right } else { &mut figures.stack_locals_wrong } += 1;
    }
}
