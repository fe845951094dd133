//! Matching rules with the entries that are stored, through the index.

use std::sync::Arc;

use super::rule_set::{CompiledRule, RuleSet, depends_on_day};
use crate::{
    library::{BacklogLimit, Searcher, clock::local_today, search_once},
    model::{
        AppliedChange, Change, DryRun, EntryId, ListDefinition, Rule, RuleMark, SearchRequest,
        ViewScope,
    },
    query::StateFilter,
    store::{ActOnStored, ReadConnection, StoreError, WriteConnection},
    text::LocalNow,
};

/// Finds the stored articles that match a [`stored_query`]: those of the last `days` days, or all. A
/// query with an age is not narrowed to days: it may be about old ones.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn try_rule(
    reader: &ReadConnection,
    query: &str,
    days: Option<u32>,
) -> Result<DryRun, StoreError> {
    let days = days.filter(|_| !depends_on_day(query, local_today()));
    let recent = days.map_or_else(String::new, |days| format!("since:{days}d"));
    let found = search_once(reader, &request(narrow_query(query, &recent)))?;
    let starred = narrow_query(query, &format!("is:star {recent}"));
    let starred = search_once(reader, &request(starred))?;
    let copies = reader.load_copies()?;
    Ok(DryRun {
        article_count: copies.count_articles(&found.ids),
        ids: found.ids.to_vec(),
        starred_count: copies.count_articles(&reader.find_stars_of_user(&starred.ids)?),
        unsearched_count: found.summary.unreadable_count,
        days,
    })
}

/// Finds what the rules would do to the articles that are stored: all rules, or only those whose
/// queries depend on the day. Articles on whose version a rule has acted are left out.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn find_acts_on_stored(
    reader: &ReadConnection,
    rules: &RuleSet,
    only_dated: bool,
) -> Result<Vec<ActOnStored>, StoreError> {
    let mut searcher = Searcher::new(reader, BacklogLimit::WITHOUT_INDEXING);
    let mut acts = Vec::new();
    for rule in rules.rules.iter().filter(|rule| rule.is_dated || !only_dated) {
        let found = searcher.search(&request(rule.stored_filter()), &|| false, &mut drop)?;
        let mut ids = found.unwrap_or_default().ids.to_vec();
        let done = reader.list_entries_of_rule(&rule.act.rule)?;
        ids.retain(|id| done.binary_search(id).is_err());
        if !ids.is_empty() {
            acts.push(ActOnStored { act: Arc::clone(&rule.act), ids });
        }
    }
    Ok(acts)
}

/// The stored articles that a rule which the user runs acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRun {
    /// The act.
    pub act: ActOnStored,
    /// Number of articles that could not be searched.
    pub unsearched_count: usize,
}

/// Finds the stored articles that match `rule`, also those on which it has acted.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn plan_rule_run(
    reader: &ReadConnection,
    rule: &Rule,
    now: LocalNow,
) -> Result<Option<RuleRun>, StoreError> {
    let rule = Rule { off: false, ..rule.clone() };
    let rules = RuleSet::compile(&[rule], now);
    let Some(rule) = rules.rules.first() else { return Ok(None) };
    let found = search_once(reader, &request(rule.stored_filter()))?;
    let act = ActOnStored { act: Arc::clone(&rule.act), ids: found.ids.to_vec() };
    Ok(Some(RuleRun { act, unsearched_count: found.summary.unreadable_count }))
}

/// Applies a rule to stored articles because the user asked for it, as one change.
///
/// # Errors
///
/// Fails, and changes nothing, if the library cannot be written or a limit of tags is exceeded.
pub fn run_rule_on(
    store: &mut WriteConnection,
    rule: &Rule,
    ids: &[EntryId],
    now: LocalNow,
) -> Result<AppliedChange, StoreError> {
    let rules = RuleSet::compile(&[Rule { off: false, ..rule.clone() }], now);
    let Some(rule) = rules.rules.first() else {
        return Ok(AppliedChange { change: Change::Many(Vec::new()), title: None, copies: 0 });
    };
    store.run_rule(&ActOnStored { act: Arc::clone(&rule.act), ids: ids.to_vec() }, now.at)
}

/// Returns the query for the stored articles that `rule` is tried on and applied to: all that match, also
/// hidden ones, but none of the trash. A rule that removes old articles spares some.
pub fn stored_query(rule: &Rule, now: LocalNow) -> String {
    let rules = RuleSet::compile(&[Rule { off: false, ..rule.clone() }], now);
    rules.rules.first().map_or_else(|| rule.query.clone(), CompiledRule::stored_filter)
}

/// The condition of a filter that lists hidden articles, too: naming a state lists its articles.
const HIDDEN_TOO: &str = "(is:hidden or -is:hidden)";

impl CompiledRule {
    /// Returns the query for stored articles, as [`stored_query`] does. A rule that removes old ones
    /// spares those that are unread, starred, hidden, queued or to be read later, unless its query names
    /// that state.
    fn stored_filter(&self) -> String {
        let removes = |mark: &RuleMark| *mark == RuleMark::Removed;
        if !self.is_dated || !self.act.marks.iter().any(removes) {
            return narrow_query(&self.filter, HIDDEN_TOO);
        }
        // Hidden ones are left out of every query that does not name them.
        let spared = [
            (StateFilter::Unread, "-is:unread"),
            (StateFilter::Starred, "-is:star"),
            (StateFilter::Later, "-is:later"),
            (StateFilter::Queued, "-is:queued"),
        ];
        let spared = spared.into_iter().filter(|(state, _)| !self.query.names_state(*state));
        let spared: Vec<&str> = spared.map(|(_, words)| words).collect();
        narrow_query(&self.filter, &spared.join(" "))
    }
}

/// Returns a filter for the articles of `query` that match `condition`, too.
///
/// The parenthesis stays open, as in a filter that is being typed: before a closing one, the last
/// word of the query would no longer be the beginning of a word.
fn narrow_query(query: &str, condition: &str) -> String {
    format!("{condition} ({query}")
}

/// Returns the request for all articles of a filter.
fn request(filter: String) -> SearchRequest {
    let list = ListDefinition { scope: ViewScope::All, filter, ..ListDefinition::default() };
    SearchRequest { list, ..SearchRequest::default() }
}
