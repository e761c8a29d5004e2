//! Landlock: which files may be read, written and executed.
//!
//! Everything is forbidden but what is listed. Pipes that a process already has are no files to Landlock.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read as _},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use object::{
    Endianness,
    elf::FileHeader64,
    read::elf::{FileHeader as _, ProgramHeader as _},
};

use super::{Layer, LayerReport, LayerState};

/// Rights of this version are asked for, as far as the kernel has them.
const ASKED: ABI = ABI::V6;

/// What the layer's promise takes: since this version files that may not be written cannot be truncated either. What
/// later versions add (network, signals, devices) other layers and rules forbid as well.
const NEEDED: ABI = ABI::V3;

/// Where libraries, time zones and the like are; programs too, but they cannot be executed. `/proc` shows other
/// processes' names and states; their memory, environment and descriptors it does not show to whom Landlock holds.
const SYSTEM: [&str; 10] = [
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix/store",
    "/gnu/store",
    "/proc",
    "/sys",
    "/etc/ld.so.cache",
    "/etc/localtime",
];

/// Devices that every program may take for granted.
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Bytes at the beginning of a program in which its headers and the name of its loader are looked for.
const HEADERS_BYTES_MAX: u64 = 64 * 1024;

/// What a process may do with files.
pub(super) struct Permissions<'a> {
    /// May be executed; its loader, too.
    pub(super) program: &'a Path,
    /// May be read and written, where there is one.
    pub(super) work_folder: Option<&'a Path>,
    /// May be read.
    pub(super) readable: &'a [PathBuf],
    /// Folders that a build may write in, and start programs from; it may read and start whatever the user may.
    pub(super) building_in: Option<&'a [PathBuf]>,
}

/// Forbids all but `permissions` to this thread, for good.
pub(super) fn restrict(permissions: &Permissions<'_>) -> LayerReport {
    match enforce(permissions) {
        Ok(status) => describe(&status.landlock, &status.ruleset),
        Err(error) => LayerReport::unavailable(Layer::Files, error),
    }
}

fn enforce(permissions: &Permissions<'_>) -> Result<RestrictionStatus, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let run = AccessFs::ReadFile | AccessFs::Execute;
    let device = AccessFs::ReadFile | AccessFs::WriteFile;
    let (everything, built) = match permissions.building_in {
        Some(built) => (Some("/"), built),
        None => (None, &[][..]),
    };
    let executable = std::iter::once(permissions.program.to_owned()).chain(loader_of(permissions.program));
    Ruleset::default()
        .handle_access(AccessFs::from_all(ASKED))?
        .handle_access(AccessNet::from_all(ASKED))?
        .scope(Scope::from_all(ASKED))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, read))?
        .add_rules(path_beneath_rules(permissions.readable, read))?
        .add_rules(path_beneath_rules(DEVICES, device))?
        .add_rules(path_beneath_rules(executable, run))?
        .add_rules(path_beneath_rules(permissions.work_folder, in_work_folder()))?
        .add_rules(path_beneath_rules(everything, read | AccessFs::Execute))?
        .add_rules(path_beneath_rules(built, where_it_builds()))?
        .restrict_self()
}

/// Everything with regular files, folders and links. Links lead nowhere that is not permitted by itself.
fn in_work_folder() -> BitFlags<AccessFs> {
    let never = AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::MakeSock | AccessFs::MakeFifo;
    AccessFs::from_all(ASKED) & !never
}

/// Everything but devices: compilers make pipes and sockets with names, and start what they built.
fn where_it_builds() -> BitFlags<AccessFs> {
    AccessFs::from_all(ASKED) & !(AccessFs::MakeChar | AccessFs::MakeBlock)
}

fn describe(landlock: &LandlockStatus, ruleset: &RulesetStatus) -> LayerReport {
    let layer = Layer::Files;
    let abi = match *landlock {
        LandlockStatus::NotImplemented => return LayerReport::unavailable(layer, "the kernel has no Landlock"),
        LandlockStatus::NotEnabled => {
            return LayerReport::unavailable(layer, "Landlock is switched off in this kernel");
        }
        LandlockStatus::Available { effective_abi, kernel_abi } => kernel_abi.unwrap_or(effective_abi as i32),
    };
    if *ruleset == RulesetStatus::NotEnforced {
        return LayerReport::unavailable(layer, "Landlock did not take the rules");
    }
    let detail = format!("Landlock ABI {abi}");
    if abi < NEEDED as i32 {
        let detail = format!("{detail}: files outside of the work folder can be truncated; that takes ABI 3");
        return LayerReport { layer, state: LayerState::Partly, detail };
    }
    LayerReport::enforced(layer, detail)
}

/// The loader that a program names; `None` for one that needs none, and for what is no ELF program of 64 bits.
fn loader_of(program: &Path) -> Option<PathBuf> {
    let mut head = Vec::new();
    File::open(program).and_then(|file| read_head(file, &mut head)).ok()?;
    interpreter(&head)
}

fn read_head(file: File, head: &mut Vec<u8>) -> io::Result<usize> {
    file.take(HEADERS_BYTES_MAX).read_to_end(head)
}

fn interpreter(head: &[u8]) -> Option<PathBuf> {
    let header = FileHeader64::<Endianness>::parse(head).ok()?;
    let endian = header.endian().ok()?;
    let headers = header.program_headers(endian, head).ok()?;
    let name = headers.iter().find_map(|program| program.interpreter(endian, head).ok().flatten())?;
    Some(PathBuf::from(OsStr::from_bytes(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_a_program_is_found_and_what_has_none_gives_none() {
        let own = std::env::current_exe().unwrap();
        // Programs that are linked statically have none.
        let loader = loader_of(&own).unwrap_or_else(|| own.clone());
        assert!(loader.is_absolute() && loader.exists(), "{}", loader.display());
        #[cfg(target_env = "gnu")]
        assert_ne!(loader, own);
        assert_eq!(interpreter(b"#!/bin/sh\n"), None);
        assert_eq!(interpreter(&[0x7f, b'E', b'L', b'F']), None);
        assert_eq!(loader_of(Path::new("/nonexistent")), None);
    }

    #[test]
    fn a_hostile_program_header_gives_no_loader() {
        let own = std::env::current_exe().unwrap();
        let mut head = Vec::new();
        read_head(File::open(own).unwrap(), &mut head).unwrap();
        for at in 0..512.min(head.len()) {
            let mut changed = head.clone();
            changed[at] ^= 0xff;
            let _ = interpreter(&changed);
            let _ = interpreter(&head[..at]);
        }
    }

    #[test]
    fn an_old_landlock_is_part_of_the_layer_and_none_is_nothing_of_it() {
        let state = |abi| {
            let landlock = LandlockStatus::Available { effective_abi: abi, kernel_abi: None };
            describe(&landlock, &RulesetStatus::PartiallyEnforced).state
        };
        assert_eq!([ABI::V1, ABI::V2].map(state), [LayerState::Partly; 2]);
        assert_eq!([ABI::V3, ABI::V6, ABI::V7].map(state), [LayerState::Enforced; 3]);
        for landlock in [LandlockStatus::NotEnabled, LandlockStatus::NotImplemented] {
            assert_eq!(describe(&landlock, &RulesetStatus::NotEnforced).state, LayerState::Unavailable);
        }
        let new = LandlockStatus::Available { effective_abi: ABI::V6, kernel_abi: Some(40) };
        assert_eq!(describe(&new, &RulesetStatus::FullyEnforced).detail, "Landlock ABI 40");
        assert_eq!(describe(&new, &RulesetStatus::NotEnforced).state, LayerState::Unavailable);
    }
}
