//! What a guest prints, kept apart from what this process prints.
//!
//! The SDK's `print_str` writes to the process's stdout, whoever that belongs to, again each time a run is repeated to
//! find where it stops. Here it is replaced by one that writes to a [`GuestLog`]: the text's head is kept for people,
//! its tail because that is where a guest says why it panics, and of the rest only the length.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openvm_circuit::{
    arch::{ExecutorInventoryBuilder, ExecutorInventoryError, PhantomSubExecutor, Streams, VmExecutionExtension},
    system::memory::online::{GuestMemory, LinearMemory},
};
use openvm_instructions::PhantomDiscriminant;
use openvm_rv32im_circuit::{
    Rv32I, Rv32IExecutor,
    adapters::{memory_read, read_rv32_register},
};
use openvm_rv32im_transpiler::Rv32Phantom;
use openvm_stark_backend::p3_field::PrimeField32;
use rand::rngs::StdRng;

use crate::machine::MEMORY;

/// Most bytes of a guest's text that are kept from its beginning.
pub const PRINTED_HEAD_BYTES_MAX: usize = 64 << 10;
/// Most bytes of a guest's text that are kept from its end.
pub const PRINTED_TAIL_BYTES_MAX: usize = 4 << 10;

/// What a guest printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Its beginning, at most [`PRINTED_HEAD_BYTES_MAX`] bytes.
    pub head: Vec<u8>,
    /// Its end, at most [`PRINTED_TAIL_BYTES_MAX`] bytes, which may overlap with the beginning.
    pub tail: Vec<u8>,
    /// How many bytes it was.
    pub bytes: u64,
}

impl Printed {
    fn push(&mut self, text: &[u8]) {
        let room = PRINTED_HEAD_BYTES_MAX - self.head.len();
        self.head.extend_from_slice(&text[..text.len().min(room)]);
        let end = &text[text.len().saturating_sub(PRINTED_TAIL_BYTES_MAX)..];
        let over = (self.tail.len() + end.len()).saturating_sub(PRINTED_TAIL_BYTES_MAX);
        self.tail.drain(..over);
        self.tail.extend_from_slice(end);
        self.bytes += text.len() as u64;
    }
}

/// Where a machine's guests print to. Takes text only between [`GuestLog::listen`] and [`GuestLog::take`], so that a
/// run that is repeated is not heard twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct GuestLog(Arc<Mutex<Option<Printed>>>);

impl GuestLog {
    fn lock(&self) -> MutexGuard<'_, Option<Printed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn listen(&self) {
        *self.lock() = Some(Printed::default());
    }

    /// What was printed since [`GuestLog::listen`].
    pub(crate) fn take(&self) -> Printed {
        self.lock().take().unwrap_or_default()
    }
}

/// The RV32I extension, printing to a log.
pub(crate) struct Rv32IWithLog<'a> {
    pub(crate) extension: &'a Rv32I,
    pub(crate) log: &'a GuestLog,
}

impl<F: PrimeField32> VmExecutionExtension<F> for Rv32IWithLog<'_> {
    type Executor = Rv32IExecutor;

    fn extend_execution(
        &self,
        inventory: &mut ExecutorInventoryBuilder<F, Rv32IExecutor>,
    ) -> Result<(), ExecutorInventoryError> {
        self.extension.extend_execution(inventory)?;
        let print = PhantomDiscriminant(Rv32Phantom::PrintStr as u16);
        // Within one extension the SDK puts the newer executor in the older one's place and then says that there was one.
        match inventory.add_phantom_sub_executor(Print(self.log.clone()), print) {
            Ok(()) | Err(ExecutorInventoryError::PhantomSubExecutorExists { .. }) => Ok(()),
            Err(reason) => Err(reason),
        }
    }
}

struct Print(GuestLog);

impl<F: PrimeField32> PhantomSubExecutor<F> for Print {
    /// As the SDK's own: text that is not UTF-8 is an error, and memory out of bounds is the memory's own panic.
    fn phantom_execute(
        &self,
        memory: &GuestMemory,
        _: &mut Streams<F>,
        _: &mut StdRng,
        _: PhantomDiscriminant,
        a: u32,
        b: u32,
        _: u16,
    ) -> eyre::Result<()> {
        let address = read_rv32_register(memory, a);
        let length = read_rv32_register(memory, b);
        let bytes = memory.memory.mem[MEMORY].as_slice();
        let text = match length {
            0 => Some([].as_slice()),
            _ => bytes.get(address as usize..).and_then(|rest| rest.get(..length as usize)),
        };
        let Some(text) = text else {
            let past_the_end = address.max(bytes.len() as u32);
            memory_read::<1>(memory, MEMORY as u32, past_the_end);
            eyre::bail!("print_str of {length} bytes at {address:#x}, which is out of bounds");
        };
        std::str::from_utf8(text)?;
        if let Some(printed) = self.0.lock().as_mut() {
            printed.push(text);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_tail_and_length_are_kept_however_text_is_cut_into_pieces() {
        let text: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        for piece in [1, 7, PRINTED_TAIL_BYTES_MAX, 100_000, text.len()] {
            let mut printed = Printed::default();
            text.chunks(piece).for_each(|piece| printed.push(piece));
            assert_eq!(printed.head, text[..PRINTED_HEAD_BYTES_MAX]);
            assert_eq!(printed.tail, text[text.len() - PRINTED_TAIL_BYTES_MAX..]);
            assert_eq!(printed.bytes, text.len() as u64);
        }
    }

    #[test]
    fn a_log_hears_only_while_it_listens() {
        let log = GuestLog::default();
        assert!(log.lock().is_none());
        log.listen();
        log.lock().as_mut().unwrap().push(b"hello");
        assert_eq!(log.take().head, b"hello");
        assert!(log.lock().is_none());
        assert_eq!(log.take(), Printed::default());
    }
}
