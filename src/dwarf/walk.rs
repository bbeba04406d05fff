//! DIEs of a unit one after another, without collecting them: each is shown once, its children can be left out.
//!
//! DWARF links no DIE to its parent and LLVM writes no DW_AT_sibling, so leaving children out still reads past them;
//! but nothing of them is decoded or kept. Passes over whole units spend their time there: `Sizes` tells of most DIEs
//! how long they are without a look at their attributes (DWARF 5 section 7.5).

use gimli::{Abbreviation, Abbreviations, Attribute, DwForm, Encoding, EntriesRaw, Reader as _, UnitOffset};

use super::Reader;

/// How many bytes the attributes of a DIE take, by abbreviation code, where all of them are of fixed size.
#[derive(Default)]
pub struct Sizes {
    by_code: Vec<u8>,
}

impl Sizes {
    const VARIES: u8 = u8::MAX;

    /// Of the codes that follow each other from 1 on, as compilers number them.
    pub fn new(abbreviations: &Abbreviations, encoding: Encoding) -> Self {
        let mut by_code = vec![Self::VARIES];
        let codes = (1u64..).map_while(|code| abbreviations.get(code));
        by_code.extend(codes.map(|abbreviation| {
            let mut sizes = abbreviation.attributes().iter().map(|a| fixed_size(a.form(), encoding));
            let total = sizes.try_fold(0u8, |total, size| total.checked_add(size?));
            total.unwrap_or(Self::VARIES)
        }));
        Sizes { by_code }
    }

    fn of(&self, code: u64) -> Option<usize> {
        let size = self.by_code.get(usize::try_from(code).ok()?).copied()?;
        (size != Self::VARIES).then_some(usize::from(size))
    }
}

/// Bytes that an attribute of `form` takes in a DIE; none if they vary.
fn fixed_size(form: DwForm, encoding: Encoding) -> Option<u8> {
    Some(match form {
        gimli::DW_FORM_flag_present | gimli::DW_FORM_implicit_const => 0,
        gimli::DW_FORM_data1
        | gimli::DW_FORM_flag
        | gimli::DW_FORM_ref1
        | gimli::DW_FORM_strx1
        | gimli::DW_FORM_addrx1 => 1,
        gimli::DW_FORM_data2 | gimli::DW_FORM_ref2 | gimli::DW_FORM_strx2 | gimli::DW_FORM_addrx2 => 2,
        gimli::DW_FORM_strx3 | gimli::DW_FORM_addrx3 => 3,
        gimli::DW_FORM_data4 | gimli::DW_FORM_ref4 | gimli::DW_FORM_strx4 | gimli::DW_FORM_addrx4 => 4,
        gimli::DW_FORM_data8 | gimli::DW_FORM_ref8 | gimli::DW_FORM_ref_sig8 => 8,
        gimli::DW_FORM_data16 => 16,
        gimli::DW_FORM_strp | gimli::DW_FORM_line_strp | gimli::DW_FORM_sec_offset => encoding.format.word_size(),
        gimli::DW_FORM_ref_addr if encoding.version > 2 => encoding.format.word_size(),
        gimli::DW_FORM_addr => encoding.address_size,
        _ => return None,
    })
}

/// One DIE, as the walk shows it; its attributes may be read before the next one is asked for.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Bytes from the start of the unit's header.
    pub offset: usize,
    /// 0 is the DIE that the walk began with.
    pub depth: isize,
    pub abbreviation: &'a Abbreviation,
}

impl Seen<'_> {
    /// The DIE's tag.
    pub fn tag(&self) -> gimli::DwTag {
        self.abbreviation.tag()
    }

    /// Whether the DIE has an attribute that `wanted` holds for.
    pub fn has(&self, wanted: impl Fn(gimli::DwAt) -> bool) -> bool {
        self.abbreviation.attributes().iter().any(|a| wanted(a.name()))
    }
}

/// A walk over one DIE and all below it.
pub struct Walk<'a, 'f> {
    rest: Reader<'f>,
    /// Bytes from the start of the unit's header to the end of `rest`.
    end: usize,
    encoding: Encoding,
    abbreviations: &'a Abbreviations,
    sizes: Option<&'a Sizes>,
    depth: isize,
    /// The DIE shown last, if its attributes were not read.
    unread: Option<&'a Abbreviation>,
    /// Children of the DIE at this depth are left out.
    hidden_below: Option<isize>,
    started: bool,
    /// DIEs read so far, hidden ones too.
    pub count: u64,
}

