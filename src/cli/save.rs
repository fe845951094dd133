//! `newsreader save`: saves web pages as articles, to read them later.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::{
    config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, network,
    number::parse_number, open_library::OpenLibrary, output,
};
use crate::{
    library::{
        FeedSources, clock::utc_now, fetch_missing_pages, fetch_typed_page, hide_samples, save_page,
    },
    model::{Actor, Failure},
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader save`.
#[derive(Debug, Clone, ClapArgs)]
pub struct SaveArgs {
    /// URLs of the pages.
    #[arg(value_name = "URL", required_unless_present = "missing")]
    pub urls: Vec<String>,

    /// Fetch the texts of saved pages that an import has brought without them, one after the other. What
    /// is stopped goes on where it was the next time.
    #[arg(long, conflicts_with = "urls")]
    pub missing: bool,

    /// Fetch at most N of the missing texts.
    #[arg(long, value_name = "N", requires = "missing", value_parser = parse_number::<usize>)]
    pub limit: Option<usize>,
}

/// Saves the pages that the arguments name, or fetches missing texts.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    save: &SaveArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    if save.missing {
        return fetch_missing(&mut library, &sources, save.limit.unwrap_or(usize::MAX));
    }
    save_pages(&mut library, &sources, &save.urls)
}

/// Fetches missing texts, with a line for each page on standard error. The status is a failure if a text
/// could not be fetched.
fn fetch_missing(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    limit: usize,
) -> anyhow::Result<ExitStatus> {
    let wait = |pause: Duration| {
        // Nothing is ever sent: the wait ends by its time.
        let _ = crossbeam_channel::never::<()>().recv_timeout(pause);
    };
    let mut report = |title: &str, failure: Option<&Failure>| {
        let title = sanitize::to_text_line(title);
        let line = failure.map_or_else(
            || format!("Fetched: {title}"),
            |failure| format!("newsreader: {title}: {}", failure.summary),
        );
        output::write_stderr_line(&line);
    };
    let location = library.location.clone();
    let summary =
        fetch_missing_pages(&mut library.writer, &location, sources, limit, (&wait, &mut report))?;
    let fetched = count_noun(summary.fetched, "text");
    let text =
        format!("{fetched} fetched, {} failed, {} missing\n", summary.failed, summary.missing);
    output::write_stdout(text.as_bytes())?;
    Ok(if summary.failed == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Fetches each page and stores the article that it contains. Prints a line for each page; a page
/// that fails does not stop the others.
fn save_pages(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    urls: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut exit = ExitStatus::Success;
    for typed in urls {
        match fetch_typed_page(sources, typed) {
            Ok(page) => {
                let title = page.article.metadata.title.clone().unwrap_or_else(|| page.url.clone());
                let counts = save_page(&mut library.writer, page, utc_now())?;
                let verb = if counts.new > 0 { "Saved" } else { "Saved again" };
                output::write_stderr_line(&format!("{verb}: {}", sanitize::to_text_line(&title)));
            }
            Err(failure) => {
                output::write_stderr_line(&format!("newsreader: {}", failure.summary));
                exit = ExitStatus::Failed;
            }
        }
    }
    hide_samples(&mut library.writer, (&Actor::User, utc_now()))?;
    Ok(exit)
}
