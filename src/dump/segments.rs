//! A dump's data sections as one table of recorded runs per memory, built when memory is first read.
//!
//! A dump of 1 GiB has 262,147 segments: opening it must not touch them, so `Segments` only holds the sections until
//! someone asks. Runs come out sorted and disjoint whatever the file's order: where segments overlap, the later
//! one wins, as in instantiation (WebAssembly core, 4.5.4). Knows nothing of sizes or pages.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::ops::Range;
use std::rc::Rc;

use wasmparser::{BinaryReader, BinaryReaderError};

use crate::error::{Error, Result};
use crate::limits::MAX_SEGMENTS;
use crate::wasm::Section;

/// Bytes that the dump records, and the address of the first. Never empty, and never past 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'f> {
    /// Address of `bytes[0]`.
    pub address: u64,
    pub bytes: &'f [u8],
}

impl<'f> Run<'f> {
    /// The run without its bytes beyond address 2^64 - 1; none if nothing is left.
    pub fn new(address: u64, bytes: &'f [u8]) -> Option<Self> {
        let room = usize::try_from(u64::MAX - address).unwrap_or(usize::MAX);
        let bytes = bytes.get(..room).unwrap_or(bytes);
        (!bytes.is_empty()).then_some(Run { address, bytes })
    }

    /// The first address after the run.
    pub fn end(&self) -> u64 {
        self.address.saturating_add(self.bytes.len() as u64)
    }

    /// The part of the run inside `range`; none if there is none.
    pub fn clipped(&self, range: &Range<u64>) -> Option<Run<'f>> {
        let start = self.address.max(range.start);
        let end = self.end().min(range.end);
        let first = start.checked_sub(self.address)? as usize;
        let length = end.checked_sub(start)? as usize;
        Run::new(start, self.bytes.get(first..)?.get(..length)?)
    }
}

/// The recorded runs of one memory.
#[derive(Debug, Clone, Default)]
pub struct Table<'f> {
    /// Ascending by address, disjoint.
    pub runs: Vec<Run<'f>>,
    /// Where a byte that no run holds is zero; elsewhere it is not known, because the file was cut there.
    pub zeros: Range<u64>,
    /// Bytes below this address were lost when the producer wrote the dump over them.
    pub overwritten_below: u64,
}

/// The data sections of one dump, for all its memories.
pub struct Segments<'f> {
    sections: Vec<Section<'f>>,
    tables: OnceCell<Tables<'f>>,
}

#[derive(Default)]
struct Tables<'f> {
    of_memory: HashMap<u32, Rc<Table<'f>>>,
    /// The table of a memory without a single segment.
    empty: Rc<Table<'f>>,
    damage: Option<String>,
}

impl<'f> Segments<'f> {
    /// Segments of these data sections; reads nothing yet.
    pub fn new(sections: Vec<Section<'f>>) -> Self {
        Segments { sections, tables: OnceCell::new() }
    }

    /// A whole memory of which the dump is a part, in one run from behind the dump to the end. `damage` says why the
    /// run ends early, if it does.
    pub fn image(run: Run<'f>, damage: Option<String>) -> Self {
        let table = Table { overwritten_below: run.address, zeros: 0..0, runs: vec![run] };
        let tables = Tables { of_memory: HashMap::from([(0, Rc::new(table))]), damage, ..Tables::default() };
        Segments { sections: Vec::new(), tables: OnceCell::from(tables) }
    }

    /// The runs of the memory of that index.
    pub fn table(&self, memory: u32) -> &Rc<Table<'f>> {
        let tables = self.tables();
        tables.of_memory.get(&memory).unwrap_or(&tables.empty)
    }

    /// Why segments are missing, if some are.
    pub fn damage(&self) -> Option<&str> {
        self.tables().damage.as_deref()
    }

    /// Memory has been asked for already.
    pub fn is_parsed(&self) -> bool {
        self.tables.get().is_some()
    }

    fn tables(&self) -> &Tables<'f> {
        self.tables.get_or_init(|| {
            let mut collected = Collector::default();
            for section in &self.sections {
                collected.section(section);
                if collected.damage.is_some() {
                    break;
                }
            }
            collected.finish()
        })
    }
}

