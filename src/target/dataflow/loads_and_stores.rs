//! The effect of loads, stores and bulk instructions on the symbolic state.

use super::access::Access;
use super::domain::{Expr, ExprId, MemorySlot, MemorySlotId, Place, Site};
use super::op::Op;
use super::transfer::Machine;
use crate::error::Result;
use crate::wasm::value::ValueType;

impl Machine<'_, '_> {
    /// The place that an access with `address` on the operand stack touches. The sum of address and immediate does
    /// not wrap in an access that did not trap, and so it equals the sum that does.
    fn place(&mut self, access: &Access, address: ExprId) -> MemorySlotId {
        let (base, distance) = self.arena.split(address);
        let offset = distance.wrapping_add(access.offset) & self.arena.address_mask(access.memory);
        self.arena.intern_slot(MemorySlot { memory: access.memory, base, offset, width: access.width })
    }

    pub(super) fn load(&mut self, access: Access, site: Site) -> Result<()> {
        let address = self.pop()?;
        let slot = self.place(&access, address);
        let mut value = match self.state.memory.get(&self.arena, slot) {
            Some((value, true)) => value,
            _ => {
                let kind = match access.width {
                    1 | 2 | 4 => ValueType::I32,
                    8 => ValueType::I64,
                    _ => ValueType::V128,
                };
                let content = Expr::Content { site, place: Place::Memory(slot) };
                let content = self.arena.intern(content, Some(kind));
                let now = self.tick();
                self.state.memory.learn(slot, content, now);
                content
            }
        };
        for op in access.conversions.into_iter().flatten() {
            value = self.arena.unary(op, value);
        }
        self.push(value);
        Ok(())
    }

    pub(super) fn store(&mut self, access: Access, site: Site) -> Result<()> {
        let (mut value, address) = (self.pop()?, self.pop()?);
        self.let_escape(value, site);
        for op in access.conversions.into_iter().flatten() {
            value = self.arena.unary(op, value);
        }
        if let Some(mask) = [0xff, 0xffff].get(usize::from(access.width) - 1).filter(|_| access.width < 3) {
            let mask = self.arena.constant_of(ValueType::I32, *mask);
            value = self.arena.binary(Op::I32And, value, mask);
        }
        let slot = self.place(&access, address);
        self.stored.entry(slot).or_insert(site);
        let now = self.tick();
        self.state.memory.store(&self.arena, slot, value, now);
        Ok(())
    }

    /// `memory.fill`, `memory.copy` and `memory.init`: length on top, then two operands, the deepest the address.
    pub(super) fn fill(&mut self, memory: u32) -> Result<()> {
        let (length, _, address) = (self.pop()?, self.pop()?, self.pop()?);
        let (base, offset) = self.arena.split(address);
        self.filled.insert((memory, base));
        let length = self.arena.constant(length);
        let now = self.tick();
        self.state.memory.overwrite(&self.arena, memory, base, offset, length, now);
        Ok(())
    }
}
