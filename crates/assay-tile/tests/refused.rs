//! What cannot be a tile or a sequence is refused at the token that is wrong.

#[test]
fn each_mistake_is_pointed_at() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
