//! `newsreader rule add`: adds a rule to the file of rules.

use clap::Args as ClapArgs;

use super::rule_options::{check_free_name, check_whole_rule, parse_tag};
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        rule_file::RuleFile,
        tag::parse_until,
    },
    library::clock::utc_now,
    model::{Rule, RuleActions, RuleEdit, parse_rule_weight},
    text::sanitize,
};

/// The arguments of `newsreader rule add`.
#[derive(Debug, Clone, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each action is a switch")]
pub struct RuleAddArgs {
    /// Name of the rule.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// Query, as in the filter bar.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,

    /// Put this tag on articles.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// Star articles.
    #[arg(long)]
    pub star: bool,

    /// Mark articles as read.
    #[arg(long)]
    pub read: bool,

    /// Hide articles.
    #[arg(long)]
    pub hide: bool,

    /// Hide articles until a time: 2d (two days after the rule acts), friday, "fri 9:00", 2026-12-01.
    #[arg(long, value_name = "TIME", conflicts_with = "hide")]
    pub hide_until: Option<String>,

    /// Move articles to the trash.
    #[arg(long)]
    pub remove: bool,

    /// Send a notification about articles.
    #[arg(long)]
    pub notify: bool,

    /// Fetch the full text of articles from their web pages.
    #[arg(long)]
    pub full_text: bool,

    /// Run a command of the settings, with the text of the article on standard input.
    #[arg(long, value_name = "COMMAND")]
    pub run: Option<String>,

    /// Add this to the weight of articles, by which lists can be sorted: 5, or -5.
    #[arg(long, value_name = "N", allow_hyphen_values = true, default_value_t = 0, hide_default_value = true, value_parser = parse_rule_weight)]
    pub weight: i32,
}

/// Adds a rule, as a change that can be undone. It acts on articles that arrive from now on.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &RuleAddArgs,
) -> anyhow::Result<ExitStatus> {
    let rule = add.to_rule()?;
    let file = RuleFile::require(args, environment)?;
    file.check_command(&rule).map_err(UsageError)?;
    check_free_name(&file, &rule.name)?;
    let name = rule.name.clone();
    let edit = RuleEdit { before: None, after: Some(rule) };
    OpenLibrary::open_writable(args, environment)?.writer.edit_rules(&[edit], utc_now())?;
    let done = format!(
        "Added the rule “{0}” for articles that arrive; `newsreader rule run \"{0}\"` applies it to stored ones",
        sanitize::to_text_line(&name)
    );
    CommandOutcome::notice([done]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

impl RuleAddArgs {
    fn to_rule(&self) -> Result<Rule, UsageError> {
        // The file may name a day that has passed since; a new rule would never hide anything.
        self.hide_until.as_deref().map(parse_until).transpose()?;
        let actions = RuleActions {
            tags: self.tag.iter().map(|name| parse_tag(name)).collect::<Result<_, _>>()?,
            star: self.star,
            read: self.read,
            hide: self.hide,
            hide_until: self.hide_until.clone(),
            remove: self.remove,
            notify: self.notify,
            full_text: self.full_text,
            run: self.run.clone(),
            weight: self.weight,
        };
        let (name, query) = (self.name.trim().to_owned(), self.query.clone());
        let rule = Rule { name, query, off: false, actions };
        check_whole_rule(&rule)?;
        Ok(rule)
    }
}
