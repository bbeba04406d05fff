//! One panic for each argument.

use std::cell::RefCell;

#[derive(Debug)]
#[allow(dead_code)]
enum Failure {
    NotFound { path: String, code: u32 },
}

#[derive(Debug)]
#[allow(dead_code)]
struct Point {
    x: i32,
    y: i32,
}

#[inline(never)]
fn subtract(a: u32, b: u32) -> u32 {
    a - b
}

#[inline(never)]
fn pick(items: &[u32], index: usize) -> u32 {
    items[index]
}

#[inline(never)]
fn find(items: &[u32], wanted: u32) -> Option<usize> {
    items.iter().position(|item| *item == wanted)
}

#[inline(never)]
fn open(path: &str, code: u32) -> Result<u32, Failure> {
    if code > 0 { Err(Failure::NotFound { path: path.to_owned(), code }) } else { Ok(1) }
}

#[inline(never)]
fn borrow_twice(cell: &RefCell<Vec<u32>>) -> usize {
    let held = cell.borrow_mut();
    let again = cell.borrow();
    held.len() + again.len()
}

#[inline(never)]
fn complain(number: u32, words: &str) {
    let point = Point { x: 3, y: -4 };
    panic!("number = {number:#06x}, words = {words:?}, point = {point:?}")
}

#[inline(never)]
fn compare(left: u32, right: u32) {
    assert_eq!(left, right, "{} sums", "two");
}

#[inline(never)]
fn reserve(count: usize) -> Vec<u64> {
    Vec::with_capacity(count)
}

fn main() {
    let what = std::env::args().nth(1).unwrap_or_else(|| "subtract".to_owned());
    let number = what.len() as u32;
    let items = [1, 2, 3];
    match what.as_str() {
        "subtract" => std::process::exit(subtract(number, 9) as i32),
        "bounds" => std::process::exit(pick(&items, what.len()) as i32),
        "none" => std::process::exit(find(&items, number).unwrap() as i32),
        "err" => std::process::exit(open("/etc/nothing", number).unwrap() as i32),
        "borrow" => std::process::exit(borrow_twice(&RefCell::new(items.to_vec())) as i32),
        "words" => complain(number, "say \"hi\""),
        "compare" => compare(number, 8),
        "alloc" => std::process::exit(reserve(what.len() << 25).len() as i32),
        "abort" => std::process::abort(),
        _ => {}
    }
}
