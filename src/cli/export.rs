//! `newsreader export`: writes articles, or everything, into files that other programs can read.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::{Args as ClapArgs, ValueEnum};

use super::{
    absent_texts::report_absent_texts,
    config::{boilerplate_filters, load_settings},
    damaged_feeds::report_damaged_feeds,
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    feed,
    global_args::GlobalArgs,
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    output,
    query_args::QueryArgs,
    rule, search, tag, view,
};
use crate::{
    library::{
        ArticleFormat, ExportDestination, ExportOutcome, ExportTitle, ExportedFile,
        ReadableArticles, clock::utc_now, export_articles, export_library, export_opml,
        export_reader_json, is_exported, search_once, write_subscription_file,
    },
    model::{
        EntryId, ExistingFile, ListDefinition, PasswordExport, SearchRequest, SortOrder, ViewScope,
        io_error_reason,
    },
    store::ReadConnection,
    text::count_noun,
};

/// The arguments of `newsreader export`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ExportArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,

    /// Export the articles of this view, in its order; a query narrows it.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,

    /// Format: reader-json (as FreshRSS, Inoreader and `newsreader import` read it), json-lines, markdown (a
    /// folder), html (a page, or a folder), epub (a book), opml (feeds), or everything (feeds, views, rules,
    /// tags and all articles, in a folder or .zip). Without it, the name of the output says it; without an
    /// output, it is reader-json.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<ExportFormatArg>,

    /// File or folder to write; without it, reader-json, json-lines, opml and html go to standard output.
    #[arg(long, value_name = "PATH")]
    pub output: Option<PathBuf>,

    /// Replace files that exist.
    #[arg(long)]
    pub overwrite: bool,
}

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormatArg {
    /// The JSON of the Google Reader API, as FreshRSS, Inoreader and `newsreader import` read it.
    ReaderJson,
    /// A folder or archive with everything.
    Everything,
    /// The feeds.
    Opml,
    /// A JSON object on each line.
    #[value(alias = "jsonl")]
    JsonLines,
    /// A folder of Markdown files.
    Markdown,
    /// A page, or a folder of pages.
    Html,
    /// A book.
    Epub,
}

impl ExportFormatArg {
    /// Returns the format that the name of a file promises.
    fn from_path(path: &Path) -> Option<ExportFormatArg> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(ExportFormatArg::ReaderJson),
            "zip" => Some(ExportFormatArg::Everything),
            "opml" | "xml" => Some(ExportFormatArg::Opml),
            "jsonl" | "ndjson" => Some(ExportFormatArg::JsonLines),
            "html" | "htm" => Some(ExportFormatArg::Html),
            "epub" => Some(ExportFormatArg::Epub),
            _ => None,
        }
    }
}

impl ExportArgs {
    /// Returns the format and the place of the output.
    fn plan(&self) -> Result<(ExportFormatArg, Option<&Path>), UsageError> {
        let path = self.output.as_deref().filter(|path| *path != Path::new("-"));
        let by_default = path.is_none().then_some(ExportFormatArg::ReaderJson);
        let format = self.format.or_else(|| ExportFormatArg::from_path(path?)).or(by_default);
        let Some(format) = format else {
            let sentence = "name a format with --format: reader-json, everything, opml, json-lines, \
                            markdown, html or epub";
            return Err(UsageError(sentence.to_owned()));
        };
        let is_text = matches!(
            format,
            ExportFormatArg::ReaderJson
                | ExportFormatArg::Opml
                | ExportFormatArg::JsonLines
                | ExportFormatArg::Html
        );
        let has_query = !self.query.is_empty() || self.view.is_some();
        if path.is_none() && !is_text {
            Err(UsageError("name the file or folder to write with --output PATH".to_owned()))
        } else if has_query && matches!(format, ExportFormatArg::Everything | ExportFormatArg::Opml)
        {
            Err(UsageError("this format takes no query: it has all feeds".to_owned()))
        } else {
            Ok((format, path))
        }
    }

    fn existing(&self) -> ExistingFile {
        if self.overwrite { ExistingFile::Replace } else { ExistingFile::Keep }
    }
}

