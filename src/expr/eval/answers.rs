//! Further methods that a dump answers: those that only look at what a value holds. Of Rust's `Option` and `Result`,
//! cells, locks and atomics; of C++'s optionals, variants, counted pointers, dates and numbers in classes.

use crate::dwarf::Language;
use crate::dwarf::types::PointerKind;
use crate::error::{Error, Result};
use crate::value::access::{Container, container, entry, first_that_fits, held, is_map, is_text, shown_part, target};
use crate::value::language::base_name;
use crate::value::object::Object;
use crate::value::present::{Form, present, unwrapped};
use crate::value::view::{Child, View};

use super::evaluator::Evaluator;
use super::number::IntType;

/// Methods of C++'s classes that give a member: class, method, member.
const GETTERS: &[(&str, &str, &str)] = &[
    ("complex", "real", "__re_"),
    ("complex", "imag", "__im_"),
    ("duration", "count", "__rep_"),
    ("time_point", "time_since_epoch", "__d_"),
    ("error_code", "value", "__val_"),
    ("error_condition", "value", "__val_"),
    ("year_month_day", "year", "__y_"),
    ("year_month_day", "month", "__m_"),
    ("year_month_day", "day", "__d_"),
    ("year_month", "year", "__y_"),
    ("year_month", "month", "__m_"),
    ("month_day", "month", "__m_"),
    ("month_day", "day", "__d_"),
];

