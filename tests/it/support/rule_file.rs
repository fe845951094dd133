//! A file of rules in memory.

use std::sync::{Arc, Mutex};

use newsreader::{
    library::{LoadedRules, RuleLoader},
    model::{Change, ListedRule, Rule, RuleEdit, RuleText},
    settings::{RulesFile, change_rule, plan_rule_edit},
    store::RuleFileAccess,
};

/// A file of rules in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryRuleFile(Arc<Mutex<String>>);

impl MemoryRuleFile {
    pub fn new(text: &str) -> MemoryRuleFile {
        MemoryRuleFile(Arc::new(Mutex::new(text.to_owned())))
    }

    pub fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    pub fn loader(&self) -> RuleLoader {
        let file = self.clone();
        RuleLoader::new(move || {
            let filed = RulesFile::parse("rules.toml", &file.text()).rules;
            let rules: Vec<Rule> = filed.into_iter().map(|filed| filed.rule).collect();
            let to_row = |rule: &Rule| ListedRule { rule: Ok(rule.clone()), act_count: 0 };
            LoadedRules { rows: rules.iter().map(to_row).collect(), ..LoadedRules::default() }
        })
    }
}

impl RuleFileAccess for MemoryRuleFile {
    fn read_text(&self) -> Result<String, String> {
        Ok(self.text())
    }

    fn write_text(&self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.0.lock().unwrap());
        Ok(())
    }

    fn plan_edit(&self, text: &str, edit: &RuleEdit) -> Result<Change, String> {
        plan_rule_edit(text, edit)
    }

    fn change_text(
        &self,
        text: &str,
        before: Option<&RuleText>,
        after: Option<&RuleText>,
    ) -> Result<String, String> {
        change_rule(text, before, after)
    }
}
