//! RISC Zero: system calls by name, the journal, and the digest of it that a proof commits to.
//!
//! Sources: `risc0-zkvm-platform` 2.2.3 (`syscall.rs`, `memory.rs`), `risc0-zkos-v1compat` 2.2.3 (the kernel), `risc0-zkvm`
//! 3.0.6 (`claim/receipt.rs`, `Output`) and `risc0-binfmt` 3.0.5 (`tagged_struct`). The digest is computed by the zkVM's
//! own SHA-256 call, which every guest of RISC Zero uses.

use core::{arch::asm, slice};

use super::{Single, heap};
use crate::report::Report;

const HALT: usize = 0;
const SOFTWARE: usize = 2;
const SHA: usize = 3;

const LOG_FD: usize = 2;
const JOURNAL_FD: usize = 3;

/// One system call: its number for the kernel and its name for the host.
struct SystemCall {
    number: usize,
    name: &'static str,
}

const SYS_PANIC: SystemCall = SystemCall { number: 9, name: "risc0_zkvm_platform::syscall::nr::SYS_PANIC\0" };
const SYS_READ: SystemCall = SystemCall { number: 12, name: "risc0_zkvm_platform::syscall::nr::SYS_READ\0" };
const SYS_WRITE: SystemCall = SystemCall { number: 16, name: "risc0_zkvm_platform::syscall::nr::SYS_WRITE\0" };

/// Bytes that are asked for at a time.
const READ_BYTES: usize = 1024;

static INPUT: Single<&[u8]> = Single::new(&[]);
static JOURNAL: Single<Sha256> = Single::new(Sha256::EMPTY);

/// Reads the whole input, whose length only its end tells.
pub(super) fn start() {
    let (buffer, room) = heap::free();
    let mut length = 0;
    loop {
        let wanted = READ_BYTES.min(room - length);
        // SAFETY: so much of the heap is free.
        let read = unsafe { read(buffer.add(length), wanted) };
        length += read;
        if read < wanted {
            break;
        }
        assert!(length < room, "the input does not fit the {room} bytes of the heap");
    }
    // The kernel writes zeros behind a short read.
    heap::take(length.next_multiple_of(READ_BYTES).min(room));
    // SAFETY: nothing else has the bytes, nothing writes them, and the guest does not outlive them.
    unsafe { *INPUT.get() = slice::from_raw_parts(buffer, length) };
}

pub(crate) fn read_input() -> &'static [u8] {
    // SAFETY: only `start` writes it.
    unsafe { *INPUT.get() }
}

pub(crate) fn write_output(bytes: &[u8]) {
    write(JOURNAL_FD, bytes);
    // SAFETY: the reference ends with the statement.
    unsafe { JOURNAL.get() }.update(bytes);
}

pub(crate) fn log(text: &str) {
    write(LOG_FD, text.as_bytes());
}

pub(crate) fn exit(code: u8) -> ! {
    let digest = output_digest();
    // Type 0, terminate, in the low byte.
    let a0 = usize::from(code) << 8;
    // SAFETY: the call reads the digest and does not return.
    unsafe {
        asm!("ecall", in("t0") HALT, in("a0") a0, in("a1") digest.0.as_ptr().expose_provenance(), options(noreturn, nostack))
    }
}

pub(super) fn panic(report: &Report) -> ! {
    let text = report.text();
    // SAFETY: the call reads name and text.
    unsafe {
        asm!(
            "ecall",
            in("t0") SOFTWARE,
            in("t6") SYS_PANIC.number,
            inlateout("a0") 0usize => _,
            inlateout("a1") 0usize => _,
            in("a2") SYS_PANIC.name.as_ptr().expose_provenance(),
            in("a3") text.as_ptr().expose_provenance(),
            in("a4") text.len(),
            options(nostack),
        );
    }
    // The host has ended the guest.
    exit(crate::PANIC_EXIT_CODE)
}

/// How many bytes were read: fewer than wanted only at the end of the input.
///
/// # Safety
///
/// `buffer` must have `wanted` bytes that the caller may write.
unsafe fn read(buffer: *mut u8, wanted: usize) -> usize {
    let read;
    // SAFETY: the call reads the name and writes the buffer.
    unsafe {
        asm!(
            "ecall",
            in("t0") SOFTWARE,
            in("t6") SYS_READ.number,
            inlateout("a0") buffer.expose_provenance() => read,
            inlateout("a1") wanted => _,
            in("a2") SYS_READ.name.as_ptr().expose_provenance(),
            in("a3") 0usize,
            in("a4") wanted,
            options(nostack),
        );
    }
    read
}

