//! Trials of rules: which stored articles a rule would act on.

use crate::{
    model::{DryRun, Rule},
    text::count_noun,
};

/// Number of days that a trial looks back.
pub const TRIAL_DAYS: u32 = 90;

/// A request for the articles that a rule applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTrial {
    /// The rule.
    pub rule: Rule,
    /// The use of the articles.
    pub purpose: TrialPurpose,
}

/// A purpose of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialPurpose {
    /// The form shows the numbers of the last [`TRIAL_DAYS`] days.
    Form,
    /// The rule was saved, and the user is asked whether to apply it to those of the last
    /// [`TRIAL_DAYS`] days.
    Offer,
    /// The user wants to apply the rule to all that match, and is asked.
    Run,
}

impl TrialPurpose {
    /// Returns the number of days to look back; `None` for all articles.
    pub fn days(self) -> Option<u32> {
        match self {
            TrialPurpose::Form | TrialPurpose::Offer => Some(TRIAL_DAYS),
            TrialPurpose::Run => None,
        }
    }
}

/// Describes the articles of a trial: “would have applied to 214 articles of the last 90 days; 3 of
/// them you starred”.
pub fn describe_dry_run(found: &DryRun) -> String {
    let articles = describe_tried(found);
    let starred = match found.starred_count {
        0 => String::new(),
        count => format!("; {count} of them you starred"),
    };
    format!("would have applied to {articles}{starred}")
}

/// Describes how many articles were found, and of which days: “214 articles of the last 90 days”.
pub(super) fn describe_tried(found: &DryRun) -> String {
    let articles = count_noun(found.article_count, "article");
    match found.days {
        Some(days) => format!("{articles} of the last {}", count_noun(days, "day")),
        None => articles,
    }
}
