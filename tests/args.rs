//! The arguments of commands, as typed and as taken apart; error wording as gdb 13 has it.

use wasmgdb::command::args::location::DisassembleEnd;
use wasmgdb::command::args::*;

fn error<T: std::fmt::Debug>(result: wasmgdb::error::Result<T>) -> String {
    result.expect_err("this must not parse").to_string()
}

const PRINT_OPTIONS: [OptionSpec; 4] = [
    OptionSpec { name: "elements", kind: OptionKind::Count },
    OptionSpec { name: "pretty", kind: OptionKind::OnOff },
    OptionSpec { name: "symbol", kind: OptionKind::OnOff },
    OptionSpec { name: "static-members", kind: OptionKind::OnOff },
];

#[test]
fn print_format_may_touch_the_expression() {
    for args in ["/x a", "/xa", "/x(a)", "/rx a", "/xr a", "/1x a"] {
        let (format, rest) = print_format("print", args).unwrap_or_else(|e| panic!("{args}: {e}"));
        if args != "/xa" {
            assert_eq!(format.letter, Some(FormatLetter::Hex), "{args}");
            assert_eq!(rest.trim_matches(['(', ')']), "a", "{args}");
        }
    }
    assert_eq!(print_format("print", "/x2").unwrap().1, "2");
}

#[test]
fn meaningless_formats_are_refused_in_gdbs_words() {
    assert_eq!(error(print_format("print", "/i 1")), "Format letter \"i\" is meaningless in \"print\" command.");
    assert_eq!(error(print_format("print", "/2x 1")), "Item count other than 1 is meaningless in \"print\" command.");
    assert_eq!(error(print_format("output", "/xb 1")), "Size letters are meaningless in \"output\" command.");
    assert_eq!(error(print_format("print", "/q 1")), "Undefined output format \"q\".");
    assert_eq!(error(examine("/99999999999999999999x 1")), "Numeric constant too large.");
}

#[test]
fn examine_takes_letters_in_any_order_and_negative_counts() {
    let spec = examine("/2xg &a").unwrap();
    assert_eq!((spec.count, spec.letter, spec.unit), (Some(2), Some(FormatLetter::Hex), Some(UnitSize::Giant)));
    assert_eq!(spec, examine("/2gx &a").unwrap());
    assert_eq!(examine("/-3xw $sp").unwrap().count, Some(-3));
    assert_eq!(examine("/s").unwrap().address, None);
    let spec = examine(" mem1:0x10").unwrap();
    assert_eq!((spec.memory, spec.address), (Some(1), Some("0x10")));
    assert_eq!(examine("mem1::x").unwrap().address, Some("mem1::x"));
}

#[test]
fn options_end_at_the_first_thing_that_is_none() {
    let value = |name, value: &str| OptionValue { name, value: value.into() };
    let parsed = |args| options(args, &PRINT_OPTIONS).unwrap_or_else(|e| panic!("{args}: {e}"));
    assert_eq!(parsed("-elements 3 -- arr"), (vec![value("elements", "3")], "arr"));
    assert_eq!(parsed("-e 3 -pretty -- arr"), (vec![value("elements", "3"), value("pretty", "on")], "arr"));
    assert_eq!(parsed("-pretty off x"), (vec![value("pretty", "off")], "x"));
    assert_eq!(parsed("-elements unlimited -x"), (vec![value("elements", "unlimited")], "-x"));
    for operand in ["-x", "-1", "-nosuch 3", "-elements"] {
        assert_eq!(parsed(operand), (vec![], operand));
    }
}

#[test]
fn bad_options_are_named() {
    let bad = |args| error(options(args, &PRINT_OPTIONS));
    assert_eq!(bad("-elements foo -- arr"), "Expected integer at: foo -- arr");
    assert_eq!(bad("-elements -1 -- arr"), "integer -1 out of range");
    assert_eq!(bad("-pretty foo -- n"), "Value given for `-pretty' is not a boolean: foo");
    assert_eq!(bad("-elem 3 -pretty -nosuch -- arr"), "Unrecognized option at: -nosuch -- arr");
    assert_eq!(bad("-s -- n"), "-s: Ambiguous option");
    assert_eq!(bad("-elements -- n"), "-elements requires an argument");
}

