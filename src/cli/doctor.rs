//! `newsreader doctor`: checks the settings, the keymap, the themes and the library.

use std::fmt::Write;

use super::{
    config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output, theme_catalog::ThemeCatalog,
};
use crate::{
    model::FeedHealth,
    settings::resolve_auto_settings,
    store::{LibraryLocation, ReadConnection},
    text::count_noun,
};

/// Prints a line for each check, `ok` or `!`. The exit status is a failure if there is a problem.
pub fn run(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
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
    let (_, key_failures) = config::load_keymaps(environment);
    let (themes, theme_failures) = ThemeCatalog::load(environment);
    let unknown = themes.unknown_theme_failure(&settings.theme);
    for failure in failures.iter().chain(&key_failures).chain(&theme_failures).chain(&unknown) {
        report.add_problem(&failure.summary);
    }
    if let Err(error) = check_library(args, environment, &mut report) {
        report.add_problem(&format!("{error:#}"));
    }
    output::write_stdout(report.text.as_bytes())?;
    Ok(if report.problem_count == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Checks the database and the state of each feed.
fn check_library(
    args: &GlobalArgs,
    environment: &Environment,
    report: &mut DoctorReport,
) -> anyhow::Result<()> {
    let library = OpenLibrary::open(args, environment)?;
    if let Some(warning) = &library.warning {
        report.add_problem(&warning.summary);
    }
    if let LibraryLocation::Folder(folder) | LibraryLocation::ReadOnly(folder) = &library.location {
        report.add_ok(&format!("library {}", folder.display()));
    }
    let reader = ReadConnection::open(&library.location)?;
    for problem in reader.check_integrity()? {
        report.add_problem(&problem);
    }
    let feeds = reader.list_feeds()?;
    report.add_ok(&format!(
        "{} in {}",
        count_noun(reader.count_entries()?, "article"),
        count_noun(feeds.len(), "feed")
    ));
    for feed in feeds {
        if let FeedHealth::Failing(sentence) = &feed.health {
            report.add_problem(&format!("{}: {sentence}", feed.display_name()));
        }
    }
    Ok(())
}

/// The lines of the report.
#[derive(Default)]
struct DoctorReport {
    text: String,
    problem_count: usize,
}

impl DoctorReport {
    fn add_ok(&mut self, text: &str) {
        self.push_line("ok", text);
    }

    fn add_problem(&mut self, text: &str) {
        self.problem_count += 1;
        self.push_line("! ", text);
    }

    fn push_line(&mut self, mark: &str, text: &str) {
        writeln!(self.text, "{mark} {}", crate::text::sanitize::to_line(text))
            .expect("writing to a String cannot fail");
    }
}
