//! Builders of coredumps for tests. They share no code with the readers, so that a wrong layout cannot pass.
//!
//! A `Dump` says what the program was; one method per dialect writes it the way that producer does. Oddities come from
//! the fields (two threads, no instances, ...) or from cutting and patching the bytes afterwards.

#![allow(dead_code)]

/// Unsigned LEB128.
pub fn uleb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Signed LEB128.
pub fn sleb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !(-64..64).contains(&value) {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
    bytes
}

/// Length and bytes.
pub fn name(text: &str) -> Vec<u8> {
    [uleb(text.len() as u64), text.as_bytes().to_vec()].concat()
}

/// A section with its header.
pub fn section(id: u8, payload: &[u8]) -> Vec<u8> {
    [vec![id], uleb(payload.len() as u64), payload.to_vec()].concat()
}

/// A custom section with its header.
pub fn custom(called: &str, payload: &[u8]) -> Vec<u8> {
    section(0, &[name(called), payload.to_vec()].concat())
}

/// Count and entries.
pub fn vector(entries: Vec<Vec<u8>>) -> Vec<u8> {
    [uleb(entries.len() as u64), entries.concat()].concat()
}

pub const HEADER: [u8; 8] = [0, b'a', b's', b'm', 1, 0, 0, 0];

#[derive(Clone, Copy, Debug)]
pub enum Value {
    I32(i32),
    I64(i64),
    F32(f32),
    F64(f64),
    Missing,
}

impl Value {
    /// The convention's encoding.
    fn standard(self) -> Vec<u8> {
        match self {
            Value::I32(v) => [vec![0x7f], sleb(v.into())].concat(),
            Value::I64(v) => [vec![0x7e], sleb(v)].concat(),
            other => other.raw(),
        }
    }

    /// Bytes as in memory.
    fn raw(self) -> Vec<u8> {
        match self {
            Value::I32(v) => [vec![0x7f], v.to_le_bytes().to_vec()].concat(),
            Value::I64(v) => [vec![0x7e], v.to_le_bytes().to_vec()].concat(),
            Value::F32(v) => [vec![0x7d], v.to_le_bytes().to_vec()].concat(),
            Value::F64(v) => [vec![0x7c], v.to_le_bytes().to_vec()].concat(),
            Value::Missing => vec![0x01],
        }
    }