#[test]
fn print_takes_options_before_the_format() {
    let spec = print("print", " -pretty -- /x n ", &PRINT_OPTIONS).unwrap();
    assert_eq!((spec.options.len(), spec.format.letter, spec.expression), (1, Some(FormatLetter::Hex), "n"));
    let spec = print("print", "/x -elements 3 -- n", &PRINT_OPTIONS).unwrap();
    assert_eq!((spec.options.len(), spec.format.letter, spec.expression), (1, Some(FormatLetter::Hex), "n"));
    assert_eq!(print("print", "/x -n--", &PRINT_OPTIONS).unwrap().expression, "-n--");
    assert_eq!(print("print", "", &PRINT_OPTIONS).unwrap().expression, "");
}

#[test]
fn backtrace_qualifiers_stand_on_either_side_of_the_count() {
    for args in ["full -3", "-3 full", "-full -3"] {
        let spec = backtrace(args).unwrap();
        assert!(spec.full, "{args}");
        assert_eq!(spec.count, Some("-3"), "{args}");
    }
    assert_eq!(backtrace("n + 1").unwrap().count, Some("n + 1"));
    assert_eq!(backtrace("").unwrap(), BacktraceSpec::default());
    let spec = backtrace("-frame-arguments none 2").unwrap();
    assert_eq!(spec.options, [OptionValue { name: "frame-arguments", value: "none".into() }]);
}

#[test]
fn frames_are_found_by_level_or_function() {
    assert_eq!(frame("").unwrap(), FrameSpec::Selected);
    assert_eq!(frame("2").unwrap(), FrameSpec::Level("2"));
    assert_eq!(frame("n + 1").unwrap(), FrameSpec::Level("n + 1"));
    assert_eq!(frame("level 2").unwrap(), FrameSpec::Level("2"));
    assert_eq!(frame("function walk").unwrap(), FrameSpec::Function("walk"));
    assert_eq!(error(frame("function")), "Missing function name argument");
    assert_eq!(error(frame("level")), "Argument required (expression to compute).");
}

#[test]
fn apply_names_its_frames_flags_and_command() {
    let spec = frame_apply("level 1-2 4 -q p n").unwrap();
    assert_eq!(spec.scope, ApplyScope::Ranges(vec![1..=2, 4..=4]));
    assert_eq!((spec.quiet, spec.command), (true, "p n"));
    assert_eq!(frame_apply("all p -x").unwrap().command, "p -x");
    assert_eq!(frame_apply("-2 -s info locals").unwrap().scope, ApplyScope::Count("-2"));
    assert_eq!(error(frame_apply("level 2-1 p n")), "inverted range");
    assert_eq!(thread_apply("1 3 bt").unwrap().scope, ApplyScope::Ranges(vec![1..=1, 3..=3]));
    assert_eq!(error(thread_apply("")), "Please specify a thread ID list");
    assert_eq!(error(thread_apply("all")), "Please specify a command at the end of 'thread apply all'");
    assert_eq!(error(thread_apply("x p 1")), "Invalid thread ID: x p 1");
}

#[test]
fn locations_in_all_their_forms() {
    let is = |text, expected| assert_eq!(location(text).unwrap(), expected, "{text}");
    is("12", Location::Line(12));
    is("+3", Location::Relative(3));
    is("util.c:8", Location::FileLine { file: "util.c", line: 8 });
    is("\"my file.c\":8", Location::FileLine { file: "my file.c", line: 8 });
    is("C:\\src\\a.c:8", Location::FileLine { file: "C:\\src\\a.c", line: 8 });
    is("demo::main", Location::Function("demo::main"));
    is("'geo::Circle::area'", Location::Function("geo::Circle::area"));
    is("util.c:walk", Location::FileFunction { file: "util.c", function: "walk" });
    is("main.rs:demo::main", Location::FileFunction { file: "main.rs", function: "demo::main" });
    is("*0x215", Location::Address("0x215"));
    is("func[8]", Location::FunctionOffset { function: 8, offset: None });
    is("func[8]+0x28", Location::FunctionOffset { function: 8, offset: Some(0x28) });
    is("wasm-function[8]:0x215", Location::BrowserOffset { function: 8, offset: 0x215 });
    assert_eq!(error(location("a.c:")), "malformed linespec error: unexpected end of input");
    assert_eq!(error(location(":3")), "malformed linespec error: unexpected colon");
    assert_eq!(error(location("99999999999999999999999")), "Numeric constant too large.");
}

