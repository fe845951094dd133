//! The report of an import, as text.

use super::{
    config_files::ConfigFilePlan,
    options::ImportOptions,
    outcome::{ImportOutcome, setting_name},
    report_json::to_report_json,
};
use crate::{
    cli::{exit_status::ExitStatus, global_args::GlobalArgs, output},
    model::{EpisodeCounts, ImportNote, ImportReport, ImportedSetting, NoteKind, NotePlace},
    settings::format_config_value,
    text::{count_noun, group_thousands, redact_user_info, sanitize},
};

/// Prints the report. The status is a failure if something that has a counterpart here was not taken.
pub fn print_report(
    args: &GlobalArgs,
    outcome: &ImportOutcome,
    options: ImportOptions,
) -> anyhow::Result<ExitStatus> {
    let text = if args.json {
        to_report_json(outcome, options.dry_run)?
    } else {
        format_report(outcome, options.dry_run)
    };
    if options.dry_run {
        output::write_stdout(text.as_bytes())?;
    } else {
        output::write_report(&text);
    }
    Ok(if outcome.is_complete() { ExitStatus::Success } else { ExitStatus::Failed })
}

fn format_report(outcome: &ImportOutcome, is_dry_run: bool) -> String {
    let ImportOutcome { report, files, .. } = outcome;
    let mut lines = Vec::new();
    if is_dry_run {
        lines.push("Nothing was changed. An import would do this:".to_owned());
    }
    lines.extend(
        report.sources.iter().map(|source| {
            format!("Read {}: {}", source.path, count_noun(source.read, source.unit))
        }),
    );
    lines.extend(count_lines(report));
    for file in files {
        lines.extend(file_lines(file, is_dry_run));
    }
    for (kind, heading) in [
        (NoteKind::NotTaken, "Not taken over:"),
        (NoteKind::Changed, "Taken over, but different here:"),
        (NoteKind::NoCounterpart, "Without a counterpart here:"),
    ] {
        let notes: Vec<&ImportNote> =
            report.notes.iter().filter(|note| note.kind == kind).collect();
        if !notes.is_empty() {
            lines.push(heading.to_owned());
            lines.extend(notes.into_iter().map(format_note));
        }
    }
    if report.left_out_notes > 0 {
        lines.push(format!("… and {}", count_noun(report.left_out_notes, "more line")));
    }
    lines
        .iter()
        .map(|line| sanitize::to_text_line(&redact_user_info(line)).into_owned() + "\n")
        .collect()
}

/// Returns the lines with the numbers of feeds, views and articles.
fn count_lines(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    for (count, noun) in [(report.feeds, "feed"), (report.views, "view"), (report.rules, "rule")] {
        if count.new + count.known > 0 {
            let known = group_thousands(count.known);
            lines.push(format!(
                "{}, {known} known already",
                count_noun(count.new, &format!("new {noun}"))
            ));
        }
    }
    let articles = report.articles;
    let parts = [
        (articles.known, "known already"),
        (articles.removed, "deleted"),
        (articles.same, "the same as others"),
        (articles.unsubscribed, "of feeds that you are not subscribed to"),
        (articles.damaged, "damaged"),
    ];
    let total = articles.new + parts.iter().map(|(count, _)| count).sum::<u64>();
    if total > 0 {
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(count, words)| format!(", {} {words}", group_thousands(*count))).collect();
        lines.push(count_noun(articles.new, "new article") + &parts.concat());
    }
    lines.extend(episode_line(report.episodes));
    if articles.marked > 0 {
        lines.push(format!("{} in the library marked", count_noun(articles.marked, "article")));
    }
    lines
}

/// Returns the line with the numbers of episodes.
fn episode_line(episodes: EpisodeCounts) -> Option<String> {
    let parts = [
        (episodes.queued, " queued"),
        (episodes.played, " marked as played"),
        (episodes.known, " marked so already"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let mut parts: Vec<String> =
        parts.map(|(count, words)| count_noun(*count, "episode") + words).collect();
    if episodes.files > 0 {
        let files = count_noun(episodes.files, "downloaded file");
        parts.push(format!("{files} connected (undo leaves them)"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn file_lines(file: &ConfigFilePlan, is_dry_run: bool) -> Vec<String> {
    let path = file.path.display();
    if let Some(problem) = &file.problem {
        return vec![format!("Nothing can be added to {path}: {problem}")];
    }
    let (added, kept): (Vec<_>, Vec<_>) = file.values.iter().partition(|(_, is_added)| *is_added);
    let mut lines = Vec::new();
    if !added.is_empty() {
        let verb = if is_dry_run { "To be added" } else { "Added" };
        lines.push(format!("{verb} to {path} (undo leaves it alone):"));
        lines.extend(added.into_iter().map(|(setting, _)| format_setting(setting)));
    }
    if !kept.is_empty() {
        lines.push(format!("Yours in {path}, which stay:"));
        lines.extend(kept.into_iter().map(|(setting, _)| format_setting(setting)));
    }
    lines
}

fn format_setting(setting: &ImportedSetting) -> String {
    let value = format_config_value(&setting.value);
    format!("  {} = {value} ({})", setting_name(setting), format_place(&setting.source))
}

fn format_note(note: &ImportNote) -> String {
    let place = format_place(&note.place);
    let place = if place.is_empty() { place } else { place + ": " };
    format!("  {place}{} – {}", note.subject, note.reason)
}

fn format_place(place: &NotePlace) -> String {
    match place.line {
        Some(line) => format!("{}, line {line}", place.file),
        None => place.file.clone(),
    }
}