fn write(descriptor: usize, bytes: &[u8]) {
    // SAFETY: the call reads name and bytes.
    unsafe {
        asm!(
            "ecall",
            in("t0") SOFTWARE,
            in("t6") SYS_WRITE.number,
            inlateout("a0") 0usize => _,
            inlateout("a1") 0usize => _,
            in("a2") SYS_WRITE.name.as_ptr().expose_provenance(),
            in("a3") descriptor,
            in("a4") bytes.as_ptr().expose_provenance(),
            in("a5") bytes.len(),
            options(nostack),
        );
    }
}

/// The digest of `risc0.Output`: of its tag, of the journal and of no assumptions, and the number of digests.
fn output_digest() -> Aligned<DIGEST_BYTES> {
    // SAFETY: the reference ends with the statement; nothing is written to the journal any more.
    let journal = unsafe { JOURNAL.get() }.finish();
    let mut tag = Sha256::EMPTY;
    tag.update(b"risc0.Output");
    let mut output = Sha256::EMPTY;
    output.update(&tag.finish().0);
    output.update(&journal.0);
    output.update(&[0; DIGEST_BYTES]);
    output.update(&2u16.to_le_bytes());
    output.finish()
}

const DIGEST_BYTES: usize = 32;
const BLOCK_BYTES: usize = 64;
/// Where the length stands in the last block.
const LENGTH_OFFSET: usize = BLOCK_BYTES - 8;

/// Bytes on a word border, as the call takes them.
#[repr(C, align(4))]
pub(super) struct Aligned<const N: usize>(pub(super) [u8; N]);

/// SHA-256 by the zkVM's call, which compresses one block.
pub(super) struct Sha256 {
    /// Big-endian words; all zero before the first block, so that a static one takes no room in an image.
    state: Aligned<DIGEST_BYTES>,
    block: Aligned<BLOCK_BYTES>,
    /// Bytes so far.
    bytes: u64,
}

/// The initial state: square roots of the first primes (FIPS 180-4, 5.3.3), big-endian.
static INITIAL: Aligned<DIGEST_BYTES> = Aligned([
    0x6a, 0x09, 0xe6, 0x67, 0xbb, 0x67, 0xae, 0x85, 0x3c, 0x6e, 0xf3, 0x72, 0xa5, 0x4f, 0xf5, 0x3a, 0x51, 0x0e, 0x52,
    0x7f, 0x9b, 0x05, 0x68, 0x8c, 0x1f, 0x83, 0xd9, 0xab, 0x5b, 0xe0, 0xcd, 0x19,
]);

impl Sha256 {
    pub(super) const EMPTY: Self =
        Self { state: Aligned([0; DIGEST_BYTES]), block: Aligned([0; BLOCK_BYTES]), bytes: 0 };

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let used = self.used();
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - used));
            self.block.0[used..used + now.len()].copy_from_slice(now);
            self.bytes += now.len() as u64;
            if self.used() == 0 {
                self.compress(self.bytes == BLOCK_BYTES as u64);
            }
            bytes = later;
        }
    }

    /// The digest; the hash is of no more use.
    pub(super) fn finish(&mut self) -> Aligned<DIGEST_BYTES> {
        let length = self.bytes;
        let mut used = self.used();
        let mut first = length < BLOCK_BYTES as u64;
        self.block.0[used] = 0x80;
        used += 1;
        if used > LENGTH_OFFSET {
            self.block.0[used..].fill(0);
            self.compress(first);
            first = false;
            used = 0;
        }
        self.block.0[used..LENGTH_OFFSET].fill(0);
        self.block.0[LENGTH_OFFSET..].copy_from_slice(&(length * 8).to_be_bytes());
        self.compress(first);
        Aligned(self.state.0)
    }

    /// Bytes in the block.
    fn used(&self) -> usize {
        self.bytes as usize % BLOCK_BYTES
    }

    fn compress(&mut self, first: bool) {
        let before = if first { &raw const INITIAL } else { &raw const self.state };
        let block = (&raw const self.block).expose_provenance();
        // SAFETY: the call reads the state before and the block, and writes the state after.
        unsafe {
            asm!(
                "ecall",
                in("t0") SHA,
                in("a0") (&raw mut self.state).expose_provenance(),
                in("a1") before.expose_provenance(),
                in("a2") block,
                in("a3") block + DIGEST_BYTES,
                in("a4") 1usize,
                options(nostack),
            );
        }
    }
}
