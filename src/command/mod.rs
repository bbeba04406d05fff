//! The commands: a row for each in one table, one file for each or for a small family.
//!
//! A command takes its values from the layers below and writes through `render`. Help, completion and the manual
//! read the rows. The list of rows is handed to every command in its `Invocation`, so that `help` need not know the
//! table that holds it.

pub mod args;
pub mod spec;
pub mod lookup;
pub mod run;
pub mod pattern;
pub mod context;
pub mod place;
pub mod help;
pub mod set;
pub mod show;
pub mod echo;
pub mod quit;
pub mod script;
pub mod directory;
pub mod working_directory;
pub mod define;
pub mod alias;
pub mod shell;
pub mod running;
pub mod display;
pub mod frames;
pub mod info_locals;
pub mod info_modules;
pub mod info_program;
pub mod backtrace;
pub mod frame;
pub mod thread;
pub mod apply;
pub mod info;
pub mod info_module;
pub mod info_memory;
pub mod info_values;
pub mod info_frame;
pub mod info_wasm;
pub mod disassemble;
pub mod print_chain;
pub mod print;
pub mod info_provenance;
pub mod display_type;
pub mod info_symbol;
pub mod list;
pub mod info_line;
pub mod info_symbols;
pub mod hexdump;
pub mod dump;
pub mod printf;
pub mod control;
pub mod info_address;
pub mod examine;
pub mod find;
pub mod complete;
pub mod table;

pub use run::run_line;
pub use spec::{Command, CommandTable, Completion, Group, Input, Invocation, Outcome, Repeat, Stop, Subcommands};
pub use table::TABLE;
