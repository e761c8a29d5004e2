//! The conformance kit: what a platform promises its guests, as cases that run on any backend.
