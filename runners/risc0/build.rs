//! Says which RISC Zero this runner holds: the version that the lockfile has, so that no second place states it.

fn main() {
    const LOCKFILE: &str = "Cargo.lock";
    println!("cargo:rerun-if-changed={LOCKFILE}");
    let lockfile = std::fs::read_to_string(LOCKFILE).expect("this workspace has a lockfile");
    let version = lockfile
        .split("[[package]]")
        .find(|package| package.contains("\nname = \"risc0-zkvm\"\n"))
        .and_then(|package| package.split("\nversion = \"").nth(1)?.split('"').next())
        .expect("risc0-zkvm is a dependency");
    println!("cargo:rustc-env=RISC0_VERSION={version}");
}
