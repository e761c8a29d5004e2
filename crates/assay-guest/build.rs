//! Puts the sources of the guest runtime into the library, so that guests can be built away from Assay's source tree.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// What the runtime is made of, from this crate's folder.
const RUNTIME: &str = "../assay-guest-rt";

/// What of the runtime is taken.
const FILES: [&str; 2] = ["Cargo.toml", "build.rs"];
const FOLDERS: [&str; 3] = ["include", "link", "src"];

/// Its dependencies' versions are those of the guests that ship.
const GUESTS: [(&str, &str); 2] =
    [("guests.toml", "../../guests/Cargo.toml"), ("guests.lock", "../../guests/Cargo.lock")];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let runtime = here.join(RUNTIME);
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for name in FILES {
        files.push((name.to_owned(), runtime.join(name)));
    }
    for name in FOLDERS {
        collect(&runtime.join(name), name, &mut files)?;
    }
    for (name, path) in GUESTS {
        files.push((name.to_owned(), here.join(path)));
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={RUNTIME}");
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in files {
        let path = fs::canonicalize(path)?;
        // Quoted as Rust quotes it.
        let path = path.to_str().expect("the source tree has a path of text");
        let _ = writeln!(text, "({name:?}, include_bytes!({path:?})),");
    }
    text.push_str("]\n");
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("runtime_files.rs"), text)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(file) = path.file_name().and_then(|file| file.to_str()) else { continue };
        // An editor's.
        if file.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{file}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            files.push((name, path));
        }
    }
    Ok(())
}
