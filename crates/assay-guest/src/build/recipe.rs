//! What a build is of, where it is kept, and what is kept there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use assay_isa::{Isa, Xlen};
use assay_spec::{
    Digest, Platform,
    guest_manifest::GuestManifest,
    schema::{self, Versioned as _},
};

use super::{BuildError, BuiltGuest, c::Clang, io_at, toolchain::Toolchain};
use crate::Guest;

/// Counts up when what is built from the same sources by the same tools changes: flags, for one.
const RECIPE: u32 = 1;

/// Builds of one platform and ISA that are kept; older ones are removed after a build.
const KEPT_MAX: usize = 8;

/// Longest executable, in bytes.
const EXECUTABLE_BYTES_MAX: u64 = 64 << 20;

/// Longest manifest, in bytes.
const MANIFEST_BYTES_MAX: u64 = 64 << 10;

/// What a folder is called until it is complete.
const UNFINISHED: &str = "unfinished-";

/// What a build is of.
pub(super) struct Recipe {
    /// What its folder's name begins with: builds of a kind are kept apart from others.
    pub(super) kind: &'static str,
    pub(super) platform: Platform,
    pub(super) isa: Option<Isa>,
    pub(super) toolchain: Toolchain,
    /// The compiler of a guest in C.
    pub(super) clang: Option<Clang>,
    pub(super) source_hash: Digest,
    /// The core that was built without the others; empty if none was.
    pub(super) alone: String,
}

impl Recipe {
    fn folder_prefix(&self) -> String {
        match self.isa {
            Some(isa) => format!("{}{}-{}-", self.kind, self.platform, width(isa)),
            None => format!("{}{}-", self.kind, self.platform),
        }
    }

    fn folder_name(&self) -> String {
        let linker = self.toolchain.linker.as_ref().map_or("", |linker| linker.version.as_str());
        let clang = self.clang.as_ref().map_or("", |clang| clang.version.as_str());
        let Self { toolchain, source_hash, alone, .. } = self;
        let tools = format!("{RECIPE}\n{}\n{linker}\n{source_hash}\n{alone}{clang}", toolchain.rustc_version);
        let key = Digest::of(tools.as_bytes()).to_string();
        format!("{}{}", self.folder_prefix(), &key[..16])
    }

    /// Where it is kept, in the folder of all builds.
    pub(super) fn place(&self, folder: &Path) -> PathBuf {
        folder.join(self.folder_name())
    }

    /// Such as `riscv32im-unknown-none-elf`.
    pub(super) fn triple(&self) -> String {
        match self.isa {
            Some(isa) => format!("riscv{}im-unknown-none-elf", isa.xlen.bits()),
            None => self.toolchain.host().to_owned(),
        }
    }

    fn manifest(&self, name: &str, executable: &[u8]) -> GuestManifest {
        let toolchain = match &self.clang {
            Some(clang) => format!("{}, {}", clang.version, self.toolchain.summary()),
            None => self.toolchain.summary(),
        };
        GuestManifest {
            schema: GuestManifest::tag(),
            name: name.to_owned(),
            platform: self.platform,
            isa: self.isa.map(|isa| isa.to_string()),
            toolchain,
            source_hash: self.source_hash,
            elf_digest: Digest::of(executable),
            image_id: None,
            image_id_absent: None,
            runtime: true,
        }
    }

