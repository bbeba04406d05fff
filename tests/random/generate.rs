//! Random programs in the text format that look more like compiled code than wasm-smith's: a few functions that call
//! each other, loops with counters, branches, loads and stores at addresses that often coincide, and a trap.

use std::fmt::Write;

/// A small generator of numbers: the same seed gives the same program everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

const FUNCTIONS: u64 = 5;
/// Parameters 0 and 1 are i32, 2 is i64; locals 3 to 6 are i32, 7 is i64, 8 to 11 count loops.
const INTS: u64 = 7;
const COUNTERS: u64 = 8;

struct Program<'r> {
    random: &'r mut Random,
    function: u64,
    /// Statements that may still be written.
    budget: u64,
    counters: u64,
    text: String,
}

/// A whole module.
pub fn program(random: &mut Random) -> String {
    let mut text = String::from(
        "(module (memory (export \"m\") 1) (global $g (export \"g\") (mut i32) (i32.const 64))\n\
         (global (export \"h\") (mut i64) (i64.const 3)) (table 8 funcref)\n\
         (type $t (func (param i32 i32 i64) (result i32)))\n\
         (elem (i32.const 1) $f1 $f2 $f3 $f4) (data (i32.const 96) \"some bytes that are not zero\")\n",
    );
    for function in 0..FUNCTIONS {
        let mut program = Program { random, function, budget: 24, counters: 0, text: String::new() };
        program.statements(3);
        let body = program.text;
        let end = if function + 1 == FUNCTIONS { "unreachable" } else { "(local.get 3)" };
        let export = if function == 0 { "(export \"main\")" } else { "" };
        writeln!(
            text,
            "(func $f{function} {export} (type $t) (local i32 i32 i32 i32 i64 i32 i32 i32 i32)\n{body}{end})"
        )
        .unwrap();
    }
    text.push(')');
    text
}

