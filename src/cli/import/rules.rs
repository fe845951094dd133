//! The rules that an import adds to the user's file of rules.

use crate::{
    cli::{
        environment::Environment, global_args::GlobalArgs, open_library::OpenLibrary,
        rule_file::RuleFile,
    },
    library::clock::utc_now,
    model::{
        Actor, Feed, ImportMode, ImportReport, ImportedFeed, ImportedLibrary, ImportedRule,
        NoteKind, Rule, RuleActions, RuleEdit,
    },
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
    (imported, mode): (&ImportedLibrary, ImportMode),
    report: &mut ImportReport,
) -> anyhow::Result<()> {
    if imported.rules.is_empty() {
        return Ok(());
    }
    let feeds = ReadConnection::open(&library.location)?.list_feeds()?;
    let names = RuleFeeds { stored: &feeds, imported: &imported.feeds };
    let known = RuleFile::require(args, environment)?.load().rules;
    let added = plan_rules((&imported.rules, &names), known, report);
    let edits: Vec<RuleEdit> =
        added.iter().map(|(_, new)| RuleEdit { before: None, after: Some(new.clone()) }).collect();
    if mode == ImportMode::Store
        && !edits.is_empty()
        && let Err(error) = library.writer.edit_rules_by(&Actor::Import, &edits, utc_now())
    {
        let reason = error.to_string();
        for (rule, _) in &added {
            note_rule(report, rule, &reason);
        }
        return Ok(());
    }
    report.rules.new += edits.len() as u64;
    Ok(())
}

/// Returns the rules that are new beside the `known` ones; counts those that are not, and notes what is
/// different or left out.
fn plan_rules<'r>(
    (rules, names): (&'r [ImportedRule], &RuleFeeds<'_>),
    mut known: Vec<Rule>,
    report: &mut ImportReport,
) -> Vec<(&'r ImportedRule, Rule)> {
    let mut added = Vec::new();
    for rule in rules {
        let Some(query) = query_of(rule, names) else {
            note_rule(report, rule, "you are not subscribed to this feed");
            continue;
        };
        if rule.is_approximate {
            let reason = format!("`{query}` finds words in place of parts of words");
            let (place, source) = (rule.place.clone(), rule.source.as_str());
            report.note(NoteKind::Changed, place, source, reason);
        }
        if hides(&known, &query) {
            report.rules.known += 1;
            continue;
        }
        let new = hiding_rule(query, &known);
        known.push(new.clone());
        added.push((rule, new));
    }
    added
}

fn note_rule(report: &mut ImportReport, rule: &ImportedRule, reason: &str) {
    report.note(NoteKind::NotTaken, rule.place.clone(), rule.source.as_str(), reason);
}

fn hides(rules: &[Rule], query: &str) -> bool {
    rules.iter().any(|rule| rule.query == query && rule.actions.hide)
}

/// The feeds by whose names queries are narrowed. In a dry run, new ones are not stored.
struct RuleFeeds<'a> {
    stored: &'a [Feed],
    imported: &'a [ImportedFeed],
}

impl RuleFeeds<'_> {
    /// Returns the name of the feed at `url`; `None` if the user is not subscribed to it.
    fn find(&self, url: &str) -> Option<&str> {
        let stored = self.stored.iter().find(|feed| feed.url == url).map(Feed::display_name);
        let imported = || {
            let feed = self.imported.iter().find(|feed| feed.url == url)?;
            Some(feed.name.as_ref().or(feed.title.as_ref()).unwrap_or(&feed.url).as_str())
        };
        stored.or_else(imported)
    }
}

/// Returns the query of a rule, narrowed to its feed; `None` if there is no such feed.
fn query_of(rule: &ImportedRule, names: &RuleFeeds<'_>) -> Option<String> {
    let Some(url) = &rule.feed else { return Some(rule.query.clone()) };
    let name = names.find(url)?.replace('"', " ");
    Some(format!("feed:\"{name}\" ({})", rule.query))
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
