//! `assay snapshot` on small repositories: no zkVM, no network.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    git::git,
    support::{assay, complaint, json, stdout},
};

/// Files of the repository that installs are killed in.
const MANY: usize = 3000;

/// Kills, at later and later moments.
const KILLS: u64 = 8;

/// A repository with `files` files besides a few, and its commit.
fn repository(files: usize) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    fs::write(folder.path().join("rust-toolchain.toml"), "[toolchain]\nchannel = \"nightly-2024-01-01\"\n").unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "// one\n").unwrap();
    for file in 0..files {
        let at = folder.path().join(format!("d{}", file / 100));
        fs::create_dir_all(&at).unwrap();
        fs::write(at.join(format!("f{file}")), format!("{file}\n").repeat(200)).unwrap();
    }
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "one"]);
    let commit = git(folder.path(), &["rev-parse", "HEAD"]);
    (folder, commit)
}

struct Place {
    out: TempDir,
    repository: TempDir,
    commit: String,
}

impl Place {
    fn new(files: usize) -> Self {
        let (repository, commit) = repository(files);
        Self { out: tempfile::tempdir().unwrap(), repository, commit }
    }

    fn out(&self) -> &str {
        self.out.path().to_str().unwrap()
    }

    fn install(&self) -> Vec<&str> {
        let source = self.repository.path().to_str().unwrap();
        vec!["snapshot", "install", "toy", "--commit", &self.commit, "--source", source, "--out", self.out()]
    }

    fn snapshot(&self) -> String {
        format!("toy@{}", &self.commit[..12])
    }
}

#[test]
fn a_snapshot_is_installed_listed_checked_and_removed() {
    let place = Place::new(0);
    let manifest = json(&place.install(), 0);
    assert_eq!(manifest["schema"], "assay.snapshot/1");
    assert_eq!(manifest["origin"]["git"]["commit"], place.commit.as_str());
    assert_eq!(manifest["toolchain"], "nightly-2024-01-01");
    let name = place.snapshot();
    let sources = place.out.path().join(name.replace('@', "-")).join("toy-src");
    assert_eq!(fs::read_to_string(sources.join("src/lib.rs")).unwrap(), "// one\n");
    assert!(!sources.join(".git").exists());

    let list = json(&["snapshot", "list", "--out", place.out()], 0);
    let find = |list: &Value, name: &str| {
        list["snapshots"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap()
    };
    assert_eq!(find(&list, &place.commit[..12])["installed"], true);
    // What comes with Assay, of which nothing is claimed.
    let regzero = find(&list, "bmk-regzero");
    assert_eq!(regzero["of"], "d7eab708f43487b2e7c00524ffd611f835e8e6b5");
    assert_eq!((&regzero["installed"], &regzero["status"]), (&false.into(), &"untested".into()));

    let status = stdout(&["snapshot", "status", "toy", "--commit", &place.commit, "--out", place.out()], 0);
    assert!(status.contains("untested") && status.contains("nightly-2024-01-01"), "{status}");
    let verify = ["snapshot", "verify", &name, "--out", place.out()];
    assert_eq!(json(&verify, 0)["differences"], Value::Array(Vec::new()));
    fs::write(sources.join("src/lib.rs"), "// two\n").unwrap();
    let check = json(&verify, 2);
    assert_eq!(check["differences"][0]["path"], "src/lib.rs");
    // What is built would be of the edited sources, if there were a template for it.
    let build = complaint(&["snapshot", "build", &name, "--out", place.out()], 6);
    assert!(build.contains("sources that were edited: src/lib.rs is changed"), "{build}");

    // It is there, whatever was done to it; with --force it is made again.
    json(&place.install(), 0);
    assert_eq!(json(&verify, 2)["files"], 2);
    json(&[&place.install()[..], &["--force"]].concat(), 0);
    json(&verify, 0);
    stdout(&["snapshot", "remove", &name, "--out", place.out()], 0);
    assert!(!sources.exists());
    let gone = complaint(&verify, 6);
    assert!(gone.contains("assay snapshot install toy"), "{gone}");
}

#[test]
fn what_cannot_be_a_snapshot_is_refused_with_what_to_do() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    let install = |arguments: &[&str]| complaint(&[&["snapshot", "install"], arguments, &["--out", out]].concat(), 1);
    let unknown = install(&["openvm", "--commit", "no-such"]);
    assert!(unknown.contains("2.0.2, bmk-regzero") && unknown.contains("assay snapshot list"), "{unknown}");
    let unknown = install(&["opnvm", "--commit", "2.0.2"]);
    assert!(unknown.contains("the catalogue is about openvm, risc0, sp1"), "{unknown}");
    for (name, help) in [("openvm@2.0.2", "install openvm --commit 2.0.2"), ("openvm@2.0.3", "nothing of that name")] {
        let absent = complaint(&["snapshot", "status", name, "--out", out], 6);
        assert!(absent.contains(help), "{absent}");
    }
    assert!(install(&["openvm", "--commit", "0123456789abcdef"]).contains("--source"));
    assert!(install(&["../x", "--commit", "0123456789abcdef", "--source", out]).contains("not the name"));
    assert!(install(&["openvm", "--crate", "openvm-circuit"]).contains("openvm-circuit@2.0.2"));
    let name = complaint(&["snapshot", "verify", "openvm", "--out", out], 1);
    assert!(name.contains("openvm@2.0.2"), "{name}");
    let mirror = install(&["openvm", "--commit", "bmk-336f", "--mirror", out]);
    assert!(mirror.contains("no mirror for https://github.com/openvm-org/openvm"), "{mirror}");
    assert!(
        fs::read_dir(out)
            .unwrap()
            .next()
            .is_none_or(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with('.') })
    );
}

