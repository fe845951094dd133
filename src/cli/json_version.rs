//! The version of the JSON that the program prints.
//!
//! Every object that is printed has it as `version`; the list of feeds is an array, and has none. The
//! documents are described by `assets/schemas`. A new field keeps the version; a field that is
//! removed, renamed or means something else raises it.

/// The current version.
pub const JSON_VERSION: u32 = 1;
