//! `newsreader doctor`: checks the settings, the keymap, the themes, the rules and the library.

use super::{
    config,
    doctor_accounts::check_accounts,
    doctor_repair::{REPAIR, describe_problem, open_repaired, report_way_out},
    doctor_report::DoctorReport,
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    open_library::OpenLibrary,
    output,
    rule_file::RuleFile,
    theme_catalog::ThemeCatalog,
};
use crate::{
    library,
    model::{EntryId, Feed, FeedHealth, has_lost_address},
    settings::resolve_auto_settings,
    store::{DamagedRow, LibraryLocation, ReadConnection},
    text::{count_noun, format_long_date},
};

/// Maximum number of damaged rows that are named.
const MAX_NAMED_ROWS: usize = 20;

/// The way out of a damaged index.
const REBUILD: &str = "`newsreader index rebuild` rebuilds the search index";

/// Prints a line for each check, `ok` or `!`. The exit status is a failure if there is a problem.
///
/// With `repair`, replaces a library that has lost pages by what can be read of it, and makes damaged
/// rows readable, before the rest is checked. What could not be read is a problem.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    repair: bool,
) -> anyhow::Result<ExitStatus> {
    let mut report = DoctorReport::default();
    let (settings, failures) = config::load_settings(args, environment);
    let settings = resolve_auto_settings(settings, environment.variables());
    report.add_ok(&format!("newsreader {}", env!("CARGO_PKG_VERSION")));
    report.add_ok(&format!(
        "settings: colors {}, glyphs {}, keys {}",
        settings.colors.name(),
        settings.glyphs.name(),
        settings.keys.name()
    ));
    let (_, key_failures) = config::load_keymaps(environment, &settings);
    let (themes, theme_failures) = ThemeCatalog::load(environment);
    let unknown = themes.unknown_theme_failure(&settings.theme);
    let rules = RuleFile::find(args, environment).map(|file| file.load()).unwrap_or_default();
    let files = failures.iter().chain(&key_failures).chain(&theme_failures).chain(&unknown);
    for failure in files.chain(&rules.failures) {
        report.add_problem(&failure.summary);
    }
    if let Err(error) = check_library(args, environment, repair, &mut report) {
        report.add_problem(&describe_problem(&error));
        report_way_out(&error, &mut report);
    }
    let text = if args.json { report.to_json()? } else { report.text };
    output::write_stdout(text.as_bytes())?;
    Ok(if report.problem_count == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Checks the database, the search index and the state of each feed.
fn check_library(
    args: &GlobalArgs,
    environment: &Environment,
    repair: bool,
    report: &mut DoctorReport,
) -> anyhow::Result<()> {
    let mut library = if repair {
        open_repaired(args, environment, report)?
    } else {
        OpenLibrary::open(args, environment)?
    };
    if let Some(warning) = &library.warning {
        report.add_problem(&warning.summary);
    }
    if let LibraryLocation::Folder(folder) | LibraryLocation::ReadOnly(folder) = &library.location {
        report.add_ok(&format!("library {}", folder.display()));
    }
    if let Some(root) = environment.opened_folders_root().filter(|root| root.is_dir()) {
        report.add_ok(&format!("libraries of folders that were read: {}", root.display()));
    }
    report_backup(&library.location, report);
    let reader = ReadConnection::open(&library.location)?;
    check_pages(&reader, report)?;
    let mut damaged = reader.find_damaged_rows()?;
    if repair && !damaged.is_empty() {
        library.writer.repair_rows(&damaged)?;
        report.add_ok(&format!("repaired {}", count_noun(damaged.len(), "damaged text")));
        damaged = reader.find_damaged_rows()?;
    }
    report_damaged_rows(&damaged, report);
    let feeds = reader.list_feeds()?;
    report.add_ok(&format!(
        "{} in {}",
        count_noun(reader.count_entries()?, "article"),
        count_noun(feeds.len(), "feed")
    ));
    let trash = reader.measure_trash()?;
    if trash.articles > 0 {
        report.add_ok(&format!(
            "trash: {}, {} KB of text",
            count_noun(trash.articles, "article"),
            trash.bytes.div_ceil(1024)
        ));
    }
    let absent = reader.count_absent_texts()?;
    if absent > 0 {
        report.add_ok(&format!(
            "{} without a text since the library was restored or repaired; a refresh brings back what its \
             source has",
            count_noun(absent, "article")
        ));
    }
    check_index(&reader, &damaged, report)?;
    let repairer = repair.then_some(&mut library.writer);
    check_accounts(&library.location, &reader, repairer, report)?;
    for feed in &feeds {
        check_feed(feed, report);
    }
    Ok(())
}

/// Says what is wrong with a feed. One whose address a damaged library has lost needs a new one from the
/// user.
fn check_feed(feed: &Feed, report: &mut DoctorReport) {
    let (name, id) = (feed.display_name(), feed.id);
    if has_lost_address(&feed.url) {
        let articles = count_noun(feed.entry_count, "article");
        report.add_problem(&format!(
            "{name}: {articles} without a feed to refresh; `newsreader feed edit {id} --url URL` gives it \
             its address, `newsreader feed remove {id}` unsubscribes"
        ));
    } else if let FeedHealth::Failing(sentence) = &feed.health {
        report.add_problem(&format!("{name}: {sentence}"));
    }
}

/// Names the newest backup.
fn report_backup(location: &LibraryLocation, report: &mut DoctorReport) {
    let Some(folder) = location.backup_folder() else { return };
    report.add_ok(&match library::newest_backup(&folder) {
        Some((day, path)) => {
            format!("last backup: {}, {}", format_long_date(day), path.display())
        }
        None => {
            "no backup yet; the reader writes one each day, and `newsreader backup` now".to_owned()
        }
    });
}

/// Checks the structure of the database, and the number of articles.
fn check_pages(reader: &ReadConnection, report: &mut DoctorReport) -> anyhow::Result<()> {
    let problems = reader.check_integrity()?;
    for problem in &problems {
        report.add_problem(problem);
    }
    let (counted, stated) = (reader.count_entries_one_by_one()?, reader.stated_entry_count()?);
    if counted != stated {
        report.add_problem(&format!(
            "the feeds state {} and the library has {counted}",
            count_noun(stated, "article")
        ));
    }
    for ((stated, counted), noun) in [
        (reader.count_tags_twice()?, "tag"),
        (reader.count_unlisted_twice()?, "hidden or removed article"),
        (reader.count_copies_twice()?, "folded article"),
        (reader.count_dropped_twice()?, "dropped article"),
    ] {
        if counted != stated {
            let stated = count_noun(stated, noun);
            report.add_problem(&format!("the library states {stated} and has {counted}"));
        }
    }
    let missing_feeds = reader.count_missing_feeds()?;
    if missing_feeds > 0 {
        report.add_problem(&format!("{} missing", count_noun(missing_feeds, "feed")));
    }
    if !problems.is_empty() || missing_feeds > 0 {
        report.add_problem(REPAIR);
    }
    Ok(())
}

/// Names the damaged rows, at most [`MAX_NAMED_ROWS`].
fn report_damaged_rows(damaged: &[DamagedRow], report: &mut DoctorReport) {
    for row in damaged.iter().take(MAX_NAMED_ROWS) {
        let column = row.column_name();
        report.add_problem(&format!("{} {}: {column} cannot be read", row.noun, row.id));
    }
    if !damaged.is_empty() {
        report.add_problem(&format!(
            "{} in all; `newsreader doctor --repair` makes the rest of them readable, and searches \
             find them again",
            count_noun(damaged.len(), "damaged text")
        ));
    }
}

/// Reads the files of the search index and compares its articles with those of the library.
fn check_index(
    reader: &ReadConnection,
    damaged: &[DamagedRow],
    report: &mut DoctorReport,
) -> anyhow::Result<()> {
    let Some(folder) = reader.index_folder() else { return Ok(()) };
    let check = library::check_index(reader, folder)?;
    for error in &check.errors {
        report.add_problem(&format!("{error}; {REBUILD}"));
    }
    // Damaged articles cannot be indexed. They are named above.
    let is_damaged = |id: &EntryId| damaged.iter().any(|row| row.id == id.0);
    let missing = check.missing.iter().filter(|id| !is_damaged(id)).count();
    for (count, problem) in [
        (missing, "missing in the search index"),
        (check.unknown, "in the search index but not in the library"),
    ] {
        if count > 0 && check.errors.is_empty() {
            let articles = count_noun(count, "article");
            report.add_problem(&format!("{articles} {problem}; {REBUILD}"));
        }
    }
    if check.errors.is_empty() {
        report.add_ok(&format!(
            "search index: {}, {} pending",
            count_noun(check.indexed, "article"),
            count_noun(check.pending, "change")
        ));
    }
    Ok(())
}
