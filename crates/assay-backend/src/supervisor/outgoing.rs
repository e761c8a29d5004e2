//! Files that a sandboxed runner is to write where it cannot: it writes them into its work folder, and they are moved
//! when it has answered.
//!
//! What is there then is hostile: only a plain file is delivered, never a link that the runner put in its place.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use assay_spec::protocol::Request;
use nix::fcntl::OFlag;

use super::settings::CallLimits;

/// A file on its way out of the work folder.
#[derive(Debug)]
pub(crate) struct Outgoing {
    inside: PathBuf,
    asked: PathBuf,
    bytes_max: u64,
}

impl Outgoing {
    /// Changes `request`, and the limit on the file in `limits`, if it names a file outside of `work_folder`. `serial`
    /// is another for each request.
    pub(crate) fn redirect(
        request: &mut Request,
        limits: &mut CallLimits,
        work_folder: &Path,
        serial: u64,
    ) -> Option<Self> {
        let path = match request {
            Request::Trace(trace) => &mut trace.records_path,
            Request::Prove(prove) => &mut prove.proof_path,
            Request::Hello { .. }
            | Request::Describe
            | Request::Load { .. }
            | Request::Execute(_)
            | Request::Identify(_)
            | Request::Verify(_)
            | Request::Cancel { .. }
            | Request::Shutdown => return None,
        };
        let asked = PathBuf::from(&*path);
        if asked.is_relative() || asked.starts_with(work_folder) {
            return None;
        }
        let inside = work_folder.join(format!("outgoing-{serial}"));
        // A work folder whose name is no text cannot be told to a runner; the request fails at the runner then.
        inside.to_str()?.clone_into(path);
        let mut bytes_max = u64::MAX;
        if let Some(file) = limits.file.as_mut().filter(|file| file.path == asked) {
            file.path.clone_from(&inside);
            bytes_max = file.bytes_max;
        }
        Some(Self { inside, asked, bytes_max })
    }

    /// Moves the file to where it was asked for. None is no error: that is for the caller to find.
    pub(crate) fn deliver(self) -> io::Result<()> {
        match fs::rename(&self.inside, &self.asked) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => return self.copy(),
            Err(error) => return Err(error),
        }
        // Looked at where the runner can change it no more.
        if fs::symlink_metadata(&self.asked)?.is_file() {
            return Ok(());
        }
        let _ = fs::remove_file(&self.asked);
        Err(not_plain(&self.asked))
    }

    fn copy(&self) -> io::Result<()> {
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let source = File::options().read(true).custom_flags(flags.bits()).open(&self.inside)?;
        if !source.metadata()?.is_file() {
            return Err(not_plain(&self.asked));
        }
        let mut target = File::create(&self.asked)?;
        io::copy(&mut source.take(self.bytes_max), &mut target)?;
        Ok(())
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        // What a failed request left, and what was copied. Mostly it is gone already.
        let _ = fs::remove_file(&self.inside);
    }
}

fn not_plain(path: &Path) -> io::Error {
    io::Error::other(format!("what the runner wrote for {} is no plain file", path.display()))
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, time::Duration};

    use assay_spec::{
        bytes::Digest,
        protocol::{RecordSelection, RunRequest, TraceRequest},
    };
    use tempfile::TempDir;

    use super::*;
    use crate::supervisor::FileLimit;

    struct Bench {
        work: TempDir,
        elsewhere: TempDir,
    }

    impl Bench {
        fn new() -> Self {
            let folder = || tempfile::tempdir().unwrap();
            Self { work: folder(), elsewhere: folder() }
        }

        fn asked(&self) -> PathBuf {
            self.elsewhere.path().join("records")
        }

        fn redirect(&self, path: &Path) -> (String, PathBuf, Option<Outgoing>) {
            let path = path.to_str().unwrap().to_owned();
            let run = RunRequest { guest: Digest::of(b""), input_path: None, max_steps: 1, cost: false };
            let file = FileLimit { path: path.clone().into(), bytes_max: 3 };
            let records = RecordSelection::All;
            let mut request = Request::Trace(TraceRequest { run, records_path: path, records, max_records: 1 });
            let mut limits = CallLimits { wall: Duration::ZERO, memory_limit_bytes: 0, file: Some(file) };
            let outgoing = Outgoing::redirect(&mut request, &mut limits, self.work.path(), 7);
            let Request::Trace(trace) = request else { panic!("{request:?}") };
            (trace.records_path, limits.file.unwrap().path, outgoing)
        }

        fn outgoing(&self) -> Outgoing {
            self.redirect(&self.asked()).2.unwrap()
        }
    }

    #[test]
    fn a_file_outside_of_the_work_folder_is_written_inside_and_watched_there() {
        let bench = Bench::new();
        let (path, watched, outgoing) = bench.redirect(&bench.asked());
        assert_eq!(Path::new(&path), watched);
        assert!(watched.starts_with(bench.work.path()));
        fs::write(&path, b"abc").unwrap();
        outgoing.unwrap().deliver().unwrap();
        assert_eq!(fs::read(bench.asked()).unwrap(), b"abc");
        assert!(!watched.exists());
    }

    #[test]
    fn a_file_within_the_work_folder_and_requests_without_one_stay_as_they_are() {
        let bench = Bench::new();
        let inside = bench.work.path().join("x");
        let (path, _, outgoing) = bench.redirect(&inside);
        assert!(outgoing.is_none());
        assert_eq!(Path::new(&path), inside);
        let mut limits = CallLimits { wall: Duration::ZERO, memory_limit_bytes: 0, file: None };
        assert!(Outgoing::redirect(&mut Request::Describe, &mut limits, bench.work.path(), 7).is_none());
    }

    #[test]
    fn a_link_in_place_of_the_file_is_not_delivered() {
        let bench = Bench::new();
        let secret = bench.elsewhere.path().join("secret");
        fs::write(&secret, b"secret").unwrap();
        let outgoing = bench.outgoing();
        symlink(&secret, &outgoing.inside).unwrap();
        assert!(outgoing.copy().is_err());
        let error = outgoing.deliver().unwrap_err();
        assert!(error.to_string().contains("no plain file"), "{error}");
        assert!(fs::symlink_metadata(bench.asked()).is_err());
        assert_eq!(fs::read(secret).unwrap(), b"secret");
    }

    #[test]
    fn to_another_file_system_the_file_is_copied_as_far_as_its_limit() {
        let bench = Bench::new();
        let outgoing = bench.outgoing();
        fs::write(&outgoing.inside, b"abcdef").unwrap();
        outgoing.copy().unwrap();
        assert_eq!(fs::read(bench.asked()).unwrap(), b"abc");
    }

    #[test]
    fn nothing_to_deliver_is_no_error_and_nothing_stays_behind() {
        let bench = Bench::new();
        bench.outgoing().deliver().unwrap();
        let outgoing = bench.outgoing();
        fs::write(&outgoing.inside, b"half a rec").unwrap();
        drop(outgoing);
        assert_eq!(fs::read_dir(bench.work.path()).unwrap().count(), 0);
    }
}
