//! A harbour: one frame with a value of every common kind of Rust data, and an index out of bounds below it.

#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hint::black_box;
use std::num::NonZeroU8;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, PartialEq)]
enum Berth {
    Free,
    Ferry = 7,
    Cargo,
}

enum Order {
    Wait,
    Load { crates: u32, heavy: bool },
    Sail(String, i64),
}

struct Position(f32, f32);

struct Ship<'a> {
    name: &'a str,
    berth: Berth,
    position: Position,
    log: Vec<String>,
    escort: Option<Box<Ship<'a>>>,
}

trait Pilot {
    fn steer(&self, course: usize) -> usize;
}

struct Robot {
    headings: [u16; 4],
}

impl Pilot for Robot {
    fn steer(&self, course: usize) -> usize {
        self.headings[course] as usize // `course` is one too many: this panics
    }
}

struct Node {
    id: u8,
    parent: RefCell<Weak<Node>>,
}

/// A hasher without random keys, so that every run leaves the same dump.
#[derive(Default, Clone)]
struct Plain(u64);

impl std::hash::Hasher for Plain {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(31).wrapping_add(u64::from(*byte));
        }
    }
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

type Hashed = std::hash::BuildHasherDefault<Plain>;

static mut ARRIVALS: u32 = 0;
static GREETING: &str = "ahoy";

#[inline(never)]
fn guide(pilot: &dyn Pilot, ships: &[Ship], start: usize) -> usize {
    let mut course = start;
    for (number, ship) in ships.iter().enumerate() {
        let sign = 'ß';
        course += number + ship.log.len();
        unsafe { ARRIVALS += 1 };
        if sign.is_ascii() {
            return 0;
        }
    }
    pilot.steer(course)
}

#[inline(never)]
fn open(day: u128, tide: i8) -> usize {
    let tuple = (1u8, "two", 3.5f64);
    let unit = ();
    let sized = [Some(1i32), None, Some(-3)];
    let text = String::from("na\u{ef}ve \"harbour\"\n");
    let slice: &[i16] = &[5, -6, 7];
    let orders = vec![
        Order::Wait,
        Order::Load { crates: 12, heavy: true },
        Order::Sail("north".to_owned(), -9),
    ];
    let result: Result<u16, String> = Err("fog".to_owned());
    let fine: Result<u16, ()> = Ok(44);
    let nonzero = NonZeroU8::new(9);
    let absent: Option<&Position> = None;
    let boxed: Box<[u8]> = vec![1, 2, 3].into_boxed_slice();
    let mut queue: VecDeque<u32> = VecDeque::with_capacity(4);
    queue.extend([10, 11, 12]);
    queue.pop_front();
    queue.extend([13, 14]);
    let mut depths: HashMap<String, i32, Hashed> = HashMap::default();
    depths.insert("north".into(), 12);
    depths.insert("south".into(), -4);
    let colours: HashSet<u8, Hashed> = [3, 1, 2].into_iter().collect();
    let tolls: BTreeMap<u16, &str> = (1..=15).map(|n| (n * 10, if n % 2 == 0 { "even" } else { "odd" })).collect();
    let marks: BTreeSet<char> = "quay".chars().collect();
    let shared = Rc::new(RefCell::new(Position(1.0, -2.5)));
    let second = Rc::clone(&shared);
    let parent = Rc::new(Node { id: 1, parent: RefCell::new(Weak::new()) });
    let child = Node { id: 2, parent: RefCell::new(Rc::downgrade(&parent)) };
    let counter = Arc::new(Mutex::new(vec![1u64, 2]));
    let cell = Cell::new(tide);
    let wide = day << 70;
    let double: fn(i32) -> i32 = |n| n * 2;
    let captured = text.len();
    let closure = move |extra: usize| captured + extra;
    let escort = Ship { name: "Tug", berth: Berth::Free, position: Position(0.0, 0.5), log: Vec::new(), escort: None };
    let ships = [
        Ship {
            name: GREETING,
            berth: Berth::Cargo,
            position: Position(54.5, 10.25),
            log: vec!["left".into(), "right".into()],
            escort: Some(Box::new(escort)),
        },
        Ship { name: "Bee", berth: Berth::Ferry, position: Position(-1.5, 0.0), log: vec![], escort: None },
    ];
    let robot = Robot { headings: [0, 90, 180, 270] };
    let borrowed = shared.borrow();
    let course = guide(&robot, &ships, 1);
    black_box((&tuple, &unit, &sized, &text, &slice, &orders, &result, &fine));
    black_box((&nonzero, &absent, &boxed, &queue, &depths, &colours, &tolls, &marks));
    black_box((&borrowed, &second, &child, &counter, &cell, &wide, &double, &closure));
    course
}

fn main() {
    std::process::exit(open(20_261, -3) as i32);
}
