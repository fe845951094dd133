//! Rules: what happens by itself to articles that match a query.

use serde::{Deserialize, Serialize};

use super::{ChangeId, LetterM, TagMark, TagName, TimeSpan};

/// A rule of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// The name, by which the journal and the rule's acts refer to it.
    pub name: String,
    /// The query, as in the filter bar.
    pub query: String,
    /// The rule is switched off.
    pub off: bool,
    /// The actions on articles that match.
    pub actions: RuleActions,
}

/// The actions of a rule on an article. All of them are taken, so that the order cannot matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "any of the actions can go with any other")]
pub struct RuleActions {
    /// The tags to put on.
    pub tags: Vec<TagName>,
    /// Star the article.
    pub star: bool,
    /// Mark the article as read.
    pub read: bool,
    /// Hide the article for good.
    pub hide: bool,
    /// Hide the article until this day, such as `2d`, `friday` or `2026-12-01`.
    pub hide_until: Option<String>,
    /// Move the article to the trash.
    pub remove: bool,
    /// Send a notification about the article to the terminal.
    pub notify: bool,
    /// Fetch the full text of the article.
    pub full_text: bool,
    /// Run this command of the settings, with the text of the article on standard input.
    pub run: Option<String>,
    /// The rule's part of the weight of the article, by which lists can be sorted; 0 for nothing.
    pub weight: i32,
}

/// The largest weight that a rule can add, or take away.
pub const MAX_RULE_WEIGHT: i32 = 1000;

/// Parses what a rule adds to the weight of an article: `+5`, `-3`; empty for nothing.
///
/// # Errors
///
/// Returns what is wrong with it, as the end of a sentence.
pub fn parse_rule_weight(text: &str) -> Result<i32, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    let limits = -MAX_RULE_WEIGHT..=MAX_RULE_WEIGHT;
    let weight = text.parse().ok().filter(|weight| limits.contains(weight));
    weight.ok_or_else(|| {
        format!("a weight is a whole number from -{MAX_RULE_WEIGHT} to +{MAX_RULE_WEIGHT}")
    })
}

impl RuleActions {
    /// Describes the actions in words: `tag urgent, star`.
    pub fn describe(&self) -> String {
        let mut words: Vec<String> = self.tags.iter().map(|tag| format!("tag {tag}")).collect();
        let hide_until = self.hide_until.as_ref().map(|time| {
            // A length of time counts from the moment at which the rule acts.
            let is_length = TimeSpan::parse(time, LetterM::Month).is_some();
            format!("hide {} {time}", if is_length { "for" } else { "until" })
        });
        for (is_set, word) in [
            (self.star, "star"),
            (self.read, "mark read"),
            (self.hide, "hide"),
            (self.remove, "remove"),
            (self.notify, "notify"),
            (self.full_text, "fetch full text"),
        ] {
            words.extend(is_set.then(|| word.to_owned()));
        }
        words.extend(hide_until);
        words.extend((self.weight != 0).then(|| format!("weight {:+}", self.weight)));
        words.extend(self.run.as_ref().map(|command| format!("run {command}")));
        words.join(", ")
    }

    /// Returns whether actions that [`RuleActions::describe`] has described hide articles.
    pub fn hides(description: &str) -> bool {
        let hides = |word: &str| {
            word == "hide" || word.starts_with("hide until ") || word.starts_with("hide for ")
        };
        description.split(", ").any(hides)
    }

    /// Returns whether the rule gives marks, which stored articles can get, too.
    pub fn has_marks(&self) -> bool {
        let RuleActions { tags, star, read, hide, hide_until, remove, weight, .. } = self;
        let has_flag = *star || *read || *hide || *remove;
        !tags.is_empty() || has_flag || hide_until.is_some() || *weight != 0
    }

    /// Returns whether the rule does nothing.
    pub fn is_empty(&self) -> bool {
        *self == RuleActions::default()
    }
}

/// A rule as its file has it. The journal stores it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// The name of the rule.
    pub name: String,
    /// The lines of the rule, with the comments that touch it and the blank lines above.
    pub text: String,
    /// Number of lines above them.
    pub line: usize,
}

/// An edit of a rule: one that is added, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEdit {
    /// The rule before the edit; `None` for one that is added.
    pub before: Option<Rule>,
    /// The rule after the edit; `None` for one that is removed.
    pub after: Option<Rule>,
}

/// A mark that a rule gives an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleMark {
    /// The read mark.
    Read,
    /// The star.
    Starred,
    /// A tag; `hidden` is one too.
    Tagged(TagName, TagMark),
    /// The mark of articles in the trash.
    Removed,
    /// The rule's part of the weight.
    Weight(i32),
}

/// The act of a rule on the entries that match it, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAct {
    /// The name of the rule.
    pub rule: String,
    /// The actions in words.
    pub description: String,
    /// The marks that entries get.
    pub marks: Vec<RuleMark>,
    /// A notification is sent.
    pub notify: bool,
    /// The full text is fetched.
    pub full_text: bool,
    /// The command of the settings that is run after the marks were stored.
    pub run: Option<String>,
    /// The newest change in the journal when the refresh began; what the rule does after it is one
    /// change. `None` for an act that is a change of its own.
    pub refresh_after: Option<ChangeId>,
}

/// Articles about which a rule notifies the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleNotification {
    /// The name of the rule.
    pub rule: String,
    /// Number of articles on which the rule acted for the first time.
    pub count: usize,
    /// The title of one of them.
    pub title: String,
}

/// An act of a rule on an article, as the library remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAct {
    /// The name of the rule.
    pub rule: String,
    /// The actions in words.
    pub actions: String,
    /// Time of the act, in seconds since 1970.
    pub at: i64,
    /// The act was on the version that is stored now; the publisher has edited the article otherwise.
    pub is_current: bool,
    /// The change of marks that it made is undone.
    pub is_undone: bool,
}

#[cfg(test)]
mod tests {
    use super::{RuleActions, parse_rule_weight};
    use crate::model::TagName;

    #[test]
    fn weight_is_a_whole_number_within_limits() {
        for (text, weight) in [("+5", 5), (" -3 ", -3), ("1000", 1000), ("", 0), ("0", 0)] {
            assert_eq!(parse_rule_weight(text), Ok(weight), "{text}");
        }
        for wrong in ["1001", "-1001", "1.5", "much", "-2147483648"] {
            assert!(parse_rule_weight(wrong).is_err(), "{wrong}");
        }
        let actions = RuleActions { weight: 5, star: true, ..RuleActions::default() };
        assert_eq!(actions.describe(), "star, weight +5");
    }

    #[test]
    fn described_actions_say_whether_they_hide() {
        let until = RuleActions { hide_until: Some("2d".to_owned()), ..RuleActions::default() };
        assert_eq!(until.describe(), "hide for 2d");
        let friday =
            RuleActions { hide_until: Some("friday".to_owned()), ..RuleActions::default() };
        let hide = RuleActions { read: true, hide: true, ..RuleActions::default() };
        let tags = vec![TagName::parse("hide").unwrap()];
        for (actions, hides) in [
            (until, true),
            (friday, true),
            (hide, true),
            (RuleActions { tags, star: true, ..RuleActions::default() }, false),
        ] {
            assert_eq!(RuleActions::hides(&actions.describe()), hides, "{actions:?}");
        }
    }
}
