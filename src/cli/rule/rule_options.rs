//! Checks of the options by which rules are added and edited.

use crate::{
    cli::{exit_status::UsageError, output, rule_file::RuleFile},
    library::clock::local_today,
    model::{Rule, TagName},
    query::check_rule,
    settings::{RulesFile, check_rule_name},
};

/// Parses the value of a switch that can be taken away.
pub(super) fn parse_yes_or_no(word: &str) -> Result<bool, String> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no".to_owned()),
    }
}

/// Parses the name of a tag.
pub(super) fn parse_tag(name: &str) -> Result<TagName, UsageError> {
    TagName::parse(name).map_err(|error| UsageError(format!("“{name}” is no tag: {error}")))
}

/// Checks that the file would take a rule.
pub(super) fn check_whole_rule(rule: &Rule) -> Result<(), UsageError> {
    if rule.actions.is_empty() {
        return Err(UsageError("name an action, such as --tag x or --hide".to_owned()));
    }
    check_rule_name(&rule.name).map_err(UsageError)?;
    check_rule(rule, local_today()).map_err(UsageError)
}

/// Checks that no rule of the file has a name; upper and lower case make no difference.
pub(super) fn check_free_name(file: &RuleFile, name: &str) -> anyhow::Result<()> {
    let text = file.read().map_err(output::to_error)?;
    let key = name.to_lowercase();
    let known = RulesFile::parse("", &text).rules;
    if known.iter().any(|filed| filed.rule.name.to_lowercase() == key) {
        return Err(UsageError(format!("a rule is called “{name}” already")).into());
    }
    Ok(())
}
