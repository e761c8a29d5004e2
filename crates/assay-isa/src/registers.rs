//! Names of the 32 integer registers (RISC-V psABI).

/// ABI names by register number.
pub const NAMES: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2",
    "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

/// The ABI name of `register`; `"?"` for a number above 31, which no decoded instruction has.
pub fn name(register: u8) -> &'static str {
    NAMES.get(usize::from(register)).copied().unwrap_or("?")
}

/// The number of the register that `text` names: an ABI name, `fp`, or `x0`…`x31` without leading zeros.
pub fn parse(text: &str) -> Option<u8> {
    if text == "fp" {
        return Some(8);
    }
    if let Some(digits) = text.strip_prefix('x') {
        let canonical = digits.len() == 1 || (digits.len() == 2 && !digits.starts_with('0'));
        if !canonical || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        return digits.parse().ok().filter(|&number: &u8| number < 32);
    }
    NAMES.iter().position(|&name| name == text).map(|number| number as u8)
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn each_register_is_found_by_both_its_names() {
        for number in 0..32 {
            assert_eq!(parse(name(number)), Some(number));
            assert_eq!(parse(&format!("x{number}")), Some(number));
        }
        assert_eq!(parse("fp"), Some(8));
    }

    #[test]
    fn what_is_no_register_is_refused() {
        for text in ["x32", "x05", "x", "x+1", "X5", "a8", "s12", "t7", "", "zer", "pc", "x256", "x1é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
