//! Removing folders of many files by several threads.
//!
//! A file system that tells its device of every block that is free (ext4 mounted with `discard`) has whoever removes a file
//! wait for the device: milliseconds for each of tens of thousands of files. Waiting is done side by side here.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Threads that remove files: they wait, and compute nothing.
const THREADS: usize = 16;

/// Removes a folder and all that is in it. Links are removed, and not followed.
pub(super) fn remove_folder(folder: &Path) -> io::Result<()> {
    let (folders, files) = contents(folder)?;
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<io::Error>> = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..THREADS.min(files.len()) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match fs::remove_file(file) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => {
                            let mut failed = failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                            failed.get_or_insert(error);
                            return;
                        }
                        _ => {}
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(error);
    }
    // Those within others come after them.
    folders.iter().rev().try_for_each(fs::remove_dir)
}

/// The folders below a folder, itself first and each before those within it; and all that is no folder.
fn contents(folder: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    let mut at = 0;
    while let Some(folder) = folders.get(at).cloned() {
        at += 1;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            list.push(entry.path());
        }
    }
    Ok((folders, files))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn all_of_a_folder_goes_and_nothing_that_its_links_lead_to() {
        let place = tempfile::tempdir().unwrap();
        let (kept, gone) = (place.path().join("kept"), place.path().join("gone"));
        fs::create_dir_all(kept.join("inner")).unwrap();
        fs::write(kept.join("inner/file"), "x").unwrap();
        for folder in 0..40 {
            let at = gone.join(format!("a/b{folder}/c"));
            fs::create_dir_all(&at).unwrap();
            fs::write(at.join("file"), "x").unwrap();
            symlink(&kept, at.join("link")).unwrap();
        }
        remove_folder(&gone).unwrap();
        assert!(!gone.exists() && kept.join("inner/file").exists());
        fs::create_dir(&gone).unwrap();
        remove_folder(&gone).unwrap();
        assert!(!gone.exists());
        assert!(remove_folder(&gone).is_err());
    }
}
