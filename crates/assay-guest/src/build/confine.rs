//! Starting a build that cannot write elsewhere: build scripts and macros of an unknown crate are programs that nobody
//! has looked at.
//!
//! They can read what the user can read. They can write below one folder only, and open no TCP connection, where the
//! kernel has Landlock for that; where it has not, they can do what the user can.

use std::{
    io,
    path::Path,
    process::{Child, Command},
    thread,
};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError,
    RulesetStatus, Scope, path_beneath_rules,
};

/// Rights of this version are asked for, as far as the kernel has them.
const ASKED: ABI = ABI::V6;

/// Devices that compilers write to.
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty"];

/// Starts `command` so that what it does can write below `writable` only; whether the kernel sees to that.
pub(super) fn spawn(command: &mut Command, writable: &Path) -> io::Result<(Child, bool)> {
    // Rules hold for a thread and for what it starts, for good: so a thread of its own has them.
    thread::scope(|scope| {
        let started = scope.spawn(|| {
            let held = restrict(writable).is_ok_and(|status| status != RulesetStatus::NotEnforced);
            Ok((command.spawn()?, held))
        });
        started.join().unwrap_or_else(|_| Err(io::Error::other("the thread that starts builds has panicked")))
    })
}

fn restrict(writable: &Path) -> Result<RulesetStatus, RulesetError> {
    let read = AccessFs::from_read(ASKED);
    let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(ASKED))?
        .handle_access(AccessNet::from_all(ASKED))?
        .scope(Scope::from_all(ASKED))?
        .create()?
        .add_rules(path_beneath_rules(["/"], read))?
        .add_rules(path_beneath_rules(DEVICES, device))?
        .add_rules(path_beneath_rules([writable], AccessFs::from_all(ASKED)))?
        .restrict_self()?;
    Ok(status.ruleset)
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Stdio};

    use super::*;

    #[test]
    fn a_build_writes_in_its_folder_and_not_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let inner = place.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo in > inner/a; echo out > b; cat inner/a > /dev/null"]).current_dir(place.path());
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let (mut child, held) = spawn(&mut command, &inner).unwrap();
        child.wait().unwrap();
        assert_eq!(fs::read_to_string(inner.join("a")).unwrap(), "in\n");
        assert_eq!(place.path().join("b").exists(), !held);
        // What was forbidden to the build is not forbidden to us.
        fs::write(place.path().join("c"), "").unwrap();
    }
}
