//! `newsreader save`: pages stored as articles, to be read later.

use super::{Args, Environment, Exit, feed::put_samples_away, library::Library, network, output, reader};
use crate::{
    feed,
    runtime::{page, save_page},
    text::clean,
};

/// Fetches each page and stores the article in it. One that fails is said, and the rest goes on.
pub fn run(args: &Args, environment: &Environment, urls: &[String]) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    let (settings, _) = reader::settings(args, environment);
    let sources = network::sources(environment, &settings)?;
    let mut exit = Exit::Done;
    for typed in urls {
        let Some(url) = feed::address(typed) else {
            output::note(&format!("newsreader: “{typed}” is no address of a page"));
            exit = Exit::Failed;
            continue;
        };
        match page(&sources, &url, true) {
            Ok(page) => {
                let title = page.article.title.clone().unwrap_or_else(|| url.clone());
                let done = save_page(&mut library.store, page)?;
                let verb = if done.new > 0 { "Saved" } else { "Saved again" };
                output::note(&format!("{verb}: {}", clean::line(&title)));
            }
            Err(failure) => {
                output::note(&format!("newsreader: {}", failure.summary));
                exit = Exit::Failed;
            }
        }
    }
    put_samples_away(&mut library)?;
    Ok(exit)
}