/// Segments between the one that is read and the one whose page is asked for.
const LOOK_AHEAD: u64 = 8;

/// Segments as they come from the file.
#[derive(Default)]
struct Collector<'f> {
    of_memory: HashMap<u32, Vec<Run<'f>>>,
    kept: usize,
    /// Memory and end of the newest segment; segments that do not ascend from here are out of order.
    newest: (u32, u64),
    unordered: bool,
    damage: Option<String>,
}

/// What stands at one place of a data section.
enum Segment<'f> {
    Active {
        memory: u32,
        address: u64,
        bytes: &'f [u8],
        complete: bool,
    },
    /// Of no memory until an instruction copies it.
    Passive,
    /// At an address that only an engine could tell.
    Unplaced,
}

impl<'f> Collector<'f> {
    fn section(&mut self, section: &Section<'f>) {
        let mut reader = BinaryReader::new(section.data, section.start);
        let Ok(count) = reader.read_var_u32() else {
            self.damage = Some("the data section is empty or cut".into());
            return;
        };
        // The shortest segment with contents takes six bytes, which bounds what a false count can reserve.
        let likely = (count as usize).min(section.data.len() / 6).min(MAX_SEGMENTS);
        self.of_memory.entry(0).or_default().reserve_exact(likely);
        let (mut before, mut at) = (0, reader.original_position());
        for _ in 0..count {
            // Dumps of whole memories have segments of one size. A read where a later one should begin, for which
            // nothing waits, takes its page into the cache while this one is looked at.
            let stride = at.saturating_sub(std::mem::replace(&mut before, at));
            let ahead = at.saturating_sub(section.start).saturating_add(stride.saturating_mul(LOOK_AHEAD));
            black_box(section.data.get(ahead as usize).copied());
            match read_segment(&mut reader) {
                Ok(Segment::Active { memory, address, bytes, complete }) => {
                    self.keep(memory, address, bytes);
                    if !complete {
                        self.damage = Some(format!("the file ends inside the data segment at file offset {at:#x}"));
                        return;
                    }
                }
                Ok(Segment::Passive) => {}
                Ok(Segment::Unplaced) => {
                    self.unordered = true;
                    self.damage = Some(format!("the data segment at file offset {at:#x} has no constant address"));
                }
                Err(error) => {
                    self.damage = Some(format!("the data segment at file offset {at:#x} cannot be read: {error}"));
                    return;
                }
            }
            if self.kept >= MAX_SEGMENTS {
                self.damage = Some(format!("only the first {MAX_SEGMENTS} data segments are read"));
                return;
            }
            at = reader.original_position();
        }
    }

    fn keep(&mut self, memory: u32, address: u64, bytes: &'f [u8]) {
        let Some(run) = Run::new(address, bytes) else { return };
        self.unordered |= (memory, address) < self.newest;
        self.newest = (memory, run.end());
        self.of_memory.entry(memory).or_default().push(run);
        self.kept += 1;
    }

    fn finish(self) -> Tables<'f> {
        let cut = self.damage.is_some();
        let (cut_memory, cut_end) = self.newest;
        // Producers write memories and addresses ascending: what precedes the last segment of a cut file is whole.
        let zeros = |memory: u32| match memory.cmp(&cut_memory) {
            _ if !cut => 0..u64::MAX,
            _ if self.unordered => 0..0,
            std::cmp::Ordering::Less => 0..u64::MAX,
            std::cmp::Ordering::Equal => 0..cut_end,
            std::cmp::Ordering::Greater => 0..0,
        };
        let empty = Table { zeros: if cut { 0..0 } else { 0..u64::MAX }, ..Table::default() };
        let mut tables = Tables { damage: self.damage.clone(), empty: Rc::new(empty), ..Tables::default() };
        for (memory, runs) in self.of_memory {
            let table = Table { runs: disjoint(runs), zeros: zeros(memory), overwritten_below: 0 };
            tables.of_memory.insert(memory, Rc::new(table));
        }
        tables
    }
}

