//! Seccomp: which system calls are refused.
//!
//! A list of what is refused, not of what is permitted: SDKs bring allocators, thread pools and code generators whose
//! needs change with every version, and none of them needs what is on the list. A refused call fails with `EPERM` as it
//! would for want of privileges; nothing is killed for trying.

use std::{collections::BTreeMap, env, ffi::CStr};

use libc::c_long;
use nix::unistd::Pid;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Is, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

use super::{Layer, LayerReport, Tenant};

/// Refused whatever the arguments.
const REFUSED: [c_long; 92] = [
    // The network. Sockets that need no address (`socketpair`) are dealt with below.
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // Other programs, other sessions: nothing leaves the process group.
    libc::SYS_execveat,
    libc::SYS_setsid,
    libc::SYS_setpgid,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_kcmp,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    // What lives on when the last process is gone.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semctl,
    libc::SYS_semtimedop,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // Owner, mode and attributes of files by their names, which are no writes to Landlock.
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchownat,
    libc::SYS_fchown,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    SETXATTRAT,
    REMOVEXATTRAT,
    FILE_SETATTR,
    libc::SYS_mknodat,
    // Files without names, which are beyond Landlock.
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    // What sees the world differently.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_open_tree,
    OPEN_TREE_ATTR,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_personality,
    // Much code of the kernel's for nobody: its own queue of calls (which are past any filter), programs in the
    // kernel, measuring, keys.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // The system itself.
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
];

// Younger than the C library's names for them; the same number on every architecture.
const FCHMODAT2: c_long = 452;
const SETXATTRAT: c_long = 463;
const REMOVEXATTRAT: c_long = 466;
const OPEN_TREE_ATTR: c_long = 467;
const FILE_SETATTR: c_long = 469;

/// Refused as well, where the architecture has them: mostly older names of the same things.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: [c_long; 14] = [
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_mknod,
    libc::SYS_kexec_file_load,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_vhangup,
];

/// Refused as well, where the architecture has them.
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: [c_long; 1] = [libc::SYS_vhangup];

/// What of it compilers and build tools do among themselves: groups of processes, modes and times of their own files,
/// named pipes, shared memory. Landlock holds all of it to where they build, but for modes and owners, which are the
/// user's own to lose.
const BUILDS_NEED: [c_long; 29] = [
    libc::SYS_setsid,
    libc::SYS_setpgid,
    libc::SYS_execveat,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semctl,
    libc::SYS_semtimedop,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchownat,
    libc::SYS_fchown,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    SETXATTRAT,
    REMOVEXATTRAT,
    libc::SYS_mknodat,
    libc::SYS_name_to_handle_at,
    libc::SYS_personality,
    libc::SYS_kcmp,
];

/// The same, where the architecture has them.
#[cfg(target_arch = "x86_64")]
const BUILDS_NEED_HERE: [c_long; 9] = [
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_mknod,
];

/// The same, where the architecture has them.
#[cfg(not(target_arch = "x86_64"))]
const BUILDS_NEED_HERE: [c_long; 0] = [];

/// Number from which on x86-64 has its calls a second time, for the ABI x32.
#[cfg(target_arch = "x86_64")]
const X32: u32 = 0x4000_0000;

/// Refuses the calls to this thread, for good. From here on only `program`, at the very address it is at, can be
/// executed.
pub(super) fn restrict(program: &CStr, tenant: Tenant) -> LayerReport {
    match filters(Pid::this(), program.as_ptr().addr() as u64, tenant) {
        Ok(filters) => apply(&filters, tenant),
        Err(error) => LayerReport::unavailable(Layer::Syscalls, error),
    }
}

fn apply(filters: &[BpfProgram], tenant: Tenant) -> LayerReport {
    let permitted = if tenant == Tenant::Build { BUILDS_NEED.len() + BUILDS_NEED_HERE.len() } else { 0 };
    let calls = REFUSED.len() + REFUSED_HERE.len() - permitted;
    for filter in filters {
        if let Err(error) = apply_filter(filter) {
            return LayerReport::unavailable(Layer::Syscalls, error);
        }
    }
    LayerReport::enforced(Layer::Syscalls, format!("{calls} system calls refused, and others by their arguments"))
}

/// The filters, for a process that may execute only what is named at the address `program`.
fn filters(own: Pid, program: u64, tenant: Tenant) -> Result<Vec<BpfProgram>, BackendError> {
    let arch = TargetArch::try_from(env::consts::ARCH)?;
    let mut refused: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in REFUSED.into_iter().chain(REFUSED_HERE) {
        refused.insert(call, Vec::new());
    }
    if tenant == Tenant::Build {
        refused.retain(|call, _| !BUILDS_NEED.contains(call) && !BUILDS_NEED_HERE.contains(call));
        refused.insert(libc::SYS_socketpair, vec![rule(vec![word(0, Is::Ne, libc::AF_UNIX as u64)?])?]);
        let refused = filter(refused, libc::EPERM, arch)?;
        return Ok([refused].into_iter().chain(other_abis()).collect());
    }
    refused.extend(by_argument(own, program)?);
    if tenant == Tenant::Guest {
        // Threads, too: guests have none, and zkVMs have none for them.
        refused.insert(libc::SYS_clone, Vec::new());
    }
    let refused = filter(refused, libc::EPERM, arch)?;
    // Its arguments are in memory, where no filter sees them. Without it threads are made by `clone`.
    let unknown = filter([(libc::SYS_clone3, Vec::new())].into(), libc::ENOSYS, arch)?;
    Ok([unknown, refused].into_iter().chain(other_abis()).collect())
}

