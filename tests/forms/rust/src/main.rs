//! One value of every form that the debugger knows of Rust, in the frames of a chain of calls that ends in a trap.
//! What each value is stands here; what is shown of it is held against this text.

#![allow(dead_code, static_mut_refs, unused_imports)]

use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::hint::black_box;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::num::{NonZeroI16, NonZeroU64, NonZeroUsize, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, AtomicI16, AtomicI64, AtomicI8, AtomicPtr, AtomicU32, AtomicUsize};
use std::sync::{Arc, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::task::Poll;
use std::time::{Duration, Instant};

/// A hasher without random keys: every run leaves the same dump.
#[derive(Default, Clone)]
struct Plain(u64);

impl std::hash::Hasher for Plain {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    }
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

type Hashed = std::hash::BuildHasherDefault<Plain>;

#[derive(Clone, Copy, Debug)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Clone, Copy)]
struct Metres(f32);

#[derive(Clone, Copy)]
struct Marker;

#[derive(Clone, Copy)]
enum Colour {
    Red,
    Green = 5,
    Blue,
}

#[derive(Clone, Copy)]
#[repr(i8)]
enum Level {
    Low = -3,
    High = 100,
}

enum Shape {
    Nothing,
    Circle(f64),
    Rect { width: u16, height: u16 },
    Named(String),
}

enum Only {
    Way(u32),
}

union Word {
    number: u32,
    bytes: [u8; 4],
}

trait Area {
    fn area(&self) -> u64;
}

impl Area for Point {
    fn area(&self) -> u64 {
        (self.x * self.y) as u64
    }
}

impl Area for Metres {
    fn area(&self) -> u64 {
        self.0 as u64
    }
}

struct Tree {
    id: u8,
    parent: RefCell<Weak<Tree>>,
    children: RefCell<Vec<Rc<Tree>>>,
}

struct Link {
    number: u32,
    next: Option<Box<Link>>,
}

static SETTLED: LazyLock<u64> = LazyLock::new(|| 77);
static NAMES: OnceLock<&str> = OnceLock::new();
static TALLY: AtomicU32 = AtomicU32::new(3);
static mut RAW: [u8; 3] = [1, 2, 3];

#[inline(never)]
fn texts(argument: &str) -> usize {
    let string = String::from("na\u{ef}ve \"quoted\"\n");
    let empty = String::new();
    let literal: &str = "literal";
    let boxed: Box<str> = "boxed".into();
    let shared: Rc<str> = "shared".into();
    let os = OsString::from("os string");
    let os_ref: &OsStr = &os;
    let path = PathBuf::from("/var/log");
    let path_ref: &Path = &path;
    let c = CString::new("c string").unwrap();
    let c_ref: &CStr = c"c literal";
    let cow_owned: Cow<str> = Cow::Owned("owned".to_owned());
    let cow_borrowed: Cow<str> = Cow::Borrowed("borrowed");
    let letter = '\u{df}';
    let quote = '\'';
    let byte = b'a';
    let bytes: &[u8] = b"raw\0";
    let reference: &String = &string;
    let words = vec!["one".to_owned(), "two".to_owned()];
    black_box((&string, &empty, &literal, &boxed, &shared, &os, &os_ref, &path, &path_ref, &c, &c_ref));
    black_box((&cow_owned, &cow_borrowed, &letter, &quote, &byte, &bytes, &reference, &words));
    let found = lists(argument.len());
    black_box((&string, &empty, &literal, &boxed, &shared, &os, &os_ref, &path, &path_ref, &c, &c_ref));
    black_box((&cow_owned, &cow_borrowed, &letter, &quote, &byte, &bytes, &reference, &words));
    found
}

#[inline(never)]
fn lists(count: usize) -> usize {
    let vec = vec![10i32, 20, 30, 40, 50];
    let none: Vec<u64> = Vec::new();
    let units = vec![(); 3];
    let points = vec![Point { x: 1, y: 2 }, Point { x: 3, y: 4 }];
    let array = [1u8, 2, 3];
    let nested = [[1i16, 2], [3, 4]];
    let slice: &[i32] = &vec[1..4];
    let mut storage = [7u16, 8];
    let mutable: &mut [u16] = &mut storage;
    let boxed: Box<[u32]> = vec![5, 6].into_boxed_slice();
    let counted: Rc<[i8]> = Rc::from([-1i8, 2]);
    let mut deque: VecDeque<u32> = VecDeque::with_capacity(4);
    deque.extend([1, 2, 3]);
    deque.pop_front();
    deque.extend([4, 5]); // 2, 3, 4, 5 with a wrap
    let no_deque: VecDeque<u8> = VecDeque::new();
    let heap: BinaryHeap<u16> = [3u16, 9, 4].into_iter().collect();
    let lowest: BinaryHeap<Reverse<u16>> = [Reverse(3u16), Reverse(9)].into_iter().collect();
    let linked: LinkedList<i64> = [100i64, 200, 300].into_iter().collect();
    let no_linked: LinkedList<i64> = LinkedList::new();
    let many: Vec<u16> = (0..300).collect();
    let same = vec![9u8; 40];
    let chain = Link {
        number: 1,
        next: Some(Box::new(Link { number: 2, next: Some(Box::new(Link { number: 3, next: None })) })),
    };
    black_box((&vec, &none, &units, &points, &array, &nested, &slice, &mutable, &boxed, &counted, &deque));
    black_box((&no_deque, &heap, &lowest, &linked, &no_linked, &many, &same, &chain));
    #[cfg(not(debug_assertions))]
    let found = maps(count);
    #[cfg(debug_assertions)]
    let found = pointers(count);
    black_box((&vec, &none, &units, &points, &array, &nested, &slice, &mutable, &boxed, &counted, &deque));
    black_box((&no_deque, &heap, &lowest, &linked, &no_linked, &many, &same, &chain));
    found
}

/// Left out of the dev profile, where it would be half of the module; samples/rust_collections has maps of that.
#[cfg(not(debug_assertions))]
#[inline(never)]
fn maps(count: usize) -> usize {
    let mut ages: HashMap<String, u32, Hashed> = HashMap::default();
    ages.insert("ada".into(), 36);
    ages.insert("bob".into(), 41);
    let no_ages: HashMap<String, u32, Hashed> = HashMap::default();
    let mut seeded: HashMap<u16, bool> = HashMap::new();
    seeded.insert(1, true);
    let mut wide: HashMap<u32, u32, Hashed> = (0..100).map(|n| (n, n * n)).collect();
    wide.retain(|n, _| n % 50 == 7); // 7 and 57 of a table with tombstones
    let letters: HashSet<char, Hashed> = "xyx".chars().collect();
    let no_letters: HashSet<char, Hashed> = HashSet::default();
    let order: BTreeMap<u16, &str> = (1..=40).map(|n| (n, if n % 2 == 0 { "even" } else { "odd" })).collect();
    let no_order: BTreeMap<u16, &str> = BTreeMap::new();
    let by_name: BTreeMap<String, Point> = BTreeMap::from([("a".to_owned(), Point { x: 1, y: 1 })]);
    let sorted: BTreeSet<i8> = [3, -1, 2].into_iter().collect();
    black_box((&ages, &no_ages, &seeded, &wide, &letters, &no_letters));
    black_box((&order, &no_order, &by_name, &sorted));
    let found = pointers(count);
    black_box((&ages, &no_ages, &seeded, &wide, &letters, &no_letters));
    black_box((&order, &no_order, &by_name, &sorted));
    found
}

#[inline(never)]
fn pointers(count: usize) -> usize {
    let boxed = Box::new(Point { x: 1, y: 2 });
    let boxed_number = Box::new(5u8);
    let boxed_unit = Box::new(());
    let twice = Box::new(Box::new(6u16));
    let rc = Rc::new(7u32);
    let second = Rc::clone(&rc);
    let rc_weak = Rc::downgrade(&rc);
    let arc = Arc::new(String::from("arc"));
    let arc_weak = Arc::downgrade(&arc);
    let never: Weak<u32> = Weak::new();
    let gone = Rc::downgrade(&Rc::new(8u32));
    let rc_cell = Rc::new(RefCell::new(Point { x: 3, y: 4 }));
    let object: Box<dyn Area> = Box::new(Point { x: 8, y: 9 });
    let other: Box<dyn Area> = Box::new(Metres(2.5));
    let object_ref: &dyn Area = &Metres(1.5);
    let rc_object: Rc<dyn Area> = Rc::new(Point { x: 5, y: 5 });
    let objects: Vec<Box<dyn Area>> = vec![Box::new(Metres(0.5)), Box::new(Point { x: 1, y: 1 })];
    let pinned = Box::pin(9i16);
    let mut target = 11u64;
    let pin_ref = Pin::new(&mut target);
    let point = Point { x: -1, y: -2 };
    let reference: &Point = &point;
    let raw: *const Point = &point;
    let null: *const Point = std::ptr::null();
    let function: fn(usize) -> usize = numbers;
    let root = Rc::new(Tree { id: 1, parent: RefCell::new(Weak::new()), children: RefCell::new(Vec::new()) });
    let leaf = Rc::new(Tree { id: 2, parent: RefCell::new(Rc::downgrade(&root)), children: RefCell::default() });
    root.children.borrow_mut().push(Rc::clone(&leaf));
    black_box((&boxed, &boxed_number, &boxed_unit, &twice, &rc, &second, &rc_weak, &arc, &arc_weak, &never, &gone));
    black_box((&rc_cell, &object, &other, &object_ref, &rc_object, &objects, &pinned, &pin_ref, &reference, &raw));
    black_box((&null, &function, &root, &leaf));
    let found = object.area() as usize + other.area() as usize + object_ref.area() as usize + cells(count);
    black_box((&boxed, &boxed_number, &boxed_unit, &twice, &rc, &second, &rc_weak, &arc, &arc_weak, &never, &gone));
    black_box((&rc_cell, &object, &other, &object_ref, &rc_object, &objects, &pinned, &pin_ref, &reference, &raw));
    black_box((&null, &function, &root, &leaf));
    found
}

#[inline(never)]
fn cells(count: usize) -> usize {
    let cell = Cell::new(5i8);
    let free = RefCell::new(1u32);
    let read = RefCell::new(2u32);
    let (reader_a, reader_b) = (read.borrow(), read.borrow());
    let written = RefCell::new(3u32);
    let writer = written.borrow_mut();
    let once: OnceCell<u16> = OnceCell::new();
    let _ = once.set(4);
    let no_once: OnceCell<u16> = OnceCell::new();
    let lazy: LazyCell<u32> = LazyCell::new(|| 6);
    let _ = *lazy;
    let no_lazy: LazyCell<u32> = LazyCell::new(|| 7);
    let mutex = Mutex::new(8u64);
    let locked = Mutex::new(9u64);
    let guard = locked.lock().unwrap();
    let rw = RwLock::new(10u32);
    let rw_read = RwLock::new(11u32);
    let (rw_reader_a, rw_reader_b) = (rw_read.read().unwrap(), rw_read.read().unwrap());
    let rw_written = RwLock::new(12u32);
    let rw_writer = rw_written.write().unwrap();
    let lock: OnceLock<String> = OnceLock::new();
    let _ = lock.set("set".to_owned());
    let no_lock: OnceLock<String> = OnceLock::new();
    let lazy_lock: LazyLock<u16> = LazyLock::new(|| 13);
    let _ = *lazy_lock;
    let no_lazy_lock: LazyLock<u16> = LazyLock::new(|| 14);
    let done = Once::new();
    done.call_once(|| ());
    let not_done = Once::new();
    let settled = *SETTLED;
    let _ = NAMES.set("names");
    black_box((&cell, &free, &read, &reader_a, &reader_b, &written, &writer, &once, &no_once, &lazy, &no_lazy));
    black_box((&mutex, &locked, &guard, &rw, &rw_read, &rw_reader_a, &rw_reader_b, &rw_written, &rw_writer));
    black_box((&lock, &no_lock, &lazy_lock, &no_lazy_lock, &done, &not_done, &settled));
    let found = numbers(count);
    black_box((&cell, &free, &read, &reader_a, &reader_b, &written, &writer, &once, &no_once, &lazy, &no_lazy));
    black_box((&mutex, &locked, &guard, &rw, &rw_read, &rw_reader_a, &rw_reader_b, &rw_written, &rw_writer));
    black_box((&lock, &no_lock, &lazy_lock, &no_lazy_lock, &done, &not_done, &settled));
    found
}

#[inline(never)]
fn numbers(count: usize) -> usize {
    let yes = true;
    let small = i8::MIN;
    let large = u128::MAX;
    let negative = i128::MIN;
    let float = 0.1f32;
    let double = -2.5f64;
    let infinite = f64::INFINITY;
    let nan = f32::NAN;
    let nonzero = NonZeroU64::new(12).unwrap();
    let nonzero_negative = NonZeroI16::new(-12).unwrap();
    let wrapping = Wrapping(200u8);
    let saturating = Saturating(-7i32);
    let less = Ordering::Less;
    let greater = Ordering::Greater;
    let reverse = Reverse(4u8);
    let range = 2usize..9;
    let inclusive = 1u8..=4;
    let from = 3i64..;
    let to = ..5u16;
    let to_inclusive = ..=6i8;
    let full = ..;
    let mut exhausted = 1u8..=1;
    exhausted.next();
    let bounds = (Bound::Included(1u8), Bound::<u8>::Unbounded);
    let seconds = Duration::from_millis(3_500);
    let micros = Duration::from_micros(15);
    let zero = Duration::ZERO;
    let mut instant = Instant::now();
    unsafe { *(&mut instant as *mut Instant as *mut Duration) = Duration::new(7, 250_000_000) };
    let flag = AtomicBool::new(true);
    let atomic8 = AtomicI8::new(-8);
    let atomic16 = AtomicI16::new(-16);
    let atomic32 = AtomicU32::new(32);
    let atomic64 = AtomicI64::new(-64);
    let atomic_size = AtomicUsize::new(1000);
    let mut pointed = 17u32;
    let atomic_pointer = AtomicPtr::new(&mut pointed as *mut u32);
    let thread = std::thread::current().id();
    let uninit: MaybeUninit<u32> = MaybeUninit::new(18);
    let manual = ManuallyDrop::new(String::from("kept"));
    let phantom: PhantomData<String> = PhantomData;
    let word = Word { number: 0x0403_0201 };
    let tuple = (1u8, "two", 3.5f32);
    let single = (4u8,);
    let unit = ();
    let marker = Marker;
    let metres = Metres(1.25);
    black_box((&yes, &small, &large, &negative, &float, &double, &infinite, &nan, &nonzero, &nonzero_negative));
    black_box((&wrapping, &saturating, &less, &greater, &reverse, &range, &inclusive, &from, &to, &to_inclusive));
    black_box((&full, &exhausted, &bounds, &seconds, &micros, &zero, &instant, &flag, &atomic8, &atomic16, &atomic32));
    black_box((&atomic64, &atomic_size, &atomic_pointer, &thread, &uninit, &manual, &phantom, &word, &tuple));
    black_box((&single, &unit, &marker, &metres));
    let found = choices(count);
    black_box((&yes, &small, &large, &negative, &float, &double, &infinite, &nan, &nonzero, &nonzero_negative));
    black_box((&wrapping, &saturating, &less, &greater, &reverse, &range, &inclusive, &from, &to, &to_inclusive));
    black_box((&full, &exhausted, &bounds, &seconds, &micros, &zero, &instant, &flag, &atomic8, &atomic16, &atomic32));
    black_box((&atomic64, &atomic_size, &atomic_pointer, &thread, &uninit, &manual, &phantom, &word, &tuple));
    black_box((&single, &unit, &marker, &metres));
    found
}

#[inline(never)]
fn choices(count: usize) -> usize {
    let some = Some(3u32);
    let none: Option<u32> = None;
    let some_text = Some("text");
    let no_text: Option<&str> = None;
    let some_string = Some(String::from("owned"));
    let no_string: Option<String> = None;
    let some_vec = Some(vec![1u8, 2]);
    let some_box = Some(Box::new(Point { x: 1, y: 2 }));
    let no_box: Option<Box<Point>> = None;
    let some_ref = Some(&some);
    let some_nonzero = NonZeroUsize::new(4);
    let no_nonzero = NonZeroUsize::new(0);
    let some_some = Some(Some(true));
    let some_none: Option<Option<bool>> = Some(None);
    let none_none: Option<Option<bool>> = None;
    let some_letter = Some('q');
    let no_letter: Option<char> = None;
    let some_order = Some(Ordering::Equal);
    let no_order: Option<Ordering> = None;
    let some_unit = Some(());
    let some_tuple = Some((1u8, 2u16));
    let some_function: Option<fn(usize) -> usize> = Some(choices);
    let some_rc = Some(Rc::new(5u8));
    let ok: Result<u8, String> = Ok(6);
    let err: Result<u8, String> = Err("bad".into());
    let ok_unit: Result<(), Box<Point>> = Ok(());
    let err_box: Result<(), Box<Point>> = Err(Box::new(Point { x: 7, y: 8 }));
    let nested: Result<Option<u8>, ()> = Ok(Some(9));
    let red = Colour::Red;
    let blue = Colour::Blue;
    let low = Level::Low;
    let high = Level::High;
    let nothing = Shape::Nothing;
    let circle = Shape::Circle(1.5);
    let rect = Shape::Rect { width: 3, height: 4 };
    let named = Shape::Named("square".into());
    let some_shape = Some(Shape::Rect { width: 5, height: 6 });
    let no_shape: Option<Shape> = None;
    let only = Only::Way(10);
    let ready: Poll<u8> = Poll::Ready(11);
    let pending: Poll<u8> = Poll::Pending;
    let stop: ControlFlow<u8, u16> = ControlFlow::Break(12);
    let some_wide = Some(1u128 << 100);
    black_box((&some, &none, &some_text, &no_text, &some_string, &no_string, &some_vec, &some_box, &no_box, &some_ref));
    black_box((&some_nonzero, &no_nonzero, &some_some, &some_none, &none_none, &some_letter, &no_letter, &some_order));
    black_box((&no_order, &some_unit, &some_tuple, &some_function, &some_rc, &ok, &err, &ok_unit, &err_box, &nested));
    black_box((&red, &blue, &low, &high, &nothing, &circle, &rect, &named, &some_shape, &no_shape, &only));
    black_box((&ready, &pending, &stop, &some_wide));
    let found = closures(count);
    black_box((&some, &none, &some_text, &no_text, &some_string, &no_string, &some_vec, &some_box, &no_box, &some_ref));
    black_box((&some_nonzero, &no_nonzero, &some_some, &some_none, &none_none, &some_letter, &no_letter, &some_order));
    black_box((&no_order, &some_unit, &some_tuple, &some_function, &some_rc, &ok, &err, &ok_unit, &err_box, &nested));
    black_box((&red, &blue, &low, &high, &nothing, &circle, &rect, &named, &some_shape, &no_shape, &only));
    black_box((&ready, &pending, &stop, &some_wide));
    found
}

#[inline(never)]
fn closures(count: usize) -> usize {
    let base = 40usize;
    let label = String::from("label");
    let by_value = move |n: usize| n + base;
    let by_reference = || label.len();
    let bare = |n: usize| n * 2;
    let boxed: Box<dyn Fn(usize) -> usize> = Box::new(by_value);
    let borrowed: &dyn Fn() -> usize = &by_reference;
    let numbers = [4u16, 5, 6];
    let mut iterator = numbers.iter();
    iterator.next();
    let counted = numbers.iter().enumerate();
    let arguments_with = |arguments: std::fmt::Arguments| {
        black_box(&arguments);
        black_box((&base, &label, &by_value, &by_reference, &bare, &boxed, &borrowed, &iterator, &counted));
        crash(count)
    };
    arguments_with(format_args!("{count} of {label}"))
}

#[inline(never)]
fn crash(count: usize) -> usize {
    unsafe { RAW[count % 3] = 9 };
    TALLY.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    core::arch::wasm32::unreachable()
}

fn main() {
    std::process::exit(texts("argument") as i32);
}
