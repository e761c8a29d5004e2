//! What is reduced: an instruction sequence with its state, or a core's input.

use assay_isa::{Extensions, Isa, Xlen, disassemble_word};
use assay_spec::{Digest, HexBytes, MemoryInit, ReducibleCase, Register, RegisterFile, Seed, Word};
use serde_json::Value;

/// Something that a predicate can judge.
///
/// A case of an instruction sequence has instructions, and perhaps registers, memory and input; a case of a core has fields
/// and no instructions. Nothing forbids both.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the instructions are written in.
    pub isa: Isa,
    /// RISC-V words, in order. A word that does not decode is kept or removed as a whole.
    pub instructions: Vec<u32>,
    /// Registers to start from; those that are absent start at 0.
    pub registers: RegisterFile,
    /// Memory to start from.
    pub memory: Vec<MemoryInit>,
    /// The guest's private input.
    pub input: Vec<u8>,
    /// The fields of a core's input.
    pub fields: Option<Value>,
    /// What the seed's maker noted. It is kept as it is and is no part of the case's identity.
    pub metadata: serde_json::Map<String, Value>,
}

impl Case {
    /// A case of nothing: the start of a literal with `..`.
    pub fn empty(isa: Isa) -> Self {
        Self::from_seed(&Seed::default(), isa)
    }

    /// The instructions, registers and memory of `seed`, without input.
    pub fn from_seed(seed: &Seed, isa: Isa) -> Self {
        Self {
            isa,
            instructions: seed.instructions.clone(),
            registers: seed.registers.clone(),
            memory: seed.memory.clone(),
            input: Vec::new(),
            fields: None,
            metadata: seed.metadata.clone(),
        }
    }

    /// The fields of a core's input.
    pub fn from_fields(fields: Value, isa: Isa) -> Self {
        Self { fields: Some(fields), ..Self::empty(isa) }
    }

    /// The same with private input.
    #[must_use]
    pub fn with_input(self, input: Vec<u8>) -> Self {
        Self { input, ..self }
    }

    /// All of it but input and fields, which no seed has.
    pub fn seed(&self) -> Seed {
        Seed {
            instructions: self.instructions.clone(),
            registers: self.registers.clone(),
            memory: self.memory.clone(),
            metadata: self.metadata.clone(),
        }
    }

    /// What is written of it.
    pub fn record(&self) -> ReducibleCase {
        ReducibleCase { seed: self.seed(), input: HexBytes(self.input.clone()), fields: self.fields.clone() }
    }

    /// What was written, read again.
    pub fn from_record(record: &ReducibleCase, isa: Isa) -> Self {
        Self { input: record.input.0.clone(), fields: record.fields.clone(), ..Self::from_seed(&record.seed, isa) }
    }

    /// What identifies it: equal for cases that start from the same state and do the same, so that a register that is given
    /// as 0 is as good as absent, and an empty piece of memory is none.
    pub fn digest(&self) -> Digest {
        let mut bytes = b"assay.case/1".to_vec();
        let mut part = |items: usize, content: &[u8]| {
            bytes.extend((items as u64).to_le_bytes());
            bytes.extend((content.len() as u64).to_le_bytes());
            bytes.extend(content);
        };
        part(0, self.isa.to_string().as_bytes());
        let words: Vec<u8> = self.instructions.iter().flat_map(|word| word.to_le_bytes()).collect();
        part(self.instructions.len(), &words);
        let (registers, memory) = self.stated();
        part(0, b"registers");
        for (register, value) in registers {
            part(usize::from(register.index()), &value.0.to_le_bytes());
        }
        part(0, b"memory");
        for piece in memory {
            part(piece.addr.0 as usize, &piece.hex.0);
        }
        part(0, b"input");
        part(0, &self.input);
        let fields = self.fields.as_ref().map(Value::to_string);
        part(usize::from(fields.is_some()), fields.unwrap_or_default().as_bytes());
        Digest::of(&bytes)
    }

