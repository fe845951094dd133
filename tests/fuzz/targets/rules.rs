//! Parses arbitrary text as the file of rules: every rule that is read can be checked and compiled, and
//! a rule that is added to the file and removed again leaves the others as they were.
#![no_main]

use chrono::{DateTime, FixedOffset};
use libfuzzer_sys::fuzz_target;
use newsreader::{
    library::{RuleSet, check_rule},
    model::{Rule, RuleActions},
    settings::{RulesFile, add_rule, remove_rule},
    text::LocalNow,
};

fuzz_target!(|text: &str| {
    let rules = parse_rules(text);
    let zone = FixedOffset::east_opt(0).expect("Greenwich is a zone");
    let now = LocalNow { at: DateTime::default(), zone };
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
    let Ok(added) = add_rule(text, &rule) else { return };
    assert_eq!(parse_rules(&added), [&rules[..], &[rule]].concat());
    let removed = remove_rule(&added, name).expect("a written file can be read");
    assert_eq!(parse_rules(&removed), rules);
});

fn parse_rules(text: &str) -> Vec<Rule> {
    RulesFile::parse("rules.toml", text).rules.into_iter().map(|filed| filed.rule).collect()
}