#[test]
fn a_catalogue_of_ones_own_names_what_is_in_a_mirror() {
    let place = Place::new(0);
    let mirrors = tempfile::tempdir().unwrap();
    let mirror = mirrors.path().join("toy.git");
    git(place.repository.path(), &["clone", "--quiet", "--bare", ".", mirror.to_str().unwrap()]);
    let catalogue = mirrors.path().join("more.toml");
    let text = format!(
        "[[snapshot]]\nzkvm = \"toy\"\nalias = \"broken\"\ncommit = \"{}\"\nrepository = \"https://git.invalid/x/toy\"\n\
         root_cause = \"the second limb is not constrained\"\nexclude = [\"src\"]\n",
        place.commit
    );
    fs::write(&catalogue, text).unwrap();
    let catalogue = catalogue.to_str().unwrap();
    let common = ["--out", place.out(), "--catalogue", catalogue];
    let mirrors = mirrors.path().to_str().unwrap();
    let install = [&["snapshot", "install", "toy", "--commit", "broken", "--mirror", mirrors][..], &common].concat();
    let manifest = json(&install, 0);
    assert_eq!(manifest["name"], "broken");
    assert_eq!(manifest["deviations"][0]["kind"], "excluded_path");
    let status = stdout(&[&["snapshot", "status", "toy@broken"][..], &common].concat(), 0);
    assert!(status.contains("the second limb is not constrained") && status.contains("src is left out"), "{status}");
    // There is no template for it, and that is said.
    let build = complaint(&[&["snapshot", "build", "toy@broken"][..], &common].concat(), 6);
    assert!(build.contains("--template"), "{build}");
}

/// What a build script may not do, as one: each panics if it can.
const BUILD_SCRIPT: &str = r#"
use std::{fs, io::ErrorKind, net::{TcpStream, UdpSocket}, os::unix::net::UnixStream};

fn main() {
    let own = std::env::var("OUT_DIR").unwrap() + "/own";
    fs::write(&own, "x").unwrap();
    fs::write(std::env::temp_dir().join("own"), "x").unwrap();
    fs::read("{source}/src/lib.rs").unwrap();
    let denied = |what: &str, kind: Option<ErrorKind>| assert_eq!(kind, Some(ErrorKind::PermissionDenied), "{what}");
    let of = |result: std::io::Result<()>| result.err().map(|error| error.kind());
    denied("tcp", of(TcpStream::connect("127.0.0.1:9").map(drop)));
    denied("udp", of(UdpSocket::bind("127.0.0.1:0").map(drop)));
    denied("unix", of(UnixStream::connect("/run/docker.sock").map(drop)));
    denied("sources", of(fs::write("{source}/src/lib.rs", "x")));
    denied("snapshot", of(fs::write("{source}/../snapshot.json", "x")));
    denied("elsewhere", of(fs::write("{source}/../../escaped", "x")));
    denied("own crate", of(fs::write("src/main.rs", "x")));
    // Programs are started as ever.
    assert!(std::process::Command::new("true").status().unwrap().success());
    println!("cargo::warning=the script ran for {backend}");
}
"#;

