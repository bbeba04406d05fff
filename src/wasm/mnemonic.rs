//! The name of an instruction in the text format, from wasmparser's list of operators (WebAssembly core, 6.5).

use wasmparser::Operator;

/// Heads that a dot follows: the types and the things that instructions belong to.
const HEADS: [&str; 23] = [
    "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2", "local", "global",
    "table", "memory", "ref", "elem", "data", "struct", "array", "i31", "any", "extern",
];

macro_rules! visit_names {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($annotation:tt)*))*) => {
        /// `visit_i32_div_s` for `i32.div_s`: the crate's own names, one for each operator.
        fn visit_name(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op { .. } => stringify!($visit),)*
                _ => "visit_unknown",
            }
        }
    };
}

wasmparser::for_each_operator!(visit_names);

/// The operator's name as the text format writes it: `i32.div_s`, `call_indirect`.
pub fn mnemonic(operator: &Operator<'_>) -> String {
    text_name(visit_name(operator).trim_start_matches("visit_"))
}

fn text_name(name: &str) -> String {
    let name = match name {
        "typed_select" | "typed_select_multi" => "select",
        // The operand says whether null passes.
        "ref_test_non_null" | "ref_test_nullable" => "ref_test",
        "ref_cast_non_null" | "ref_cast_nullable" => "ref_cast",
        "ref_cast_desc_eq_non_null" | "ref_cast_desc_eq_nullable" => "ref_cast_desc_eq",
        name => name,
    };
    let (head, tail) = match name.split_once('_') {
        Some((head, tail)) if HEADS.contains(&head) => (format!("{head}."), tail),
        _ => (String::new(), name),
    };
    let Some(tail) = tail.strip_prefix("atomic_") else { return head + tail };
    let width = tail.split('_').next().filter(|word| word.starts_with("rmw"));
    match width.and_then(|width| tail.strip_prefix(width)?.strip_prefix('_').map(|rest| (width, rest))) {
        Some((width, rest)) => format!("{head}atomic.{width}.{rest}"),
        None => format!("{head}atomic.{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_text_format() {
        for (visit, name) in [
            ("i32_div_s", "i32.div_s"),
            ("call_indirect", "call_indirect"),
            ("local_get", "local.get"),
            ("memory_atomic_wait32", "memory.atomic.wait32"),
            ("i64_atomic_rmw32_cmpxchg_u", "i64.atomic.rmw32.cmpxchg_u"),
            ("i32_atomic_rmw_add", "i32.atomic.rmw.add"),
            ("i32_atomic_load8_u", "i32.atomic.load8_u"),
            ("atomic_fence", "atomic.fence"),
            ("i8x16_extract_lane_s", "i8x16.extract_lane_s"),
            ("br_on_cast_fail", "br_on_cast_fail"),
            ("ref_cast_nullable", "ref.cast"),
            ("typed_select", "select"),
            ("return_call_ref", "return_call_ref"),
        ] {
            assert_eq!(text_name(visit), name);
        }
    }
}
