//! The programs that rules run, once for each article, with its text on standard input.

use crate::{
    library::article_programs::{RuleCommands, plan_jobs, program_failure, run_jobs},
    model::Failure,
    store::{ActsOfRule, LibraryLocation},
};

/// Runs the programs of the rules that acted, after their acts were stored, and waits until all have
/// ended. Returns a failure for each way in which one failed, with the number of its articles, and for
/// articles beyond the limit.
pub fn run_rule_programs(
    location: &LibraryLocation,
    commands: &RuleCommands,
    acts: &[ActsOfRule],
) -> Vec<Failure> {
    let (mut jobs, mut failures) = (Vec::new(), Vec::new());
    let causes: Vec<String> =
        acts.iter().map(|acts| format!("The rule “{}”", acts.act.rule)).collect();
    for (ActsOfRule { act, ids, .. }, cause) in acts.iter().zip(&causes) {
        let Some(name) = &act.run else { continue };
        let Some(command) = commands.get(name) else {
            failures.push(program_failure(cause, &format!("there is no command “{name}”")));
            continue;
        };
        let (planned, failure) = plan_jobs((cause, name), command, ids);
        jobs.extend(planned);
        failures.extend(failure);
    }
    failures.extend(run_jobs(location, &jobs));
    failures
}
