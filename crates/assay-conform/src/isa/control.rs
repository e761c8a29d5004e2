//! Programs for what takes more than a line to say: jumps, `auipc`, fences, and loads of what stores of other widths wrote.
//!
//! They keep the conventions of the others: the number of a case in `a0`, `j fail` where it fails, results summed up in `a1`,
//! which here are ones: a case that passes adds 1.

use assay_isa::Xlen;

use super::{MEMORY_BASE, Program};

/// What is said of cases that not every zkVM that executes them can prove: a known bug each.
const UNPROVED: &str = "# known not to be proved everywhere";

/// Name and text. `MEMORY` stands for the address of the memory; lines that say `# rv64 only` are left out elsewhere.
const PROGRAMS: &[(&str, &str)] = &[
    ("auipc", include_str!("control/auipc.s")),
    (super::FENCE, include_str!("control/fence.s")),
    ("jal", include_str!("control/jal.s")),
    ("jalr", include_str!("control/jalr.s")),
    ("store-load", include_str!("control/store-load.s")),
    ("x0", include_str!("control/x0.s")),
];

/// The programs, each with its name; `whole` ones, or those of what every zkVM proves.
pub(super) fn programs(xlen: Xlen, whole: bool) -> impl Iterator<Item = (String, Program)> {
    PROGRAMS.iter().map(move |&(name, text)| {
        let here =
            |line: &&str| (xlen == Xlen::Rv64 || !line.contains("# rv64 only")) && (whole || !line.contains(UNPROVED));
        let lines: Vec<_> = text.lines().filter(here).collect();
        let cases = lines.iter().filter(|line| line.starts_with("li a0,")).count();
        let text = (lines.join("\n") + "\n").replace("MEMORY", &format!("{MEMORY_BASE:#x}"));
        (name.to_owned(), Program { text, sum: cases as u64, cases })
    })
}
