//! Reading sources again: which files of a folder are new, changed, moved or gone, and where folders are.

mod address;
mod plan;

pub use address::{file_address, file_path};
pub use plan::{Plan, plan};
