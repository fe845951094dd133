//! `newsreader read`: prints an article as text, Markdown or HTML.

use anyhow::anyhow;
use clap::ValueEnum;

use super::{
    config::{boilerplate_filters, load_settings},
    damaged_feeds::report_damaged_feeds,
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    open_library::OpenLibrary,
    output,
};
use crate::{
    library::{ReadableArticles, full_article_json, load_readable},
    markup::ExportFormat,
    model::{EntryId, Failure},
    store::ReadConnection,
};

/// The format in which an article is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Plain text in lines of at most 72 columns; lines of code and of wide tables may be longer.
    Text,
    /// CommonMark.
    Markdown,
    /// A complete HTML page.
    Html,
}

/// Prints article `number` in a format.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    number: i64,
    output_format: OutputFormat,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    if reader.load_entry(EntryId(number))?.is_none() {
        return Err(anyhow!("there is no article {number}; `newsreader list` shows the numbers"));
    }
    let (settings, _) = load_settings(args, environment);
    let filters = boilerplate_filters(&settings);
    let to_error = |failure: Failure| anyhow!(failure.summary);
    if args.json {
        let articles = ReadableArticles::open(&reader, &filters).map_err(to_error)?;
        let article = articles.load(EntryId(number)).map_err(to_error)?;
        let json = full_article_json(&article).map_err(to_error)? + "\n";
        output::write_stdout(json.as_bytes())?;
        return report_damage(&reader, number);
    }
    let (document, heading) =
        load_readable(&reader, &filters, EntryId(number)).map_err(to_error)?;
    let format = match output_format {
        OutputFormat::Text => ExportFormat::PlainText,
        OutputFormat::Markdown => ExportFormat::Markdown,
        OutputFormat::Html => ExportFormat::Html,
    };
    let document = if settings.accessible { document.for_screen_reader() } else { document };
    output::write_stdout(document.export(&heading, format).as_bytes())?;
    report_damage(&reader, number)
}

/// Says what of an article is damaged; the exit status is then a failure.
fn report_damage(reader: &ReadConnection, number: i64) -> anyhow::Result<ExitStatus> {
    if reader.is_full_text_damaged(EntryId(number)) {
        output::write_stderr_line(&format!(
            "newsreader: the full text of article {number} is damaged, and this is the text of \
             the feed; `newsreader doctor` says more"
        ));
        return Ok(ExitStatus::Failed);
    }
    Ok(report_damaged_feeds(reader.count_missing_feeds()?))
}
