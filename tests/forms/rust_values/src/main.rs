//! Values of the standard library that stand for addresses, errors and what iterators have left, in the frames
//! of a chain of calls that ends in a trap. What each value is stands here; what is shown of it is held against this
//! text.

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};

macro_rules! keep { ($($value:ident),*) => { $( black_box(&$value); )* } }

thread_local! {
    static NUMBERS: RefCell<[u8; 2]> = RefCell::new([black_box(1), 2]);
    static UNUSED: RefCell<u8> = RefCell::new(black_box(1));
    static LEVEL: Cell<u32> = const { Cell::new(5) };
}

#[derive(Debug)]
struct Broken {
    _code: u8,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Broken {}

#[inline(never)]
fn iterators(count: usize) -> usize {
    let mut array = [1u16, 2, 3, 4].into_iter();
    array.next();
    array.next_back();
    let mut split = "a,b,c".split(',');
    split.next();
    let mut lines = "one\ntwo\nthree".lines();
    lines.next();
    let mut bytes = "abc".bytes();
    bytes.next();
    let mut vec = vec![5u8, 6, 7];
    let mut drain = vec.drain(1..);
    drain.next();
    let layout = Layout::new::<u64>();
    let place = std::panic::Location::caller();
    let time = UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let code = ExitCode::from(3);
    keep!(array, split, lines, bytes, drain, layout, place, time, code);
    black_box((&NUMBERS, &UNUSED, &LEVEL));
    if count == 3 { core::arch::wasm32::unreachable() }
    count
}

#[inline(never)]
fn errors(count: usize) -> usize {
    let kind = io::Error::from(io::ErrorKind::TimedOut);
    let system = io::Error::from_raw_os_error(44);
    let custom = io::Error::new(io::ErrorKind::NotFound, Broken { _code: 7 });
    let message = io::Read::read_exact(&mut &[0u8][..], &mut [0; 4]).unwrap_err();
    let failed: io::Result<u8> = Err(io::ErrorKind::AddrInUse.into());
    keep!(kind, system, custom, message, failed);
    iterators(count + 1)
}

#[inline(never)]
fn addresses(count: usize) -> usize {
    let v4 = Ipv4Addr::new(127, 0, 0, 1);
    let v6 = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1);
    let ip = [IpAddr::V4(v4), IpAddr::V6(v6)];
    let socket = SocketAddrV4::new(v4, 80);
    let scoped = SocketAddrV6::new(v6, 443, 0, 2);
    let either = [SocketAddr::V4(socket), SocketAddr::V6(scoped)];
    keep!(v4, v6, ip, socket, scoped, either);
    NUMBERS.with(|numbers| numbers.borrow_mut()[1] = 9);
    LEVEL.set(6);
    errors(count + 1)
}

fn main() {
    std::process::exit(addresses(std::env::args().count()) as i32);
}
