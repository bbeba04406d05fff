//! The `wasmgdb` program; everything is in the library.

fn main() -> std::process::ExitCode {
    wasmgdb::frontend::cli::run()
}
