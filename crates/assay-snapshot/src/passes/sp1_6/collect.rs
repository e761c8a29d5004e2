//! Records, where SP1's prover passes, and the points at which its witness can be changed.

use super::{EXECUTOR, HYPERCUBE};
use crate::edit::{Action, Anchor, Edit, Named, Nth, Pass, PassKind, Place, Text};

/// What follows from a changed value is not changed with it, except at `sp1.core.alu`.
pub(super) const POINTS: [Named; 17] = [
    at_clock(
        "sp1.core.alu",
        "Result of an ALU instruction as its register takes it: later instructions work on with it.",
    ),
    at_clock("sp1.alu.a", "Result of an ALU instruction in the event that rows are filled from."),
    at_clock("sp1.alu.b", "First operand of an ALU instruction in its event."),
    at_clock("sp1.alu.c", "Second operand of an ALU instruction in its event."),
    at_clock("sp1.load.a", "What a load gives its register, in its event."),
    at_clock("sp1.load.memory", "The aligned eight bytes that a load reads, in its event and in the memory argument."),
    at_clock("sp1.store.a", "What a store stores, in its event."),
    at_clock(
        "sp1.store.memory",
        "The aligned eight bytes that a store leaves, in its event and in the memory argument.",
    ),
    at_clock("sp1.branch.a", "First operand of a branch in its event."),
    at_clock("sp1.branch.b", "Second operand of a branch in its event."),
    at_clock("sp1.branch.next_pc", "Where a branch goes, in its event."),
    at_clock("sp1.jump.a", "Return address of a jump in its event."),
    at_clock("sp1.jump.next_pc", "Where a jump goes, in its event."),
    at_clock("sp1.utype.a", "Result of LUI or AUIPC in its event."),
    at_clock("sp1.ecall.arg1", "First argument of a system call in its event."),
    at_clock("sp1.ecall.arg2", "Second argument of a system call in its event."),
    at_clock(
        "sp1.state.next_pc",
        "Where the instruction goes, as the shard's public values have it after its last one.",
    ),
];

/// A point whose position is the clock before the instruction, the record's `timestamp`.
const fn at_clock(name: &'static str, about: &'static str) -> Named {
    Named { name, about }
}

const TRACING: &str = "src/tracing.rs";
const SUPERVISOR: &str = "impl TracingVM<'_, SupervisorMode> #2";
const SHARED: &str = "impl TracingVM<'a, M>";
const EVENTS: &str = "impl TracingVM<'_, M> #2";

/// The pass.
pub(super) fn pass() -> Pass {
    let mut edits = rows();
    edits.extend(instructions());
    edits.extend(results());
    edits.extend(events());
    Pass { kind: PassKind::Collect, edits }
}

