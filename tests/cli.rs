//! The program from outside: exit status, what goes to which output, and the order of scripts.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn wasmgdb(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CLICOLOR_FORCE")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input may be gone already.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("only text is written")
}

/// Standard output, standard error, exit status.
fn run(arguments: &[&str], input: &str) -> (String, String, i32) {
    let output = wasmgdb(arguments, input);
    (text(&output.stdout).to_owned(), text(&output.stderr).to_owned(), output.status.code().expect("no signal"))
}

fn script(name: &str, content: &str) -> String {
    let path = std::env::temp_dir().join(format!("wasmgdb-test-{}-{name}", std::process::id()));
    std::fs::write(&path, content).expect("the temporary folder is writable");
    path.to_str().expect("text").to_owned()
}

#[test]
fn the_status_is_that_of_the_last_command() {
    assert_eq!(run(&["-batch", "-ex", "xyzzy", "-ex", "echo a\\n"], "").2, 0);
    assert_eq!(run(&["-batch", "-ex", "echo a\\n", "-ex", "xyzzy"], "").2, 1);
    assert_eq!(run(&["--batch", "-ex", "quit 3", "-ex", "xyzzy"], "").2, 3);
    assert_eq!(run(&["-batch"], "").2, 0);
}

#[test]
fn strict_ends_at_the_first_failure() {
    let (out, _, status) = run(&["-batch", "--strict", "-ex", "xyzzy", "-ex", "echo a\\n"], "");
    assert_eq!((out.as_str(), status), ("", 1));
}

#[test]
fn results_go_to_standard_output_and_errors_to_standard_error() {
    let (out, err, _) = run(&["-batch", "-ex", "show listsize", "-ex", "xyzzy"], "");
    assert_eq!(out, "Number of source lines gdb will list by default is 10.\n");
    assert_eq!(err, "Undefined command: \"xyzzy\".  Try \"help\".\n");
}

#[test]
fn commands_on_a_pipe_run_without_a_prompt_and_an_empty_line_repeats() {
    let (out, err, status) = run(&[], "echo a\\n\n\n# comment\n  echo b\\n\nxyzzy");
    assert_eq!(out, "a\na\nb\n");
    assert_eq!(err, "Undefined command: \"xyzzy\".  Try \"help\".\n");
    assert_eq!(status, 1);
    assert_eq!(run(&[], "quit 4\necho never\\n").2, 4);
}

#[test]
fn a_definition_takes_its_lines_from_the_pipe() {
    let (out, _, status) = run(&[], "define twice\necho $arg0$arg0\\n\nend\ntwice ab\n");
    assert_eq!((out.as_str(), status), ("abab\n", 0));
}

#[test]
fn scripts_run_in_the_order_of_the_command_line_and_an_error_ends_its_file_only() {
    let file = script("order.gdb", "echo 2\nnosuch\necho never\n");
    let (out, err, status) =
        run(&["-batch", "-ex", "echo 1", "-x", &file, "-ex", "echo 3", "--ex=echo 4", "-iex", "echo 0"], "");
    assert_eq!((out.as_str(), status), ("01234", 0));
    assert_eq!(
        err,
        format!("{file}:2: Error in sourced command file:\nUndefined command: \"nosuch\".  Try \"help\".\n")
    );
    assert_eq!(run(&["-batch", "-x", &file], "").2, 1);
    std::fs::remove_file(file).expect("it was there");
}

#[test]
fn a_script_that_does_not_exist_is_a_warning_and_a_failure() {
    let (_, err, status) = run(&["-batch", "-x", "nosuch.gdb"], "");
    assert_eq!((err.as_str(), status), ("warning: nosuch.gdb: No such file or directory\n", 1));
}

#[test]
fn wrong_options_have_status_2_and_help_and_version_status_0() {
    let (_, err, status) = run(&["--nosuch"], "");
    let expected = "wasmgdb: unrecognized option '--nosuch'\nUse `wasmgdb --help' for a complete list of options.\n";
    assert_eq!((err.as_str(), status), (expected, 2));
    let (out, _, status) = run(&["--version"], "");
    assert_eq!((out.as_str(), status), (concat!("wasmgdb ", env!("CARGO_PKG_VERSION"), "\n"), 0));
    let (out, _, status) = run(&["-help"], "");
    assert!(out.contains("Usage: wasmgdb") && status == 0);
}

