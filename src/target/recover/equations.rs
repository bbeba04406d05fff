//! What is known at one place of code beside the expressions themselves: equations between expressions and facts.
//!
//! A memory fact says that an expression is what memory holds; an argument of the call that stands there is the
//! callee's parameter; a branch on the way says what its condition was; a recorded local is its expression's value.
//! From an equation for a sum follow equations for its parts, so that each expression is listed with the larger ones
//! that may tell it. Made once for a place, whatever number of frames stands there.

use std::rc::Rc;

use ahash::{AHashMap as HashMap, AHashSet as HashSet};

use super::host_vector::HostVector;
use super::invert::is_invertible;
use crate::target::dataflow::op::Op;
use crate::target::dataflow::{CallKind, Expr, ExprId, FlowState, FunctionFlow, MemorySlotId, Place, Proof, Site};
use crate::wasm::{FuncOffset, GlobalIdx, Module};

/// A fact that gives an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// A branch on the way, or the trap itself, proves it.
    Proven(u64),
    /// The dump's memory holds it.
    Memory {
        slot: MemorySlotId,
        standing: Standing,
    },
    /// It is passed to the function that the next younger frame runs.
    Argument(u32),
    /// It is the index into that table under which the next younger frame's function was called.
    Callee {
        table: u32,
    },
    /// It is the array, or the strings, of a WASI call of the equations' list.
    HostVector {
        index: usize,
        is_buffer: bool,
    },
    /// It is the stack pointer.
    StackPointer,
    /// It is what a global holds.
    Global(GlobalIdx),
    /// It is the local or operand of that index, which the dump may record.
    Local(u32),
    Operand(u32),
}

/// How far a memory fact of a function can be trusted where the function stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Other code has the address, and ran since or is running.
    Exposed,
    /// Something ran or was stored since that is not known to have left the place alone.
    Weak,
    /// Nothing in this function may have written the place since.
    Strong,
}

/// The equations of one place.
#[derive(Debug)]
pub struct Equations {
    pub flow: Rc<FunctionFlow>,
    pub offset: FuncOffset,
    /// Places of fixed address that the function may have stored to on its way.
    pub stored: Vec<MemorySlotId>,
    /// Arrays that the host filled.
    pub host_vectors: Vec<HostVector>,
    roots: HashMap<ExprId, Vec<Root>>,
    /// The expressions in which an expression is an operand that they may tell.
    wholes: HashMap<ExprId, Vec<ExprId>>,
    /// Phis that something else than their paths tells, by join.
    known_phis: HashMap<Site, Vec<ExprId>>,
    /// Values that an expression is proven not to have.
    excluded: HashMap<ExprId, Vec<u64>>,
}

/// Most path facts looked at: the latest matter most, and a long function may have thousands.
const MAX_PATH_FACTS: usize = 512;

impl Equations {
    /// The equations at `offset` of `flow`'s function; `proven` is what the trap proves there. None if the dataflow
    /// has no state there.
    pub fn new(
        module: &Module<'_>,
        flow: &Rc<FunctionFlow>,
        offset: FuncOffset,
        proven: &[(ExprId, Proof)],
    ) -> Option<Self> {
        let state = flow.state(offset)?;
        let mut equations = Equations {
            flow: Rc::clone(flow),
            offset,
            stored: flow.stored(offset),
            host_vectors: HostVector::all(module, flow, offset),
            roots: HashMap::new(),
            wholes: HashMap::new(),
            known_phis: HashMap::new(),
            excluded: HashMap::new(),
        };
        equations.add_state(state);
        equations.add_host_vectors();
        for fact in flow.path_facts(state).take(MAX_PATH_FACTS) {
            equations.add_proof(fact.condition, fact.proof);
        }
        for (condition, proof) in proven {
            equations.add_proof(*condition, *proof);
        }
        equations.note_known_phis();
        equations.connect();
        Some(equations)
    }

    /// The state that the equations are of.
    pub fn state(&self) -> Option<&FlowState> {
        self.flow.state(self.offset)
    }

