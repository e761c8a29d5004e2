//! Nothing: the package exists for its one dependency.
