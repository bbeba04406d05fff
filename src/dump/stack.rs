//! Corestack sections to threads and their frames, in whatever way the producer lays a frame out.
//!
//! Frames are kept as 16 bytes each, values are decoded from the file when a frame is asked for: a stack of ten
//! million frames costs its file bytes and 160 MB, whatever its counts claim. Which layout it is, `dialect` finds out
//! by reading with each and seeing which ends where the section ends (tool-conventions, Coredump.md, "corestack").

use std::borrow::Cow;

use wasmparser::{BinaryReader, BinaryReaderError};

use crate::limits::{MAX_LOCALS_PER_FUNCTION, MAX_RESERVED_ENTRIES};
use crate::wasm::{FuncIdx, RawOffset, Section, WasmValue};

/// How a producer writes one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameFormat {
    /// The instance index precedes the function index.
    pub instance: bool,
    pub values: ValueLayout,
    /// The number of frames may be too high: host functions are counted and not written.
    pub count_is_bound: bool,
    /// A frame's offset is that of the call which entered it, in its caller.
    pub offset_in_caller: bool,
    /// Parameters of all frames but the youngest are written as 669, 670, ... because their value is lost.
    pub placeholders: bool,
}

/// How locals and operand stack of one frame are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueLayout {
    /// Count and values of the locals, then of the operand stack; integers as signed LEB128.
    Standard,
    /// Both counts, then locals, then operand stack; integers as little-endian bytes.
    Raw,
    /// As raw, but the operand stack's values are not written.
    RawWithoutOperands,
}

/// One frame as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrame {
    /// Index into the dump's instances; none if the producer did not capture it.
    pub instance: Option<u32>,
    /// Index in the instance's module, imports counted.
    pub func: FuncIdx,
    /// What it counts from depends on the producer; 0 also where the producer knew none.
    pub offset: RawOffset,
    /// Parameters first; empty if the producer records none. Types may contradict the module's: then the producer
    /// cut or misnamed the value, and it is not to be trusted.
    pub locals: Vec<WasmValue>,
    /// Bottom first; empty if the producer records none.
    pub operand_stack: Vec<WasmValue>,
}

/// One thread of the program.
#[derive(Clone)]
pub struct Thread<'f> {
    /// As the producer names it, `main` mostly; may be empty.
    pub name: Cow<'f, str>,
    /// Youngest first.
    pub frames: Frames<'f>,
    /// The number of frames that the dump announces.
    pub announced_frames: u32,
    /// Why the last frames are missing, if they are.
    pub damage: Option<String>,
}

impl Thread<'_> {
    /// The dump holds fewer frames than it announces.
    pub fn is_truncated(&self) -> bool {
        self.damage.is_some()
    }
}

/// The frames of one thread, youngest first; decoded one by one.
#[derive(Clone)]
pub struct Frames<'f> {
    /// The corestack section's contents.
    data: &'f [u8],
    format: FrameFormat,
    frames: Vec<CompactFrame>,
}

#[derive(Debug, Clone, Copy)]
struct CompactFrame {
    /// As recorded: 2^32 - 1 says that there is none.
    instance: u32,
    func: u32,
    offset: u32,
    /// Where the counts and values stand, in bytes from the section's contents, which are under 4 GiB.
    values: u32,
}

const NOT_CAPTURED: u32 = u32::MAX;

impl<'f> Frames<'f> {
    /// Number of frames.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// There is no frame.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// The frame at `position`, 0 being the youngest.
    pub fn get(&self, position: usize) -> Option<RawFrame> {
        let frame = self.frames.get(position)?;
        let (mut locals, operand_stack) = self.values(frame).unwrap_or_default();
        if self.format.placeholders && position > 0 {
            forget_placeholders(&mut locals);
        }
        Some(RawFrame {
            instance: (frame.instance != NOT_CAPTURED).then_some(frame.instance),
            func: FuncIdx(frame.func),
            offset: RawOffset(u64::from(self.offset(position))),
            locals,
            operand_stack,
        })
    }

