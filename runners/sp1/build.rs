//! Says which SP1 this runner holds: the version that the lockfile has, so that no second place states it.

fn main() {
    const LOCKFILE: &str = "Cargo.lock";
    println!("cargo:rerun-if-changed={LOCKFILE}");
    let lockfile = std::fs::read_to_string(LOCKFILE).expect("this workspace has a lockfile");
    let version = lockfile
        .split("[[package]]")
        .find(|package| package.contains("\nname = \"sp1-prover\"\n"))
        .and_then(|package| package.split("\nversion = \"").nth(1)?.split('"').next())
        .expect("sp1-prover is a dependency");
    println!("cargo:rustc-env=SP1_VERSION={version}");
}
