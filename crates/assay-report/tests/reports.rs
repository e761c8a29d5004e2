//! What reports look like, and that nothing in them means anything but itself.

#[path = "reports/fixture.rs"]
mod fixture;

#[path = "reports/golden.rs"]
mod golden;