#[test]
fn the_init_file_runs_first_unless_it_is_forbidden() {
    let folder = std::env::temp_dir().join(format!("wasmgdb-test-{}-config", std::process::id()));
    std::fs::create_dir_all(folder.join("wasmgdb")).expect("writable");
    std::fs::write(folder.join("wasmgdb/init"), "echo init\\n\n").expect("writable");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
        command.env("XDG_CONFIG_HOME", &folder).args(arguments).stdin(Stdio::null());
        text(&command.output().expect("the program runs").stdout).to_owned()
    };
    assert_eq!(run(&["-batch", "-ex", "echo a\\n"]), "init\na\n");
    assert_eq!(run(&["-batch", "-nx", "-ex", "echo a\\n"]), "a\n");
    assert_eq!(run(&["-batch", "-nh", "-ex", "echo a\\n"]), "a\n");
    std::fs::remove_dir_all(folder).expect("it was there");
}

#[test]
fn other_programs_run_only_if_they_may() {
    assert_eq!(run(&["-batch", "-ex", "pipe echo a b | tr ab xy"], "").0, "x y");
    let (out, err, status) = run(&["-batch", "--no-shell", "-ex", "shell echo a"], "");
    assert_eq!((out.as_str(), status), ("", 1));
    assert_eq!(err, "programs may not be run: shell-commands is off\n");
}

