//! Parses arbitrary text as the file of rules: every rule that is read can be checked and compiled, and
//! adding a rule to the file, and undoing that, leaves the others as they were.
#![no_main]

use chrono::{DateTime, FixedOffset};
use libfuzzer_sys::fuzz_target;
use newsreader::{
    library::RuleSet,
    model::{Change, Rule, RuleActions, RuleEdit},
    query::check_rule,
    settings::{RulesFile, change_rule, plan_rule_edit},
    text::LocalNow,
};

fuzz_target!(|text: &str| {
    let rules = parse_rules(text);
    let zone = FixedOffset::east_opt(0).expect("Greenwich is a zone");
    let now = LocalNow { at: DateTime::default(), zone: zone.into() };
    for rule in &rules {
        let _ = check_rule(rule, now.today());
    }
    RuleSet::compile(&rules, now);
    let name = "added by the fuzz target";
    let rule = Rule {
        name: name.to_owned(),
        query: text.to_owned(),
        actions: RuleActions { star: true, ..RuleActions::default() },
        ..Rule::default()
    };
    let edit = RuleEdit { before: None, after: Some(rule.clone()) };
    let Ok(Change::Rule { before, after }) = plan_rule_edit(text, &edit) else { return };
    let (before, after) = (before.as_deref(), after.as_deref());
    let Ok(added) = change_rule(text, before, after) else { return };
    assert_eq!(parse_rules(&added), [&rules[..], &[rule]].concat());
    let undone = change_rule(&added, after, before).expect("the rule is as it was added");
    assert_eq!(parse_rules(&undone), rules);
});

fn parse_rules(text: &str) -> Vec<Rule> {
    RulesFile::parse("rules.toml", text).rules.into_iter().map(|filed| filed.rule).collect()
}
