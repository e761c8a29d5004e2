//! Gives the guest the address at which its writable data begins: the linker script of the runtime names only its end.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none") {
        println!("cargo::rustc-link-arg-bins=--defsym=_data_start=ADDR(.data)");
    }
}