    /// All frames, youngest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = RawFrame> + ExactSizeIterator + '_ {
        (0..self.frames.len()).map(|i| self.get(i).unwrap_or_else(RawFrame::nowhere))
    }

    /// Make every frame one of instance 0: for dumps whose instance indices refer to nothing.
    pub(super) fn assume_instance(&mut self) {
        for frame in &mut self.frames {
            frame.instance = 0;
        }
    }

    /// Highest instance index that a frame names.
    pub(super) fn last_instance(&self) -> Option<u32> {
        self.frames.iter().map(|f| f.instance).filter(|i| *i != NOT_CAPTURED).max()
    }

    fn offset(&self, position: usize) -> u32 {
        let holder = if self.format.offset_in_caller { position.checked_sub(1) } else { Some(position) };
        holder.and_then(|i| self.frames.get(i)).map_or(0, |frame| frame.offset)
    }

    fn values(&self, frame: &CompactFrame) -> Option<(Vec<WasmValue>, Vec<WasmValue>)> {
        let data = self.data.get(frame.values as usize..)?;
        let mut reader = BinaryReader::new(data, 0);
        let (mut locals, mut operands) = (Vec::new(), Vec::new());
        let read = read_values(&mut reader, self.format.values, |list, value| match list {
            List::Locals => locals.push(value),
            List::Operands => operands.push(value),
        });
        read.ok().map(|()| (locals, operands))
    }
}

impl RawFrame {
    /// What stands for a frame that is not there.
    fn nowhere() -> Self {
        RawFrame {
            instance: None,
            func: FuncIdx(u32::MAX),
            offset: RawOffset(0),
            locals: vec![],
            operand_stack: vec![],
        }
    }
}

/// A parameter counts as lost if it and all before it hold their placeholder: real locals come after.
fn forget_placeholders(locals: &mut [WasmValue]) {
    const FIRST_PLACEHOLDER: i32 = 669;
    for (local, placeholder) in locals.iter_mut().zip(FIRST_PLACEHOLDER..) {
        if *local != WasmValue::I32(placeholder) {
            break;
        }
        *local = WasmValue::Missing;
    }
}

/// How reading a corestack section in one format ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// All announced frames, and the section ends with the last.
    Exact,
    /// The section ends before the announced frames do: the file was cut, if it is the right format.
    Short,
    /// Something that this format does not allow, or bytes that are left over.
    Broken(String),
    /// The caller's budget of frames is used up.
    Limit,
}

/// Read one corestack section as `format`, at most `budget` frames.
pub fn read_thread<'f>(section: &Section<'f>, format: &FrameFormat, budget: usize) -> (Thread<'f>, Ending) {
    let mut reader = BinaryReader::new(section.data, 0);
    let frames = Frames { data: section.data, format: *format, frames: Vec::new() };
    let mut thread = Thread { name: Cow::Borrowed(""), frames, announced_frames: 0, damage: None };
    let ending = read_frames(&mut reader, &mut thread, budget);
    let read = thread.frames.len();
    let missing = match &ending {
        Ending::Exact => None,
        Ending::Short if format.count_is_bound && read > 0 && reader.eof() && !section.truncated => None,
        Ending::Short => Some("the section ends".to_owned()),
        Ending::Limit => Some("no more are read".to_owned()),
        Ending::Broken(what) => Some(what.clone()),
    };
    thread.damage = missing.map(|why| {
        let announced = thread.announced_frames;
        format!("thread \"{}\" has {read} of {announced} frames: after them, {why}", thread.name)
    });
    let ending = if thread.damage.is_none() { Ending::Exact } else { ending };
    (thread, ending)
}

fn read_frames<'f>(reader: &mut BinaryReader<'f>, thread: &mut Thread<'f>, budget: usize) -> Ending {
    let format = thread.frames.format;
    match read_head(reader) {
        Ok((name, count)) => {
            thread.name = name;
            thread.announced_frames = count;
        }
        Err(ending) => return ending,
    }
    let likely = (thread.announced_frames as usize).min(MAX_RESERVED_ENTRIES);
    thread.frames.frames.reserve(likely);
    for read in 0..thread.announced_frames {
        if read as usize >= budget {
            return Ending::Limit;
        }
        match read_frame(reader, &format) {
            Ok(frame) => thread.frames.frames.push(frame),
            Err(ending) => return ending,
        }
    }
    match reader.bytes_remaining() {
        0 => Ending::Exact,
        left => Ending::Broken(format!("{left} bytes are left over in the section")),
    }
}

fn read_head<'f>(reader: &mut BinaryReader<'f>) -> Result<(Cow<'f, str>, u32), Ending> {
    expect_zero(reader, "thread")?;
    let name = read_name(reader).map_err(|e| ending(&e))?;
    let count = reader.read_var_u32().map_err(|e| ending(&e))?;
    Ok((name, count))
}

