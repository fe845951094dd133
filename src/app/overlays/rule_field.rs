//! The fields of the form in which a rule is made or edited.

use crate::model::{Rule, TagName};

/// A part of a rule that the user may edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleField {
    /// The name.
    Name,
    /// The query.
    Query,
    /// The tags to put on.
    Tags,
    /// Star articles.
    Star,
    /// Mark articles as read.
    Read,
    /// Hide articles for good.
    Hide,
    /// Hide articles until a day.
    HideUntil,
    /// Move articles to the trash.
    Remove,
    /// Send a notification.
    Notify,
    /// Fetch the full text.
    FullText,
    /// Run a command of the settings.
    Run,
    /// Add to the weight.
    Weight,
    /// The rule is switched on.
    Active,
}

impl RuleField {
    /// Every field, in the order of the form.
    pub const ALL: [RuleField; 13] = [
        RuleField::Name,
        RuleField::Query,
        RuleField::Star,
        RuleField::Read,
        RuleField::Hide,
        RuleField::Remove,
        RuleField::Notify,
        RuleField::FullText,
        RuleField::Tags,
        RuleField::HideUntil,
        RuleField::Run,
        RuleField::Weight,
        RuleField::Active,
    ];

    /// Returns the label of the field in a form.
    pub fn label(self) -> &'static str {
        match self {
            RuleField::Name => "Name",
            RuleField::Query => "Query",
            RuleField::Tags => "Tags",
            RuleField::Star => "Star",
            RuleField::Read => "Mark as read",
            RuleField::Hide => "Hide",
            RuleField::HideUntil => "Hide until",
            RuleField::Remove => "Remove",
            RuleField::Notify => "Notify",
            RuleField::FullText => "Full text",
            RuleField::Run => "Run",
            RuleField::Weight => "Weight",
            RuleField::Active => "Switched on",
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            RuleField::Name => "name of the rule",
            RuleField::Query => "what to act on, as in the filter bar",
            RuleField::Tags => "tags to put on, if any",
            RuleField::Star => "Space: star articles",
            RuleField::Read => "Space: mark articles as read",
            RuleField::Hide => "Space: leave articles out of lists",
            RuleField::HideUntil => "friday, 2026-12-01, 2d, if any",
            RuleField::Remove => "Space: move articles to the trash",
            RuleField::Notify => "Space: notify of new articles",
            RuleField::FullText => "Space: fetch texts of new articles",
            RuleField::Run => "command of the settings, if any",
            RuleField::Weight => "+5 or -5 for lists by weight",
            RuleField::Active => "Space: switch the rule off, or on",
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            RuleField::Name
            | RuleField::Query
            | RuleField::Tags
            | RuleField::HideUntil
            | RuleField::Run
            | RuleField::Weight => &[],
            RuleField::Star
            | RuleField::Read
            | RuleField::Hide
            | RuleField::Remove
            | RuleField::Notify
            | RuleField::FullText
            | RuleField::Active => &["no", "yes"],
        }
    }

    /// Returns the text of the field for a rule.
    pub(super) fn text_of(self, rule: &Rule) -> String {
        let actions = &rule.actions;
        let tick = |is_set: bool| if is_set { "yes" } else { "no" }.to_owned();
        match self {
            RuleField::Name => rule.name.clone(),
            RuleField::Query => rule.query.clone(),
            RuleField::Tags => {
                actions.tags.iter().map(TagName::as_str).collect::<Vec<_>>().join(" ")
            }
            RuleField::Star => tick(actions.star),
            RuleField::Read => tick(actions.read),
            RuleField::Hide => tick(actions.hide),
            RuleField::HideUntil => actions.hide_until.clone().unwrap_or_default(),
            RuleField::Remove => tick(actions.remove),
            RuleField::Notify => tick(actions.notify),
            RuleField::FullText => tick(actions.full_text),
            RuleField::Run => actions.run.clone().unwrap_or_default(),
            RuleField::Weight if actions.weight == 0 => String::new(),
            RuleField::Weight => format!("{:+}", actions.weight),
            RuleField::Active => tick(!rule.off),
        }
    }

    /// Sets the field of a rule to a text of the form, except tags and weight, which have to be parsed.
    ///
    /// A blank at the end of the query stays: it makes the last word a whole one.
    pub(super) fn set_text(self, rule: &mut Rule, typed: &str) {
        let (text, actions) = (typed.trim(), &mut rule.actions);
        let is_set = text == "yes";
        let filled = (!text.is_empty()).then(|| text.to_owned());
        match self {
            RuleField::Name => text.clone_into(&mut rule.name),
            RuleField::Query => typed.trim_start().clone_into(&mut rule.query),
            RuleField::Tags | RuleField::Weight => {}
            RuleField::Star => actions.star = is_set,
            RuleField::Read => actions.read = is_set,
            RuleField::Hide => actions.hide = is_set,
            RuleField::HideUntil => actions.hide_until = filled,
            RuleField::Remove => actions.remove = is_set,
            RuleField::Notify => actions.notify = is_set,
            RuleField::FullText => actions.full_text = is_set,
            RuleField::Run => actions.run = filled,
            RuleField::Active => rule.off = !is_set,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_field_sets_it_back() {
        let parsed = [RuleField::Tags, RuleField::Weight];
        for field in RuleField::ALL.into_iter().filter(|field| !parsed.contains(field)) {
            let texts = if field.choices().is_empty() { &["bridge"][..] } else { field.choices() };
            for text in texts {
                let mut rule = Rule::default();
                field.set_text(&mut rule, text);
                assert_eq!(field.text_of(&rule), *text, "{field:?}");
            }
        }
    }
}
