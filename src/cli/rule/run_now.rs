//! `newsreader rule run`: applies a rule to the articles that are stored.

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, outcome::CommandOutcome, output, rule_file::RuleFile,
    },
    library::{clock::local_now, plan_rule_run},
    model::RuleActions,
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// Applies a rule to all stored articles that match, as one change, which can be undone.
pub fn run(args: &GlobalArgs, environment: &Environment, name: &str) -> anyhow::Result<ExitStatus> {
    let rule = RuleFile::require(args, environment)?.find_rule(name)?;
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let now = local_now();
    let Some(plan) = plan_rule_run(&reader, &rule, now)? else {
        anyhow::bail!("the rule “{}” has a mistake", rule.name);
    };
    let matching = reader.load_copies()?.count_articles(&plan.act.ids);
    let changed = library.writer.run_rule(&plan.act, now.at)?.changed_entry_count();
    let articles = count_noun(changed, "article");
    let name = sanitize::to_text_line(&rule.name);
    let done = format!("The rule “{name}” changed {articles} of {matching} that match");
    let unchanged = matching.saturating_sub(changed);
    let outcome = CommandOutcome::new([done]).with_changed(changed).with_unchanged(unchanged);
    outcome.print(args)?;
    let RuleActions { full_text, notify, run, .. } = &rule.actions;
    if *full_text || *notify || run.is_some() {
        output::write_stderr_line(
            "Full texts are fetched, commands run and notifications sent for articles that arrive, not for stored ones",
        );
    }
    if plan.unsearched_count > 0 {
        let articles = count_noun(plan.unsearched_count, "article");
        output::write_stderr_line(&format!("{articles} could not be searched"));
        return Ok(ExitStatus::Failed);
    }
    Ok(ExitStatus::Success)
}
