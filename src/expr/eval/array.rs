//! Arrays that are written out.

use crate::error::{Error, Result};
use crate::expr::ast::Expr;
use crate::limits::MAX_OBJECT_BYTES;
use crate::value::object::Object;

use super::evaluator::Evaluator;

impl Evaluator<'_, '_, '_> {
    /// `{1, 2, 3}`, all of the first one's type.
    pub(super) fn array(&mut self, elements: &[Expr]) -> Result<Object> {
        let mut bytes = Vec::new();
        let mut type_id = None;
        for element in elements {
            let object = self.evaluate(element)?;
            let wanted = *type_id.get_or_insert(object.type_id);
            let object = if object.type_id == wanted { object } else { self.cast(object.into(), wanted)?.object };
            let size = self.reader().size_of(&object)?;
            bytes.extend(self.element_bytes(&object, size, bytes.len() as u64)?);
        }
        let element = type_id.ok_or_else(|| Error::Usage("an array needs an element".into()))?;
        let count = Some(elements.len() as u64);
        let type_id = self.types().array_of(element, count, self.language());
        Ok(self.computed(type_id, &bytes))
    }

    fn element_bytes(&self, object: &Object, size: u64, before: u64) -> Result<Vec<u8>> {
        within_limit(before.saturating_add(size))?;
        if self.types_only { Ok(vec![0; size as usize]) } else { self.reader().bytes(object, size) }
    }

    pub(super) fn array_repeat(&mut self, value: &Expr, count: &Expr) -> Result<Object> {
        let (object, count) = (self.evaluate(value)?, self.evaluate(count)?);
        let count = u64::try_from(self.integer(&count)?).unwrap_or(0);
        let size = self.reader().size_of(&object)?;
        within_limit(size.max(1).saturating_mul(count))?;
        let one = self.element_bytes(&object, size, 0)?;
        let bytes = one.repeat(usize::try_from(count).unwrap_or(0));
        let type_id = self.types().array_of(object.type_id, Some(count), self.language());
        Ok(self.computed(type_id, &bytes))
    }
}

fn within_limit(bytes: u64) -> Result<()> {
    match bytes > MAX_OBJECT_BYTES {
        true => Err(Error::Limit(format!("an array of more than {MAX_OBJECT_BYTES} bytes is too large"))),
        false => Ok(()),
    }
}
