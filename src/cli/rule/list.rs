//! `newsreader rule list`: prints the rules.

use serde::Serialize;

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        json_version::JSON_VERSION, listing_args::ListingArgs, output, rule_file::RuleFile,
    },
    library::LoadedRules,
    model::{Rule, RuleActions, TagName},
    text::sanitize,
};

/// A rule as JSON.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each action is a switch")]
struct RuleJson<'a> {
    name: &'a str,
    query: &'a str,
    off: bool,
    tags: Vec<&'a str>,
    star: bool,
    read: bool,
    hide: bool,
    hide_until: Option<&'a str>,
    remove: bool,
    notify: bool,
    full_text: bool,
    run: Option<&'a str>,
    weight: i32,
}

/// All rules as JSON.
#[derive(Serialize)]
struct RuleListJson<'a> {
    version: u32,
    rules: Vec<RuleJson<'a>>,
}

/// Prints the rules in the order of their file. The exit status is a failure if some have mistakes,
/// which are printed on standard error.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let LoadedRules { mut rules, failures, .. } = RuleFile::require(args, environment)?.load();
    listing.shorten(&mut rules);
    let text =
        if args.json { rules_json(&rules)? } else { rules.iter().map(format_rule).collect() };
    output::write_stdout(text.as_bytes())?;
    for failure in &failures {
        output::write_stderr_line(&failure.summary);
    }
    Ok(if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Failed })
}

fn rules_json(rules: &[Rule]) -> anyhow::Result<String> {
    let rules = rules.iter().map(rule_json).collect();
    output::to_json_lines(&RuleListJson { version: JSON_VERSION, rules })
}

/// Returns the rules as JSON; `None` without a home folder for their file.
///
/// # Errors
///
/// Fails if some have mistakes.
pub fn list_json(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<Option<String>> {
    let Some(file) = RuleFile::find(args, environment) else { return Ok(None) };
    let LoadedRules { rules, failures, .. } = file.load();
    match failures.into_iter().next() {
        Some(failure) => Err(output::to_error(failure)),
        None => rules_json(&rules).map(Some),
    }
}

fn rule_json(rule: &Rule) -> RuleJson<'_> {
    let RuleActions { tags, star, read, hide, hide_until, remove, notify, full_text, run, weight } =
        &rule.actions;
    RuleJson {
        name: &rule.name,
        query: &rule.query,
        off: rule.off,
        tags: tags.iter().map(TagName::as_str).collect(),
        star: *star,
        read: *read,
        hide: *hide,
        hide_until: hide_until.as_deref(),
        remove: *remove,
        notify: *notify,
        full_text: *full_text,
        run: run.as_deref(),
        weight: *weight,
    }
}

fn format_rule(rule: &Rule) -> String {
    let actions = rule.actions.describe();
    let fields = [&rule.name, &rule.query, &actions].map(|field| sanitize::to_text_line(field));
    format!("{}{}\n", fields.join("\t"), if rule.off { "\toff" } else { "" })
}
