//! Greatest resident size and processor time of this process, per request.

use std::time::Duration;

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};

/// Processor time that all threads of this process have taken so far, in user and kernel mode.
pub(crate) fn cpu_time() -> Duration {
    let time = |value: TimeVal| {
        Duration::from_secs(value.tv_sec().unsigned_abs()) + Duration::from_micros(value.tv_usec().unsigned_abs())
    };
    getrusage(UsageWho::RUSAGE_SELF).map_or(Duration::ZERO, |usage| time(usage.user_time()) + time(usage.system_time()))
}

/// Starts a new measurement where the kernel allows it; otherwise peaks are those since the process started.
pub(crate) fn reset_peak() {
    // 5 resets VmHWM (proc(5), clear_refs). A kernel that refuses leaves an upper bound, which is still true.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Greatest resident size in bytes since [`reset_peak`], where `/proc` is there to say so.
pub(crate) fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
