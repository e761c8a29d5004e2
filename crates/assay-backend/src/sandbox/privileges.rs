//! Layers that are one call each: privileges, session, reaper.

use std::fs;

use caps::{CapSet, CapsHashSet};
use nix::{
    sys::{
        prctl,
        stat::{Mode, umask},
    },
    unistd::setsid,
};

use super::{Layer, LayerReport};

/// Sets that a process can do without, in the order in which they can be given away: without the effective ones nothing
/// can be taken out of the bounding set.
const GIVEN_AWAY: [CapSet; 5] =
    [CapSet::Bounding, CapSet::Ambient, CapSet::Inheritable, CapSet::Effective, CapSet::Permitted];

/// Makes the kernel end this process before others when memory runs out, and its files private. Neither is a layer:
/// the first is forbidden in some containers, and no protection of the system rests on either.
pub(super) fn be_modest() {
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
    umask(Mode::from_bits_truncate(0o077));
}

/// No privileges, and none to be had by executing anything.
pub(super) fn drop_privileges() -> LayerReport {
    let layer = Layer::Privileges;
    if let Err(errno) = prctl::set_no_new_privs() {
        return LayerReport::unavailable(layer, format!("no_new_privs: {errno}"));
    }
    let had = match caps::read(None, CapSet::Permitted) {
        Ok(had) => had,
        Err(error) => return LayerReport::unavailable(layer, format!("capabilities: {error}")),
    };
    if had.is_empty() {
        return LayerReport::enforced(layer, "no_new_privs; there were no capabilities");
    }
    for set in GIVEN_AWAY {
        // Whoever may not empty the bounding set is not user 0 of the system, whom executing gives everything anew;
        // what is looked at below decides.
        let _ = caps::clear(None, set);
    }
    let left = caps::read(None, CapSet::Permitted).unwrap_or_else(|_| had.clone());
    let to_be_had = caps::read(None, CapSet::Bounding).unwrap_or_else(|_| CapsHashSet::new());
    let is_root = nix::unistd::geteuid().is_root();
    if !left.is_empty() || (is_root && !to_be_had.is_empty()) {
        return LayerReport::unavailable(layer, "capabilities cannot be given away");
    }
    LayerReport::enforced(layer, format!("no_new_privs; {} capabilities given away", had.len()))
}

/// A session and a process group whose number is this process's id.
pub(super) fn own_session() -> LayerReport {
    match setsid() {
        Ok(session) => LayerReport::enforced(Layer::Session, format!("session {session}")),
        Err(errno) => LayerReport::unavailable(Layer::Session, format!("setsid: {errno}")),
    }
}

/// Orphans among the descendants become this process's children, also after `exec`.
pub(super) fn become_reaper() -> LayerReport {
    match prctl::set_child_subreaper(true) {
        Ok(()) => LayerReport::enforced(Layer::Reaper, "orphans stay below the runner"),
        Err(errno) => LayerReport::unavailable(Layer::Reaper, format!("PR_SET_CHILD_SUBREAPER: {errno}")),
    }
}