impl Program<'_> {
    fn statements(&mut self, depth: u32) {
        for _ in 0..1 + self.random.below(6) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(depth);
        }
    }

    fn local(&mut self) -> u64 {
        match self.random.below(INTS) {
            2 => 3,
            local => local,
        }
    }

    fn statement(&mut self, depth: u32) {
        let kind = if depth == 0 { self.random.below(6) } else { self.random.below(14) };
        let text = match kind {
            0 | 1 => format!("(local.set {} {})", self.local(), self.int(3)),
            2 => format!("(local.set {} {})", if self.random.below(2) == 0 { 2 } else { 7 }, self.long(2)),
            3 => self.store(),
            4 if self.random.below(3) == 0 => self.bulk(),
            4 => self.store(),
            5 => format!("(global.set $g {})", self.int(2)),
            6 | 7 => {
                let condition = self.int(2);
                let (then, otherwise) = (self.nested(depth), self.nested(depth));
                format!("(if {condition} (then {then}) (else {otherwise}))")
            }
            8 => {
                let (before, condition, after) = (self.nested(depth), self.int(2), self.nested(depth));
                format!("(block {before} (br_if 0 {condition}) {after})")
            }
            9 if self.counters < 4 => self.counted_loop(depth),
            10..=12 if self.function + 1 < FUNCTIONS => self.call(),
            13 => self.table(depth),
            _ => self.trap(),
        };
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// Statements of their own, as text.
    fn nested(&mut self, depth: u32) -> String {
        let outer = std::mem::take(&mut self.text);
        self.statements(depth - 1);
        std::mem::replace(&mut self.text, outer)
    }

    fn counted_loop(&mut self, depth: u32) -> String {
        let counter = COUNTERS + self.counters;
        self.counters += 1;
        let (body, rounds) = (self.nested(depth), 1 + self.random.below(4));
        format!(
            "(local.set {counter} (i32.const 0)) (loop {body}\n (local.set {counter} (i32.add (local.get {counter}) \
             (i32.const 1))) (br_if 0 (i32.lt_u (local.get {counter}) (i32.const {rounds}))))"
        )
    }

    fn call(&mut self) -> String {
        let callee = self.function + 1 + self.random.below(FUNCTIONS - self.function - 1);
        let (a, b, c) = (self.int(2), self.int(2), self.long(1));
        let target = self.local();
        match self.random.below(6) {
            0 => format!("(local.set {target} (call_indirect (type $t) {a} {b} {c} (i32.const {callee})))"),
            1 if self.random.below(4) == 0 => {
                format!("(if {} (then (return_call $f{callee} {a} {b} {c})))", self.int(1))
            }
            _ => format!("(local.set {target} (call $f{callee} {a} {b} {c}))"),
        }
    }

    fn table(&mut self, depth: u32) -> String {
        let (selector, one, two) = (self.int(1), self.nested(depth), self.nested(depth));
        format!("(block (block (block (br_table 0 1 2 {selector})) {one}) {two})")
    }

    fn trap(&mut self) -> String {
        let (a, b, target) = (self.int(1), self.int(1), self.local());
        let divide = self.random.pick(&["i32.div_s", "i32.div_u", "i32.rem_s", "i32.rem_u"]);
        match self.random.below(3) {
            0 => format!("(if (i32.eq (i32.and {a} (i32.const 3)) (i32.const 1)) (then unreachable))"),
            1 => format!("(local.set {target} ({divide} {a} (i32.and {b} (i32.const 7))))"),
            _ => format!("(block (br_if 0 (i32.ne {a} {b})) unreachable)"),
        }
    }

    fn address(&mut self) -> String {
        match self.random.below(5) {
            0 => format!("(i32.const {})", 64 + 8 * self.random.below(6)),
            1 | 2 => format!("(i32.and (local.get {}) (i32.const 127))", self.random.below(2)),
            3 => format!("(i32.sub (global.get $g) (i32.const {}))", 4 * self.random.below(5)),
            _ => format!("(i32.and {} (i32.const 255))", self.int(1)),
        }
    }

    fn offset(&mut self) -> String {
        self.random.pick(&["", "offset=4", "offset=8", "offset=1", "offset=10"]).to_owned()
    }

    fn store(&mut self) -> String {
        let (offset, address) = (self.offset(), self.address());
        if self.random.below(3) == 0 {
            let store = self.random.pick(&["i64.store", "i64.store8", "i64.store16", "i64.store32"]);
            return format!("({store} {offset} {address} {})", self.long(2));
        }
        let store = self.random.pick(&["i32.store", "i32.store", "i32.store8", "i32.store16"]);
        format!("({store} {offset} {address} {})", self.int(2))
    }

    fn bulk(&mut self) -> String {
        let (to, from, length) = (self.address(), self.address(), self.random.below(20));
        match self.random.below(2) {
            0 => format!("(memory.fill {to} {} (i32.const {length}))", self.int(1)),
            _ => format!("(memory.copy {to} {from} (i32.const {length}))"),
        }
    }

    fn int(&mut self, depth: u32) -> String {
        let kind = if depth == 0 { self.random.below(3) } else { self.random.below(9) };
        match kind {
            0 | 1 => format!("(local.get {})", self.local()),
            2 => format!("(i32.const {})", self.random.pick(&["0", "1", "-1", "4", "8", "100", "-16", "255"])),
            3 => {
                let load = self.random.pick(&["i32.load", "i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s"]);
                format!("({load} {} {})", self.offset(), self.address())
            }
            4 => format!("(i32.wrap_i64 {})", self.long(depth - 1)),
            5 => format!("(i32.eqz {})", self.int(depth - 1)),
            6 => format!("(select {} {} {})", self.int(depth - 1), self.int(depth - 1), self.int(depth - 1)),
            7 => "(global.get $g)".to_owned(),
            _ => {
                let operation = self.random.pick(&[
                    "i32.add",
                    "i32.add",
                    "i32.sub",
                    "i32.mul",
                    "i32.and",
                    "i32.or",
                    "i32.xor",
                    "i32.shl",
                    "i32.shr_u",
                    "i32.rotl",
                    "i32.eq",
                    "i32.ne",
                    "i32.lt_s",
                    "i32.ge_u",
                ]);
                format!("({operation} {} {})", self.int(depth - 1), self.int(depth - 1))
            }
        }
    }

    fn long(&mut self, depth: u32) -> String {
        let kind = if depth == 0 { self.random.below(2) } else { self.random.below(5) };
        match kind {
            0 => format!("(local.get {})", self.random.pick(&["2", "7"])),
            1 => format!("(i64.const {})", self.random.pick(&["0", "1", "-1", "1000000000000"])),
            2 => format!("(i64.extend_i32_s {})", self.int(depth - 1)),
            3 => {
                let load = self.random.pick(&["i64.load", "i64.load8_s", "i64.load32_u", "i64.load32_s"]);
                format!("({load} {} {})", self.offset(), self.address())
            }
            _ => {
                let operation = self.random.pick(&["i64.add", "i64.sub", "i64.mul", "i64.xor", "i64.shr_s"]);
                format!("({operation} {} {})", self.long(depth - 1), self.long(depth - 1))
            }
        }
    }
}
