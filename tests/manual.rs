//! The manual page in `man/` is the one that the tables make. `BLESS=1` rewrites it.

use wasmgdb::command::TABLE;
use wasmgdb::frontend::manual::manual;

#[test]
fn the_manual_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/man/wasmgdb.1");
    let expected = manual(&TABLE);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &expected).expect("the manual can be written");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "man/wasmgdb.1 is not what the tables say: run the tests with BLESS=1");
}

#[test]
fn the_manual_names_every_command_and_setting() {
    let text = manual(&TABLE).replace('\\', "");
    for command in TABLE.rows() {
        assert!(text.contains(command.name), "{}", command.name);
    }
    for row in &wasmgdb::settings::TABLE {
        assert!(text.contains(row.name), "{}", row.name);
    }
}
