//! Rules as a list, with the mistakes of their file, and trials of rules.

use super::{EntryId, Rule};

/// A rule of the file, or a part of the file that is none because of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRule {
    /// The rule, or the mistake.
    pub rule: Result<Rule, RuleMistake>,
    /// Number of times that the rule has acted on a version of an article.
    pub act_count: u64,
}

impl ListedRule {
    /// Returns the name of the rule; `None` for a mistake.
    pub fn name(&self) -> Option<&str> {
        self.rule.as_ref().ok().map(|rule| rule.name.as_str())
    }
}

/// A mistake in the file of rules, which costs a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleMistake {
    /// The line, from 1; `None` if the file cannot be read.
    pub line: Option<usize>,
    /// Description of the mistake.
    pub problem: String,
}

/// The stored articles that a rule would act on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DryRun {
    /// The articles, newest first.
    pub ids: Vec<EntryId>,
    /// Number of the articles; copies of one are one.
    pub article_count: usize,
    /// Number of those that the user has starred, and no rule.
    pub starred_count: usize,
    /// Number of articles that could not be searched.
    pub unsearched_count: usize,
    /// Number of days to which the articles were narrowed; `None` for all.
    pub days: Option<u32>,
}
