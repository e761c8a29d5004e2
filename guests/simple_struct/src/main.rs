//! Nested types through postcard, in and out.
#![cfg_attr(target_os = "none", no_std, no_main)]

extern crate alloc;

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Input {
    owner: String,
    account: Account,
    transfers: Vec<Transfer>,
}

#[derive(Deserialize, Serialize)]
struct Account {
    id: u64,
    open: bool,
    balance: i64,
    limit: Option<u32>,
    kind: Kind,
    tags: Vec<String>,
}

#[derive(Deserialize, Serialize)]
enum Kind {
    Plain,
    Joint { owners: Vec<String> },
    Savings { rate: i16, term: Term },
}

#[derive(Deserialize, Serialize)]
enum Term {
    Open,
    Days { days: u16 },
}

#[derive(Deserialize, Serialize)]
struct Transfer {
    amount: i32,
    memo: String,
    seal: Vec<u8>,
}

/// What comes of the transfers; the output is this in postcard.
#[derive(Serialize)]
struct Output {
    owner: String,
    balance: i64,
    refused: u32,
    checksum: u64,
    /// The input as it was understood, encoded again.
    bytes: u32,
}

assay_guest_rt::main!(run);

fn run() {
    let input: Input = core_input::read();
    let mut balance = input.account.balance;
    let mut refused = 0;
    for transfer in &input.transfers {
        let after = balance.saturating_add(i64::from(transfer.amount));
        let floor = -i64::from(input.account.limit.unwrap_or(0));
        if input.account.open && after >= floor {
            balance = after;
        } else {
            refused += 1;
        }
    }
    let encoded = postcard::to_allocvec(&input).expect("what was decoded can be encoded");
    let owner = match &input.account.kind {
        Kind::Plain => format!("{}#{}", input.owner, input.account.id),
        Kind::Joint { owners } => format!("{} and {} others", input.owner, owners.len()),
        Kind::Savings { rate, term: Term::Open } => format!("{} at {rate}", input.owner),
        Kind::Savings { rate, term: Term::Days { days } } => format!("{} at {rate} for {days} days", input.owner),
    };
    let output = Output { owner, balance, refused, checksum: fnv(&encoded), bytes: encoded.len() as u32 };
    assay_guest_rt::write_output(&postcard::to_allocvec(&output).expect("it can be encoded"));
}

/// FNV-1a, 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