/// Exports what the arguments name, and says on standard error how much it was.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    export: &ExportArgs,
) -> anyhow::Result<ExitStatus> {
    let (format, path) = export.plan()?;
    if args.json && path.is_none() && format != ExportFormatArg::JsonLines {
        let sentence = "this format goes to standard output; name a file with --output PATH";
        return Err(UsageError(sentence.to_owned()).into());
    }
    export.query.to_filter()?;
    if let (ExportFormatArg::Opml, None) = (format, path) {
        return feed::run_export(args, environment, PasswordExport::LeaveOut);
    }
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    if let (ExportFormatArg::Opml, Some(path)) = (format, path) {
        return write_opml(args, &reader, path, export.existing());
    }
    let (settings, _) = load_settings(args, environment);
    let boilerplate = boilerplate_filters(&settings);
    let articles = ReadableArticles::open(&reader, &boilerplate).map_err(output::to_error)?;
    let (outcome, exit) = match (format, path) {
        (ExportFormatArg::Everything, Some(path)) => {
            let files = library_files(args, environment, &reader)?;
            let ids = stored_ids(&reader)?;
            let outcome = export_library(&articles, &ids, &files, path, export.existing());
            (outcome.map_err(|error| write_error(&error, path))?, ExitStatus::Success)
        }
        _ => export.export_found(&reader, &articles, format, path)?,
    };
    report(args, &outcome, path, exit)
}

impl ExportArgs {
    /// Exports the articles that match the query.
    fn export_found(
        &self,
        reader: &ReadConnection,
        articles: &ReadableArticles<'_>,
        format: ExportFormatArg,
        path: Option<&Path>,
    ) -> anyhow::Result<(ExportOutcome, ExitStatus)> {
        let (filter, view) = self.query.to_filter_in(reader, self.view.as_deref())?;
        let name = view.as_ref().map_or(filter.as_str(), |view| &view.name);
        let text =
            if name.is_empty() { "Articles".to_owned() } else { format!("Articles: {name}") };
        let order = view.as_ref().map_or(SortOrder::NewestFirst, |view| view.order);
        let has_all_texts = report_absent_texts(reader, &filter)?;
        let list =
            ListDefinition { scope: ViewScope::All, filter, order, ..ListDefinition::default() };
        let found = search_once(reader, &SearchRequest { list, ..SearchRequest::default() })?;
        let is_whole = search::report_missing(&found, 0, 0) && has_all_texts;
        if let (Some(path), true) = (path, found.ids.is_empty()) {
            // An empty export may be about to replace one that was not.
            anyhow::bail!("no article matches; {} is not written", path.display());
        }
        let outcome = if format == ExportFormatArg::ReaderJson {
            write_reader_json(reader, &found.ids, path, self.existing())?
        } else {
            let title = ExportTitle { text, now: utc_now() };
            write_articles(articles, &found.ids, format, path, self.existing(), &title)?
        };
        Ok((outcome, if is_whole { ExitStatus::Success } else { ExitStatus::Failed }))
    }
}

fn write_reader_json(
    reader: &ReadConnection,
    ids: &[EntryId],
    path: Option<&Path>,
    existing: ExistingFile,
) -> anyhow::Result<ExportOutcome> {
    let Some(path) = path else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let destination = ExportDestination::Stream(&mut out);
        return Ok(export_reader_json(reader, ids, destination, utc_now())?);
    };
    export_reader_json(reader, ids, ExportDestination::Path(path, existing), utc_now())
        .map_err(|error| write_error(&error, path))
}

fn write_articles(
    articles: &ReadableArticles<'_>,
    ids: &[EntryId],
    format: ExportFormatArg,
    path: Option<&Path>,
    existing: ExistingFile,
    title: &ExportTitle,
) -> anyhow::Result<ExportOutcome> {
    let format = match (format, path) {
        (ExportFormatArg::Markdown, _) => ArticleFormat::Markdown,
        (ExportFormatArg::Epub, _) => ArticleFormat::Epub,
        (ExportFormatArg::Html, Some(path)) if is_folder(path) => ArticleFormat::HtmlFolder,
        (ExportFormatArg::Html, _) => ArticleFormat::HtmlPage,
        _ => ArticleFormat::JsonLines,
    };
    if let Some(path) = path {
        let destination = ExportDestination::Path(path, existing);
        return export_articles(articles, ids, format, destination, title)
            .map_err(|error| write_error(&error, path));
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    Ok(export_articles(articles, ids, format, ExportDestination::Stream(&mut out), title)?)
}

/// Returns whether HTML goes into a folder: one that is there, or a name without an extension.
fn is_folder(path: &Path) -> bool {
    path.is_dir()
        || !path.extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm")
        })
}

fn write_error(error: &io::Error, path: &Path) -> anyhow::Error {
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => "; --overwrite replaces what is there",
        _ => "",
    };
    let reason = io_error_reason(error);
    anyhow::anyhow!("cannot write {}: {reason}{hint}", path.display())
}