fn read_frame(reader: &mut BinaryReader, format: &FrameFormat) -> Result<CompactFrame, Ending> {
    let before = reader.clone();
    let result = read_whole_frame(reader, format);
    if result.is_err() {
        *reader = before;
    }
    result
}

fn read_whole_frame(reader: &mut BinaryReader, format: &FrameFormat) -> Result<CompactFrame, Ending> {
    expect_zero(reader, "frame")?;
    let mut field = || reader.read_var_u32();
    let mut fields = || {
        let instance = if format.instance { field()? } else { 0 };
        Ok((instance, field()?, field()?))
    };
    let (instance, func, offset) = fields().map_err(|e| ending(&e))?;
    let values = reader.current_position() as u32;
    read_values(reader, format.values, |_, _| {})?;
    Ok(CompactFrame { instance, func, offset, values })
}

enum List {
    Locals,
    Operands,
}

/// Read counts and values, handing each value to `take`.
fn read_values(
    reader: &mut BinaryReader,
    layout: ValueLayout,
    mut take: impl FnMut(List, WasmValue),
) -> Result<(), Ending> {
    let standard = layout == ValueLayout::Standard;
    let locals = read_count(reader)?;
    let mut operands = if standard { 0 } else { read_count(reader)? };
    for _ in 0..locals {
        take(List::Locals, read_value(reader, standard)?);
    }
    if standard {
        operands = read_count(reader)?;
    }
    if layout == ValueLayout::RawWithoutOperands {
        return Ok(());
    }
    for _ in 0..operands {
        take(List::Operands, read_value(reader, standard)?);
    }
    Ok(())
}

fn read_count(reader: &mut BinaryReader) -> Result<u32, Ending> {
    let count = reader.read_var_u32().map_err(|e| ending(&e))?;
    if count > MAX_LOCALS_PER_FUNCTION {
        return Err(Ending::Broken(format!("a frame claims {count} values")));
    }
    Ok(count)
}

fn read_value(reader: &mut BinaryReader, standard: bool) -> Result<WasmValue, Ending> {
    let tag = reader.read_u8().map_err(|e| ending(&e))?;
    let value = match tag {
        0x7f if standard => reader.read_var_i32().map(WasmValue::I32),
        0x7f => reader.read_u32().map(|v| WasmValue::I32(v as i32)),
        0x7e if standard => reader.read_var_i64().map(WasmValue::I64),
        0x7e => reader.read_u64().map(|v| WasmValue::I64(v as i64)),
        0x7d => reader.read_u32().map(WasmValue::F32),
        0x7c => reader.read_u64().map(WasmValue::F64),
        // The convention has no vectors; this is how a producer that adds them has to write one.
        0x7b => read_vector(reader),
        0x01 => Ok(WasmValue::Missing),
        tag => return Err(Ending::Broken(format!("a value has the unknown type {tag:#04x}"))),
    };
    value.map_err(|e| ending(&e))
}

fn read_vector(reader: &mut BinaryReader) -> Result<WasmValue, BinaryReaderError> {
    let (low, high) = (reader.read_u64()?, reader.read_u64()?);
    Ok(WasmValue::V128(u128::from(high) << 64 | u128::from(low)))
}

/// A name as dumps hold them: any bytes, shown as UTF-8 as far as they are.
pub(super) fn read_name<'f>(reader: &mut BinaryReader<'f>) -> Result<Cow<'f, str>, BinaryReaderError> {
    let length = reader.read_var_u32()? as usize;
    Ok(String::from_utf8_lossy(reader.read_bytes(length)?))
}

fn expect_zero(reader: &mut BinaryReader, what: &str) -> Result<(), Ending> {
    match reader.read_u8() {
        Ok(0) => Ok(()),
        Ok(other) => Err(Ending::Broken(format!("a {what} begins with {other:#04x} instead of 0"))),
        Err(error) => Err(ending(&error)),
    }
}

/// A reader's error as an ending: out of bytes, or not what it should be.
fn ending(error: &BinaryReaderError) -> Ending {
    // The reader marks this kind of error by its text alone.
    if error.message().contains("unexpected end") { Ending::Short } else { Ending::Broken(error.message().to_owned()) }
}
