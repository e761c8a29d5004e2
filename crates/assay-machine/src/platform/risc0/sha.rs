//! The SHA-256 service: compresses blocks that lie in guest memory.
//!
//! State and message are big-endian words in memory (`risc0-circuit-rv32im` 4.0.5, `execute/sha2.rs`). Addresses are
//! rounded down to words there. A block's halves may lie apart (`risc0-zkos-v1compat` 2.2.3, `ecall_sha`), but then only
//! one block can be meant: the kernel would go on reading behind its own copy.

use assay_spec::TrapKind;
use assay_spec::platform::RISC0_USER_START;

use super::{A0, A1, A2, A3, A4, DIGEST_BYTES, DIGEST_WORDS, in_user_memory};
use crate::code::WORD_BYTES;
use crate::machine::Machine;
use crate::outcome::End;
use crate::sha256;
use crate::word::Word;

/// Bytes of a block.
const BLOCK_BYTES: u64 = 64;
/// The kernel compresses this many blocks at a time, and the state goes through memory in between.
const BLOCKS_TOGETHER: u64 = 10;
/// Most blocks of one call here: 64 MiB.
const BLOCKS_MAX: u64 = 1 << 20;

/// Where the blocks of a call are.
enum Message {
    Contiguous(u64),
    Halves(u64, u64),
}

pub(super) fn call<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let [out, state_in, first, second] = [A0, A1, A2, A3].map(|register| machine.register(register));
    let count = machine.argument(A4);
    machine.argument(A3);
    let message = message(machine, first, second, count)?;
    let [out, mut state_in] = [out, state_in].map(rounded_down);
    for (name, address) in [("the state it reads", state_in), ("the state it writes", out)] {
        check(machine, name, address, DIGEST_BYTES)?;
    }
    let mut done = 0;
    loop {
        let together = (count - done).min(BLOCKS_TOGETHER);
        copy_state(machine, state_in, out)?;
        let mut state = read_words(machine, out);
        for block in done..done + together {
            let schedule = sha256::schedule(read_block(machine, &message, block));
            state = sha256::compress(state, &schedule);
            for (word, address) in state.into_iter().zip((out..).step_by(4)) {
                machine.give(address, &word.to_be_bytes())?;
            }
        }
        done += together;
        if done == count {
            return Ok(());
        }
        state_in = out;
    }
}

fn rounded_down(address: u64) -> u64 {
    address / WORD_BYTES * WORD_BYTES
}

fn message<X: Word>(machine: &Machine<'_, X>, first: u64, second: u64, count: u64) -> Result<Message, End> {
    if count > BLOCKS_MAX {
        return Err(machine.unsupported(&format!(
            "sha was asked to compress {count} blocks; this machine takes up to {BLOCKS_MAX} at a time"
        )));
    }
    if second == (first + DIGEST_BYTES) & u64::from(u32::MAX) {
        let first = rounded_down(first);
        check(machine, "the blocks", first, count * BLOCK_BYTES)?;
        return Ok(Message::Contiguous(first));
    }
    if count > 1 {
        return Err(machine.unsupported(&format!(
            "sha was given a block in halves and a count of {count}; RISC Zero's kernel would go on in its own memory"
        )));
    }
    if !first.is_multiple_of(WORD_BYTES) || !second.is_multiple_of(WORD_BYTES) {
        let message = format!("sha was given a block in halves at {first:#x} and {second:#x}, which must be aligned");
        return Err(machine.trap(TrapKind::BadCallArgument, Some(first), message));
    }
    check(machine, "the first half of the block", first, DIGEST_BYTES)?;
    check(machine, "the second half of the block", second, DIGEST_BYTES)?;
    Ok(Message::Halves(first, second))
}

/// The circuit refuses addresses below user memory. It takes the kernel's memory, which is not modelled.
fn check<X: Word>(machine: &Machine<'_, X>, what: &str, address: u64, size: u64) -> Result<(), End> {
    if in_user_memory(address, size) {
        return Ok(());
    }
    if address >= RISC0_USER_START {
        return Err(machine.unsupported(&format!(
            "sha was given {what} at {address:#x}, {size} bytes, which reach into the kernel's memory"
        )));
    }
    let message = format!("sha was given {what} at {address:#x}, {size} bytes, which is not all user memory");
    Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
}

/// Copies the state as the circuit does, word by word from the last of each half, which shows where the two overlap.
fn copy_state<X: Word>(machine: &mut Machine<'_, X>, from: u64, to: u64) -> Result<(), End> {
    for index in 0..4 {
        let offsets = [3 - index, 7 - index].map(|word: u64| word * WORD_BYTES);
        let words = offsets.map(|offset| machine.memory.peek(from + offset, 4) as u32);
        for (offset, word) in offsets.into_iter().zip(words) {
            machine.give(to + offset, &word.to_le_bytes())?;
        }
    }
    Ok(())
}

fn read_word<X: Word>(machine: &Machine<'_, X>, address: u64) -> u32 {
    (machine.memory.peek(address, 4) as u32).swap_bytes()
}

fn read_words<X: Word>(machine: &Machine<'_, X>, address: u64) -> [u32; DIGEST_WORDS as usize] {
    std::array::from_fn(|index| read_word(machine, address + index as u64 * WORD_BYTES))
}

fn read_block<X: Word>(machine: &Machine<'_, X>, message: &Message, block: u64) -> [u32; 16] {
    std::array::from_fn(|index| {
        let offset = index as u64 * WORD_BYTES;
        let address = match *message {
            Message::Contiguous(first) => first + block * BLOCK_BYTES + offset,
            Message::Halves(first, _) if offset < DIGEST_BYTES => first + offset,
            Message::Halves(_, second) => second + offset - DIGEST_BYTES,
        };
        read_word(machine, address)
    })
}
