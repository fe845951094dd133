//! Compiled rules.

use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::{
    library::local_days::local_instant,
    model::{ChangeId, Rule, RuleAct, RuleActions, RuleMark, TagMark, TagName},
    query::{
        self, Expr, HideEnd, Predicate, Query, QueryPrefilter, StateFilter, check_rule,
        parse_hide_end,
    },
    text::LocalNow,
};

/// A number of days after which every query that depends on the day means others: neither whole
/// weeks nor whole years.
const OTHER_DAY: Days = Days::new(1_000);

/// The rules that are switched on, compiled for one refresh.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    pub(super) rules: Vec<CompiledRule>,
    /// Tells which of the rules may match an entry.
    pub(super) prefilter: QueryPrefilter,
}

/// A rule ready to be matched.
#[derive(Debug, Clone)]
pub(super) struct CompiledRule {
    /// The parsed query.
    pub(super) query: Query,
    /// The text of the query.
    pub(super) filter: String,
    /// The actions on articles that match.
    pub(super) act: Arc<RuleAct>,
    /// The query depends on the day, so that articles may match that did not when they arrived.
    pub(super) is_dated: bool,
}

impl RuleSet {
    /// Compiles the rules that are switched on; those with a mistake, which [`check_rule`] describes,
    /// are left out. `now` is the start of the refresh.
    pub fn compile(rules: &[Rule], now: LocalNow) -> RuleSet {
        let today = now.today();
        let usable = rules.iter().filter(|rule| !rule.off && check_rule(rule, today).is_ok());
        let compile = |rule: &Rule| CompiledRule {
            query: query::parse(&rule.query, today),
            filter: rule.query.clone(),
            act: Arc::new(compile_act(rule, now)),
            is_dated: depends_on_day(&rule.query, today),
        };
        let rules: Vec<CompiledRule> = usable.map(compile).collect();
        let prefilter = QueryPrefilter::new(rules.iter().map(|rule| &rule.query));
        RuleSet { rules, prefilter }
    }

    /// Makes what each rule does in the refresh that begins now one change: the part of the journal
    /// after `newest`.
    #[must_use]
    pub fn for_refresh_after(mut self, newest: ChangeId) -> RuleSet {
        for rule in &mut self.rules {
            let act = RuleAct::clone(&rule.act);
            rule.act = Arc::new(RuleAct { refresh_after: Some(newest), ..act });
        }
        self
    }

    /// Returns whether no rule is switched on.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns whether articles can come to match although they did not when they arrived.
    pub fn has_dated_rules(&self) -> bool {
        self.rules.iter().any(|rule| rule.is_dated)
    }
}

fn compile_act(rule: &Rule, now: LocalNow) -> RuleAct {
    let RuleActions { tags, star, read, hide, hide_until, remove, notify, full_text, run, weight } =
        &rule.actions;
    let mut marks: Vec<RuleMark> =
        tags.iter().map(|tag| RuleMark::Tagged(tag.clone(), TagMark::On)).collect();
    marks.extend(star.then_some(RuleMark::Starred));
    marks.extend(read.then_some(RuleMark::Read));
    let until = hide_until.as_deref().and_then(|day| parse_hide_end(day, now.local()));
    let hidden = match until {
        _ if *hide => Some(TagMark::On),
        Some(HideEnd::At(time)) => time.resolve(now.at, local_instant).map(TagMark::Until),
        Some(HideEnd::Over) | None => None,
    };
    marks.extend(hidden.map(|mark| RuleMark::Tagged(TagName::hidden(), mark)));
    marks.extend(remove.then_some(RuleMark::Removed));
    marks.extend((*weight != 0).then_some(RuleMark::Weight(*weight)));
    RuleAct {
        rule: rule.name.clone(),
        description: rule.actions.describe(),
        marks,
        notify: *notify,
        full_text: *full_text,
        run: run.clone(),
        refresh_after: None,
    }
}

/// Returns whether the articles that match depend on the day: an age, `since:1w`, `is:new`.
pub(super) fn depends_on_day(filter: &str, today: NaiveDate) -> bool {
    let expr = query::parse(filter, today).expr;
    let other_day = today.checked_sub_days(OTHER_DAY).unwrap_or_default();
    expr != query::parse(filter, other_day).expr || names_arrival_day(&expr)
}

fn names_arrival_day(expr: &Expr) -> bool {
    match expr {
        Expr::All(exprs) | Expr::Any(exprs) => exprs.iter().any(names_arrival_day),
        Expr::Not(expr) => names_arrival_day(expr),
        Expr::Term(term) => term.predicate == Predicate::State(StateFilter::New),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::depends_on_day;

    #[test]
    fn query_depends_on_day_if_its_date_is_relative() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (filter, is_dated) in [
            ("rust", false),
            ("since:2026-01 rust", false),
            ("between:2026-01..2026-03", false),
            ("age:>1y -is:star", true),
            ("rust or (-before:2w)", true),
            ("on:monday", true),
            ("since:march", true),
            ("-is:new", true),
        ] {
            assert_eq!(depends_on_day(filter, today), is_dated, "{filter}");
        }
    }
}