fn filter(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: i32, arch: TargetArch) -> Result<BpfProgram, BackendError> {
    let refuse = SeccompAction::Errno(errno.unsigned_abs());
    SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()
}

/// Calls that are refused for some arguments.
fn by_argument(own: Pid, program: u64) -> Result<Vec<(c_long, Vec<SeccompRule>)>, BackendError> {
    // The process itself and its group. The C library's `raise` and `abort` name the former.
    let own_pid = u64::from(own.as_raw().cast_unsigned());
    let own_group = u64::from((-own.as_raw()).cast_unsigned());
    let not_this_process = || Ok(vec![rule(vec![word(0, Is::Ne, own_pid)?])?]);
    let thread = libc::CLONE_THREAD as u64;
    Ok(vec![
        // Threads are permitted, processes are not.
        (libc::SYS_clone, vec![rule(vec![long(0, Is::MaskedEq(thread), 0)?])?]),
        (libc::SYS_execve, vec![rule(vec![long(0, Is::Ne, program)?])?]),
        (libc::SYS_socketpair, vec![rule(vec![word(0, Is::Ne, libc::AF_UNIX as u64)?])?]),
        // Of a file by its name; without one it is about an open file.
        (libc::SYS_utimensat, vec![rule(vec![long(1, Is::Ne, 0)?])?]),
        (
            libc::SYS_kill,
            vec![rule(vec![word(0, Is::Ne, own_pid)?, word(0, Is::Ne, own_group)?, word(0, Is::Ne, 0)?])?],
        ),
        (libc::SYS_tgkill, not_this_process()?),
        (libc::SYS_rt_sigqueueinfo, not_this_process()?),
        (libc::SYS_rt_tgsigqueueinfo, not_this_process()?),
        // Limits of another process, such as of Assay itself.
        (libc::SYS_prlimit64, vec![rule(vec![word(0, Is::Ne, own_pid)?, word(0, Is::Ne, 0)?])?]),
    ])
}

/// All of the conditions.
fn rule(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions)
}

/// About the low 32 bits of an argument, which is all that the kernel looks at where an `int` is meant.
fn word(argument: u8, is: Is, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Length::Dword, is, value)
}

/// About a whole argument.
fn long(argument: u8, is: Is, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Length::Qword, is, value)
}

/// Refuses the ABI x32 altogether, as a kernel without it does: its numbers are other numbers to the filters above.
#[cfg(target_arch = "x86_64")]
fn other_abis() -> Vec<BpfProgram> {
    use seccompiler::sock_filter;
    const LOAD_WORD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const JUMP_IF_AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    /// The number is the first field of what a filter sees.
    const NUMBER: u32 = 0;
    let statement = |code, k| sock_filter { code, jt: 0, jf: 0, k };
    vec![vec![
        statement(LOAD_WORD, NUMBER),
        sock_filter { code: JUMP_IF_AT_LEAST, jt: 0, jf: 1, k: X32 },
        statement(RETURN, SeccompAction::Errno(libc::ENOSYS.unsigned_abs()).into()),
        statement(RETURN, SeccompAction::Allow.into()),
    ]]
}

#[cfg(not(target_arch = "x86_64"))]
fn other_abis() -> Vec<BpfProgram> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_call_is_listed_twice_or_has_rules_beside() {
        let listed: Vec<c_long> = REFUSED.into_iter().chain(REFUSED_HERE).collect();
        let distinct: BTreeSet<c_long> = listed.iter().copied().collect();
        assert_eq!(listed.len(), distinct.len());
        // A rule would replace the unconditional refusal.
        for (call, _) in by_argument(Pid::this(), 1).unwrap() {
            assert!(!distinct.contains(&call), "{call}");
        }
    }

    #[test]
    fn what_builds_need_is_refused_to_others_and_nothing_of_the_network_is_among_it() {
        let refused: BTreeSet<c_long> = REFUSED.into_iter().chain(REFUSED_HERE).collect();
        let needed: BTreeSet<c_long> = BUILDS_NEED.into_iter().chain(BUILDS_NEED_HERE).collect();
        assert_eq!(needed.len(), BUILDS_NEED.len() + BUILDS_NEED_HERE.len());
        assert!(needed.is_subset(&refused));
        assert!(![libc::SYS_socket, libc::SYS_connect, libc::SYS_bind].iter().any(|call| needed.contains(call)));
    }

    #[test]
    fn the_filters_fit_into_what_the_kernel_takes() {
        const BPF_MAXINSNS: usize = 4096;
        for tenant in Tenant::ALL {
            let filters = filters(Pid::this(), u64::MAX, tenant).unwrap();
            assert!(filters.iter().all(|filter| (1..BPF_MAXINSNS).contains(&filter.len())));
        }
    }
}