    /// Four bytes, whatever the type.
    fn low_half(self) -> Vec<u8> {
        let bits = match self {
            Value::I32(v) => v as u32,
            Value::I64(v) => v as u32,
            Value::F32(v) => v.to_bits(),
            Value::F64(v) => v.to_bits() as u32,
            Value::Missing => 0,
        };
        [vec![0x7f], bits.to_le_bytes().to_vec()].concat()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub instance: u32,
    pub func: u32,
    pub offset: u32,
    pub locals: Vec<Value>,
    pub stack: Vec<Value>,
}

pub fn frame(func: u32, offset: u32) -> Frame {
    Frame { func, offset, ..Frame::default() }
}

#[derive(Clone, Debug)]
pub struct Memory {
    pub pages: u64,
    pub memory64: bool,
    pub page_size_log2: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Segment {
    pub memory: u32,
    pub address: u64,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Instance {
    pub module: u32,
    pub memories: Vec<u32>,
    pub globals: Vec<u32>,
}

/// What a dump says. `None` leaves the section out.
#[derive(Clone, Debug, Default)]
pub struct Dump {
    pub executable: Option<String>,
    pub modules: Option<Vec<String>>,
    pub instances: Option<Vec<Instance>>,
    pub memories: Vec<Memory>,
    /// (value, mutable)
    pub globals: Vec<(Value, bool)>,
    pub segments: Option<Vec<Segment>>,
    pub threads: Vec<(String, Vec<Frame>)>,
}

impl Dump {
    /// A program of one module and two pages, with some data, a stack pointer and three frames.
    pub fn sample() -> Self {
        Dump {
            executable: Some("demo.wasm".into()),
            modules: Some(vec!["demo".into()]),
            instances: Some(vec![Instance { module: 0, memories: vec![0], globals: vec![0] }]),
            memories: vec![Memory { pages: 2, memory64: false, page_size_log2: None }],
            globals: vec![(Value::I32(65_472), true)],
            segments: Some(vec![
                Segment { memory: 0, address: 1024, bytes: b"hello".to_vec() },
                Segment { memory: 0, address: 1029, bytes: b" world\0x".to_vec() },
                Segment { memory: 0, address: 65_472, bytes: vec![7; 64] },
            ]),
            threads: vec![("main".into(), vec![frame(8, 0x77), frame(9, 0x58), frame(3, 0x10)])],
        }
    }

    /// The sample's frames with locals and operand stacks of every type.
    pub fn with_values() -> Self {
        let mut dump = Dump::sample();
        let frames = &mut dump.threads[0].1;
        frames[0].locals = vec![
            Value::I32(-18),
            Value::I64(0x1122_3344_5566_7788),
            Value::F32(1.5),
            Value::F64(-2.25),
            Value::Missing,
            Value::I32(65_480),
        ];
        frames[0].stack = vec![Value::I32(i32::MIN), Value::I64(-1)];
        frames[1].locals = vec![Value::I32(0x7f7f), Value::I32(300)];
        dump
    }

    /// As Wasmtime and wasm-encoder write it.
    pub fn standard(&self) -> Vec<u8> {
        self.file(Layout::Standard)
    }

    /// As WasmEdge writes it for wasmgdb since 2026-08.
    pub fn wasmedge_for_wasmgdb(&self) -> Vec<u8> {
        self.file(Layout::Raw)
    }

    /// As WasmEdge wrote it before; `values`: of the operand stack too. `uncounted` host frames are announced and
    /// not written.
    pub fn old_wasmedge(&self, values: bool, uncounted: u32) -> Vec<u8> {
        let (thread, frames) = &self.threads[0];
        let mut stack = vec![0];
        stack.extend(name(thread));
        stack.extend(uleb(frames.len() as u64 + u64::from(uncounted)));
        for frame in frames {
            stack.push(0);
            stack.extend(uleb(frame.func.into()));
            stack.extend(uleb(frame.offset.into()));
            stack.extend(uleb(frame.locals.len() as u64));
            stack.extend(uleb(frame.stack.len() as u64));
            stack.extend(frame.locals.iter().flat_map(|v| v.low_half()));
            if values {
                stack.extend(frame.stack.iter().flat_map(|v| v.low_half()));
            }
        }
        let bare = self.modules.as_ref().and_then(|m| m.first()).cloned().unwrap_or_default();
        let globals: Vec<_> = self.globals.iter().map(|_| vec![0x7f, 1, 0x0b]).collect();
        let mut file = HEADER.to_vec();
        file.extend(custom("core", &[0, 0]));
        file.extend(custom("corestack", &stack));
        file.extend(custom("coremodules", &[vec![1, 0], bare.into_bytes()].concat()));
        file.extend(custom("coreinstances", &[0]));
        file.extend(section(5, &vector(self.memories.iter().take(1).map(memory_type).collect())));
        file.extend(section(6, &vector(globals)));
        file
    }

    /// As Wasmer writes it through wasm-coredump-builder.
    pub fn wasmer(&self) -> Vec<u8> {
        let mut file = HEADER.to_vec();
        file.extend(custom("core", &[vec![0], name(self.executable.as_deref().unwrap_or(""))].concat()));
        file.extend(self.threads.iter().flat_map(|(n, frames)| corestack(n, frames, Layout::Raw)));
        file.extend(section(5, &[1, 0, 0]));
        file.extend(section(11, &[1, 0, 0x41, 0, 0x0b, 0]));
        file
    }

    /// As the original rewriter leaves it in the program's memory. `contents` gives the memory's bytes; what the dump
    /// covers of them is lost. The producer's own mistake of one in the segment's address is made where it makes it.
    pub fn rewriter(&self, contents: impl Fn(usize) -> u8) -> Vec<u8> {
        let size = self.memories[0].pages as usize * 65_536;
        let mut file = HEADER.to_vec();
        file.extend(self.threads.iter().flat_map(|(n, frames)| corestack(n, frames, Layout::Raw)));
        file.extend(custom("core", &[0, 0]));
        file.extend(section(5, &[vec![1, 1, 0], uleb(self.memories[0].pages)].concat()));
        let before = file.len();
        // The sizes are written first and take as many bytes as the final ones: search for the fixed point.
        for start in before + 6..before + 20 {
            let length = uleb((size - start) as u64);
            for written in [start, start - 1] {
                let mut payload = vec![1, 0, 0x41];
                payload.extend(sleb(written as i64));
                payload.push(0x0b);
                payload.extend(&length);
                let header = [vec![11], uleb((payload.len() + size - start) as u64)].concat();
                let off_by_one = (64..128).contains(&start);
                if before + header.len() + payload.len() == start && (written != start) == off_by_one {
                    file.extend(header);
                    file.extend(payload);
                    file.extend((start..size).map(&contents));
                    return file;
                }
            }
        }
        unreachable!("some start fits");
    }

    fn file(&self, layout: Layout) -> Vec<u8> {
        let mut file = HEADER.to_vec();
        if let Some(executable) = &self.executable {
            file.extend(custom("core", &[vec![0], name(executable)].concat()));
        }
        if !self.memories.is_empty() {
            file.extend(section(5, &vector(self.memories.iter().map(memory_type).collect())));
        }
        if !self.globals.is_empty() {
            file.extend(section(6, &vector(self.globals.iter().map(|(v, m)| global(*v, *m)).collect())));
        }
        if let Some(segments) = &self.segments {
            let encoded = segments.iter().map(|s| data_segment(s, self.memories.get(s.memory as usize)));
            file.extend(section(11, &vector(encoded.collect())));
        }
        if let Some(modules) = &self.modules {
            let names = modules.iter().map(|m| [vec![0], name(m)].concat());
            file.extend(custom("coremodules", &vector(names.collect())));
        }
        if let Some(instances) = &self.instances {
            file.extend(custom("coreinstances", &vector(instances.iter().map(instance).collect())));
        }
        file.extend(self.threads.iter().flat_map(|(n, frames)| corestack(n, frames, layout)));
        file
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Standard,
    Raw,
}

fn corestack(thread: &str, frames: &[Frame], layout: Layout) -> Vec<u8> {
    let encode = |frame: &Frame| {
        let mut bytes = vec![0];
        bytes.extend(uleb(frame.instance.into()));
        bytes.extend(uleb(frame.func.into()));
        bytes.extend(uleb(frame.offset.into()));
        if layout == Layout::Standard {
            bytes.extend(vector(frame.locals.iter().map(|v| v.standard()).collect()));
            bytes.extend(vector(frame.stack.iter().map(|v| v.standard()).collect()));
        } else {
            bytes.extend(uleb(frame.locals.len() as u64));
            bytes.extend(uleb(frame.stack.len() as u64));
            bytes.extend(frame.locals.iter().chain(&frame.stack).flat_map(|v| v.raw()));
        }
        bytes
    };
    let payload = [vec![0], name(thread), vector(frames.iter().map(encode).collect())].concat();
    custom("corestack", &payload)
}

fn memory_type(memory: &Memory) -> Vec<u8> {
    let flags = u8::from(memory.memory64) << 2 | u8::from(memory.page_size_log2.is_some()) << 3;
    let mut bytes = [vec![flags], uleb(memory.pages)].concat();
    bytes.extend(memory.page_size_log2.iter().flat_map(|log2| uleb((*log2).into())));
    bytes
}

fn global(value: Value, mutable: bool) -> Vec<u8> {
    let m = u8::from(mutable);
    match value {
        Value::I32(v) => [vec![0x7f, m, 0x41], sleb(v.into()), vec![0x0b]].concat(),
        Value::I64(v) => [vec![0x7e, m, 0x42], sleb(v), vec![0x0b]].concat(),
        Value::F32(v) => [vec![0x7d, m, 0x43], v.to_le_bytes().to_vec(), vec![0x0b]].concat(),
        Value::F64(v) => [vec![0x7c, m, 0x44], v.to_le_bytes().to_vec(), vec![0x0b]].concat(),
        // A reference: ref.null extern.
        Value::Missing => vec![0x6f, m, 0xd0, 0x6f, 0x0b],
    }
}

fn data_segment(segment: &Segment, memory: Option<&Memory>) -> Vec<u8> {
    let mut bytes = if segment.memory == 0 { vec![0] } else { [vec![2], uleb(segment.memory.into())].concat() };
    if memory.is_some_and(|m| m.memory64) {
        bytes.extend([vec![0x42], sleb(segment.address as i64), vec![0x0b]].concat());
    } else {
        bytes.extend([vec![0x41], sleb(segment.address as u32 as i32 as i64), vec![0x0b]].concat());
    }
    bytes.extend(uleb(segment.bytes.len() as u64));
    bytes.extend(&segment.bytes);
    bytes
}

fn instance(instance: &Instance) -> Vec<u8> {
    let indices = |list: &[u32]| vector(list.iter().map(|i| uleb((*i).into())).collect());
    [vec![0], uleb(instance.module.into()), indices(&instance.memories), indices(&instance.globals)].concat()
}

/// A small generator of random numbers with a seed, for tests that have to be the same each time (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