fn rows() -> Vec<Edit> {
    let chip = |id: &'static str, anchor, action, why| Edit::new(id, HYPERCUBE, "src/chip.rs", anchor, action, why);
    vec![
        Edit::new(
            "collect.rows",
            HYPERCUBE,
            "src/assay_rows.rs",
            Anchor::NewFile,
            Action::Create(include_str!("../../../template/sp1-6/rows.rs").into()),
            "What is emitted of rows, and how.",
        ),
        Edit::new(
            "collect.rows.module",
            HYPERCUBE,
            "src/lib.rs",
            Anchor::File(Place::Start),
            Action::Before("pub mod assay_rows;".into()),
            "The executor and the runner call it too.",
        ),
        chip(
            "collect.rows.place",
            Anchor::statement(
                "impl Chip #3 :: fn new",
                "let mut builder = InteractionBuilder::new(air.preprocessed_width(), air.width());",
            ),
            Action::Before("crate::assay_rows::made(air.name());".into()),
            "Machines make their chips in one order, which is that of the records.",
        ),
        chip(
            "collect.rows.table",
            Anchor::expression(
                "impl MachineAir for Chip :: fn generate_preprocessed_trace",
                "<A as MachineAir<F>>::generate_preprocessed_trace(&self.air, program)",
            ),
            Action::Wrap(
                "let trace = ".into(),
                ";\n        crate::assay_rows::table(self.air.name(), trace.as_ref());\n        trace".into(),
            ),
            "Messages of tables have preprocessed values.",
        ),
        chip(
            "collect.rows.trace",
            Anchor::expression(
                "impl MachineAir for Chip :: fn generate_trace",
                "self.air.generate_trace(input, output)",
            ),
            Action::Wrap(
                "let mut trace = ".into(),
                ";\n        crate::assay_rows::inject(self.air.name(), &mut trace);\
                 \n        if fuzzer_utils::sink::enabled() {\
                 \n            let columns = self.air.column_names();\
                 \n            crate::assay_rows::rows(self.air.name(), columns, &self.sends, &self.receives, &trace);\
                 \n        }\
                 \n        trace"
                    .into(),
            ),
            "Every chip's trace is generated here; the chip knows its messages.",
        ),
        Edit::new(
            "collect.public_values",
            EXECUTOR,
            "src/record.rs",
            Anchor::body_end("impl MachineRecord for ExecutionRecord :: fn public_values"),
            Action::Before("sp1_hypercube::assay_rows::public_values::<Self>(public_values.to_vec());".into()),
            "A shard's public values send and receive the borders of its state.",
        ),
    ]
}

fn instructions() -> Vec<Edit> {
    let tracing = |id: &'static str, anchor, action, why| Edit::new(id, EXECUTOR, TRACING, anchor, action, why);
    vec![
        Edit::new(
            "collect.instructions",
            EXECUTOR,
            "src/assay_instructions.rs",
            Anchor::NewFile,
            Action::Create(include_str!("../../../template/sp1-6/instructions.rs").into()),
            "What is emitted of an instruction.",
        ),
        Edit::new(
            "collect.instructions.module",
            EXECUTOR,
            "src/lib.rs",
            Anchor::File(Place::Start),
            Action::Before("mod assay_instructions;".into()),
            "The tracing machine calls it.",
        ),
        tracing(
            "collect.instructions.field",
            Anchor::body_end("struct TracingVM"),
            Action::Before(
                "/// Records of the instructions, which are written when the machine is dropped.\
                 \nretired: Option<crate::assay_instructions::Shard>,"
                    .into(),
            ),
            "Instructions of a shard are one section.",
        ),
        tracing(
            "collect.instructions.open",
            Anchor::expression(format!("{SHARED} :: fn new"), "PhantomData"),
            Action::After(", retired: crate::assay_instructions::open()".into()),
            "The section opens with the machine.",
        ),
        tracing(
            "collect.instructions.emit",
            Anchor::body_start(format!("{EVENTS} :: fn emit_events")),
            Action::Before(
                "if let Some(retired) = &mut self.retired {\
                 \n    crate::assay_instructions::emit(retired, &self.core, instruction, record);\
                 \n}"
                .into(),
            ),
            "Every instruction comes by here once, whatever its kind.",
        ),
    ]
}

