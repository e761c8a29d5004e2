//! What reports look like, and that nothing in them means anything but itself.

#[path = "reports/fixture.rs"]
mod fixture;

#[path = "reports/browser.rs"]
mod browser;
#[path = "reports/golden.rs"]
mod golden;
#[path = "reports/hostile.rs"]
mod hostile;
#[path = "reports/limits.rs"]
mod limits;
