//! The guest of the conformance kit: the first byte of the input says what it does, the rest with what.
//!
//! It reads its input as it is and with no decoder, because inputs of every length are cases. Some acts break the rules
//! that guests have, to see what becomes of one that does. The kit (`crates/assay-conform`, `cases/act.rs`) has the same
//! numbers and knows what must come out of each.
#![cfg_attr(target_os = "none", no_std, no_main)]
#![expect(unsafe_code, reason = "acts that break rules do it by raw pointers: there is no other way to")]

extern crate alloc;

use alloc::vec::Vec;
use core::{
    hint::black_box,
    mem::MaybeUninit,
    ptr::{self, with_exposed_provenance, with_exposed_provenance_mut},
    slice,
};

use assay_guest_rt::{abort, log, read_input, write_output};

/// What an unknown act, or one that lacks its arguments, exits with.
const UNKNOWN: u8 = 99;

assay_guest_rt::main!(run);

fn run() -> u8 {
    let input = read_input();
    let Some((&act, rest)) = input.split_first() else {
        measure(input);
        return 0;
    };
    match (act, Arguments(rest)) {
        (0, _) => measure(input),
        (1, _) => write_output(&[u8::from(reads_are_one())]),
        (2, _) => write_output(&[u8::from(reads_are_one_after_work())]),
        (3, _) => store_into_input(input),
        (4, arguments) => pieces(arguments),
        (5, _) => write_output(input),
        (6, _) => order(),
        (7, mut arguments) => {
            write_output(b"before");
            return arguments.byte();
        }
        (8, _) => {
            write_output(b"before");
            abort()
        }
        (9, _) => {
            write_output(b"before");
            panic!("as asked")
        }
        (10, mut arguments) => write_output(&descend::<256>(arguments.word()).to_le_bytes()),
        (11, mut arguments) => write_output(&descend::<65536>(arguments.word()).to_le_bytes()),
        (12, mut arguments) => (0..arguments.word()).for_each(|index| write_output(&[index as u8])),
        (13, mut arguments) => write_range(input, arguments.address(), arguments.address()),
        (14, mut arguments) => load(arguments.address()),
        (15, mut arguments) => store(arguments.address()),
        (16, mut arguments) => jump(arguments.address()),
        (17, _) => fill_the_heap(),
        (18, _) => overwrite_the_data(),
        (19, _) => {}
        _ => return UNKNOWN,
    }
    0
}

/// Little-endian numbers, one after the other; 0 where there are none left.
struct Arguments<'a>(&'a [u8]);

impl Arguments<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((taken, rest)) = self.0.split_first_chunk() else { return [0; N] };
        self.0 = rest;
        *taken
    }

    fn byte(&mut self) -> u8 {
        let [byte] = self.take();
        byte
    }

    fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    /// 64 bits, of which the platform takes those that its addresses have.
    fn address(&mut self) -> usize {
        u64::from_le_bytes(self.take()) as usize
    }
}

/// Length and hash (FNV-1a, 32 bits) of the whole input.
fn measure(input: &[u8]) {
    let hash = input.iter().fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    write_output(&(input.len() as u32).to_le_bytes());
    write_output(&hash.to_le_bytes());
}

/// Whether two calls give one pointer, one size and the same bytes.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.as_ptr() == other.as_ptr() && one.len() == other.len() && one == black_box(other)
}

fn reads_are_one() -> bool {
    let [first, second, third] = [read_input(), read_input(), read_input()];
    is_same(first, second) && is_same(first, third)
}

fn reads_are_one_after_work() -> bool {
    let first = read_input();
    let mut sum = 0u32;
    for index in 0..1u32 << 16 {
        sum = black_box(sum.wrapping_add(index));
    }
    is_same(first, read_input()) && sum != 0
}

fn store_into_input(input: &[u8]) {
    store(input.as_ptr().expose_provenance());
    write_output(b"stored");
}

