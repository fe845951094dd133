//! `newsreader doctor --repair`: replaces a damaged library by what can be read of it.

use std::path::Path;

use super::{
    doctor_report::DoctorReport, environment::Environment, global_args::GlobalArgs,
    open_library::OpenLibrary,
};
use crate::{
    library,
    store::{
        LibraryLocation, LostRows, ReadConnection, SalvageReport, StoreError, TableLoss,
        salvage_library,
    },
    text::{count_noun, format_long_date},
};

/// The way out of a damaged database.
pub const REPAIR: &str = "the database is damaged: `newsreader doctor --repair` saves what can be read \
                          of it, or names the newest backup; the damaged file is kept";

/// Opens the library. One that cannot be opened, or that has lost pages, is replaced by what can be
/// read of it; a whole one is left alone.
pub fn open_repaired(
    args: &GlobalArgs,
    environment: &Environment,
    report: &mut DoctorReport,
) -> anyhow::Result<OpenLibrary> {
    let location = match OpenLibrary::open(args, environment) {
        Ok(library) if !has_lost_pages(&library.location) => return Ok(library),
        Ok(library) => library.location,
        Err(error) => match damaged_library(&error) {
            Some(location) => location,
            None => return Err(error),
        },
    };
    if let LibraryLocation::Folder(folder) = &location {
        report_salvage(&salvage_library(folder)?, report);
    }
    OpenLibrary::open(args, environment)
}

/// Describes an error that ended the checks, without the hint at this command.
pub fn describe_problem(error: &anyhow::Error) -> String {
    match error.downcast_ref() {
        Some(StoreError::DamagedPart { operation }) => {
            format!("the library could not {operation}: its database is damaged")
        }
        _ => format!("{error:#}"),
    }
}

/// Names the way out after an error: the repair, or the newest backup of a library that cannot be opened.
pub fn report_way_out(error: &anyhow::Error, report: &mut DoctorReport) {
    if let Some(StoreError::DamagedPart { .. }) = error.downcast_ref() {
        report.add_problem(REPAIR);
    }
    if let Some(location) = damaged_library(error) {
        report_newest_backup(&location, report);
    }
}

/// Returns the location of the library that cannot be opened because it is damaged.
fn damaged_library(error: &anyhow::Error) -> Option<LibraryLocation> {
    match error.downcast_ref() {
        Some(
            StoreError::Damaged { path }
            | StoreError::CutOff { path, .. }
            | StoreError::Unsalvageable { path }
            | StoreError::NotALibrary { path },
        ) => Some(LibraryLocation::Folder(path.parent().unwrap_or(Path::new("")).to_owned())),
        _ => None,
    }
}

/// Returns whether pages of the database are damaged, so that rows may be missing.
fn has_lost_pages(location: &LibraryLocation) -> bool {
    let check = || -> Result<bool, StoreError> {
        let reader = ReadConnection::open(location)?;
        let (stated_tags, tags) = reader.count_tags_twice()?;
        let (stated_unlisted, unlisted) = reader.count_unlisted_twice()?;
        let (stated_copies, copies) = reader.count_copies_twice()?;
        Ok(!reader.check_integrity()?.is_empty()
            || reader.count_missing_feeds()? > 0
            || reader.count_entries_one_by_one()? != reader.stated_entry_count()?
            || stated_tags != tags
            || stated_unlisted != unlisted
            || stated_copies != copies)
    };
    check().unwrap_or_else(|error| matches!(error, StoreError::DamagedPart { .. }))
}

/// Names the newest backup, by which a library that cannot be read is replaced.
fn report_newest_backup(location: &LibraryLocation, report: &mut DoctorReport) {
    let newest = location.backup_folder().and_then(|folder| library::newest_backup(&folder));
    if let Some((day, path)) = newest {
        report.add_ok(&format!(
            "last backup: {}; `newsreader restore {}` puts it in place of the library",
            format_long_date(day),
            path.display()
        ));
    }
}

/// Says what was read of a damaged library, and what is missing: each loss is a problem.
fn report_salvage(salvage: &SalvageReport, report: &mut DoctorReport) {
    let articles = count_noun(salvage.entry_count, "article");
    report.add_ok(&format!("read {articles} of the damaged library into a new one"));
    if let Some(kept) = &salvage.kept {
        report.add_ok(&format!("the damaged library is kept: {}", kept.display()));
    }
    for loss in &salvage.tables {
        report.add_problem(&describe_table_loss(loss));
    }
    for feed in &salvage.feeds {
        let missing = count_noun(feed.entry_count, "article");
        report.add_problem(&format!("{}: {missing} could not be read", feed.name));
    }
    if salvage.tables.is_empty() {
        report.add_ok("nothing is missing");
    }
}

/// Describes the missing rows of a table.
fn describe_table_loss(loss: &TableLoss) -> String {
    let rows = match loss.rows {
        LostRows::Exactly(count) => count_noun(count, "row"),
        LostRows::AtMost(count) => format!("up to {}", count_noun(count, "row")),
        LostRows::Unknown => "an unknown number of rows".to_owned(),
    };
    format!("table {}: {rows} could not be read", loss.table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_of_a_table_says_how_sure_its_number_is() {
        for (rows, sentence) in [
            (LostRows::Exactly(1), "table views: 1 row could not be read"),
            (LostRows::AtMost(40), "table views: up to 40 rows could not be read"),
            (LostRows::Unknown, "table views: an unknown number of rows could not be read"),
        ] {
            let loss = TableLoss { table: "views".to_owned(), rows };
            assert_eq!(describe_table_loss(&loss), sentence);
        }
    }
}