    /// Keeps what was built in `release` at `place`: all or nothing.
    pub(super) fn keep(&self, release: &Path, place: &Path, names: &[String]) -> Result<Vec<BuiltGuest>, BuildError> {
        let folder = place.parent().unwrap_or(place);
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(folder).map_err(io_at(folder))?;
        let mut built = Vec::new();
        for name in names {
            let executable = read(&release.join(name), EXECUTABLE_BYTES_MAX)?;
            let manifest = self.manifest(name, &executable);
            let json = serde_json::to_vec_pretty(&manifest).expect("a manifest has nothing that JSON lacks");
            for (file, bytes) in [(executable_name(name), &executable), (manifest_name(name), &json)] {
                let path = unfinished.path().join(file);
                fs::write(&path, bytes).map_err(io_at(&path))?;
            }
            let guest = self.guest(name, executable)?;
            built.push(BuiltGuest { path: place.join(executable_name(name)), manifest, guest });
        }
        if self.platform == Platform::Native {
            for name in names {
                let path = unfinished.path().join(executable_name(name));
                make_executable(&path).map_err(io_at(&path))?;
            }
        }
        // What stands there is damaged, or it would have been loaded.
        if place.exists() {
            fs::remove_dir_all(place).map_err(io_at(place))?;
        }
        let unfinished = unfinished.keep();
        fs::rename(&unfinished, place).map_err(io_at(place))?;
        Ok(built)
    }

    /// Keeps a file that is no guest at `place` under `name`: all or nothing.
    pub(super) fn keep_file(file: &Path, place: &Path, name: &str) -> Result<(), BuildError> {
        let folder = place.parent().unwrap_or(place);
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(folder).map_err(io_at(folder))?;
        fs::copy(file, unfinished.path().join(name)).map_err(io_at(file))?;
        if place.exists() {
            fs::remove_dir_all(place).map_err(io_at(place))?;
        }
        let unfinished = unfinished.keep();
        fs::rename(&unfinished, place).map_err(io_at(place))
    }

    /// What was kept in `place`; `None` if it is not there, or not whole.
    pub(super) fn load(&self, place: &Path, names: &[String]) -> Option<Vec<BuiltGuest>> {
        let load = |name: &String| {
            let path = place.join(executable_name(name));
            let executable = read(&path, EXECUTABLE_BYTES_MAX).ok()?;
            let manifest = read(&place.join(manifest_name(name)), MANIFEST_BYTES_MAX).ok()?;
            let manifest: GuestManifest = schema::read(&manifest).ok()?.value;
            if manifest != self.manifest(name, &executable) {
                return None;
            }
            let guest = self.guest(name, executable).ok()?;
            Some(BuiltGuest { path, manifest, guest })
        };
        let built: Vec<BuiltGuest> = names.iter().map(load).collect::<Option<_>>()?;
        // What is used is kept for longer than what is not. Where that cannot be noted, it may be built again.
        let _ = fs::File::open(place).and_then(|folder| folder.set_modified(SystemTime::now()));
        Some(built)
    }

    fn guest(&self, name: &str, executable: Vec<u8>) -> Result<Guest, BuildError> {
        let guest = match self.isa {
            None => Ok(Guest::native(name, executable)),
            Some(_) => Guest::from_elf(name, executable, self.platform),
        };
        let no_guest = |source| BuildError::NoGuest { name: name.to_owned(), platform: self.platform, source };
        guest.map(Guest::on_runtime).map_err(no_guest)
    }
}

impl Recipe {
    /// Removes builds like this one beyond the newest, and what killed processes left. What cannot be removed stays.
    pub(super) fn remove_old(&self, folder: &Path) {
        let (prefix, place) = (self.folder_prefix(), self.place(folder));
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut old: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in entries.filter(|entry| entry.path() != place) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            } else if name.starts_with(&prefix) {
                let modified = entry.metadata().and_then(|facts| facts.modified());
                old.push((modified.unwrap_or(SystemTime::UNIX_EPOCH), entry.path()));
            }
        }
        old.sort();
        for (_, path) in old.iter().rev().skip(KEPT_MAX - 1) {
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn width(isa: Isa) -> &'static str {
    match isa.xlen {
        Xlen::Rv32 => "rv32",
        Xlen::Rv64 => "rv64",
    }
}

fn executable_name(name: &str) -> String {
    format!("{name}.elf")
}

fn manifest_name(name: &str) -> String {
    format!("{name}.json")
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, BuildError> {
    let bytes = fs::metadata(path).map_err(io_at(path))?.len();
    if bytes > limit {
        return Err(io_at(path)(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has {bytes} bytes"))));
    }
    fs::read(path).map_err(io_at(path))
}

fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}
