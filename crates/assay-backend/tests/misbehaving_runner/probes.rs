//! What a runner in the sandbox tries: each attempt with its result, a line each, on stdout.

use std::{
    env,
    ffi::CString,
    fs,
    io::{self, Read as _},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::{UnixListener, UnixStream},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use nix::{
    errno::Errno,
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::{
        memfd::{MFdFlags, memfd_create},
        prctl, ptrace,
        resource::{Resource, getrlimit},
        signal::kill,
    },
    unistd::{Pid, getpgrp, getppid, getsid, setsid},
};
use seccompiler::{SeccompAction, SeccompFilter, TargetArch, apply_filter};

/// A link to this program whose name says so takes a primitive of the kernel away before anything else: the same as on
/// a kernel without it.
pub(crate) fn take_away_what_the_name_says() {
    let name = env::args_os().next().map(PathBuf::from);
    let name = name.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    match name {
        Some("without-landlock") => take_away(libc::SYS_landlock_create_ruleset, libc::ENOSYS),
        Some("with-landlock-switched-off") => take_away(libc::SYS_landlock_create_ruleset, libc::EOPNOTSUPP),
        Some("without-seccomp") => take_away(libc::SYS_seccomp, libc::EINVAL),
        Some("without-landlock-and-seccomp") => {
            take_away(libc::SYS_landlock_create_ruleset, libc::ENOSYS);
            take_away(libc::SYS_seccomp, libc::EINVAL);
        }
        Some("without-setsid") => take_away(libc::SYS_setsid, libc::EPERM),
        Some("hanging-launcher") => thread::sleep(super::HANG),
        _ => {}
    }
}

fn take_away(call: libc::c_long, errno: i32) {
    let rules = [(call, Vec::new())].into();
    let arch = TargetArch::try_from(env::consts::ARCH).expect("an architecture with filters");
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(errno.unsigned_abs()), arch);
    let program = filter.and_then(TryInto::<Vec<_>>::try_into).expect("a filter");
    apply_filter(&program).expect("the kernel takes filters");
}

/// The second argument is a folder outside of the work folder, with what is tried there:
/// `secret`, `port` (a number in it), `socket`.
pub(crate) fn run() {
    let outside = PathBuf::from(env::args_os().nth(2).expect("the folder outside"));
    let home = env::args_os().nth(3).map_or_else(|| outside.clone(), PathBuf::from);
    files(&outside, &home);
    network(&outside);
    processes();
    system();
    fine();
    state();
}

fn say<T>(what: &str, result: io::Result<T>) {
    match result {
        Ok(_) => println!("{what}: done"),
        Err(error) => match error.raw_os_error().map(Errno::from_raw) {
            Some(errno) => println!("{what}: {errno:?}"),
            None => println!("{what}: {error}"),
        },
    }
}

fn files(outside: &Path, home: &Path) {
    let secret = outside.join("secret");
    say("write a new file outside", fs::write(outside.join("new"), "x"));
    say("write a file outside", fs::File::options().write(true).open(&secret));
    say("truncate a file outside", fs::File::options().write(true).truncate(true).open(&secret));
    let path = CString::new(secret.to_str().expect("text")).expect("no zero");
    say("truncate a path outside", nix::unistd::truncate(path.as_c_str(), 0).map_err(Into::into));
    say("make a folder outside", fs::create_dir(outside.join("folder")));
    say("remove a file outside", fs::remove_file(&secret));
    say("rename a file outside", fs::rename(&secret, outside.join("renamed")));
    say("bring a file inside", fs::rename(&secret, "brought"));
    say("link to a file outside", fs::hard_link(&secret, "linked"));
    say("change the mode of a file outside", fs::set_permissions(&secret, fs::Permissions::from_mode(0o777)));
    say("read a file outside", fs::read(&secret));
    say("list a folder outside", fs::read_dir(outside));
    say("list the home folder", fs::read_dir(home));
    let _ = fs::remove_file("way-out");
    symlink(&secret, "way-out").expect("links may be made");
    say("read through a link", fs::read("way-out"));
    say("read the passwords", fs::read("/etc/shadow"));
    say("read another process's memory", fs::File::open(format!("/proc/{}/mem", getppid())));
    say("read another process's environment", fs::read(format!("/proc/{}/environ", getppid())));
    say("write a system's setting", fs::File::options().write(true).open("/proc/sys/kernel/core_pattern"));
}