impl<'a, 'f> Walk<'a, 'f> {
    /// Over the DIE at `offset`.
    pub fn new(unit: &'a gimli::Unit<Reader<'f>>, offset: usize) -> gimli::Result<Self> {
        Self::begin(&unit.header, &unit.abbreviations, offset, None)
    }

    /// Over a whole unit, or a large part of one.
    pub fn with_sizes(
        header: &gimli::UnitHeader<Reader<'f>>,
        abbreviations: &'a Abbreviations,
        offset: Option<usize>,
        sizes: &'a Sizes,
    ) -> gimli::Result<Self> {
        Self::begin(header, abbreviations, offset.unwrap_or(header.root_offset().0), Some(sizes))
    }

    fn begin(
        header: &gimli::UnitHeader<Reader<'f>>,
        abbreviations: &'a Abbreviations,
        offset: usize,
        sizes: Option<&'a Sizes>,
    ) -> gimli::Result<Self> {
        let rest = header.range_from(UnitOffset(offset)..)?;
        Ok(Walk {
            end: offset.saturating_add(rest.len()),
            rest,
            encoding: header.encoding(),
            abbreviations,
            sizes,
            depth: 0,
            unread: None,
            hidden_below: None,
            started: false,
            count: 0,
        })
    }

    /// The next DIE; none behind the last one below the first.
    ///
    /// # Errors
    /// The unit cannot be read on.
    pub fn next_die(&mut self) -> gimli::Result<Option<Seen<'a>>> {
        loop {
            if let Some(abbreviation) = self.unread.take() {
                self.skip(abbreviation)?;
            }
            let depth = self.depth;
            if self.rest.is_empty() || (self.started && depth <= 0) {
                return Ok(None);
            }
            self.started = true;
            let offset = self.end - self.rest.len();
            let code = self.rest.read_uleb128()?;
            if code == 0 {
                self.depth -= 1;
                continue;
            }
            self.count += 1;
            let abbreviation = self.abbreviations.get(code).ok_or(gimli::Error::InvalidAbbreviationCode(code))?;
            self.depth += isize::from(abbreviation.has_children());
            if self.hidden_below.is_some_and(|hidden| depth > hidden) {
                self.skip(abbreviation)?;
                continue;
            }
            self.hidden_below = None;
            self.unread = Some(abbreviation);
            return Ok(Some(Seen { offset, depth, abbreviation }));
        }
    }

    /// Leave out the children of `seen`, which was shown last.
    pub fn skip_children(&mut self, seen: Seen<'_>) {
        self.hidden_below = Some(seen.depth);
    }

    fn skip(&mut self, abbreviation: &Abbreviation) -> gimli::Result<()> {
        match self.sizes.and_then(|sizes| sizes.of(abbreviation.code())) {
            Some(size) => self.rest.skip(size),
            None => self.entries(|entries| entries.skip_attributes(abbreviation.attributes())),
        }
    }

    /// One attribute of the DIE shown last, which may still be read or skipped as a whole.
    pub fn peek(&self, name: gimli::DwAt) -> gimli::Result<Option<Attribute<Reader<'f>>>> {
        let Some(abbreviation) = self.unread else { return Ok(None) };
        let mut entries = EntriesRaw::new(self.rest, self.encoding, self.abbreviations, UnitOffset(0));
        for specification in abbreviation.attributes() {
            let attribute = entries.read_attribute(*specification)?;
            if attribute.name() == name {
                return Ok(Some(attribute));
            }
        }
        Ok(None)
    }

    /// Calls `visit` with each attribute of the DIE shown last.
    pub fn attributes(&mut self, mut visit: impl FnMut(Attribute<Reader<'f>>)) -> gimli::Result<()> {
        let Some(abbreviation) = self.unread.take() else { return Ok(()) };
        self.entries(|entries| {
            for specification in abbreviation.attributes() {
                visit(entries.read_attribute(*specification)?);
            }
            Ok(())
        })
    }

    /// Lets gimli read from where the walk is.
    fn entries(
        &mut self,
        read: impl FnOnce(&mut EntriesRaw<'a, Reader<'f>>) -> gimli::Result<()>,
    ) -> gimli::Result<()> {
        let mut entries = EntriesRaw::new(self.rest, self.encoding, self.abbreviations, UnitOffset(0));
        read(&mut entries)?;
        self.rest.skip(entries.next_offset().0)
    }
}
