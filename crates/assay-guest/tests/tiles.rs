//! Crates of tiles, built: the list of what they have, and a program per tile that does the same everywhere.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

#[path = "cores/execution.rs"]
mod execution;

use std::path::Path;

use assay_guest::{Project, ProjectBuilder, TileProgram};
use assay_spec::{Platform, TilePublish};
use assay_tile::{Claim, Description, InputBinding, Status};
use execution::{Did, Ended, TARGETS, did_on, ran};

fn demo() -> Project {
    Project::open_tiles(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tiles-demo")).unwrap()
}

fn show(line: &str) {
    eprintln!("{line}");
}

#[test]
fn the_tiles_of_a_crate_are_listed_and_run_everywhere() {
    let builder = ProjectBuilder::new().unwrap();
    let project = demo();
    let list = builder.build_tile_list(&project, &mut show).unwrap();
    let Did { output, end } = did_on(&list, &[]);
    assert_eq!(end, Ended::Exit(0));
    let described: Vec<Description> = serde_json::from_slice(&output).unwrap();
    let tiles: Vec<_> = described
        .iter()
        .filter_map(|description| match description {
            Description::Tile(tile) => Some(TileProgram { id: tile.id.clone(), digest: tile.digest }),
            Description::Sequence(_) => None,
        })
        .collect();
    let ids: Vec<_> = tiles.iter().map(|tile| tile.id.as_str()).collect();
    assert_eq!(ids, ["divide", "double", "keccak256", "leaves", "merkle-root"]);
    assert_eq!(described.len(), 7, "and two sequences");

    let input = postcard::to_allocvec(&(7u64, 0u64)).unwrap();
    let framed = assay_tile::frame(&input, None).unwrap();
    for (platform, isa) in TARGETS {
        let built = builder.build_tiles(&project, &tiles, TilePublish::Claim, platform, isa, &mut show).unwrap();
        assert_eq!(built.len(), tiles.len());
        let Did { output, end } = did_on(&built[0], &framed);
        assert_eq!(end, Ended::Exit(0), "{platform}");
        let (claim, answer) = Claim::decode(&output, platform == Platform::OpenVm).unwrap();
        assert_eq!((claim.tile, claim.status), (tiles[0].digest, Status::TileFailed), "{platform}");
        assert_eq!(claim.input, InputBinding::of(&input, None));
        let failure: assay_tile::Failure = postcard::from_bytes(answer).unwrap();
        assert_eq!(failure.message, "7 cannot be divided by zero");
    }
}

#[test]
fn a_plain_program_makes_its_output_public_and_logs_how_it_failed() {
    let builder = ProjectBuilder::new().unwrap();
    let divide = TileProgram { id: "divide".to_owned(), digest: [7; 32] };
    let built =
        builder.build_tiles(&demo(), &[divide], TilePublish::Plain, Platform::Standard, None, &mut show).unwrap();
    let framed = |dividend: u64, divisor: u64| {
        assay_tile::frame(&postcard::to_allocvec(&(dividend, divisor)).unwrap(), None).unwrap()
    };
    assert_eq!(did_on(&built[0], &framed(7, 2)), Did { output: vec![3], end: Ended::Exit(0) });
    let bad = framed(7, 0);
    assert_eq!(did_on(&built[0], &bad), Did { output: Vec::new(), end: Ended::Exit(1) });
    let log = String::from_utf8(ran(&built[0], &bad).log).unwrap();
    assert_eq!(assay_tile::failure_in_log(&log).unwrap().message, "7 cannot be divided by zero");
}