#[test]
fn a_reader_that_leaves_early_ends_the_program_quietly() {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg("yes 'help all' | head -3000 | \"$0\" -nx | head -1")
        .arg(env!("CARGO_BIN_EXE_wasmgdb"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let status = child.wait().expect("it ends");
    let output = child.wait_with_output().expect("it ended");
    assert!(status.success());
    assert_eq!(text(&output.stderr), "");
}

const SAMPLE: [&str; 2] = ["samples/c_list/module.O0.wasm", "samples/c_list/core.O0"];

#[test]
fn an_editor_is_told_where_a_frame_stands() {
    let (out, _, _) = run(&["-batch", "-q", "--fullname", SAMPLE[0], SAMPLE[1], "-ex", "frame 2"], "");
    let path = format!("{}/samples/c_list/workshop.c", env!("CARGO_MANIFEST_DIR"));
    assert!(out.ends_with(&format!("at workshop.c:88:12\n\u{1a}\u{1a}{path}:88:12:beg:0x823\n")), "{out:?}");
}

#[test]
fn files_that_cannot_be_opened_end_a_script_with_status_1() {
    for (files, message) in [
        (vec!["nosuch.wasm"], "nosuch.wasm: No such file or directory.\n"),
        (vec![SAMPLE[0], "nosuch"], "nosuch: No such file or directory.\n"),
        (vec![SAMPLE[0], "samples"], "samples: is a directory, not a file\n"),
    ] {
        let mut arguments = vec!["-batch", "-ex", "bt"];
        arguments.extend(files);
        let (out, err, status) = run(&arguments, "");
        assert_eq!((out.as_str(), err.as_str(), status), ("", message, 1));
    }
    let (_, err, status) = run(&["-batch", SAMPLE[0], "samples/c_list/workshop.c"], "");
    assert!(err.contains("is not a core dump: not a WebAssembly file: it is a text file"), "{err}");
    assert_eq!(status, 1);
}

#[test]
fn the_start_says_what_was_opened_unless_it_must_be_quiet() {
    let (out, _, _) = run(&["-batch", SAMPLE[0], SAMPLE[1]], "");
    assert!(out.starts_with("Core was generated by `module.O0.wasm'.\nProgram terminated with wasm trap: "), "{out}");
    assert!(out.ends_with("71\tstatic long split(long total, long count) { return total / count; }\n"), "{out}");
    assert_eq!(run(&["-batch", "-q", SAMPLE[0], SAMPLE[1]], "").0, "");
}

#[test]
fn colours_are_written_only_when_they_are_wanted() {
    let run = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.env(name, value).args(["-batch", "-q", "-nx", "-ex", "bt 1"]).args(SAMPLE).stdin(Stdio::null());
        text(&command.output().expect("it runs").stdout).to_owned()
    };
    assert!(!run("NO_COLOR", "1").contains('\u{1b}'));
    assert!(!run("TERM", "xterm").contains('\u{1b}'), "a pipe is no terminal");
    assert!(run("CLICOLOR_FORCE", "1").contains("\u{1b}[33msplit\u{1b}[0m"));
}

#[test]
fn the_log_holds_results_and_errors_and_may_take_them_alone() {
    let log = script("log.txt", "before\n");
    let lines = format!(
        "set logging file {log}\nset logging enabled on\nshow listsize\nxyzzy\nset logging enabled off\n\
         set logging redirect on\nset logging enabled on\nshow confirm\nset logging enabled off\nshow style enabled\n"
    );
    let (out, err, _) = run(&["-nx"], &lines);
    let logged = std::fs::read_to_string(&log).expect("the log is there");
    std::fs::remove_file(&log).expect("the log is there");
    let size = "Number of source lines gdb will list by default is 10.\n";
    let xyzzy = "Undefined command: \"xyzzy\".  Try \"help\".\n";
    let confirm = "Whether to confirm potentially dangerous operations is on.\n";
    assert_eq!(logged, format!("before\n{size}{xyzzy}{confirm}"));
    assert!(out.contains(size) && !out.contains(confirm) && out.contains("CLI output styling"), "{out}");
    assert!(err.contains(xyzzy), "{err}");
    let (_, err, status) =
        run(&["-nx", "-ex", "set logging file /nonexistent/log", "-ex", "set logging enabled", "-batch"], "");
    assert_eq!((err.as_str(), status), ("/nonexistent/log: No such file or directory (os error 2)\n", 1));
}

#[test]
fn a_value_is_written_to_a_file_and_behind_what_is_there() {
    let file = script("value.bin", "old");
    let sample = ["samples/c_list/module.O0.wasm", "samples/c_list/core.O0"];
    let commands = [format!("dump value {file} door"), format!("append memory {file} &door &door+1")];
    let mut arguments = vec!["-nx", "-batch"];
    arguments.extend(commands.iter().flat_map(|command| ["-ex", command.as_str()]));
    arguments.extend(sample);
    assert_eq!(run(&arguments, "").2, 0);
    let written = std::fs::read(&file).expect("the file is there");
    std::fs::remove_file(&file).expect("the file is there");
    let half = written.len() / 2;
    assert_eq!((written.len(), &written[..half]), (8, &written[half..]));
    assert_eq!(written[..4], [0xff, 0xff, 7, 0]);
}

#[test]
fn gdbs_style_has_gdbs_words_for_an_address_outside_memory() {
    let ask = |style| {
        let sample = ["samples/c_list/module.O0.wasm", "samples/c_list/core.O0"];
        run(&["-nx", "-batch", "--style", style, "-ex", "print *(int *) 0xdeadbeef", sample[0], sample[1]], "").1
    };
    assert_eq!(ask("gdb"), "Cannot access memory at address 0xdeadbeef\n");
    assert_eq!(ask("reference"), "Cannot access memory at address 0xdeadbeef: memory 0 ends at 0x1ffff\n");
}

#[test]
fn what_is_found_missing_only_later_is_said_once_and_split_files_may_be_named() {
    let data = |file: &str| format!("{}/tests/data/split/{file}", env!("CARGO_MANIFEST_DIR"));
    let alone = std::env::temp_dir().join(format!("wasmgdb-split-{}.wasm", std::process::id()));
    std::fs::copy(data("module.wasm"), &alone).unwrap();
    let module = alone.to_str().unwrap();
    let question = ["-batch", "-ex", "whatis divide", "-ex", "whatis divide"];
    let (out, err, _) = run(&[&question[..], &[module]].concat(), "");
    assert!(!out.contains("type = "), "{out}");
    assert_eq!(err.matches("c_structs.dwo: not found").count(), 1, "{err}");
    for file in ["c_structs.dwo", "c_structs.dwp"] {
        let (out, err, _) = run(&[&question[..], &["--debug", &data(file), module]].concat(), "");
        assert!(out.contains("type = int (int, int)") && err.is_empty(), "{file}: {out}{err}");
    }
    std::fs::remove_file(&alone).unwrap();
}

#[test]
fn names_on_the_command_line_steer_no_terminal() {
    for arguments in [
        &["--\u{1b}[31m"][..],
        &["--style", "\u{1b}[31m"],
        &["--cd", "/nosuch\u{1b}[31m"],
        &["--json", "/nosuch\u{1b}[31m"],
        &["dap", "--dap-log", "/nosuch/\u{1b}[31m"],
    ] {
        let (out, err, _) = run(arguments, "");
        assert!(err.contains("\\033[31m") && !err.contains('\u{1b}') && out.is_empty(), "{arguments:?}: {out}{err}");
    }
    let (_, err, status) = run(&[""], "");
    assert!(err.contains("the name of a file is empty") && status == 2, "{err}");
}

#[test]
fn another_file_is_opened_by_another_session() {
    for command in ["file other.wasm", "core-file other.core"] {
        let (out, err, status) = run(&["-batch", "-ex", command], "");
        assert_eq!((out.as_str(), status), ("", 1));
        assert!(err.contains("start wasmgdb again with others, as MODULE COREDUMP"), "{err}");
    }
}

#[test]
fn that_more_frames_follow_is_told_to_whoever_typed_the_count() {
    let script = script("bt.gdb", "bt 1\n");
    let told = |arguments: &[&str], input: &str| {
        let (out, err, _) = run(&[&["-nx", "-q", SAMPLE[0], SAMPLE[1]], arguments].concat(), input);
        assert!(out.contains("#0   000013 as split") && !out.contains("#1 "), "{out}{err}");
        out.contains("(More stack frames follow...)")
    };
    assert!(!told(&["-batch", "-ex", "bt 1"], ""));
    assert!(!told(&["-batch", "-x", &script], ""));
    assert!(told(&["-ex", "bt 1"], ""));
    assert!(told(&[], "bt 1\n"));
    assert!(!told(&[], &format!("source {script}\n")));
    std::fs::remove_file(script).unwrap();
}

#[test]
fn another_working_directory_is_that_of_the_user_not_that_of_the_open_files() {
    let data = "tests/data/split/";
    let alone = std::path::Path::new("target").join(format!("wasmgdb-cd-{}.wasm", std::process::id()));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join(data).join("module.wasm"), root.join(&alone)).unwrap();
    // The split unit is read only after the change, and is named relative to the old directory.
    let asked = ["-batch", "-ex", "cd /", "-ex", "pwd", "-ex", "whatis divide", "-ex", "info sections"];
    let named = ["--debug-dir", data, alone.to_str().unwrap()];
    let (out, err, status) = run(&[&asked[..], &named].concat(), "");
    std::fs::remove_file(root.join(&alone)).unwrap();
    assert!(out.contains("Working directory /.\n") && out.contains("type = int (int, int)"), "{out}{err}");
    assert_eq!((err.as_str(), status), ("", 0));

    // Sources are found where the module lies, and where the user is.
    let (out, err, _) = run(&["-batch", "-nx", "-q", SAMPLE[0], SAMPLE[1], "-ex", "cd /", "-ex", "list 71,71"], "");
    assert!(out.contains("static long split"), "{out}{err}");
    let (out, _, _) = run(&[], "cd /nosuch\ncd /\ncd\npwd\n");
    assert_eq!(out.lines().next(), Some("Working directory /."), "whoever types is told where the change led");
}

