//! `newsreader rule remove`: removes rules from their file.

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, outcome::CommandOutcome, rule_file::RuleFile,
    },
    library::clock::utc_now,
    model::{Rule, RuleEdit},
    text::sanitize,
};

/// Removes rules, as one change that can be undone. If one cannot be removed, none is.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    names: &[String],
) -> anyhow::Result<ExitStatus> {
    let file = RuleFile::require(args, environment)?;
    let mut edits: Vec<RuleEdit> = Vec::new();
    for name in names {
        let edit = RuleEdit { before: Some(file.find_rule(name)?), after: None };
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    OpenLibrary::open_writable(args, environment)?.writer.edit_rules(&edits, utc_now())?;
    let removed = edits.into_iter().filter_map(|edit| edit.before);
    let describe =
        |rule: Rule| format!("Removed the rule “{}”", sanitize::to_text_line(&rule.name));
    let done: Vec<String> = removed.map(describe).collect();
    let count = done.len();
    CommandOutcome::notice(done).with_changed(count).print(args)?;
    Ok(ExitStatus::Success)
}
