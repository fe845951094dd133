//! The options that every import has.

use clap::Args;

/// The options of every import.
#[derive(Debug, Clone, Copy, Args)]
pub struct ImportOptions {
    /// Print what an import would do, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}
