//! Panics of a program without std, whose panic handler prints nothing.

#![no_std]

#[derive(Debug, Clone, Copy)]
#[allow(dead_code)]
pub struct Point {
    x: i32,
    y: u8,
}

#[inline(never)]
fn give_up() -> ! {
    core::arch::wasm32::unreachable()
}

#[panic_handler]
fn on_panic(_: &core::panic::PanicInfo) -> ! {
    give_up()
}

#[inline(never)]
fn check(point: Point) -> Result<u32, Point> {
    if point.x > 0 { Err(point) } else { Ok(3) }
}

#[inline(never)]
fn complain(number: i32, point: Point, words: &str) {
    panic!("number = {number:>4}, point = {point:?}, words = {words:?}, hex = {number:#06x}, third = {:.2}", number as f64 / 3.0)
}

#[inline(never)]
fn compare(left: i32, right: i32) {
    assert_eq!(left, right, "{} numbers", "two");
}

#[no_mangle]
pub extern "C" fn run(which: i32) -> i32 {
    let point = Point { x: which, y: 7 };
    match which {
        1 => check(point).unwrap() as i32,
        2 => {
            complain(which, point, "a \"b\"");
            0
        }
        3 => {
            compare(which, 4);
            0
        }
        _ => which,
    }
}
