//! How many operands instructions pop and push, where that depends on the module's types.
//!
//! WebAssembly core, 5.4 with the merged proposals. `wasmparser` knows every instruction; it asks for the types
//! that an instruction names. Branches are not answered here: their arity is that of a label, which the walker of a
//! body keeps.

use wasmparser::{
    BlockType, CompositeInnerType, ContType, FrameKind, FuncType, ModuleArity, Operator, RefType, SubType,
};

use super::address::FuncIdx;
use super::module::Module;

/// (operands popped, results pushed) of an instruction that is no branch, block or end; none if it names a type
/// or function that does not exist.
pub fn operator_arity(module: &Module<'_>, operator: &Operator<'_>) -> Option<(u32, u32)> {
    operator.operator_arity(&Types(module))
}

/// (parameters, results) of a block; none if its type does not exist.
pub fn block_arity(module: &Module<'_>, block: BlockType) -> Option<(u32, u32)> {
    match block {
        BlockType::Empty => Some((0, 0)),
        BlockType::Type(_) => Some((0, 1)),
        BlockType::FuncType(index) => {
            let kind = module.type_at(index)?;
            Some((u32::try_from(kind.params.len()).ok()?, u32::try_from(kind.results.len()).ok()?))
        }
    }
}

struct Types<'m, 'f>(&'m Module<'f>);

impl ModuleArity for Types<'_, '_> {
    fn sub_type_at(&self, type_index: u32) -> Option<&SubType> {
        self.0.sub_types().get(type_index as usize)
    }

    fn tag_type_arity(&self, tag: u32) -> Option<(u32, u32)> {
        let kind = self.0.type_at(self.0.tag_type_index(tag)?)?;
        Some((u32::try_from(kind.params.len()).ok()?, u32::try_from(kind.results.len()).ok()?))
    }

    fn type_index_of_function(&self, function: u32) -> Option<u32> {
        self.0.function_type_index(FuncIdx(function))
    }

    fn func_type_of_cont_type(&self, continuation: &ContType) -> Option<&FuncType> {
        match &self.sub_type_at(continuation.0.as_module_index()?)?.composite_type.inner {
            CompositeInnerType::Func(kind) => Some(kind),
            _ => None,
        }
    }

    fn sub_type_of_ref_type(&self, reference: &RefType) -> Option<&SubType> {
        self.sub_type_at(reference.type_index()?.as_module_index()?)
    }

    fn control_stack_height(&self) -> u32 {
        0
    }

    fn label_block(&self, _depth: u32) -> Option<(BlockType, FrameKind)> {
        None
    }
}
