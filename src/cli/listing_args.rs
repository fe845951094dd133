//! The options that every command has which prints a list.

use clap::Args as ClapArgs;

use super::number::parse_number;

/// The length of a list.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub struct ListingArgs {
    /// Print at most N rows.
    #[arg(long, value_name = "N", value_parser = parse_number::<usize>)]
    limit: Option<usize>,
}

impl ListingArgs {
    /// Drops the rows after those that are to be printed.
    pub fn shorten<T>(self, rows: &mut Vec<T>) {
        rows.truncate(self.limit.unwrap_or(usize::MAX));
    }
}