#[cfg(unix)]
#[test]
fn what_comes_through_a_pipe_is_read_once_and_a_device_not_at_all() {
    let ask = |files: &str| {
        let text = format!("\"$0\" -nx -batch -q {files} -ex 'bt 1'");
        let mut shell = Command::new("bash");
        shell.current_dir(env!("CARGO_MANIFEST_DIR")).args(["-c", &text, env!("CARGO_BIN_EXE_wasmgdb")]);
        let output = shell.output().expect("a shell");
        format!("{}{}", text_of(&output.stdout), text_of(&output.stderr))
    };
    let [module, core] = SAMPLE;
    let expected = ask(&format!("{module} {core}"));
    assert!(expected.starts_with("#0   000013 as split (total=200, count=0)"), "{expected}");
    assert_eq!(ask(&format!("<(cat {module}) <(cat {core})")), expected);
    assert_eq!(ask(&format!("{module} /dev/stdin < <(cat {core})")), expected);
    for device in ["/dev/zero", "/dev/null", "/dev/full"] {
        assert_eq!(ask(&format!("{module} {device}")), format!("{device}: is a device, not a file\n"));
        assert!(ask(&format!("{device} {core}")).contains("is a device, not a file"), "{device}");
    }
    // Neither end nor memory is waited for.
    assert!(ask("<(yes)").contains("not a WebAssembly file: it is a text file"));
    assert!(ask(&format!("{module} /proc/self/mem")).starts_with("/proc/self/mem: "));
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn only_lines_of_a_definition_that_run_need_their_arguments() {
    let definition = "define both\necho $arg0\\n\nif $argc > 1\necho $arg1\\n\nend\nend\n";
    let (out, err, _) = run(&["-nx"], &format!("{definition}both a\nboth b c\nboth\n"));
    assert_eq!((out.as_str(), err.as_str()), ("a\nb\nc\n", "Missing argument 0 in user function.\n"));
}

#[test]
fn a_null_character_in_a_line_is_a_character() {
    let (out, err, _) = run(&["-nx"], "echo hi\0\\n\n");
    assert_eq!((out.as_str(), err.as_str()), ("hi\\000\n", ""));
}
