//! `newsreader rule remove`: removes rules from their file.

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output,
        rule_file::RuleFile,
    },
    settings::remove_rule,
    text::sanitize,
};

/// Removes rules. If one cannot be removed, none is.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    names: &[String],
) -> anyhow::Result<ExitStatus> {
    let file = RuleFile::require(args, environment)?;
    let mut text = file.read().map_err(output::to_error)?;
    let mut removed = Vec::new();
    for name in names {
        let rule = file.find_rule(name)?;
        text = remove_rule(&text, &rule.name).map_err(|problem| file.edit_error(&problem))?;
        removed.push(rule.name);
    }
    file.write(&text)?;
    for name in removed {
        let line = format!("Removed the rule “{}”", sanitize::to_text_line(&name));
        output::write_stderr_line(&line);
    }
    Ok(ExitStatus::Success)
}
