//! The user's rules: compiled to queries, matched with what arrives and with what is stored.
//!
//! A rule sees an article as it arrived, before the user and other rules acted. Start with
//! [`RuleSet`]. What rules do is stored by `store::rule_acts`; their file is read by the caller.

mod arrival;
mod feeds;
mod list;
mod loader;
mod programs;
mod rule_set;
mod stored;

pub use arrival::ArrivingEntry;
pub(super) use feeds::RefreshRules;
pub use list::list_rules;
pub use loader::{LoadedRules, RuleLoader};
pub use programs::run_rule_programs;
pub use rule_set::RuleSet;
pub use stored::{
    RuleRun, find_acts_on_stored, plan_rule_run, run_rule_on, stored_query, try_rule,
};
