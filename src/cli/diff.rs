//! `newsreader diff`: what the publisher of an article has changed in it.

use std::fmt::Write;

use anyhow::anyhow;
use chrono::SecondsFormat;
use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    config::{boilerplate_filters, load_settings},
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    journal::format_local,
    json_version::JSON_VERSION,
    number::parse_number,
    open_library::OpenLibrary,
    output,
};
use crate::{
    diff::{DiffBlock, DiffBlockKind, DiffSpan, DiffSpanKind, TextDiff},
    library::{ArticleVersion, ArticleVersions},
    model::EntryId,
    store::ReadConnection,
    text::count_noun,
};

/// The arguments of `newsreader diff`.
#[derive(Debug, Clone, ClapArgs)]
pub struct DiffArgs {
    /// Number of the article, as printed by `list`.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    pub number: i64,

    /// Compare version A with version B: 1 is the oldest that is kept. Without it, the present text is
    /// compared with the version that you have read, or else with the one before it.
    #[arg(long, value_name = "A..B", value_parser = parse_version_range)]
    pub versions: Option<VersionRange>,
}

/// Two versions of an article, by their numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRange {
    from: usize,
    to: usize,
}

/// Parses `A..B`.
fn parse_version_range(text: &str) -> Result<VersionRange, &'static str> {
    let parse = |number: &str| number.parse::<usize>().ok().filter(|number| *number > 0);
    let range = text
        .split_once("..")
        .and_then(|(from, to)| Some(VersionRange { from: parse(from)?, to: parse(to)? }));
    range.ok_or("it must be two numbers of versions, such as 1..3")
}

/// A version as JSON.
#[derive(Serialize)]
struct VersionJson<'a> {
    number: usize,
    at: Option<String>,
    title: &'a str,
}

/// A stretch of text as JSON.
#[derive(Serialize)]
struct DiffSpanJson<'a> {
    kind: &'static str,
    text: &'a str,
}

/// A block as JSON.
#[derive(Serialize)]
struct DiffBlockJson<'a> {
    kind: &'static str,
    spans: Vec<DiffSpanJson<'a>>,
}

/// The difference between two versions as JSON.
#[derive(Serialize)]
struct DiffJson<'a> {
    version: u32,
    id: EntryId,
    versions: Vec<VersionJson<'a>>,
    from: usize,
    to: usize,
    added_words: usize,
    removed_words: usize,
    title: DiffBlockJson<'a>,
    blocks: Vec<DiffBlockJson<'a>>,
}

/// Prints the difference between two versions of an article: a line about the version, the headline,
/// and the text with `[-deleted-]` and `{+inserted+}` words.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    diff: &DiffArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let id = EntryId(diff.number);
    if reader.load_entry(id)?.is_none() {
        return Err(anyhow!("there is no article {id}; `newsreader list` shows the numbers"));
    }
    let article = ArticleVersions::load(&reader, id).map_err(|failure| anyhow!(failure.summary))?;
    let range = choose_versions(&article, diff.versions)?;
    let (settings, _) = load_settings(args, environment);
    let difference = article.diff(range.from, range.to, &boilerplate_filters(&settings));
    let text = if args.json {
        output::to_json_lines(&diff_json(&article, range, &difference))?
    } else {
        format_diff(&article, range, &difference)
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Returns the versions that were asked for, or else the one that was read, or the one before the newest,
/// and the newest.
fn choose_versions(
    article: &ArticleVersions,
    asked: Option<VersionRange>,
) -> Result<VersionRange, UsageError> {
    let newest = article.newest();
    let (from, to) = article.compared_by_default();
    let range = asked.unwrap_or(VersionRange { from, to });
    if range.from.max(range.to) > newest {
        let (id, count) = (article.entry.id, count_noun(newest, "version"));
        return Err(UsageError(format!(
            "--versions {}..{}: article {id} has {count}",
            range.from, range.to
        )));
    }
    Ok(range)
}

fn format_diff(article: &ArticleVersions, range: VersionRange, diff: &TextDiff) -> String {
    let mut text = String::new();
    let newest = article.newest();
    let mut facts = vec![match range.from {
        from if from == range.to => format!("version {from} of {newest}"),
        from => format!("version {from} to {} of {newest}", range.to),
    }];
    if newest == 1 {
        facts.push("not edited since it arrived".to_owned());
    } else {
        let version = article.versions.get(range.to - 1);
        let at = version.and_then(|version: &ArticleVersion| version.at);
        facts.extend(at.map(|at| format!("edited {}", format_local(at))));
        facts.push(diff.count_words().to_string());
    }
    writeln!(text, "{}", facts.join(" · ")).expect("writing to a String cannot fail");
    writeln!(text, "{}", diff.title.to_marked_text()).expect("writing to a String cannot fail");
    if newest > 1 {
        writeln!(text, "\n{}", diff.to_marked_text(true)).expect("writing to a String cannot fail");
    }
    text
}

fn diff_json<'a>(
    article: &'a ArticleVersions,
    range: VersionRange,
    diff: &'a TextDiff,
) -> DiffJson<'a> {
    let counts = diff.count_words();
    let versions = article.versions.iter().zip(1..).map(|(version, number)| VersionJson {
        number,
        at: version.at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        title: &version.title,
    });
    DiffJson {
        version: JSON_VERSION,
        id: article.entry.id,
        versions: versions.collect(),
        from: range.from,
        to: range.to,
        added_words: counts.added,
        removed_words: counts.removed,
        title: block_json(&diff.title),
        blocks: diff.blocks.iter().map(block_json).collect(),
    }
}

fn block_json(block: &DiffBlock) -> DiffBlockJson<'_> {
    let kind = match block.kind {
        DiffBlockKind::Unchanged => "unchanged",
        DiffBlockKind::Counter => "counter",
        DiffBlockKind::Changed => "changed",
        DiffBlockKind::Inserted => "inserted",
        DiffBlockKind::Deleted => "deleted",
        DiffBlockKind::MovedAway => "moved-away",
        DiffBlockKind::MovedHere => "moved-here",
    };
    DiffBlockJson { kind, spans: block.spans.iter().map(span_json).collect() }
}

fn span_json(span: &DiffSpan) -> DiffSpanJson<'_> {
    let kind = match span.kind {
        DiffSpanKind::Kept => "kept",
        DiffSpanKind::Deleted => "deleted",
        DiffSpanKind::Inserted => "inserted",
    };
    DiffSpanJson { kind, text: &span.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_range_is_two_numbers_from_one() {
        assert_eq!(parse_version_range("1..3"), Ok(VersionRange { from: 1, to: 3 }));
        for text in ["", "3", "0..2", "1..", "..2", "a..b", "1...3", "-1..2"] {
            assert!(parse_version_range(text).is_err(), "{text}");
        }
    }
}
