//! Rewrites a module so that it tells the host the state before every instruction that may trap or calls.
//!
//! The host functions `log.site`, `log.value`, `log.push` and `log.pop` come first in the new module; everything
//! else stays as it is. Sites carry the function's index and offset in the *original* module.

use std::collections::HashMap;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, ImportSection, Instruction, Module, SectionId, TypeSection, ValType};
use wasmparser::{FunctionBody, Operator, Parser, ValidPayload, Validator, WasmFeatures};

/// Number of host functions put before the module's own.
pub const HOST_FUNCTIONS: u32 = 4;
const SITE: u32 = 0;
const VALUE: u32 = 1;
const PUSH: u32 = 2;
const POP: u32 = 3;

/// Types of a function's locals, and of the operands at each place that is logged, by offset in the body.
#[derive(Default, Clone)]
struct Shape {
    locals: Vec<wasmparser::ValType>,
    sites: HashMap<u64, Vec<wasmparser::ValType>>,
}

/// The module with its telling.
pub fn instrument(wasm: &[u8]) -> Vec<u8> {
    let shapes = shapes(wasm);
    let types = type_count(wasm);
    let mut rewriter = Rewriter { shapes, types, has_imports: false, function: 0 };
    let mut module = Module::new();
    rewriter.parse_core_module(&mut module, Parser::new(0), wasm).expect("a valid module");
    module.finish()
}

fn type_count(wasm: &[u8]) -> u32 {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::TypeSection(section) = payload.unwrap() {
            count = section.into_iter().map(|group| group.unwrap().into_types().count() as u32).sum();
        }
    }
    count
}

fn shapes(wasm: &[u8]) -> Vec<Shape> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut allocations = Default::default();
    let mut shapes = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let ValidPayload::Func(func, body) = validator.payload(&payload.unwrap()).unwrap() else { continue };
        let mut validator = func.into_validator(allocations);
        shapes.push(shape(&mut validator, &body));
        allocations = validator.into_allocations();
    }
    shapes
}

fn shape<T: wasmparser::WasmModuleResources>(
    validator: &mut wasmparser::FuncValidator<T>,
    body: &FunctionBody<'_>,
) -> Shape {
    let mut shape = Shape::default();
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader).unwrap();
    shape.locals = (0..).map_while(|index| validator.get_local_type(index)).collect();
    let start = body.range().start;
    let mut operators = body.get_operators_reader().unwrap();
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset().unwrap();
        let dead = validator.get_control_frame(0).is_none_or(|frame| frame.unreachable);
        if !dead && stops(&operator) {
            // Operands below the innermost block's own cannot be put aside, and stay untold.
            let below = validator.get_control_frame(0).map_or(0, |frame| frame.height);
            let height = (validator.operand_stack_height() as usize).saturating_sub(below);
            let types = (0..height).rev().map(|depth| validator.get_operand_type(depth).flatten().map(abstracted));
            if let Some(types) = types.collect::<Option<Vec<_>>>() {
                shape.sites.insert(offset - start, types);
            }
        }
        validator.op(offset, &operator).unwrap();
    }
    shape
}

/// `ref.func` gives a reference of a concrete type, which a `funcref` temporary can hold.
fn abstracted(kind: wasmparser::ValType) -> wasmparser::ValType {
    match kind {
        wasmparser::ValType::Ref(r) if r.type_index().is_some() => wasmparser::ValType::FUNCREF,
        wasmparser::ValType::Ref(r) if r.is_extern_ref() => wasmparser::ValType::EXTERNREF,
        wasmparser::ValType::Ref(_) => wasmparser::ValType::FUNCREF,
        other => other,
    }
}

/// The instruction may trap, or calls.
fn stops(operator: &Operator<'_>) -> bool {
    let name = format!("{operator:?}");
    let name = name.split([' ', '{']).next().unwrap();
    ["Load", "Store", "Div", "Rem", "Trunc", "Unreachable", "Call", "Init", "Copy", "Fill", "TableGet", "TableSet"]
        .iter()
        .any(|part| name.contains(part))
        && !name.contains("TruncSat")
}

fn calls(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::CallRef { .. })
}

struct Rewriter {
    shapes: Vec<Shape>,
    types: u32,
    has_imports: bool,
    function: usize,
}

