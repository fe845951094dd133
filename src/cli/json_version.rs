//! The version of the JSON that the program prints.

pub use crate::library::JSON_VERSION;
