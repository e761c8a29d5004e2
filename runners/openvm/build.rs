//! Says which OpenVM this runner holds: the version that the lockfile has, so that no second place states it.

fn main() {
    const LOCKFILE: &str = "Cargo.lock";
    println!("cargo:rerun-if-changed={LOCKFILE}");
    let lockfile = std::fs::read_to_string(LOCKFILE).expect("this workspace has a lockfile");
    let version = lockfile
        .split("[[package]]")
        .find(|package| package.contains("\nname = \"openvm-circuit\"\n"))
        .and_then(|package| package.split("\nversion = \"").nth(1)?.split('"').next())
        .expect("openvm-circuit is a dependency");
    println!("cargo:rustc-env=OPENVM_VERSION={version}");
}
