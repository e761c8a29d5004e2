//! Output, and then an end of the kind that is asked for.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::{string::String, vec::Vec};

use assay_guest_rt::{abort, log, write_output};
use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    output: Vec<u8>,
    end: End,
}

#[derive(Deserialize)]
enum End {
    /// Return.
    Return,
    /// Exit with a code.
    Exit {
        code: u8,
    },
    Abort,
    /// Panic with a message.
    Message {
        text: String,
    },
    /// Index beyond the end of the output.
    Index {
        index: u32,
    },
    /// Divide by a number that may be 0.
    Divide {
        by: u32,
    },
    /// Unwrap nothing.
    Unwrap,
    /// Ask for memory that there is not.
    Capacity,
}

assay_guest_rt::main!(run);

fn run() -> u8 {
    let Input { output, end } = core_input::read();
    log("writing the output\n");
    write_output(&output);
    match end {
        End::Return => {}
        End::Exit { code } => return code,
        End::Abort => abort(),
        End::Message { text } => panic!("{text}"),
        End::Index { index } => write_output(&[output[index as usize]]),
        End::Divide { by } => write_output(&(1000 / by).to_le_bytes()),
        End::Unwrap => write_output(&[output.iter().find(|_| false).copied().unwrap()]),
        End::Capacity => write_output(&Vec::<u8>::with_capacity(usize::MAX)),
    }
    0
}