/// As many writes as there are lengths, of bytes that go on from one to the next.
fn pieces(mut arguments: Arguments<'_>) {
    let mut next = 0u32;
    while !arguments.0.is_empty() {
        let length = arguments.word();
        let bytes: Vec<u8> =
            (next..next.saturating_add(length)).map(|index| (index.wrapping_mul(7) >> 1) as u8).collect();
        write_output(&bytes);
        next = next.saturating_add(length);
    }
}

struct WritesLast;

impl Drop for WritesLast {
    fn drop(&mut self) {
        write_output(b"9");
    }
}

#[inline(never)]
fn write_two() {
    write_output(b"2");
    write_three();
}

#[inline(never)]
fn write_three() {
    write_output(b"3");
}

#[inline(never)]
fn count_down(number: u8) {
    if number > b'4' {
        count_down(number - 1);
    }
    write_output(&[number]);
}

/// Output of several functions, with a log in between.
fn order() {
    let _last = WritesLast;
    write_output(b"1");
    log("between one and two\n");
    write_two();
    log("between three and four\n");
    count_down(b'7');
    let eight = |bytes: &[u8]| write_output(bytes);
    eight(b"8");
}

/// Calls itself `depth` times, with so many bytes on the stack each time, and gives the depth that was reached.
#[inline(never)]
fn descend<const BYTES: usize>(depth: u32) -> u32 {
    if depth == 0 {
        return 0;
    }
    let mut frame = MaybeUninit::<[u8; BYTES]>::uninit();
    let place = black_box(frame.as_mut_ptr()).cast::<u32>();
    // SAFETY: the array has room for four bytes, which are aligned by nothing and need not be for these functions.
    unsafe { place.write_unaligned(depth) };
    let below = descend::<BYTES>(black_box(depth - 1));
    // SAFETY: the same four bytes.
    let kept = unsafe { black_box(place).read_unaligned() };
    if kept == depth { below + 1 } else { u32::MAX }
}

/// Writes out a range of addresses that may be none of this guest's; address 0 stands for the input's.
fn write_range(input: &[u8], address: usize, length: usize) {
    let address = if address == 0 { input.as_ptr().expose_provenance() } else { address };
    let address = with_exposed_provenance(black_box(address));
    // SAFETY: none; what the platform does about it is what is asked.
    write_output(unsafe { slice::from_raw_parts(address, black_box(length)) });
}

fn load(address: usize) {
    // SAFETY: none; what the platform does about it is what is asked.
    let found: u32 = unsafe { ptr::read_volatile(with_exposed_provenance(black_box(address))) };
    write_output(&found.to_le_bytes());
}

fn store(address: usize) {
    // SAFETY: none; what the platform does about it is what is asked.
    unsafe { ptr::write_volatile(with_exposed_provenance_mut(black_box(address)), 0xa5_u8) };
}

fn jump(address: usize) {
    // SAFETY: none; what the platform does about it is what is asked.
    let function = unsafe { core::mem::transmute::<usize, extern "C" fn()>(black_box(address)) };
    function();
}

/// Allocates until there is nothing left.
fn fill_the_heap() {
    for _ in 0..1 << 16 {
        black_box(alloc::vec![0u8; 1 << 20].leak());
    }
}

/// Overwrites all data that can be written (`.data` and `.bss`), where the runtime keeps what it knows, and reads the input
/// again.
#[cfg(target_os = "none")]
fn overwrite_the_data() {
    unsafe extern "C" {
        /// First address of the data (`build.rs`).
        static _data_start: u8;
        /// First address behind the image.
        static _heap_start: u8;
    }
    let [start, end] = [&raw const _data_start, &raw const _heap_start].map(|symbol| symbol.expose_provenance());
    for address in (start..end).rev() {
        store(address);
    }
    write_output(read_input());
}

/// A process has no such place.
#[cfg(not(target_os = "none"))]
fn overwrite_the_data() {}