fn read_segment<'f>(reader: &mut BinaryReader<'f>) -> Result<Segment<'f>> {
    let broken = |e: BinaryReaderError| Error::malformed(e.message().to_owned());
    let kind = reader.read_var_u32().map_err(broken)?;
    let memory = if kind == 2 { reader.read_var_u32().map_err(broken)? } else { 0 };
    let address = match kind {
        0 | 2 => read_constant(reader)?,
        1 => None,
        _ => return Err(Error::malformed(format!("its kind is {kind}"))),
    };
    let length = reader.read_var_u32().map_err(broken)? as usize;
    let complete = length <= reader.bytes_remaining();
    let bytes = reader.read_bytes(length.min(reader.bytes_remaining())).map_err(broken)?;
    Ok(match address {
        Some(address) => Segment::Active { memory, address, bytes, complete },
        None if kind == 1 => Segment::Passive,
        None => Segment::Unplaced,
    })
}

/// A segment's offset expression: a constant, or none if only an engine could evaluate it.
fn read_constant(reader: &mut BinaryReader) -> Result<Option<u64>> {
    const I32_CONST: u8 = 0x41;
    const I64_CONST: u8 = 0x42;
    const GLOBAL_GET: u8 = 0x23;
    const END: u8 = 0x0b;
    let broken = |e: BinaryReaderError| Error::malformed(e.message().to_owned());
    let value = match reader.read_u8().map_err(broken)? {
        I32_CONST => Some(u64::from(reader.read_var_i32().map_err(broken)? as u32)),
        I64_CONST => Some(reader.read_var_i64().map_err(broken)? as u64),
        GLOBAL_GET => reader.read_var_u32().map(|_| None).map_err(broken)?,
        opcode => return Err(Error::malformed(format!("its address begins with opcode {opcode:#x}"))),
    };
    match reader.read_u8().map_err(broken)? {
        END => Ok(value),
        _ => Err(Error::malformed("its address is more than one constant")),
    }
}

/// `runs` in file order as sorted, disjoint runs; of overlapping ones the later in the file is kept.
fn disjoint(mut runs: Vec<Run<'_>>) -> Vec<Run<'_>> {
    let is_disjoint = |runs: &[Run]| runs.is_sorted_by(|a, b| a.end() <= b.address);
    if !is_disjoint(&runs) {
        runs.sort_unstable_by_key(|run| run.address);
    }
    if is_disjoint(&runs) {
        runs.shrink_to_fit();
        return runs;
    }
    // Where the bytes lie in the file tells the order again.
    runs.sort_unstable_by_key(|run| run.bytes.as_ptr());
    // From the last to the first, each run keeps what no later one covers. Covered intervals that touch are merged,
    // so each is removed once and the pieces are at most twice the runs.
    let mut covered: BTreeMap<u64, u64> = BTreeMap::new();
    let mut pieces = Vec::with_capacity(runs.len());
    for run in runs.iter().rev() {
        let mut merged = run.address..run.end();
        let mut upper = run.end();
        while let Some((&start, &end)) = covered.range(..=run.end()).next_back().filter(|(_, end)| **end >= run.address)
        {
            covered.remove(&start);
            pieces.extend(run.clipped(&(end..upper)));
            upper = upper.min(start);
            merged = merged.start.min(start)..merged.end.max(end);
        }
        pieces.extend(run.clipped(&(run.address..upper)));
        covered.insert(merged.start, merged.end);
    }
    pieces.sort_unstable_by_key(|p: &Run| p.address);
    pieces
}
