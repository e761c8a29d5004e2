//! Small git repositories, honest and not.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// What git sets for its hooks, from which tests may be run: each leads it to another repository than that of its folder.
const ELSEWHERE: [&str; 5] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

/// A repository that goes with its value.
pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Self { folder };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_with(arguments, b"")
    }

    fn git_with(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = Command::new("git");
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        let mut child = command
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgSign=false"])
            .args(["-c", "core.autocrlf=false", "-c", "uploadpack.allowAnySHA1InWant=true"])
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn at(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.at(name), content).unwrap();
    }

    pub(crate) fn executable(&self, name: &str) {
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn link(&self, name: &str, target: &str) {
        symlink(target, self.at(name)).unwrap();
    }

    pub(crate) fn submodule(&self, name: &str, commit: &str) {
        self.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{name}")]);
    }

    /// Commits everything; its id.
    pub(crate) fn commit(&self, message: &str) -> String {
        // Raw bytes, whatever the attributes say of line ends and filters.
        let submodules = self.git(&["ls-files", "--stage"]);
        for (name, mode) in files(self.path()) {
            let path = self.path().join(&name);
            let content = match mode {
                "120000" => fs::read_link(&path).unwrap().display().to_string().into_bytes(),
                _ => fs::read(&path).unwrap(),
            };
            let id = self.git_with(&["hash-object", "-w", "--stdin"], &content);
            self.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{id},{name}")]);
        }
        let _ = submodules;
        let tree = self.git(&["write-tree"]);
        self.commit_tree(&tree, message)
    }

    fn commit_tree(&self, tree: &str, message: &str) -> String {
        let id = self.git(&["commit-tree", tree, "-m", message]);
        self.git(&["update-ref", "refs/heads/main", &id]);
        id
    }

    /// A commit of a folder object that git would not make: modes and names as they are given.
    pub(crate) fn forged_tree(&self, entries: &[(&str, String)]) -> String {
        let blob = self.git_with(&["hash-object", "-w", "--stdin"], b"x");
        let folder = self.git_with(&["mktree"], format!("100644 blob {blob}\tinner\n").as_bytes());
        let mut content = Vec::new();
        for (mode, name) in entries {
            let id = if *mode == "40000" { &folder } else { &blob };
            content.extend(format!("{mode} {name}\0").bytes());
            content.extend((0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()));
        }
        let tree = self.git_with(&["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], &content);
        self.commit_tree(&tree, "forged")
    }

    /// A commit with `folders` folders that are all the same folder object, of `files` files that are all the same.
    pub(crate) fn repeated_folders(&self, folders: usize, files: usize) -> String {
        let blob = self.git_with(&["hash-object", "-w", "--stdin"], b"x");
        let entries = (0..files).flat_map(|file| format!("100644 blob {blob}\tf{file}\n").into_bytes());
        let folder = self.git_with(&["mktree"], &entries.collect::<Vec<u8>>());
        let entries = (0..folders).flat_map(|at| format!("040000 tree {folder}\td{at}\n").into_bytes());
        let tree = self.git_with(&["mktree"], &entries.collect::<Vec<u8>>());
        self.commit_tree(&tree, "repeated")
    }

    /// A commit with a file in so many folders within each other.
    pub(crate) fn nested_folders(&self, depth: usize) -> String {
        let blob = self.git_with(&["hash-object", "-w", "--stdin"], b"x");
        let mut tree = self.git_with(&["mktree"], format!("100644 blob {blob}\tf\n").as_bytes());
        for _ in 0..depth {
            tree = self.git_with(&["mktree"], format!("040000 tree {tree}\td\n").as_bytes());
        }
        self.commit_tree(&tree, "nested")
    }

    /// A bare clone.
    pub(crate) fn bare(&self) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let source = self.path().display().to_string();
        self.git(&["clone", "--quiet", "--bare", &source, &folder.path().display().to_string()]);
        Repository { folder }
    }

    fn loose(&self, content: &[u8]) -> PathBuf {
        let id = self.git_with(&["hash-object", "--stdin"], content);
        self.path().join(".git/objects").join(&id[..2]).join(&id[2..])
    }

    pub(crate) fn remove_blob(&self, content: &[u8]) {
        fs::remove_file(self.loose(content)).unwrap();
    }

    /// Puts another blob in the place of one.
    pub(crate) fn forge_blob(&self, content: &[u8], other: &[u8]) {
        self.git_with(&["hash-object", "-w", "--stdin"], other);
        let (from, to) = (self.loose(other), self.loose(content));
        fs::remove_file(&to).unwrap();
        fs::copy(from, to).unwrap();
    }
}

/// Files and links below a folder but git's own: name and mode.
fn files(folder: &Path) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            if name == ".git" {
            } else if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_symlink() {
                found.push((name, "120000"));
            } else {
                found.push((name, if metadata.permissions().mode() & 0o100 == 0 { "100644" } else { "100755" }));
            }
        }
    }
    found
}