    /// The instructions in text, a line each; a word that does not decode is `.word 0x…`.
    pub fn disassembly(&self) -> Vec<String> {
        self.instructions.iter().map(|&word| disassemble_word(word, self.isa)).collect()
    }

    /// The same without what says nothing: registers that start at 0 anyway, x0, empty pieces of memory.
    pub(crate) fn normalised(&self) -> Self {
        let (registers, memory) = self.stated();
        Self { registers: registers.collect(), memory: memory.cloned().collect(), ..self.clone() }
    }

    /// The registers and pieces of memory that say something.
    fn stated(&self) -> (impl Iterator<Item = (Register, Word)>, impl Iterator<Item = &MemoryInit>) {
        let registers = self.registers.iter().filter(|(register, value)| register.index() != 0 && value.0 != 0);
        (
            registers.map(|(&register, &value)| (register, value)),
            self.memory.iter().filter(|piece| !piece.hex.0.is_empty()),
        )
    }

    pub(crate) fn set_register(&mut self, register: Register, value: u64) {
        if value == 0 {
            self.registers.remove(&register);
        } else {
            self.registers.insert(register, Word(value));
        }
    }
}

/// The ISA whose ISA string this is.
pub(crate) fn parse_isa(text: &str) -> Option<Isa> {
    let widths = [Xlen::Rv32, Xlen::Rv64].into_iter();
    let switches = (0u8..16).map(|bits| Extensions {
        m: bits & 1 != 0,
        a: bits & 2 != 0,
        zifencei: bits & 4 != 0,
        openvm: bits & 8 != 0,
    });
    let mut isas = widths.flat_map(|xlen| switches.clone().map(move |ext| Isa { xlen, ext }));
    isas.find(|isa| isa.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(index: u8) -> Register {
        Register::new(index).unwrap()
    }

    #[test]
    fn a_case_survives_its_record() {
        let mut case = Case::from_fields(serde_json::json!({"n": [1, 2]}), Isa::RV64IMA).with_input(vec![1, 2]);
        case.instructions = vec![0x13, 7];
        case.set_register(register(5), 9);
        case.metadata.insert("source".into(), "corpus".into());
        assert_eq!(Case::from_record(&case.record(), Isa::RV64IMA), case);
        assert_eq!(case.disassembly(), ["addi zero, zero, 0", ".word 0x00000007"]);
    }

    #[test]
    fn what_says_nothing_does_not_change_the_digest_and_the_rest_does() {
        let mut case = Case::empty(Isa::RV32IM);
        case.instructions = vec![0x13];
        let plain = case.digest();
        case.registers.insert(register(7), Word(0));
        case.memory.push(MemoryInit { addr: Word(8), hex: HexBytes::default() });
        case.metadata.insert("source".into(), "corpus".into());
        assert_eq!(case.digest(), plain);
        assert_eq!(case.normalised().registers.len(), 0);
        let edits: [fn(&mut Case); 6] = [
            |case| case.instructions.push(0x13),
            |case| case.set_register(Register::new(7).unwrap(), 1),
            |case| case.memory[0].hex.0.push(0),
            |case| case.input.push(0),
            |case| case.fields = Some(Value::Null),
            |case| case.isa = Isa::RV64IM,
        ];
        let digests: std::collections::BTreeSet<_> = edits
            .iter()
            .map(|edit| {
                let mut edited = case.clone();
                edit(&mut edited);
                edited.digest()
            })
            .chain([plain])
            .collect();
        assert_eq!(digests.len(), edits.len() + 1);
    }

    #[test]
    fn isa_strings_are_read_back() {
        for isa in [Isa::RV32IM, Isa::RV64IM, Isa::RV32IMA, Isa::RV64IMA, Isa::RV32IM_OPENVM] {
            assert_eq!(parse_isa(&isa.to_string()), Some(isa));
        }
        assert_eq!(parse_isa("rv32imc"), None);
    }
}
