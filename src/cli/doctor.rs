//! `newsreader doctor`: what is wrong, in words, and what is right.

use std::fmt::Write;

use super::{Args, Environment, Exit, library::Library, output, reader, themes::Themes};
use crate::{
    model::Health,
    settings::surroundings,
    store::{Location, Reader},
};

/// Checks everything; fails if something is wrong.
pub fn run(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    let mut report = Report::default();
    let (settings, failures) = reader::settings(args, environment);
    let settings = surroundings(settings, environment.variables());
    report.fine(&format!("newsreader {}", env!("CARGO_PKG_VERSION")));
    report.fine(&format!(
        "colours {:?}, glyphs {:?}, keys {:?}",
        settings.colors, settings.glyphs, settings.keys
    ));
    let (_, key_failures) = reader::keymaps(environment);
    let (themes, theme_failures) = Themes::load(environment);
    let unknown = themes.complaint(&settings.theme);
    for failure in failures.iter().chain(&key_failures).chain(&theme_failures).chain(&unknown) {
        report.wrong(&failure.summary);
    }
    if let Err(error) = library(args, environment, &mut report) {
        report.wrong(&format!("{error:#}"));
    }
    output::write(report.text.as_bytes())?;
    Ok(if report.wrong == 0 { Exit::Done } else { Exit::Failed })
}

fn library(args: &Args, environment: &Environment, report: &mut Report) -> anyhow::Result<()> {
    let library = Library::open(args, environment)?;
    if let Some(warning) = &library.warning {
        report.wrong(&warning.summary);
    }
    if let Location::Folder(folder) = &library.location {
        report.fine(&format!("library {}", folder.display()));
    }
    let reader = Reader::open(&library.location)?;
    for problem in reader.check()? {
        report.wrong(&problem);
    }
    let feeds = reader.feeds()?;
    report.fine(&format!("{} articles in {} feeds", reader.count()?, feeds.len()));
    for feed in feeds {
        if let Health::Failing(sentence) = &feed.health {
            report.wrong(&format!("{}: {sentence}", feed.name()));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Report {
    text: String,
    wrong: usize,
}

impl Report {
    fn fine(&mut self, text: &str) {
        self.line("ok", text);
    }

    fn wrong(&mut self, text: &str) {
        self.wrong += 1;
        self.line("! ", text);
    }

    fn line(&mut self, mark: &str, text: &str) {
        writeln!(self.text, "{mark} {}", crate::text::clean::line(text))
            .expect("writing to a String cannot fail");
    }
}
