//! Puts the sources of the guest runtime, and of what tiles are written against, into the library, so that guests can be
//! built away from Assay's source tree.

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

/// What tiles are written against, from this crate's folder; versions of dependencies are those of the source tree.
const TILE_CRATES: [&str; 2] = ["assay-tile", "assay-tile-macros"];
const TREE: [(&str, &str); 2] = [("workspace.toml", "../../Cargo.toml"), ("workspace.lock", "../../Cargo.lock")];

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
    write("runtime_files.rs", files)?;

    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for name in TILE_CRATES {
        let folder = here.join("..").join(name);
        files.push((format!("{name}/Cargo.toml"), folder.join("Cargo.toml")));
        collect(&folder.join("src"), &format!("{name}/src"), &mut files)?;
        println!("cargo::rerun-if-changed=../{name}");
    }
    for (name, path) in TREE {
        files.push((name.to_owned(), here.join(path)));
        println!("cargo::rerun-if-changed={path}");
    }
    write("tile_files.rs", files)
}

/// Writes a list of names and contents that the library includes.
fn write(name: &str, mut files: Vec<(String, PathBuf)>) -> io::Result<()> {
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
    fs::write(Path::new(&folder).join(name), text)
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
