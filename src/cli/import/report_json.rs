//! The report of an import, as JSON.

use serde::Serialize;

use super::outcome::{ImportOutcome, setting_name};
use crate::{
    cli::{json_version::JSON_VERSION, output},
    model::{
        ArticleCounts, ConfigFile, EpisodeCounts, ImportCount, ImportNote, ImportSource,
        ImportedDownload, ImportedSetting,
    },
    settings::format_config_value,
    text::redact_user_info,
};

#[derive(Serialize)]
struct ImportReportJson<'a> {
    version: u32,
    dry_run: bool,
    sources: Vec<ImportSourceJson<'a>>,
    feeds: ImportCountJson,
    views: ImportCountJson,
    rules: ImportCountJson,
    articles: ArticleCountsJson,
    settings: Vec<ImportedSettingJson>,
    downloads: Vec<DownloadJson<'a>>,
    episodes: EpisodeCountsJson,
    notes: Vec<ImportNoteJson<'a>>,
    more_notes: u64,
}

#[derive(Serialize)]
struct ImportSourceJson<'a> {
    file: &'a str,
    unit: &'a str,
    read: u64,
}

#[derive(Serialize)]
struct ImportCountJson {
    new: u64,
    known: u64,
}

#[derive(Serialize)]
struct ArticleCountsJson {
    new: u64,
    known: u64,
    deleted: u64,
    same: u64,
    unsubscribed: u64,
    damaged: u64,
    marked: u64,
}

#[derive(Serialize)]
struct EpisodeCountsJson {
    queued: u64,
    played: u64,
    known: u64,
    files: u64,
}

#[derive(Serialize)]
struct ImportedSettingJson {
    file: &'static str,
    key: String,
    value: String,
    added: bool,
}

#[derive(Serialize)]
struct DownloadJson<'a> {
    url: &'a str,
    path: &'a str,
    state: &'static str,
}

#[derive(Serialize)]
struct ImportNoteJson<'a> {
    kind: &'static str,
    file: &'a str,
    line: Option<u64>,
    subject: &'a str,
    reason: &'a str,
}

/// Returns the report as JSON on several lines.
pub(super) fn to_report_json(outcome: &ImportOutcome, dry_run: bool) -> anyhow::Result<String> {
    let report = &outcome.report;
    output::to_json_lines(&ImportReportJson {
        version: JSON_VERSION,
        dry_run,
        sources: report.sources.iter().map(source_json).collect(),
        feeds: count_json(report.feeds),
        views: count_json(report.views),
        rules: count_json(report.rules),
        articles: articles_json(report.articles),
        settings: outcome.files.iter().flat_map(|file| &file.values).map(setting_json).collect(),
        downloads: outcome.downloads.iter().map(download_json).collect(),
        episodes: episodes_json(report.episodes),
        notes: report.notes.iter().map(note_json).collect(),
        more_notes: report.left_out_notes,
    })
}

fn source_json(source: &ImportSource) -> ImportSourceJson<'_> {
    ImportSourceJson { file: &source.path, unit: source.unit, read: source.read }
}

fn count_json(count: ImportCount) -> ImportCountJson {
    ImportCountJson { new: count.new, known: count.known }
}

fn articles_json(counts: ArticleCounts) -> ArticleCountsJson {
    let ArticleCounts { new, known, removed, same, unsubscribed, damaged, marked } = counts;
    ArticleCountsJson { new, known, deleted: removed, same, unsubscribed, damaged, marked }
}

fn episodes_json(counts: EpisodeCounts) -> EpisodeCountsJson {
    let EpisodeCounts { queued, played, known, files } = counts;
    EpisodeCountsJson { queued, played, known, files }
}

fn setting_json((setting, added): &(ImportedSetting, bool)) -> ImportedSettingJson {
    ImportedSettingJson {
        file: match setting.file {
            ConfigFile::Settings => "settings",
            ConfigFile::Keymap => "keymap",
            ConfigFile::Theme => "theme",
        },
        key: setting_name(setting),
        value: redact_user_info(&format_config_value(&setting.value)).into_owned(),
        added: *added,
    }
}

fn download_json(download: &ImportedDownload) -> DownloadJson<'_> {
    DownloadJson { url: &download.url, path: &download.path, state: download.state.name() }
}

fn note_json(note: &ImportNote) -> ImportNoteJson<'_> {
    ImportNoteJson {
        kind: note.kind.name(),
        file: &note.place.file,
        line: note.place.line,
        subject: &note.subject,
        reason: &note.reason,
    }
}