impl Reencode for Rewriter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        Ok(function + HOST_FUNCTIONS)
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32, ValType::I32], []);
        types.ty().function([ValType::I64], []);
        types.ty().function([], []);
        Ok(())
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), Error<Self::Error>> {
        if before == Some(SectionId::Function) && !self.has_imports {
            let mut imports = ImportSection::new();
            self.add_imports(&mut imports);
            module.section(&imports);
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        _section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        // The generated modules import nothing, but some have an empty section.
        self.add_imports(imports);
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let shape = self.shapes[self.function].clone();
        let index = self.function as u32;
        self.function += 1;
        let temporaries = Temporaries::new(&shape);
        let mut locals = Vec::new();
        for pair in body.get_locals_reader()? {
            let (count, kind) = pair?;
            locals.push((count, self.val_type(kind)?));
        }
        for kind in &temporaries.declared {
            locals.push((1, self.val_type(*kind)?));
        }
        let mut function = Function::new(locals);
        let start = body.range().start;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            let offset = offset - start;
            let is_call = calls(&operator);
            if let Some(operands) = shape.sites.get(&offset) {
                temporaries.log(&mut function, &shape, operands, (index, offset));
                if is_call {
                    function.instruction(&Instruction::Call(PUSH));
                }
            }
            function.instruction(&self.instruction(operator)?);
            if is_call && shape.sites.contains_key(&offset) {
                function.instruction(&Instruction::Call(POP));
            }
        }
        code.function(&function);
        Ok(())
    }
}

impl Rewriter {
    fn add_imports(&mut self, imports: &mut ImportSection) {
        self.has_imports = true;
        for (name, kind) in [("site", 0), ("value", 1), ("push", 2), ("pop", 2)] {
            imports.import("log", name, wasm_encoder::EntityType::Function(self.types + kind));
        }
    }
}

/// Additional locals that hold the operand stack while it is told.
struct Temporaries {
    first: u32,
    declared: Vec<wasmparser::ValType>,
}

impl Temporaries {
    /// Enough of every type for the operands of every place.
    fn new(shape: &Shape) -> Self {
        let mut declared = Vec::new();
        for operands in shape.sites.values() {
            for kind in operands {
                let needed = operands.iter().filter(|k| *k == kind).count();
                let have = declared.iter().filter(|k| *k == kind).count();
                declared.extend(std::iter::repeat_n(*kind, needed.saturating_sub(have)));
            }
        }
        Temporaries { first: shape.locals.len() as u32, declared }
    }

    /// The temporary for each operand.
    fn assign(&self, operands: &[wasmparser::ValType]) -> Vec<u32> {
        let mut used = vec![false; self.declared.len()];
        let mut assigned = Vec::new();
        for kind in operands {
            let free = (0..self.declared.len()).find(|i| !used[*i] && self.declared[*i] == *kind).unwrap();
            used[free] = true;
            assigned.push(self.first + free as u32);
        }
        assigned
    }

    fn log(&self, function: &mut Function, shape: &Shape, operands: &[wasmparser::ValType], site: (u32, u64)) {
        let assigned = self.assign(operands);
        for temporary in assigned.iter().rev() {
            function.instruction(&Instruction::LocalSet(*temporary));
        }
        function.instruction(&Instruction::I32Const(site.0 as i32));
        function.instruction(&Instruction::I32Const(site.1 as i32));
        function.instruction(&Instruction::Call(SITE));
        let locals = shape.locals.iter().enumerate().map(|(index, kind)| (index as u32, *kind));
        for (index, kind) in locals.chain(assigned.iter().copied().zip(operands.iter().copied())) {
            tell(function, index, kind);
        }
        for temporary in &assigned {
            function.instruction(&Instruction::LocalGet(*temporary));
        }
    }
}

/// Tell the host a local's bits; 0 for what has none.
fn tell(function: &mut Function, local: u32, kind: wasmparser::ValType) {
    let conversions: &[Instruction<'_>] = match kind {
        wasmparser::ValType::I32 => &[Instruction::I64ExtendI32U],
        wasmparser::ValType::I64 => &[],
        wasmparser::ValType::F32 => &[Instruction::I32ReinterpretF32, Instruction::I64ExtendI32U],
        wasmparser::ValType::F64 => &[Instruction::I64ReinterpretF64],
        _ => {
            function.instruction(&Instruction::I64Const(0));
            function.instruction(&Instruction::Call(VALUE));
            return;
        }
    };
    function.instruction(&Instruction::LocalGet(local));
    for conversion in conversions {
        function.instruction(conversion);
    }
    function.instruction(&Instruction::Call(VALUE));
}
