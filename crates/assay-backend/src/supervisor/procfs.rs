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

/// What a runner and all that it started take together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    /// Live processes.
    pub(crate) processes: usize,
    /// Resident bytes; pages that processes share count once for each.
    pub(crate) resident_bytes: u64,
}

/// The footprint of the process group `leader` and of everything that descends from its leader.
pub(crate) fn footprint(leader: Pid) -> Footprint {
    let all = processes();
    let mut members = below(leader, &all);
    members.extend(all.iter().filter(|process| process.group == leader).map(|process| process.pid));
    members.sort_unstable();
    members.dedup();
    let resident_bytes = members.iter().copied().filter_map(resident_bytes).sum();
    Footprint { processes: members.len(), resident_bytes }
}

/// Live processes that descend from `ancestor`, itself left out.
pub(crate) fn descendants(ancestor: Pid) -> Vec<Live> {
    let mut all = processes();
    let found = below(ancestor, &all);
    all.retain(|process| found.contains(&process.pid));
    all
}

/// Live processes that are of `group`, or carry `token` in the environment they were started with, or are among `known`.
pub(crate) fn family(group: Pid, token: &str, known: &[Live]) -> Vec<Pid> {
    let entry = format!("{TOKEN_VARIABLE}={token}");
    let is_known = |process: &Live| known.iter().any(|known| known.pid == process.pid && known.start == process.start);
    let belongs =
        |process: &Live| process.group == group || is_known(process) || environment_has(process.pid, entry.as_bytes());
    processes().into_iter().filter(belongs).map(|process| process.pid).collect()
}

/// Sends SIGKILL to every one of `processes`. One that is already gone is what was wanted.
pub(crate) fn kill_all(processes: &[Pid]) {
    for &pid in processes {
        let _ = kill(pid, Signal::SIGKILL);
    }
}

/// A process that is neither gone nor a zombie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Live {
    pid: Pid,
    parent: Pid,
    group: Pid,
    /// When it was started, in ticks since the system was: ids are used again.
    start: u64,
}

impl Live {
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }
}

fn processes() -> Vec<Live> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(io::Result::ok)
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok().map(Pid::from_raw)?;
            let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
            parse_stat(pid, &String::from_utf8_lossy(&stat))
        })
        .collect()
}

fn below(ancestor: Pid, all: &[Live]) -> Vec<Pid> {
    let mut found: Vec<Pid> = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for process in all.iter().filter(|process| process.parent == parent && process.pid != ancestor) {
            // Ids are used again: what was read bit by bit may hold a cycle.
            if !found.contains(&process.pid) {
                found.push(process.pid);
                parents.push(process.pid);
            }
        }
    }
    found
}

/// What `pid (name) state ppid pgrp …` says, unless it is a zombie; the name may hold anything, parentheses and spaces
/// too.
fn parse_stat(pid: Pid, stat: &str) -> Option<Live> {
    /// Fields between group and start time.
    const BETWEEN: usize = 16;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = Pid::from_raw(fields.next()?.parse().ok()?);
    let group = Pid::from_raw(fields.next()?.parse().ok()?);
    let start = fields.nth(BETWEEN)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(Live { pid, parent, group, start })
}

fn environment_has(pid: Pid, entry: &[u8]) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| environment.split(|&byte| byte == 0).any(|e| e == entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_group_are_read_behind_any_process_name_and_zombies_have_none() {
        let pid = Pid::from_raw(12);
        let behind = "1 34 34 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 9876543 1000 200";
        let live = Live { pid, parent: Pid::from_raw(1), group: Pid::from_raw(34), start: 9_876_543 };
        assert_eq!(parse_stat(pid, &format!("12 (a) b (c) S {behind}")), Some(live));
        assert_eq!(parse_stat(pid, &format!("12 (x) Z {behind}")), None);
        assert_eq!(parse_stat(pid, "12 (x) S 1 34 34 0"), None);
        assert_eq!(parse_stat(pid, "12 x"), None);
    }

    #[test]
    fn descent_is_followed_to_its_end_and_a_cycle_ends_too() {
        let live = |pid, parent| {
            let (pid, parent) = (Pid::from_raw(pid), Pid::from_raw(parent));
            Live { pid, parent, group: pid, start: 1 }
        };
        let all = [live(2, 1), live(3, 2), live(4, 3), live(5, 1), live(6, 7), live(7, 6)];
        let pids = |ancestor| below(Pid::from_raw(ancestor), &all).into_iter().map(Pid::as_raw).collect::<Vec<_>>();
        assert_eq!(pids(2), [3, 4]);
        assert_eq!(pids(5), [0; 0]);
        assert_eq!(pids(6), [7]);
    }

    #[test]
    fn this_process_has_a_size_and_is_found_by_its_group() {
        let own = Pid::this();
        assert!(resident_bytes(own).unwrap() > 100_000);
        assert!(peak_resident_bytes(own).unwrap() > 100_000);
        let group = nix::unistd::getpgrp();
        assert!(family(group, "no such token", &[]).contains(&own));
        let this = processes().into_iter().find(|process| process.pid == own).unwrap();
        let nobody = Pid::from_raw(i32::MAX);
        assert_eq!(family(nobody, "no such token", &[this]), [own]);
        assert_eq!(family(nobody, "no such token", &[Live { start: this.start + 1, ..this }]), []);
        let found = footprint(group);
        assert!(found.processes >= 1 && found.resident_bytes >= 100_000, "{found:?}");
    }
}