/// Where the machine says what an instruction did.
fn results() -> Vec<Edit> {
    let after = |id: &'static str, item: &str, call: &str, lines: &[&str]| {
        let anchor =
            Anchor::statement(item.to_owned() + " :: fn " + id.rsplit('.').next().unwrap_or(id), call.to_owned());
        let why = "The values stand in events and in records of memory from here on.";
        Edit::new(id, EXECUTOR, TRACING, anchor, Action::After(lines.join("\n").into()), why)
    };
    let clock = "self.core.clk()";
    vec![
        Edit::new(
            "collect.point.core.alu",
            EXECUTOR,
            "src/vm.rs",
            Anchor::statement("impl CoreVM<'a, M> #1 :: fn execute_alu", "let rw_record = self.rw(rd, a);"),
            Action::Before(["let mut a = a;", &inject("sp1.core.alu", "self.clk", "a")].join("\n").into()),
            "The register takes what stands here.",
        ),
        after(
            "collect.point.execute_alu",
            SHARED,
            "let AluResult { rd, rw_record, mut a, b, c, rs1, rs2 } = self.core.execute_alu(instruction);",
            &[
                "let (mut b, mut c) = (b, c);",
                &inject("sp1.alu.a", clock, "a"),
                &inject("sp1.alu.b", clock, "b"),
                &inject("sp1.alu.c", clock, "c"),
            ],
        ),
        after(
            "collect.point.execute_load",
            SUPERVISOR,
            "let LoadResultSupervisor { mut a, b, c, rs1, rd, addr, rr_record, rw_record, mr_record } = \
             self.core.execute_load(instruction)?;",
            &[
                "let mut mr_record = mr_record;",
                &inject("sp1.load.a", clock, "a"),
                &inject("sp1.load.memory", clock, "mr_record.value"),
            ],
        ),
        after(
            "collect.point.execute_store",
            SUPERVISOR,
            "let StoreResultSupervisor { mut a, b, c, rs1, rs2, addr, rs1_record, rs2_record, mw_record, } = \
             self.core.execute_store(instruction)?;",
            &[
                "let mut mw_record = mw_record;",
                &inject("sp1.store.a", clock, "a"),
                &inject("sp1.store.memory", clock, "mw_record.value"),
            ],
        ),
        after(
            "collect.point.execute_branch",
            SHARED,
            "let BranchResult { mut a, rs1, a_record, b, rs2, b_record, c } = self.core.execute_branch(instruction);",
            &["let mut b = b;", &inject("sp1.branch.a", clock, "a"), &inject("sp1.branch.b", clock, "b")],
        ),
        after(
            "collect.point.execute_jump",
            SHARED,
            "let JumpResult { mut a, b, c, rd, rd_record, rs1 } = self.core.execute_jump(instruction);",
            &[&inject("sp1.jump.a", clock, "a")],
        ),
        after(
            "collect.point.execute_utype",
            SHARED,
            "let UTypeResult { mut a, b, c, rd, rw_record } = self.core.execute_utype(instruction);",
            &[&inject("sp1.utype.a", clock, "a")],
        ),
    ]
}

/// Where events are made.
fn events() -> Vec<Edit> {
    let start = |id: &'static str, function: &str, lines: &[&str]| {
        let anchor = Anchor::body_start(format!("{EVENTS} :: fn {function}"));
        let text: Text = lines.join("\n").into();
        Edit::new(id, EXECUTOR, TRACING, anchor, Action::Before(text), "The event is made of these values.")
    };
    let next_pc = |point: &str| {
        let lines = ["let mut next_pc = next_pc;".to_owned(), inject(point, "self.core.clk()", "next_pc")];
        lines.join("\n")
    };
    vec![
        start("collect.point.branch", "emit_branch_event", &[&next_pc("sp1.branch.next_pc")]),
        start("collect.point.jal", "emit_jal_event", &[&next_pc("sp1.jump.next_pc")]),
        start("collect.point.jalr", "emit_jalr_event", &[&next_pc("sp1.jump.next_pc")]),
        start(
            "collect.point.syscall",
            "emit_syscall_event",
            &[
                "let (mut arg1, mut arg2) = (arg1, arg2);",
                &inject("sp1.ecall.arg1", "clk", "arg1"),
                &inject("sp1.ecall.arg2", "clk", "arg2"),
            ],
        ),
        Edit::new(
            "collect.point.state",
            EXECUTOR,
            TRACING,
            Anchor::Statement {
                item: format!("{EVENTS} :: fn emit_events").into(),
                like: "self.record.next_pc = next_pc;".into(),
                nth: Nth::Only,
            },
            Action::Before(next_pc("sp1.state.next_pc").into()),
            "The public values of the shard are made of it.",
        ),
    ]
}

fn inject(point: &str, clock: &str, place: &str) -> String {
    format!("fuzzer_utils::inject({point:?}, {clock}, &mut {place});")
}
