//! What one object of a program uses and another one describes.

use std::process::Command;

/// What commands say of `tests/data/units`.
fn said(commands: &[&str]) -> String {
    let file = |name: &str| format!("{}/tests/data/units/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut run = Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    run.args(["-nx", "-batch", "-ex", "set width 0"]);
    for command in commands {
        run.args(["-ex", command]);
    }
    let output = run.args([file("module.wasm"), file("core")]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_class_that_another_object_describes_is_shown_whole() {
    let out = said(&["frame 2", "info locals", "print sizeof(shelf)", "print shelf.last->shelf", "ptype item"]);
    assert!(out.contains("item: Item = {<Base> = {_vptr$Base = 0x10008, shelf = 7}, weight = 12}"), "{out}");
    assert!(out.contains("shelf: Shelf = {kept = 1, last = 0xffe0, most = 6}"), "{out}");
    assert!(out.contains("12") && out.contains("shelf (0xffe4): int = 7"), "{out}");
    assert!(out.contains("type = struct Item : public Base {\n    int weight;\n"), "{out}");
}

#[test]
fn of_a_function_in_several_objects_the_first_ones_parameters_are_shown() {
    let out = said(&["backtrace"]);
    assert!(out.contains("split (whole=12, parts=0) at shelf.hpp:6:84"), "{out}");
}