fn network(outside: &Path) {
    let port = fs::read_to_string("port").map_or(0, |port| port.parse().expect("a number"));
    say("connect", TcpStream::connect(("127.0.0.1", port)));
    say("listen", TcpListener::bind("127.0.0.1:0"));
    say("datagrams", UdpSocket::bind("127.0.0.1:0"));
    say("connect to a socket file", UnixStream::connect(outside.join("socket")));
    say("listen on a socket file", UnixListener::bind("socket-inside"));
}

fn processes() {
    say("start a process", Command::new("/bin/true").status());
    say("become another program", Err::<(), _>(Command::new("/bin/true").exec()));
    let own = env::current_exe().expect("known");
    say("become this program again", Err::<(), _>(Command::new(own).arg("child-sleep").exec()));
    say("trace the parent", ptrace::attach(getppid()).map_err(Into::into));
    say("be traced", ptrace::traceme().map_err(Into::into));
    say("signal the parent", kill(getppid(), None).map_err(Into::into));
    say("signal all", kill(Pid::from_raw(-1), None).map_err(Into::into));
    say("leave the session", setsid().map_err(Into::into));
}

fn system() {
    say("a namespace", unshare(CloneFlags::CLONE_NEWUSER).map_err(Into::into));
    let nothing: Option<&str> = None;
    say("mount", mount(Some("none"), ".", Some("tmpfs"), MsFlags::empty(), nothing).map_err(Into::into));
    say("change the root", nix::unistd::chroot(".").map_err(Into::into));
}

/// What runners need.
fn fine() {
    say("write inside", fs::write("inside", "x"));
    say("rename inside", fs::rename("inside", "inside-2"));
    say("a folder inside", fs::create_dir_all("a/b"));
    say("move between folders", fs::rename("inside-2", "a/b/inside"));
    say("read inside", fs::read("a/b/inside"));
    say("remove inside", fs::remove_dir_all("a"));
    say("random bytes", fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut [0; 8])));
    say("its own state", fs::read("/proc/self/status"));
    say("its own program", fs::read("/proc/self/exe"));
    say("the kinds of processors", fs::read("/proc/cpuinfo"));
    say("the system's libraries", fs::read_dir("/usr/lib"));
    say("a pair of sockets", UnixStream::pair());
    say("much address space in a file in memory", memory_with_holes());
    let threads: Vec<_> = (0..16).map(|_| thread::Builder::new().spawn(|| ())).collect();
    say("threads", threads.into_iter().collect::<io::Result<Vec<_>>>());
    say("signal itself", kill(Pid::this(), None).map_err(Into::into));
    say("a file in TMPDIR", fs::write(env::temp_dir().join("temporary"), "x"));
}

/// As SP1's executor has guest memory.
fn memory_with_holes() -> io::Result<()> {
    let memory = memfd_create("guest", MFdFlags::MFD_CLOEXEC)?;
    fs::File::from(memory).set_len(1 << 41)
}

fn state() {
    let own = Pid::this();
    println!("leads its session: {}", getsid(None) == Ok(own));
    println!("leads its group: {}", getpgrp() == own);
    println!("no new privileges: {}", prctl::get_no_new_privs() == Ok(true));
    println!("reaps: {}", prctl::get_child_subreaper() == Ok(true));
    println!("core bytes: {}", getrlimit(Resource::RLIMIT_CORE).map_or(u64::MAX, |(_, hard)| hard));
    let descriptors = fs::read_dir("/proc/self/fd").map_or(0, |entries| entries.count() - 1);
    println!("descriptors: {descriptors}");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap_or_default();
    println!("capabilities: {}", effective.trim());
}