/// Returns the articles of the library, hidden ones and copies included; not those of the trash.
fn stored_ids(reader: &ReadConnection) -> anyhow::Result<Vec<EntryId>> {
    let states = reader.load_state_bitmaps()?;
    let mut ids = reader.list_subscribed_entry_ids()?;
    ids.retain(|id| !states.get(id.0).removed);
    Ok(ids)
}

/// Writes the feeds into a file, and says how many logins are not in it.
fn write_opml(
    args: &GlobalArgs,
    reader: &ReadConnection,
    path: &Path,
    existing: ExistingFile,
) -> anyhow::Result<ExitStatus> {
    let feeds = reader.list_feeds()?;
    if !feeds.iter().any(is_exported) {
        anyhow::bail!("there are no feeds to export");
    }
    let written = write_subscription_file(&path.display().to_string(), &feeds, existing);
    let without_login = written.map_err(output::to_error)?;
    let done = CommandOutcome::notice([format!("Feeds exported to {}", path.display())]);
    let count = feeds.iter().filter(|feed| is_exported(feed)).count();
    done.with_changed(count).with_path(path).print(args)?;
    if without_login > 0 {
        let count = count_noun(without_login, "feed");
        output::write_stderr_line(&format!(
            "The list has no passwords and headers: {count} had some"
        ));
    }
    Ok(report_damaged_feeds(reader.count_damaged_feeds()?))
}

/// Returns the files of an export of everything beside the articles.
fn library_files(
    args: &GlobalArgs,
    environment: &Environment,
    reader: &ReadConnection,
) -> anyhow::Result<Vec<ExportedFile>> {
    let opml = export_opml(&reader.list_feeds()?, PasswordExport::LeaveOut);
    let mut files = vec![
        ExportedFile { name: "feeds.opml", text: opml },
        ExportedFile { name: "tags.json", text: tag::list_json(reader)? },
        ExportedFile { name: "views.json", text: view::list_json(reader)? },
    ];
    if let Some(text) = rule::list_json(args, environment)? {
        files.push(ExportedFile { name: "rules.json", text });
    }
    Ok(files)
}

/// Says what was written, and what was not.
fn report(
    args: &GlobalArgs,
    outcome: &ExportOutcome,
    path: Option<&Path>,
    exit: ExitStatus,
) -> anyhow::Result<ExitStatus> {
    let left_out = outcome.left_out.as_ref().map_or(0, |(count, _)| *count);
    if let Some((count, first)) = &outcome.left_out {
        let articles = count_noun(*count, "article");
        output::write_stderr_line(&format!("newsreader: {articles} left out: {}", first.summary));
    }
    if outcome.without_text > 0 {
        let articles = count_noun(outcome.without_text, "article");
        output::write_stderr_line(&format!(
            "newsreader: {articles} without the text, which is not in the library; `newsreader refresh` \
             brings back what the feeds have"
        ));
    }
    if let Some(path) = path {
        let articles = count_noun(outcome.written, "article");
        let sentence = format!("{articles} exported to {}", path.display());
        let done = CommandOutcome::notice([sentence]).with_changed(outcome.written);
        done.with_failed(left_out).with_path(path).print(args)?;
    }
    let is_whole = left_out == 0 && outcome.without_text == 0;
    Ok(if is_whole { exit } else { ExitStatus::Failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(
        format: Option<ExportFormatArg>,
        output: Option<&str>,
    ) -> Result<ExportFormatArg, String> {
        let export = ExportArgs { format, output: output.map(Into::into), ..ExportArgs::default() };
        export.plan().map(|(format, _)| format).map_err(|error| error.0)
    }

    #[test]
    fn format_follows_the_name_of_the_output() {
        for (name, format) in [
            ("a.EPUB", ExportFormatArg::Epub),
            ("b/feeds.opml", ExportFormatArg::Opml),
            ("a.jsonl", ExportFormatArg::JsonLines),
            ("a.zip", ExportFormatArg::Everything),
            ("a.html", ExportFormatArg::Html),
            ("a.json", ExportFormatArg::ReaderJson),
        ] {
            assert_eq!(plan(None, Some(name)), Ok(format), "{name}");
        }
        assert!(plan(None, Some("folder")).unwrap_err().starts_with("name a format"));
        assert_eq!(plan(None, None), Ok(ExportFormatArg::ReaderJson));
        assert_eq!(plan(Some(ExportFormatArg::JsonLines), None), Ok(ExportFormatArg::JsonLines));
        assert!(plan(Some(ExportFormatArg::Epub), Some("-")).unwrap_err().contains("--output"));
    }
}