#[test]
fn build_scripts_of_sources_reach_no_network_and_write_only_where_they_build() {
    let place = Place::new(0);
    let cache = tempfile::tempdir().unwrap();
    let template = tempfile::tempdir().unwrap();
    let manifest = "[workspace]\n\n[package]\nname = \"toy-runner\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::write(template.path().join("Cargo.toml.in"), manifest).unwrap();
    fs::write(template.path().join("build.rs.in"), BUILD_SCRIPT).unwrap();
    fs::create_dir(template.path().join("src")).unwrap();
    fs::write(template.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    json(&place.install(), 0);
    let name = place.snapshot();
    let template = template.path().to_str().unwrap();
    let build = || {
        let mut command = assay(&["snapshot", "build", &name, "--out", place.out(), "--template", template]);
        command.args(["--offline", "--sandbox", "required"]).env("ASSAY_CACHE", cache.path());
        let output = command.assert().code(6).stdout("").get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    // Without a lockfile nothing is known of what its dependencies were.
    let unlocked = build();
    assert!(unlocked.contains("no Cargo.lock"), "{unlocked}");
    let sources = place.out.path().join(name.replace('@', "-")).join("toy-src");
    fs::write(sources.join("Cargo.lock"), "version = 4\n\n[[package]]\nname = \"toy\"\nversion = \"0.1.0\"\n").unwrap();
    let said = build();
    if said.contains("the sandbox is required") {
        // This kernel has no such sandbox, which is said in place of building without.
        return;
    }
    // It was built, and is no runner.
    assert!(said.contains("is not a working runner"), "{said}");
    assert!(said.contains("deviation, toolchain: the sources ask for nightly-2024-01-01"), "{said}");
    let log = fs::read_to_string(cache.path().join("snapshots").join(format!("{name}.log"))).unwrap();
    assert!(log.contains(&format!("the script ran for {name}")), "{log}");
    let status = json(&["snapshot", "status", &name, "--out", place.out()], 0);
    assert_eq!(status["build"]["status"], "blocked");
    assert!(status["build"]["blocked"].as_str().unwrap().contains("is not a working runner"));
    // What it was built from of Assay's side counts, too.
    let status = || stdout(&["snapshot", "status", &name, "--out", place.out()], 0);
    assert!(!status().contains("stale"), "{}", status());
    fs::write(Path::new(template).join("src/main.rs"), "fn main() { /* another */ }\n").unwrap();
    assert!(status().contains("stale       built by another Assay"), "{}", status());
    assert!(!place.out.path().join("escaped").exists());
}

/// Whatever moment it is killed at, there is the old snapshot, whole, or the new one, whole, or none.
#[test]
fn an_install_that_is_killed_leaves_a_whole_snapshot_or_none() {
    let place = Place::new(MANY);
    let name = place.snapshot();
    let verify = ["snapshot", "verify", &name, "--out", place.out()];
    let folder = place.out.path().join(name.replace('@', "-"));
    let mut arguments = place.install();
    arguments.push("--force");
    let mut installed = false;
    for kill in 0..KILLS {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
            .args(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + kill * 60));
        child.kill().unwrap();
        child.wait().unwrap();
        let there = folder.join("snapshot.json").is_file();
        assert!(there || !folder.exists(), "half of a snapshot after kill {kill}");
        assert!(there || !installed, "the old snapshot is gone after kill {kill}");
        if there {
            installed = true;
            json(&verify, 0);
        }
    }
    json(&arguments, 0);
    json(&verify, 0);
    // What the killed ones left is gone.
    let names = fs::read_dir(place.out.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains('~')).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Whenever Ctrl-C comes, there is a whole snapshot or none, and nothing else.
#[test]
fn an_install_that_is_interrupted_says_so_and_leaves_nothing() {
    let place = Place::new(MANY);
    let name = place.snapshot();
    let mut interrupted = 0;
    for wait in [60, 120, 250] {
        let child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
            .args([&place.install()[..], &["--force"]].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let sent = nix::sys::signal::Signal::SIGINT;
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id().cast_signed()), sent).unwrap();
        let output = child.wait_with_output().unwrap();
        let there = place.out.path().join(name.replace('@', "-")).join("snapshot.json").is_file();
        // A signal before there is a handler ends the process as it is.
        match output.status.code() {
            Some(0) => assert!(there),
            Some(130) => {
                interrupted += 1;
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(said.contains("interrupted; nothing was kept"), "{said}");
                let names = fs::read_dir(place.out.path()).into_iter().flatten();
                let names = names.map(|entry| entry.unwrap().file_name());
                let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains('~')).collect();
                assert!(left.is_empty(), "{left:?}");
            }
            code => assert_eq!(code, None, "{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
    println!("{interrupted} of 3 were interrupted");
    json(&[&place.install()[..], &["--force"]].concat(), 0);
    json(&["snapshot", "verify", &name, "--out", place.out()], 0);
}

/// A registry in a folder: an index in git, and the archive of `left` 0.1.0.
fn registry(folder: &Path) -> String {
    let package = folder.join("package/left-0.1.0");
    fs::create_dir_all(package.join("src")).unwrap();
    fs::write(package.join("Cargo.toml"), "[package]\nname = \"left\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .unwrap();
    fs::write(package.join("src/lib.rs"), "// left\n").unwrap();
    let archive = folder.join("left-0.1.0.crate");
    let mut tar = Command::new("tar");
    tar.arg("--create").arg("--gzip").arg("--file").arg(&archive);
    tar.arg("--directory").arg(folder.join("package")).arg("left-0.1.0");
    assert!(tar.status().unwrap().success());
    let checksum = assay_spec::Digest::of(&fs::read(&archive).unwrap()).to_string();
    let index = folder.join("index");
    fs::create_dir_all(index.join("le/ft")).unwrap();
    let config = format!("{{\"dl\":\"file://{}/{{crate}}-{{version}}.crate\"}}", folder.display());
    fs::write(index.join("config.json"), config).unwrap();
    let entry = format!(
        "{{\"name\":\"left\",\"vers\":\"0.1.0\",\"deps\":[],\"cksum\":\"{checksum}\",\"features\":{{}},\"yanked\":false}}\n"
    );
    fs::write(index.join("le/ft/left"), entry).unwrap();
    git(&index, &["init", "--quiet", "--initial-branch=main"]);
    git(&index, &["add", "--all"]);
    git(&index, &["commit", "--quiet", "--message", "one"]);
    checksum
}

#[test]
fn a_crate_that_is_not_in_cargos_cache_is_fetched_from_its_registry() {
    let place = tempfile::tempdir().unwrap();
    let (out, home) = (place.path().join("out"), place.path().join("home"));
    let checksum = registry(place.path());
    fs::create_dir(&home).unwrap();
    let config = format!(
        "[source.crates-io]\nreplace-with = \"here\"\n\n[source.here]\nregistry = \"file://{}/index\"\n",
        place.path().display()
    );
    fs::write(home.join("config.toml"), config).unwrap();
    let install = |krate: &str, code: i32| {
        let arguments = ["snapshot", "install", "toy", "--crate", krate, "--out", out.to_str().unwrap()];
        let output = assay(&arguments).env("CARGO_HOME", &home).assert().code(code).get_output().clone();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let said = install("left@0.2.0", 1);
    assert!(said.contains("cargo could not fetch left@0.2.0"), "{said}");
    install("left@0.1.0", 0);
    let sources = out.join("toy-0.1.0/toy-src/left-0.1.0");
    assert_eq!(fs::read_to_string(sources.join("src/lib.rs")).unwrap(), "// left\n");
    let manifest = fs::read_to_string(out.join("toy-0.1.0/snapshot.json")).unwrap();
    assert!(manifest.contains(&checksum), "{manifest}");
    // What is in the cache now is taken from there.
    fs::remove_dir_all(place.path().join("index")).unwrap();
    let again =
        ["snapshot", "install", "toy", "--crate", "left@0.1.0", "--name", "again", "--out", out.to_str().unwrap()];
    assay(&again).env("CARGO_HOME", &home).assert().success();
}

#[test]
fn published_crates_are_named_by_the_catalogue_with_their_checksums() {
    let list = assay(&["snapshot", "list", "--out", "no-such-folder"]).assert().success().get_output().stdout.clone();
    let list = String::from_utf8(list).unwrap();
    for name in ["openvm@2.0.2", "sp1@6.10.0", "openvm@bmk-f038", "sp1@s26"] {
        assert!(list.contains(name), "{list}");
    }
}

/// What `arguments` say first on stderr while `lock` is held by this process, and how they end when it no longer is.
fn waited(arguments: &[&str], cache: &Path, lock: &Path) -> (String, Option<i32>) {
    let held = fs::File::options().write(true).create(true).truncate(false).open(lock).unwrap();
    held.lock().unwrap();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args(arguments)
        .env("ASSAY_CACHE", cache)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    drop(held);
    std::io::copy(&mut stderr, &mut std::io::sink()).unwrap();
    (line, child.wait().unwrap().code())
}

#[test]
fn who_has_to_wait_for_another_assay_says_so() {
    let (place, cache) = (Place::new(0), tempfile::tempdir().unwrap());
    let name = place.snapshot();
    let lock = place.out.path().join(format!(".{}.lock", name.replace('@', "-")));
    let verb = |verb| ["snapshot", verb, &name, "--out", place.out()];
    // A build ends with that there is no template.
    for (arguments, ends) in [(&place.install()[..], 0), (&verb("build"), 6), (&verb("remove"), 0)] {
        let (said, code) = waited(arguments, cache.path(), &lock);
        assert!(said.contains(&format!("waiting for another assay that works on {name}")), "{arguments:?}: {said}");
        assert_eq!(code, Some(ends), "{arguments:?}");
    }

    let folder = cache.path().join("runners");
    fs::create_dir_all(&folder).unwrap();
    let lock = folder.join("mine.lock");
    fs::write(&lock, "process 4711, installing the runner mine").unwrap();
    let (said, code) = waited(&["backend", "install", "mine", "--binary", "/bin/true"], cache.path(), &lock);
    assert!(said.starts_with("mine waits for process 4711, installing the runner mine"), "{said}");
    assert_eq!(code, Some(6), "it is no runner");
}
