//! What `/proc` says of a runner and of the processes that it started.

use std::{fs, io};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// Environment variable whose value names one runner process. Its descendants inherit it, so that those which left
/// the process group are found too.
pub(crate) const TOKEN_VARIABLE: &str = "ASSAY_RUNNER_TOKEN";

/// Resident bytes of one process; `None` when it is gone or a zombie.
pub(crate) fn resident_bytes(pid: Pid) -> Option<u64> {
    status_bytes(pid, "VmRSS:")
}

/// Greatest resident size of one process in its life so far.
pub(crate) fn peak_resident_bytes(pid: Pid) -> Option<u64> {
    status_bytes(pid, "VmHWM:")
}

fn status_bytes(pid: Pid, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// Resident bytes summed over a process group; pages that its processes share count once for each.
pub(crate) fn group_resident_bytes(group: Pid) -> u64 {
    processes().into_iter().filter(|&pid| live_group_of(pid) == Some(group)).filter_map(resident_bytes).sum()
}

/// Live processes that are of `group`, or carry `token` in the environment they were started with.
pub(crate) fn family(group: Pid, token: &str) -> Vec<Pid> {
    let entry = format!("{TOKEN_VARIABLE}={token}");
    processes()
        .into_iter()
        .filter(|&pid| {
            live_group_of(pid).is_some_and(|its_group| its_group == group || environment_has(pid, entry.as_bytes()))
        })
        .collect()
}

/// Sends SIGKILL to every one of `processes`. One that is already gone is what was wanted.
pub(crate) fn kill_all(processes: &[Pid]) {
    for &pid in processes {
        let _ = kill(pid, Signal::SIGKILL);
    }
}

fn processes() -> Vec<Pid> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(io::Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(Pid::from_raw))
        .collect()
}

/// The process group of a process that is neither gone nor a zombie.
fn live_group_of(pid: Pid) -> Option<Pid> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse_stat(&String::from_utf8_lossy(&stat))
}

/// `pid (name) state ppid pgrp …`; the name may hold anything, parentheses and spaces too.
fn parse_stat(stat: &str) -> Option<Pid> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    let state = fields.next()?;
    let group = fields.nth(1)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then(|| Pid::from_raw(group))
}

fn environment_has(pid: Pid, entry: &[u8]) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| environment.split(|&byte| byte == 0).any(|e| e == entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_is_read_behind_any_process_name_and_zombies_have_none() {
        assert_eq!(parse_stat("12 (a) b (c) S 1 34 34 0"), Some(Pid::from_raw(34)));
        assert_eq!(parse_stat("12 (x) Z 1 34 34 0"), None);
        assert_eq!(parse_stat("12 x"), None);
    }

    #[test]
    fn this_process_has_a_size_and_is_found_by_its_group() {
        let own = Pid::this();
        assert!(resident_bytes(own).unwrap() > 100_000);
        assert!(peak_resident_bytes(own).unwrap() > 100_000);
        assert!(family(nix::unistd::getpgrp(), "no such token").contains(&own));
        assert!(group_resident_bytes(nix::unistd::getpgrp()) >= 100_000);
    }
}
