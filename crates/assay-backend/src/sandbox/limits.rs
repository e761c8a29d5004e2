//! Resource limits that hold whatever a runner does. They are far beyond any use: the supervisor's own limits are to be
//! reached first, and say more.
//!
//! For runners the length of files is not among them: SP1's executor keeps guest memory in a file in memory of 2^41 bytes, almost all
//! of them holes, which the kernel holds to that limit as it does files on disk. The supervisor watches the disk.

use nix::{
    errno::Errno,
    sys::resource::{Resource, getrlimit, rlim_t, setrlimit},
};

use super::{Layer, LayerReport, Tenant};

/// Most open descriptors. A prover has dozens.
pub(crate) const DESCRIPTORS_MAX: rlim_t = 4096;

/// Most open descriptors of a native guest, which has five.
const GUEST_DESCRIPTORS_MAX: rlim_t = 64;

/// Most threads of the user, all programs together. The kernel does not hold user 0 to it.
pub(crate) const THREADS_MAX: rlim_t = 16_384;

/// One byte, not zero: of zero the kernel says that it does not bind cores which go to a program (`core_pattern` with a
/// pipe), and of one that nothing is dumped at all.
pub(crate) const CORE_BYTES_MAX: rlim_t = 1;

const LIMITS: [(Resource, rlim_t, &str); 5] = [
    (Resource::RLIMIT_CORE, CORE_BYTES_MAX, "core"),
    (Resource::RLIMIT_NOFILE, DESCRIPTORS_MAX, "descriptors"),
    (Resource::RLIMIT_NPROC, THREADS_MAX, "threads"),
    // Queues outlive whoever made them.
    (Resource::RLIMIT_MSGQUEUE, 0, "message queues"),
    (Resource::RLIMIT_RTPRIO, 0, "real-time priority"),
];

/// For native guests beside those. What is written to a file in memory counts as nobody's memory, so that there is none;
/// pipes are not held to it.
const GUEST_LIMITS: [(Resource, rlim_t, &str); 2] =
    [(Resource::RLIMIT_FSIZE, 0, "file length"), (Resource::RLIMIT_NOFILE, GUEST_DESCRIPTORS_MAX, "descriptors")];

/// Lowers every limit that is above ours, for good.
pub(super) fn set_limits(tenant: Tenant) -> LayerReport {
    let layer = Layer::ResourceLimits;
    let mut told = Vec::new();
    let more: &[_] = match tenant {
        Tenant::Runner | Tenant::Build => &[],
        Tenant::Guest => &GUEST_LIMITS,
    };
    for &(resource, limit, name) in LIMITS.iter().chain(more) {
        match lower(resource, limit) {
            Ok(limit) => told.push(format!("{name} {limit}")),
            Err(errno) => return LayerReport::unavailable(layer, format!("{name}: {errno}")),
        }
    }
    LayerReport::enforced(layer, told.join(", "))
}

fn lower(resource: Resource, limit: rlim_t) -> Result<rlim_t, Errno> {
    let (_, hard) = getrlimit(resource)?;
    let limit = limit.min(hard);
    setrlimit(resource, limit, limit)?;
    Ok(limit)
}
