//! What the values of one type have in common as text: names, signs, and where the numbers between them lie. Worked out
//! once for the elements of a sequence, which are then read in one piece each and written from that.
//!
//! A pattern is made by the writer itself, which is given a value at address 0 and leaves open whatever differs from
//! value to value (`Sink::leave_open`): so there is one place that knows how a value is written. Only types whose shape
//! their values cannot change have one (`value::layout`).

use std::any::Any;
use std::ops::Range;
use std::rc::Rc;

use crate::dwarf::location::Location;
use crate::dwarf::types::{PointerKind, Type, TypeId};
use crate::limits::{MAX_PATTERN_BYTES, MAX_PATTERN_STEPS};
use crate::text::{Role, Sink, Stopped, Text};
use crate::value::Scalar;
use crate::value::layout::{Layout, layout};
use crate::value::object::Object;
use crate::value::present::pointer_of;
use crate::value::scalar::ScalarKind;
use crate::value::view::FieldStyle;

use super::hole::Hole;
use super::scalar::{put_address, put_scalar};
use super::value::{ValueWriter, put_character};

enum Step {
    Put(Text),
    Scalar(ScalarPlace),
    Pointer(PointerPlace),
    /// What is no scalar at a known place is written as it always is.
    Other(Hole),
}

struct ScalarPlace {
    start: usize,
    end: usize,
    kind: ScalarKind,
    found: Rc<Type>,
    /// Prefix of the character that the number is, too (`wide`).
    character: Option<&'static str>,
}

struct PointerPlace {
    start: usize,
    end: usize,
    /// In a value at address 0.
    object: Object,
    target: TypeId,
    depth: u64,
}

/// How all values of one type are written.
struct Pattern {
    steps: Vec<Step>,
    /// The text depends on the bytes alone.
    is_fixed: bool,
    bytes: Vec<u8>,
    is_loaded: bool,
    /// Those of the value before.
    before: Vec<u8>,
    had_bytes: bool,
}

/// A pattern for the elements of a sequence, made at the second one of a type in a row.
#[derive(Default)]
pub(super) struct Repeated {
    type_id: Option<TypeId>,
    pattern: Option<Pattern>,
    is_made: bool,
}

impl Repeated {
    /// Take up the next element; false: it must be written as it is. `write` makes the pattern.
    pub fn load(
        &mut self,
        writer: &ValueWriter<'_, '_, '_>,
        object: &Object,
        write: impl FnOnce(&Object, &mut dyn Sink) -> Result<(), Stopped>,
    ) -> bool {
        if self.type_id != Some(object.type_id) {
            *self = Repeated { type_id: Some(object.type_id), ..Repeated::default() };
            return false;
        }
        if !std::mem::replace(&mut self.is_made, true) {
            self.pattern = Pattern::of(writer, object, write);
        }
        self.pattern.as_mut().is_some_and(|pattern| pattern.load(writer, object))
    }

    /// The element that was taken up has the text of the one before.
    pub fn is_same(&self) -> bool {
        self.pattern.as_ref().is_some_and(Pattern::is_same)
    }

    /// The bytes of the element that was taken up.
    pub fn bytes(&self) -> &[u8] {
        self.pattern.as_ref().map_or(&[], |pattern| &pattern.bytes)
    }

    /// Write the element that was taken up.
    pub fn write(&self, writer: &ValueWriter<'_, '_, '_>, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        self.pattern.as_ref().map_or(Ok(()), |pattern| pattern.write(writer, object, out))
    }
}

impl Pattern {
    fn of(
        writer: &ValueWriter<'_, '_, '_>,
        object: &Object,
        write: impl FnOnce(&Object, &mut dyn Sink) -> Result<(), Stopped>,
    ) -> Option<Self> {
        let sample = Object::in_memory(object.type_id, 0, object.instance);
        let size = writer.reader.size_of(&sample).ok().filter(|size| (1..=MAX_PATTERN_BYTES).contains(size))?;
        if writer.options.object || layout(writer.reader, &sample, writer.form()).is_none() {
            return None;
        }
        let mut recorder = Recorder { writer, size, steps: Vec::new(), pieces: 0 };
        write(&sample, &mut recorder).ok()?;
        let steps = recorder.steps;
        let is_fixed = !steps.iter().any(|step| matches!(step, Step::Other(_)));
        let bytes = || vec![0; size as usize];
        let (bytes, before) = (bytes(), bytes());
        Some(Pattern { steps, is_fixed, bytes, is_loaded: false, before, had_bytes: false })
    }

    fn load(&mut self, writer: &ValueWriter<'_, '_, '_>, object: &Object) -> bool {
        std::mem::swap(&mut self.bytes, &mut self.before);
        self.had_bytes = std::mem::replace(&mut self.is_loaded, false);
        // What is marked as a guess is marked part by part.
        let Some(address) = object.address().filter(|_| object.provenance.is_exact()) else { return false };
        self.is_loaded = writer.reader.program.read_memory(object.instance, address, &mut self.bytes).is_ok();
        self.is_loaded
    }