impl Evaluator<'_, '_, '_> {
    /// `base.name(arguments)`, where `base` has a form of Rust; none where only the program itself could tell.
    pub(super) fn rust_answer(&self, base: &Object, name: &str, arguments: &[Object]) -> Result<Option<Object>> {
        let (_, found) = self.stripped(base);
        let own = found.name.as_deref().map_or("", base_name);
        Ok(match (name, arguments) {
            ("as_str" | "to_string" | "as_path", []) if is_text(self.reader(), base) => Some(base.clone()),
            ("as_ref", []) => Some(target(self.reader(), base).unwrap_or_else(|| base.clone())),
            ("as_slice" | "clone" | "to_vec" | "to_owned", []) => Some(base.clone()),
            ("borrow" | "borrow_mut", []) if own == "RefCell" => held(self.reader(), base),
            ("lock", []) if own == "Mutex" => held(self.reader(), base),
            ("read" | "write", []) if own == "RwLock" => held(self.reader(), base),
            ("get", []) if own == "Cell" => held(self.reader(), base),
            ("get", []) if own == "NonZero" => self.number_in(base),
            ("load", _) if own.starts_with("Atomic") => self.number_in(base),
            ("contains_key", [key]) if is_map(self.reader(), base) => Some(self.has_entry(base, key)?),
            ("contains", [element]) => self.has_element(base, element)?,
            ("get", [key]) if is_map(self.reader(), base) => entry(self.reader(), base, |own| self.is_key(own, key))?,
            ("get", [index]) => crate::value::access::element(self.reader(), base, self.integer(index)?)?,
            _ => None,
        })
    }

    /// Of `Option` and `Result`, by the variant that is active.
    pub(super) fn choice_answer(&self, base: &Object, name: &str, arguments: &[Object]) -> Result<Option<Object>> {
        let (type_id, found) = self.stripped(base);
        let is_choice = found.language == Language::Rust
            && self.types().qualified_name(type_id).is_some_and(|path| {
                path.starts_with("core::option::Option<") || path.starts_with("core::result::Result<")
            });
        if !is_choice {
            return Ok(None);
        }
        let (variant, children) = match present(self.reader(), base, Form::Language) {
            View::Variant { name, children, .. } => (name, children),
            View::Unavailable(error) => return Err(error),
            View::OptimizedOut => return Err(Error::optimized_out()),
            _ => return Ok(None),
        };
        let is = |wanted: &str| Some(self.derived_from(&[base], self.of_bool(*variant == *wanted)));
        let field = |wanted: [&str; 2]| {
            let first = || children.first().map(|child| child.object.clone());
            let broken = || Error::Usage(format!("`{name}` on a value that is `{variant}`"));
            wanted.contains(&&*variant).then(first).flatten().map(Some).ok_or_else(broken)
        };
        match (name, arguments) {
            ("is_some", []) => Ok(is("Some")),
            ("is_none", []) => Ok(is("None")),
            ("is_ok", []) => Ok(is("Ok")),
            ("is_err", []) => Ok(is("Err")),
            ("unwrap", []) | ("expect", [_]) => field(["Some", "Ok"]),
            ("unwrap_err", []) | ("expect_err", [_]) => field(["Err", "Err"]),
            ("unwrap_or", [other]) => Ok(Some(field(["Some", "Ok"]).ok().flatten().unwrap_or_else(|| other.clone()))),
            ("as_ref" | "as_mut" | "as_deref" | "clone" | "copied" | "cloned", []) => Ok(Some(base.clone())),
            _ => Ok(None),
        }
    }

    /// `base.name(arguments)`, where `base` has a form of C++; none where only the program itself could tell.
    pub(super) fn cpp_answer(&mut self, base: &Object, name: &str, arguments: &[Object]) -> Result<Option<Object>> {
        let reader = self.reader();
        let (_, found) = self.stripped(base);
        let own = found.name.as_deref().map_or("", base_name);
        let getter = GETTERS.iter().find(|(class, method, _)| *class == own && *method == name);
        if let (Some((_, _, member)), []) = (getter, arguments) {
            return self.member(base.clone().into(), member).map(|value| Some(value.object));
        }
        let is_error = |view: &View<'_>| matches!(view, View::Variant { name, .. } if &**name == "unexpected");
        let is_empty = |view: &View<'_>| {
            matches!(view, View::Variant { name, .. } if matches!(&**name, "nullopt" | "empty")) || is_error(view)
        };
        let view = present(reader, base, Form::Language);
        let holds = matches!(own, "optional" | "expected" | "any");
        Ok(match (own, name, arguments) {
            (_, "has_value", []) if holds => Some(self.derived_from(&[base], self.of_bool(!is_empty(&view)))),
            ("optional" | "expected", "value", []) if !is_empty(&view) => {
                self.contents(base.clone().into()).ok().map(|v| v.object)
            }
            ("optional" | "expected", "value", []) => return Err(Error::Usage("there is no value".into())),
            ("expected", "error", []) => match view {
                View::Variant { children, .. } if is_error(&present(reader, base, Form::Language)) => {
                    first_of(children)
                }
                _ => return Err(Error::Usage("there is no error".into())),
            },
            ("variant", "index", []) => self.alternative(base).map(|(index, _)| self.derived_from(&[base], index)),
            ("shared_ptr" | "weak_ptr", "use_count", []) => shown_part(reader, base, "use_count")?,
            ("reference_wrapper", "get", []) | ("atomic" | "atomic_flag", "load" | "test", _) => match view {
                View::Wrapped { inner, .. } => Some(inner),
                _ => None,
            },
            ("stack", "top", []) => self.last_of(base)?,
            ("priority_queue", "top", []) => crate::value::access::element(reader, base, 0)?,
            ("bitset", "test", [index]) => crate::value::access::element(reader, base, self.integer(index)?)?,
            (_, "contains", [key]) if is_map(reader, base) => Some(self.has_entry(base, key)?),
            ("set" | "multiset" | "unordered_set" | "unordered_multiset" | "flat_set", "contains", [key]) => {
                self.has_element(base, key)?
            }
            ("vector" | "array" | "span" | "basic_string" | "basic_string_view", "data", [])
            | ("basic_string", "c_str", []) => self.data(base)?,
            _ => None,
        })
    }

    /// The index of the alternative that a variant holds, and its value.
    pub(super) fn alternative(&self, variant: &Object) -> Option<(Object, Object)> {
        match present(self.reader(), variant, Form::Language) {
            View::Entries { count: Some(1), mut pairs } => pairs.next(),
            _ => None,
        }
    }

    /// A pointer to the first element.
    fn data(&self, base: &Object) -> Result<Option<Object>> {
        let Some(Container::Array(elements)) = container(self.reader(), base)? else { return Ok(None) };
        let first = elements.get(0);
        let Some(address) = first.address() else { return Ok(None) };
        let bytes = self.names.address_bytes();
        let type_id = self.types().pointer_to(first.type_id, PointerKind::Pointer, bytes, Language::Cpp);
        Ok(Some(self.derived_from(&[base], self.pointer(type_id, address))))
    }

    fn last_of(&self, base: &Object) -> Result<Option<Object>> {
        match crate::value::access::length(self.reader(), base)? {
            Some(0) => Err(Error::Usage("the container is empty".into())),
            Some(count) => crate::value::access::element(self.reader(), base, i128::from(count) - 1),
            None => Ok(None),
        }
    }

    fn number_in(&self, base: &Object) -> Option<Object> {
        match unwrapped(self.reader(), base, Form::Language) {
            (_, inner, View::Scalar(_) | View::Pointer(_)) => Some(inner),
            _ => None,
        }
    }

    fn has_entry(&self, base: &Object, key: &Object) -> Result<Object> {
        let found = match entry(self.reader(), base, |own| self.is_key(own, key)) {
            Ok(found) => found.is_some(),
            Err(Error::NotFound(_)) => false,
            Err(error) => return Err(error),
        };
        Ok(self.derived_from(&[base], self.of_bool(found)))
    }

    /// Whether a sequence or set has an element that is the same; none for other values.
    fn has_element(&self, base: &Object, wanted: &Object) -> Result<Option<Object>> {
        let fits = |element: &Object| self.is_key(element, wanted);
        let found = match container(self.reader(), base)? {
            Some(Container::Array(elements)) => {
                let all = (0..elements.count).map(|index| elements.get(index));
                first_that_fits(all, |element| element, fits)?.is_some()
            }
            Some(Container::Sequence { children, .. }) => {
                first_that_fits(children, |child| &child.object, fits)?.is_some()
            }
            _ => return Ok(None),
        };
        Ok(Some(self.derived_from(&[base], self.of_bool(found))))
    }

    /// `std::get<N>(value)` of a tuple, pair, array or variant.
    pub(super) fn std_get(&mut self, value: &Object, index: u64) -> Result<Object> {
        let value = self.dereferenced(value.clone())?;
        if let Some((active, held)) = self.alternative(&value).filter(|_| self.is_called(&value, "variant")) {
            let active = self.integer(&active)?;
            return match active == i128::from(index) {
                true => Ok(held),
                false => Err(Error::Usage(format!("the variant holds alternative {active}, not {index}"))),
            };
        }
        if self.is_called(&value, "pair") && index < 2 {
            let member = if index == 0 { "first" } else { "second" };
            return self.member(value.into(), member).map(|value| value.object);
        }
        let index = self.of_number(IntType::INT.number(u128::from(index)));
        let element = self.element(value.into(), index.into())?.object;
        self.dereferenced(element)
    }

    fn is_called(&self, value: &Object, class: &str) -> bool {
        self.stripped(value).1.name.as_deref().map(base_name) == Some(class)
    }
}

fn first_of(children: Vec<Child>) -> Option<Object> {
    children.into_iter().next().map(|child| child.object)
}