    /// The facts that give an expression's value.
    pub fn roots(&self, id: ExprId) -> &[Root] {
        self.roots.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Phis of a join that something else than their paths tells, in a fixed order.
    pub fn known_phis(&self, site: Site) -> &[ExprId] {
        self.known_phis.get(&site).map_or(&[], Vec::as_slice)
    }

    fn note_known_phis(&mut self) {
        let arena = self.flow.arena();
        for (id, roots) in &self.roots {
            let is_told = roots.iter().any(|root| !matches!(root, Root::Local(_) | Root::Operand(_)));
            if let Expr::Phi { site, .. } = arena.expr(*id)
                && is_told
            {
                self.known_phis.entry(site).or_default().push(*id);
            }
        }
        self.known_phis.values_mut().for_each(|phis| phis.sort_unstable());
    }

    /// Memory holds it, for all that the function knows.
    pub fn is_in_memory(&self, id: ExprId) -> bool {
        self.roots(id).iter().any(|root| matches!(root, Root::Memory { .. }))
    }

    /// The expressions that may tell their operand `id`.
    pub fn wholes(&self, id: ExprId) -> &[ExprId] {
        self.wholes.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Values that an expression is proven not to have.
    pub fn excluded(&self, id: ExprId) -> &[u64] {
        self.excluded.get(&id).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, id: ExprId, root: Root) {
        if self.flow.arena().constant(id).is_none() {
            self.roots.entry(self.flow.canonical(id)).or_default().push(root);
        }
    }

    fn exclude(&mut self, id: ExprId, value: u64) {
        self.excluded.entry(self.flow.canonical(id)).or_default().push(value);
    }

    fn add_state(&mut self, state: &FlowState) {
        let flow = Rc::clone(&self.flow);
        for (index, value) in (0..).map_while(|index| Some((index, state.local(index)?))) {
            self.add(value, Root::Local(index));
        }
        for (index, value) in (0u32..).zip(state.operands()) {
            self.add(*value, Root::Operand(index));
        }
        for index in 0..state.call.map_or(0, |call| call.params) {
            let Ok(index) = u32::try_from(index) else { break };
            if let Some(value) = state.argument(index) {
                self.add(value, Root::Argument(index));
            }
        }
        if let Some(call) = state.call
            && let CallKind::Indirect { table, .. } = call.kind
            && let Some(index) = state.operand(call.first_argument.saturating_add(call.params))
        {
            self.add(index, Root::Callee { table });
        }
        if let Some(value) = state.stack_pointer() {
            self.add(value, Root::StackPointer);
        }
        for (global, value) in state.known_globals() {
            if Some(global) != flow.stack_pointer() {
                self.add(value, Root::Global(global));
            }
        }
        let exposed = Exposed::new(&flow, self.offset);
        for (slot, value, strong) in flow.memory_facts(state) {
            let standing = match strong {
                true => Standing::Strong,
                false if exposed.has(&flow, slot) => Standing::Exposed,
                false => Standing::Weak,
            };
            self.add(value, Root::Memory { slot, standing });
        }
    }

    fn add_host_vectors(&mut self) {
        for index in 0..self.host_vectors.len() {
            let Some(HostVector { vector, buffer, .. }) = self.host_vectors.get(index).copied() else { break };
            self.add(vector, Root::HostVector { index, is_buffer: false });
            self.add(buffer, Root::HostVector { index, is_buffer: true });
        }
    }

    /// A condition with what is proven of it, and what follows for its operands.
    fn add_proof(&mut self, condition: ExprId, proof: Proof) {
        let arena = self.flow.arena();
        let zero_means = match arena.expr(condition) {
            Expr::Unary(Op::I32Eqz | Op::I64Eqz, inner) => Some((inner, 0, true)),
            Expr::Binary(Op::I32Ne | Op::I64Ne, a, b) => arena.constant(b).map(|b| (a, b, false)),
            Expr::Binary(Op::I32Eq | Op::I64Eq, a, b) => arena.constant(b).map(|b| (a, b, true)),
            _ => None,
        };
        let is_boolean = matches!(arena.expr(condition), Expr::Unary(Op::I32Eqz | Op::I64Eqz, _))
            || matches!(arena.expr(condition), Expr::Binary(op, ..) if op.is_comparison());
        match proof {
            Proof::Equals(bits) => self.add(condition, Root::Proven(bits)),
            Proof::Zero => self.add(condition, Root::Proven(0)),
            Proof::NotZero if is_boolean => self.add(condition, Root::Proven(1)),
            Proof::NotZero => self.exclude(condition, 0),
        }
        // `x == c` that is false, or `x != c` that is true, excludes c.
        if let Some((operand, constant, zero_excludes)) = zero_means {
            let excludes = match proof {
                Proof::Zero => zero_excludes,
                Proof::NotZero => !zero_excludes,
                Proof::Equals(_) => false,
            };
            if excludes {
                self.exclude(operand, constant);
                self.add_proof_of_exclusion(operand, constant);
            }
        }
    }

    /// `x` is not `constant`: a comparison's result then is the other one.
    fn add_proof_of_exclusion(&mut self, operand: ExprId, constant: u64) {
        let arena = self.flow.arena();
        let is_boolean = matches!(arena.expr(operand), Expr::Unary(Op::I32Eqz | Op::I64Eqz, _))
            || matches!(arena.expr(operand), Expr::Binary(op, ..) if op.is_comparison());
        if is_boolean && constant <= 1 {
            self.add(operand, Root::Proven(1 - constant));
        }
    }

    /// What a join of two paths may tell: the value of a path that brings what the other one computes with.
    fn parts_of_phi(&self, site: Site, place: Place) -> [Option<ExprId>; 2] {
        let phi = self.flow.arena().phi_operands(site, place).filter(|phi| !phi.is_loop);
        match phi.and_then(|phi| phi.operands()).as_deref() {
            Some([a, b]) => [Some(*a), Some(*b)],
            _ => [None, None],
        }
    }

    /// From every expression with a root down to the operands that it may tell.
    fn connect(&mut self) {
        let mut rest: Vec<ExprId> = self.roots.keys().copied().collect();
        rest.sort_unstable();
        let mut seen: HashSet<ExprId> = rest.iter().copied().collect();
        while let Some(whole) = rest.pop() {
            let operands = match self.flow.arena().expr(whole) {
                Expr::Unary(op, a) if is_invertible(op) => [Some(a), None],
                Expr::Binary(op, a, b) if is_invertible(op) => [Some(a), Some(b)],
                Expr::Phi { site, place } => self.parts_of_phi(site, place),
                _ => [None, None],
            };
            for operand in operands.into_iter().flatten() {
                if self.flow.arena().constant(operand).is_some() {
                    continue;
                }
                let operand = self.flow.canonical(operand);
                self.wholes.entry(operand).or_default().push(whole);
                if seen.insert(operand) {
                    rest.push(operand);
                }
            }
        }
    }
}

/// Addresses that other code may have got hold of, by base.
struct Exposed(HashMap<Option<ExprId>, Vec<u64>>);

/// How far behind an address that other code has it is taken to reach: objects are rarely larger.
const MAX_OBJECT_REACH: u64 = 4096;

impl Exposed {
    fn new(flow: &FunctionFlow, offset: FuncOffset) -> Self {
        let mut exposed: HashMap<_, Vec<u64>> = HashMap::new();
        for value in flow.escaped(offset) {
            let (base, distance) = flow.arena().split(value);
            exposed.entry(base).or_default().push(distance);
        }
        Exposed(exposed)
    }

    fn has(&self, flow: &FunctionFlow, slot: MemorySlotId) -> bool {
        let Some(slot) = flow.arena().slot(slot) else { return true };
        let mask = flow.arena().address_mask(slot.memory);
        let reaches = |distance: &u64| (slot.offset.wrapping_sub(*distance) & mask) < MAX_OBJECT_REACH;
        self.0.get(&slot.base).is_some_and(|distances| distances.iter().any(reaches))
    }
}
