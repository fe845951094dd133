//! The rules that an import adds to the user's file of rules.

use crate::{
    cli::{
        environment::Environment, global_args::GlobalArgs, open_library::OpenLibrary,
        rule_file::RuleFile,
    },
    library::clock::utc_now,
    model::{Feed, ImportMode, ImportReport, ImportedRule, NoteKind, Rule, RuleActions, RuleEdit},
    store::ReadConnection,
    text::truncate,
};

/// Maximum width of the name of a rule that is made from its query.
const MAX_NAME_COLUMNS: usize = 60;

/// Adds the rules that another reader had, unless the file has one with the same query that hides
/// articles, and counts them. It is one change of the journal, of its own.
///
/// # Errors
///
/// Fails if the library cannot be read. A rule that the file does not take is noted in the report.
pub(super) fn add_rules(
    (args, environment): (&GlobalArgs, &Environment),
    library: &mut OpenLibrary,
    (rules, mode): (&[ImportedRule], ImportMode),
    report: &mut ImportReport,
) -> anyhow::Result<()> {
    if rules.is_empty() {
        return Ok(());
    }
    let feeds = ReadConnection::open(&library.location)?.list_feeds()?;
    let mut known = RuleFile::require(args, environment)?.load().rules;
    let mut added = Vec::new();
    for rule in rules {
        match query_of(rule, &feeds, mode) {
            Ok(query) if hides(&known, &query) => report.rules.known += 1,
            Ok(query) => {
                let new = hiding_rule(query, &known);
                known.push(new.clone());
                added.push((rule, new));
            }
            Err(reason) => note_rule(report, rule, &reason),
        }
    }
    let edits: Vec<RuleEdit> =
        added.iter().map(|(_, new)| RuleEdit { before: None, after: Some(new.clone()) }).collect();
    if mode == ImportMode::Store && !edits.is_empty() {
        if let Err(error) = library.writer.edit_rules(&edits, utc_now()) {
            let reason = error.to_string();
            added.iter().for_each(|(rule, _)| note_rule(report, rule, &reason));
            return Ok(());
        }
    }
    report.rules.new += edits.len() as u64;
    Ok(())
}

fn note_rule(report: &mut ImportReport, rule: &ImportedRule, reason: &str) {
    report.note(NoteKind::NotTaken, rule.place.clone(), rule.source.as_str(), reason);
}

fn hides(rules: &[Rule], query: &str) -> bool {
    rules.iter().any(|rule| rule.query == query && rule.actions.hide)
}

/// Returns the query of a rule, narrowed to its feed. In a dry run, new feeds have no names yet.
fn query_of(rule: &ImportedRule, feeds: &[Feed], mode: ImportMode) -> Result<String, String> {
    let Some(url) = &rule.feed else { return Ok(rule.query.clone()) };
    let name = feeds.iter().find(|feed| feed.url == *url).map(Feed::display_name);
    match (name, mode) {
        (Some(name), _) => Ok(format!("feed:\"{}\" ({})", name.replace('"', " "), rule.query)),
        (None, ImportMode::DryRun) => Ok(format!("feed:\"{url}\" ({})", rule.query)),
        (None, ImportMode::Store) => Err("you are not subscribed to this feed".to_owned()),
    }
}

/// Returns a rule that hides articles, with a name that no other has.
fn hiding_rule(query: String, known: &[Rule]) -> Rule {
    let base = truncate(&format!("Ignore {query}"), MAX_NAME_COLUMNS).into_owned();
    let is_free = |name: &str| !known.iter().any(|rule| rule.name.eq_ignore_ascii_case(name));
    let numbered = (2_u32..).map(|number| format!("{base} {number}"));
    let name = std::iter::once(base.clone()).chain(numbered).find(|name| is_free(name));
    let actions = RuleActions { hide: true, ..RuleActions::default() };
    Rule { name: name.unwrap_or(base), query, off: false, actions }
}
