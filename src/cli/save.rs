//! `newsreader save`: saves web pages as articles, to read them later.

use super::{
    config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, network,
    open_library::OpenLibrary, output,
};
use crate::{
    library::{clock::utc_now, fetch_typed_page, hide_samples, save_page},
    model::Actor,
    text::sanitize,
};

/// Fetches each page and stores the article that it contains. Prints a line for each page; a page
/// that fails does not stop the others.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    urls: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let mut exit = ExitStatus::Success;
    for typed in urls {
        match fetch_typed_page(&sources, typed) {
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
