//! `newsreader rule edit`: changes a rule in the file of rules.

use clap::Args as ClapArgs;

use super::rule_options::{check_free_name, check_whole_rule, parse_tag, parse_yes_or_no};
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        rule_file::RuleFile,
        tag::parse_until,
    },
    library::clock::{local_now, utc_now},
    model::{Rule, RuleEdit, TagName, parse_rule_weight},
    text::sanitize,
};

const EDIT_NOTES: &str = "\
Options that are not given keep their values. `--star=no` takes an action away, as does an empty value:
`--tag ''`, `--hide-until ''`, `--run ''`, or `--weight 0`. `newsreader undo` takes the change back.";

/// The arguments of `newsreader rule edit`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EDIT_NOTES)]
pub struct RuleEditArgs {
    /// Name of the rule.
    #[arg(value_name = "NAME")]
    pub rule: String,

    /// New name.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// New query, as in the filter bar.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,

    /// Put this tag on articles, in place of the tags before.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// Star articles.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub star: Option<bool>,

    /// Mark articles as read.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub read: Option<bool>,

    /// Hide articles, and no longer until a day.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub hide: Option<bool>,

    /// Hide articles until a time, and no longer for good: 2d (two days after the rule acts), friday,
    /// "fri 9:00", 2026-12-01.
    #[arg(long, value_name = "TIME", conflicts_with = "hide")]
    pub hide_until: Option<String>,

    /// Move articles to the trash.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub remove: Option<bool>,

    /// Send a notification about articles.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub notify: Option<bool>,

    /// Fetch the full text of articles from their web pages.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub full_text: Option<bool>,

    /// Run a command of the settings, with the text of the article on standard input.
    #[arg(long, value_name = "COMMAND")]
    pub run: Option<String>,

    /// Add this to the weight of articles, by which lists can be sorted: 5, or -5; 0 for nothing.
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = parse_rule_weight)]
    pub weight: Option<i32>,

    /// Switch the rule off.
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = parse_yes_or_no)]
    pub off: Option<bool>,
}

/// Changes a rule, as a change that can be undone. What it has done stays.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &RuleEditArgs,
) -> anyhow::Result<ExitStatus> {
    let file = RuleFile::require(args, environment)?;
    let before = file.find_rule(&edit.rule)?;
    let after = edit.apply_to(before.clone())?;
    if before == after {
        let problem = "nothing to change; name an option such as --query";
        return Err(UsageError(problem.to_owned()).into());
    }
    check_whole_rule(&after)?;
    file.check_command(&after).map_err(UsageError)?;
    if after.name.to_lowercase() != before.name.to_lowercase() {
        check_free_name(&file, &after.name)?;
    }
    let edit = RuleEdit { before: Some(before), after: Some(after) };
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let done = library.writer.edit_rules(&[edit], utc_now())?;
    let sentence = describe_action(ChangeAction::Applied, Some(&done), local_now());
    let done = [sanitize::to_text_line(&sentence).into_owned()];
    CommandOutcome::notice(done).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

impl RuleEditArgs {
    fn apply_to(&self, mut rule: Rule) -> Result<Rule, UsageError> {
        let set_text = |value: &Option<String>, field: &mut Option<String>| {
            if let Some(value) = value {
                *field = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            }
        };
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut rule.name);
        }
        if let Some(query) = &self.query {
            rule.query.clone_from(query);
        }
        rule.off = self.off.unwrap_or(rule.off);
        let actions = &mut rule.actions;
        set_text(&self.run, &mut actions.run);
        actions.weight = self.weight.unwrap_or(actions.weight);
        set_text(&self.hide_until, &mut actions.hide_until);
        for (value, switch) in [
            (self.star, &mut actions.star),
            (self.read, &mut actions.read),
            (self.hide, &mut actions.hide),
            (self.remove, &mut actions.remove),
            (self.notify, &mut actions.notify),
            (self.full_text, &mut actions.full_text),
        ] {
            *switch = value.unwrap_or(*switch);
        }
        // One takes the place of the other.
        if self.hide == Some(true) {
            actions.hide_until = None;
        } else if self.hide_until.is_some()
            && let Some(day) = &actions.hide_until
        {
            // A new day that has passed would never hide anything.
            parse_until(day)?;
            actions.hide = false;
        }
        if !self.tag.is_empty() {
            let names = self.tag.iter().filter(|name| !name.trim().is_empty());
            actions.tags =
                names.map(|name| parse_tag(name)).collect::<Result<Vec<TagName>, _>>()?;
            actions.tags.sort_by_key(TagName::key);
            actions.tags.dedup_by_key(|tag| tag.key());
        }
        Ok(rule)
    }
}