    fn is_same(&self) -> bool {
        self.is_fixed && self.is_loaded && self.had_bytes && self.bytes == self.before
    }

    fn write(&self, writer: &ValueWriter<'_, '_, '_>, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        let at = object.address().unwrap_or(0);
        let part = |part: &Object| {
            let offset = part.address().or(storage(part)).unwrap_or(0);
            let location = Location::Memory { address: at.wrapping_add(offset) };
            let (type_id, bits) = (part.type_id, part.bits);
            Object { type_id, location, bits, instance: object.instance, provenance: object.provenance.clone() }
        };
        for step in &self.steps {
            match step {
                Step::Put(text) => out.put_text(text)?,
                Step::Scalar(place) => {
                    let bytes = self.bytes.get(place.start..place.end).unwrap_or_default();
                    let scalar = Scalar::from_bytes(bytes, place.kind);
                    put_scalar(scalar, &place.found, writer.options, out)?;
                    put_character(scalar, place.character, out)?;
                }
                Step::Pointer(place) => {
                    let bytes = self.bytes.get(place.start..place.end).unwrap_or_default();
                    let scalar = Scalar::from_bytes(bytes, ScalarKind::Pointer);
                    let object = part(&place.object);
                    let pointer = pointer_of(writer.reader, &object, scalar, place.target, PointerKind::Pointer);
                    writer.pointer(&object, &pointer, place.depth, out)?;
                }
                Step::Other(Hole::Address(offset)) => put_address(at.wrapping_add(*offset), out)?,
                Step::Other(Hole::Line(object, depth)) => writer.write(&part(object), *depth, out)?,
                Step::Other(Hole::Block(object, depth)) => writer.body(&part(object), *depth, out).map(|_| ())?,
            }
        }
        Ok(())
    }
}

/// Where the storage of a bit-field begins.
fn storage(object: &Object) -> Option<u64> {
    match object.location {
        Location::Memory { address } => Some(address),
        _ => None,
    }
}

/// Takes down how a value is written.
struct Recorder<'w, 'a, 'f, 'o> {
    writer: &'w ValueWriter<'a, 'f, 'o>,
    size: u64,
    steps: Vec<Step>,
    /// Of texts, whose neighbours are joined.
    pieces: usize,
}

impl Recorder<'_, '_, '_, '_> {
    /// The bytes of the value that are those of `object`.
    fn place(&self, object: &Object) -> Option<Range<usize>> {
        let start = object.address()?;
        let size = self.writer.reader.size_of(object).ok()?;
        let end = start.checked_add(size).filter(|end| *end <= self.size)?;
        Some(start as usize..end as usize)
    }

    fn scalar(&self, object: &Object, kind: ScalarKind) -> Option<Step> {
        let Range { start, end } = self.place(object)?;
        let found = self.writer.with_path(object, self.writer.reader.stripped(object).1);
        let character = self.writer.character_prefix(object.type_id);
        Some(Step::Scalar(ScalarPlace { start, end, kind, found, character }))
    }

    fn pointer(&self, object: &Object, target: TypeId, depth: u64) -> Option<Step> {
        let Range { start, end } = self.place(object).filter(|_| self.writer.options.format.is_none())?;
        Some(Step::Pointer(PointerPlace { start, end, object: object.clone(), target, depth }))
    }
}

impl Sink for Recorder<'_, '_, '_, '_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        match self.steps.last_mut() {
            Some(Step::Put(kept)) => drop(kept.push(role, text)),
            _ => {
                let mut first = Text::new();
                first.push(role, text);
                self.steps.push(Step::Put(first));
            }
        }
        self.pieces += 1;
        if self.steps.len().max(self.pieces) > MAX_PATTERN_STEPS { Err(Stopped) } else { Ok(()) }
    }

    fn leaves_open(&self) -> bool {
        true
    }

    fn leave_open(&mut self, hole: Box<dyn Any>) -> bool {
        let Ok(hole) = hole.downcast::<Hole>() else { return false };
        let known = match &*hole {
            Hole::Line(object, _) => layout(self.writer.reader, object, self.writer.form()),
            // Whether a tuple is worth lines of its own depends on what is in it.
            Hole::Block(object, _) => layout(self.writer.reader, object, self.writer.form())
                .filter(|layout| !matches!(layout, Layout::Fields(FieldStyle::Tuple))),
            Hole::Address(_) => None,
        };
        let step = match (known, &*hole) {
            (Some(Layout::Fields(_)), _) => return false,
            (Some(Layout::Scalar(kind)), Hole::Line(object, _) | Hole::Block(object, _)) => self.scalar(object, kind),
            (Some(Layout::Pointer(target)), Hole::Line(object, depth) | Hole::Block(object, depth)) => {
                self.pointer(object, target, *depth)
            }
            _ => None,
        };
        self.steps.push(step.unwrap_or(Step::Other(*hole)));
        true
    }
}
