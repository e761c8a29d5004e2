//! From the sink of the patched sources to the runner's records, a piece at a time: a shard's records are hundreds of
//! megabytes, and the sink holds them once already.

use std::{
    io::{self, Write},
    panic::resume_unwind,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use assay_spec::protocol::RunnerError;

use super::sink_error;
use crate::records::Records;

/// Pieces that wait, each a few hundred kilobytes.
const PIECES: usize = 4;

/// A piece of whole lines; none at the end of what [`Pipe::drain`] waits for.
type Piece = Option<Vec<u8>>;

/// What the sink writes, on its way to records. It is emptied whenever the sink is told to write.
#[derive(Debug)]
pub struct Pipe {
    sender: SyncSender<Piece>,
    receiver: Receiver<Piece>,
}

impl Default for Pipe {
    fn default() -> Self {
        let (sender, receiver) = sync_channel(PIECES);
        Self { sender, receiver }
    }
}

impl Pipe {
    /// The end that the sink writes to: whole lines in each piece.
    pub fn writer(&self) -> Box<dyn Write + Send> {
        Box::new(Writer(self.sender.clone()))
    }

    /// Does `work`, which makes the sink write, and puts what it writes into `records`.
    pub fn drain<T: Send>(
        &self,
        records: &mut Records<'_>,
        work: impl FnOnce() -> io::Result<T> + Send,
    ) -> Result<T, RunnerError> {
        let end = End(self.sender.clone());
        thread::scope(|scope| {
            let working = scope.spawn(move || {
                let _end = end;
                work()
            });
            let mut taken = Ok(true);
            while let Ok(Some(piece)) = self.receiver.recv() {
                // To the end even after an error: the sink waits for somebody to take what it writes.
                if taken.is_ok() {
                    taken = records.push_lines(&piece);
                }
            }
            // A panic goes on here: whoever catches it knows what was said and where.
            let worked = working.join().unwrap_or_else(|panic| resume_unwind(panic));
            taken?;
            worked.map_err(|reason| sink_error(&reason))
        })
    }
}

struct Writer(SyncSender<Piece>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(Some(bytes.to_vec())).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Says that there is nothing more, however the work ends.
struct End(SyncSender<Piece>);

impl Drop for End {
    fn drop(&mut self) {
        // Nobody listens any more: then nobody waits.
        let _ = self.0.send(None);
    }
}