#[test]
fn lists_have_up_to_two_ends() {
    let is = |text, expected| assert_eq!(list(text).unwrap(), expected, "{text}");
    is("", ListSpec::Next);
    is("-", ListSpec::Previous);
    is("3", ListSpec::Around(Location::Line(3)));
    is("3,5", ListSpec::Range(Location::Line(3), Location::Line(5)));
    is("3,", ListSpec::From(Location::Line(3)));
    is(",5", ListSpec::Until(Location::Line(5)));
    is("max<int, long>, 5", ListSpec::Range(Location::Function("max<int, long>"), Location::Line(5)));
    assert_eq!(error(list("1,2,3")), "Junk at end of line specification.");
}

#[test]
fn disassemble_takes_modifiers_and_ranges() {
    let spec = disassemble("/rs main,+16").unwrap();
    assert_eq!((spec.raw, spec.source, spec.start), (true, true, Some("main")));
    assert_eq!(spec.end, Some(DisassembleEnd::Length("16")));
    assert_eq!(disassemble("0x10, 0x20").unwrap().end, Some(DisassembleEnd::Address("0x20")));
    assert_eq!(disassemble("").unwrap().start, None);
    assert_eq!(error(disassemble("/q main")), "Invalid disassembly modifier.");
    assert_eq!(error(disassemble("main,+")), "Argument required (expression to compute).");
}

#[test]
fn find_needs_a_range_or_one_value() {
    let spec = find("/2w &arr, +sizeof(arr), 2, \"a,b\", f(1, 2)").unwrap();
    assert_eq!((spec.unit, spec.limit), (Some(UnitSize::Word), Some(2)));
    assert_eq!((spec.start, spec.end), (Some("&arr"), Some(SearchEnd::Length("sizeof(arr)"))));
    assert_eq!(spec.values, ["2", "\"a,b\"", "f(1, 2)"]);
    assert_eq!(find("/w2 &arr, 9, 2").unwrap().limit, Some(2));
    assert_eq!(find("\"text\"").unwrap().start, None);
    assert_eq!(error(find("")), "Missing search parameters.");
    assert_eq!(error(find("/q &arr, +16, 2")), "Invalid size granularity.");
    assert_eq!(error(find("&arr, +16")), "Missing search pattern.");
}

#[test]
fn printf_checks_its_format_before_anything_is_evaluated() {
    let spec = printf("\"%-5d|%s\\n%%\", a, f(1, 2)").unwrap();
    assert_eq!(spec.arguments, ["a", "f(1, 2)"]);
    assert_eq!(spec.pieces.last(), Some(&FormatPiece::Text("\n%".into())));
    let Some(FormatPiece::Directive(first)) = spec.pieces.first() else { panic!("{:?}", spec.pieces) };
    assert_eq!((first.flags.as_str(), first.width, first.conversion), ("-", Some(5), 'd'));
    assert_eq!(error(printf("x")), "Bad format string, missing '\"'.");
    assert_eq!(error(printf("\"%d")), "Bad format string, non-terminated '\"'.");
    assert_eq!(error(printf("\"%q\", 1")), "Unrecognized format specifier 'q' in printf");
    assert_eq!(error(printf("\"%d\"")), "Wrong number of arguments for specified format-string");
    assert_eq!(error(printf("\"\\q\"")), "Unrecognized escape character \\q in format string.");
}

#[test]
fn echo_resolves_escapes() {
    assert_eq!(echo("a\\tb\\n"), "a\tb\n");
    assert_eq!(echo("\\101\\q\\"), "Aq");
    assert_eq!(echo("é\\é"), "éé");
}
