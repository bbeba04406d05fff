//! Recovers what a dump with recorded locals holds, with the locals hidden, and compares.

use std::fmt;
use std::path::Path;
use std::rc::Rc;

use wasmgdb::dump::{Coredump, RawFrame};
use wasmgdb::error::Result;
use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::open::{OpenOptions, Opened, open};
use wasmgdb::target::patience::Patience;
use wasmgdb::target::physical::PhysicalFrame;
use wasmgdb::target::provenance::Why;
use wasmgdb::target::recorded::RecordedDump;
use wasmgdb::target::recover::{Recovered, Recovery};
use wasmgdb::target::vote::func_offset;
use wasmgdb::wasm::{FuncOffset, WasmValue};

pub const HEADING: &str = "case                         frames    sp | values  exact wrong | recovered wrong | unknown";

/// Counts over all frames of one or more dumps.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    pub frames: usize,
    /// Frames whose stack pointer is known.
    pub stack_pointers: usize,
    /// Recorded locals and operands.
    pub values: usize,
    pub exact_right: usize,
    pub exact_wrong: usize,
    pub recovered_right: usize,
    pub recovered_wrong: usize,
}

impl Figures {
    pub fn add(&mut self, other: &Figures) {
        self.frames += other.frames;
        self.stack_pointers += other.stack_pointers;
        self.values += other.values;
        self.exact_right += other.exact_right;
        self.exact_wrong += other.exact_wrong;
        self.recovered_right += other.recovered_right;
        self.recovered_wrong += other.recovered_wrong;
    }

    pub fn wrong_exact(&self) -> usize {
        self.exact_wrong
    }

    pub fn unknown(&self) -> usize {
        self.values - self.exact_right - self.exact_wrong - self.recovered_right - self.recovered_wrong
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:6} {:5} | {:6} {:6} {:5} | {:9} {:5} | {:7}",
            self.frames,
            self.stack_pointers,
            self.values,
            self.exact_right,
            self.exact_wrong,
            self.recovered_right,
            self.recovered_wrong,
            self.unknown()
        )
    }
}

/// Measure one dump, all its threads.
pub fn measure(files: &Files, module: &Path, dump: &Path, verbose: bool) -> Result<Figures> {
    let options = OpenOptions { module: Some(module.into()), core: Some(dump.into()), ..OpenOptions::default() };
    let opened = open(files, &options)?;
    let mut figures = Figures::default();
    let Some(core) = &opened.core else { return Ok(figures) };
    let flows: Vec<Option<Rc<Flows<'_>>>> =
        opened.modules.iter().map(|m| m.module.clone().map(Flows::new).map(Rc::new)).collect();
    for thread in 0..core.threads.len() {
        figures.add(&measure_thread(&opened, core, &flows, thread, verbose));
    }
    Ok(figures)
}

fn measure_thread<'f>(
    opened: &Opened<'f>,
    core: &Rc<Coredump<'f>>,
    flows: &[Option<Rc<Flows<'f>>>],
    thread: usize,
    verbose: bool,
) -> Figures {
    let raw: Vec<RawFrame> = core.threads[thread].frames.iter().collect();
    let hidden: Rc<[PhysicalFrame<'_>]> = raw.iter().map(|frame| physical(opened, core, flows, frame)).collect();
    let recorded = RecordedDump::new(Rc::clone(core), |instance| opened.module_of_instance(instance)?.module.clone());
    let recovery = Recovery::new(hidden, Rc::new(recorded));
    let mut figures = Figures { frames: raw.len(), ..Figures::default() };
    for (frame, raw) in raw.iter().enumerate() {
        figures.stack_pointers += usize::from(recovery.stack_pointer(frame).is_ok());
        for (index, recorded) in (0u32..).zip(&raw.locals) {
            let found = recovery.local(frame, index, Patience::Long);
            figures.count(*recorded, found, verbose.then(|| format!("frame {frame} local {index}")));
        }
        for (index, recorded) in (0u32..).zip(&raw.operand_stack) {
            let found = recovery.operand(frame, index, Patience::Long);
            figures.count(*recorded, found, verbose.then(|| format!("frame {frame} operand {index}")));
        }
    }
    figures
}

impl Figures {
    fn count(&mut self, recorded: WasmValue, found: std::result::Result<Recovered, Why>, verbose: Option<String>) {
        if recorded == WasmValue::Missing {
            return;
        }
        self.values += 1;
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                if let Some(place) = verbose {
                    println!("  {place}: unknown: {}", why.text);
                }
                return;
            }
        };
        let right = found.value.bits() == recorded.bits();
        let exact = found.provenance.is_exact();
        *match (exact, right) {
            (true, true) => &mut self.exact_right,
            (true, false) => &mut self.exact_wrong,
            (false, true) => &mut self.recovered_right,
            (false, false) => &mut self.recovered_wrong,
        } += 1;
        if let (true, Some(place)) = (!exact, verbose) {
            let how = found.provenance.how().unwrap_or_default();
            let address = found.provenance.why.as_ref().and_then(|why| why.address);
            println!(
                "  {} {place}: {:?} {:?} is {recorded:?}: {how} {address:x?}",
                if right { "right" } else { "WRONG" },
                found.provenance.trust,
                found.value
            );
        }
    }
}

/// The frame without its recorded locals.
fn physical<'f>(
    opened: &Opened<'f>,
    core: &Rc<Coredump<'f>>,
    flows: &[Option<Rc<Flows<'f>>>],
    frame: &RawFrame,
) -> PhysicalFrame<'f> {
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
        flows: index.and_then(|index| flows.get(index)?.clone()),
        instance: frame.instance,
        func: frame.func,
        offset,
        recorded_locals: Rc::from([]),
        recorded_operands: Rc::from([]),
    }
}
