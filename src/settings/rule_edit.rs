//! Edits of rules, as changes of the text of their file.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use super::{
    rule_blocks::{find_blocks, find_named},
    rules_file::{MAX_RULES, RULE_KEY, RulesFile},
};
use crate::model::{Change, Rule, RuleActions, RuleEdit, RuleText, TagName};

/// Returns the change of the text of the file that an edit means. Of a rule that is changed, only the
/// keys change whose values differ.
///
/// # Errors
///
/// Returns why the edit cannot be made, as a sentence without a capital: the file cannot be parsed as
/// a whole, the rule is not in it as the edit expects, or there are too many rules.
pub fn plan_rule_edit(text: &str, edit: &RuleEdit) -> Result<Change, String> {
    let blocks = find_blocks(text)?;
    let before = edit.before.as_ref().map(|rule| find_rule_text(text, rule)).transpose()?;
    let after = match (&before, &edit.after) {
        (_, None) => None,
        (None, Some(_)) if blocks.len() >= MAX_RULES => {
            return Err(format!("the file has {MAX_RULES} rules, the most that it may have"));
        }
        (None, Some(rule)) => Some(new_rule_text(text, rule)),
        (Some(before), Some(rule)) => {
            let text = edit_rule_text(&before.text, rule);
            Some(RuleText { name: rule.name.clone(), text, line: before.line })
        }
    };
    Ok(Change::Rule { before: before.map(Box::new), after: after.map(Box::new) })
}

/// Finds the text of a rule, which must be in the file as it is expected.
fn find_rule_text(text: &str, rule: &Rule) -> Result<RuleText, String> {
    let blocks = find_blocks(text)?;
    let name = &rule.name;
    let block = find_named(&blocks, name)
        .ok_or_else(|| format!("the file no longer has the rule “{name}”"))?;
    let filed = RulesFile::parse("", text).rules.into_iter().map(|filed| filed.rule);
    if !filed.into_iter().any(|filed| filed == *rule) {
        return Err(format!("the rule “{name}” was edited in the file meanwhile; open it again"));
    }
    Ok(RuleText {
        name: block.name.clone(),
        text: text[block.range.clone()].to_owned(),
        line: text[..block.range.start].lines().count(),
    })
}

/// Returns the text of a rule that is added at the end of the file.
fn new_rule_text(text: &str, rule: &Rule) -> RuleText {
    let mut document = DocumentMut::new();
    let mut tables = ArrayOfTables::new();
    tables.push(rule_table(rule));
    document.insert(RULE_KEY, Item::ArrayOfTables(tables));
    let blank_line = if text.is_empty() { "" } else { "\n" };
    RuleText {
        name: rule.name.clone(),
        text: format!("{blank_line}{document}"),
        line: text.lines().count(),
    }
}

/// Returns the text of a rule as `rule` has it, with its comments.
fn edit_rule_text(text: &str, rule: &Rule) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    let table = document.get_mut(RULE_KEY).and_then(Item::as_array_of_tables_mut);
    if let Some(table) = table.and_then(|tables| tables.get_mut(0)) {
        for (key, value) in rule_values(rule) {
            edit_value(table, key, value);
        }
    }
    document.to_string()
}

/// Sets a key, or removes it if there is no value. A switch with a comment stays, as `false`.
fn edit_value(table: &mut Table, key: &str, new: Option<Value>) {
    let has_comment = table.get_key_value(key).is_some_and(|(key, item)| {
        format!("{}{item}", key.display_repr()).contains('#')
            || key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).is_some_and(has_hash)
    });
    let old = table.get(key).and_then(Item::as_value).cloned();
    match (old, new) {
        (Some(old), Some(new)) if is_same(&old, &new) => {}
        (Some(old), None) if old.as_bool() == Some(false) => {}
        (Some(old), Some(mut new)) => {
            *new.decor_mut() = old.decor().clone();
            table[key] = Item::Value(new);
        }
        (Some(old), None) if has_comment && old.is_bool() => {
            let mut off = Value::from(false);
            *off.decor_mut() = old.decor().clone();
            table[key] = Item::Value(off);
        }
        (_, None) => drop(table.remove(key)),
        (None, Some(new)) => drop(table.insert(key, Item::Value(new))),
    }
}

fn has_hash(text: &str) -> bool {
    text.contains('#')
}

/// Returns whether two values mean the same; of tags, one in an array is the same as the tag alone.
fn is_same(old: &Value, new: &Value) -> bool {
    let texts = |value: &Value| -> Option<Vec<String>> {
        match value {
            Value::String(text) => Some(vec![text.value().clone()]),
            Value::Array(values) => {
                let mut texts: Vec<String> =
                    values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                texts.sort_by_key(|text| text.to_lowercase());
                Some(texts)
            }
            _ => None,
        }
    };
    if let (Some(old), Some(new)) = (old.as_integer(), new.as_integer()) {
        return old == new;
    }
    match (old.as_bool(), new.as_bool()) {
        (None, None) => texts(old) == texts(new),
        (old, new) => old == new,
    }
}

/// Returns a rule as a table.
fn rule_table(rule: &Rule) -> Table {
    let mut table = Table::new();
    for (key, value) in rule_values(rule) {
        if let Some(value) = value {
            table.insert(key, Item::Value(value));
        }
    }
    table
}

/// Returns the keys of a rule with their values; `None` for a key that is left out.
fn rule_values(rule: &Rule) -> [(&'static str, Option<Value>); 13] {
    let RuleActions { tags, star, read, hide, hide_until, remove, notify, full_text, run, weight } =
        &rule.actions;
    let switch = |is_set: bool| is_set.then(|| Value::from(true));
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let tags: Option<Array> =
        (!tags.is_empty()).then(|| tags.iter().map(TagName::as_str).collect());
    [
        ("name", Some(Value::from(rule.name.as_str()))),
        ("query", Some(Value::from(rule.query.as_str()))),
        ("tag", tags.map(Value::Array)),
        ("star", switch(*star)),
        ("read", switch(*read)),
        ("hide", switch(*hide)),
        ("remove", switch(*remove)),
        ("notify", switch(*notify)),
        ("full_text", switch(*full_text)),
        ("off", switch(rule.off)),
        ("hide_until", text(hide_until)),
        ("run", text(run)),
        ("weight", (*weight != 0).then(|| Value::from(i64::from(*weight)))),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Rule, RuleEdit, plan_rule_edit};
    use crate::{
        model::{Change, TagName},
        settings::{RulesFile, change_rule},
    };

    const FILE: &str = "# Mine.\n[[rule]]\nname = \"Noise\" # loud\nquery = \"title:sponsored\"\n\
                        tag = \"x\" # one\nhide = true\n# why\nstar = true\n";

    fn edit(text: &str, before: Option<&Rule>, after: &Rule) -> Result<String, String> {
        let edit = RuleEdit { before: before.cloned(), after: Some(after.clone()) };
        match plan_rule_edit(text, &edit)? {
            Change::Rule { before, after } => {
                change_rule(text, before.as_deref(), after.as_deref())
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn rules(text: &str) -> Vec<Rule> {
        let file = RulesFile::parse("rules.toml", text);
        assert_eq!(file.errors, []);
        file.rules.into_iter().map(|filed| filed.rule).collect()
    }

    #[test]
    fn added_rule_is_read_again_and_the_file_stays() {
        let mut rule = Rule {
            name: "It's “x”".to_owned(),
            query: "\"a b\" \\".to_owned(),
            off: true,
            ..Rule::default()
        };
        rule.actions.tags = vec![TagName::later()];
        rule.actions.hide_until = Some("2d".to_owned());
        rule.actions.weight = -7;
        for text in [FILE, ""] {
            let added = edit(text, None, &rule).unwrap();
            assert!(added.starts_with(text), "{added}");
            assert_eq!(rules(&added).last(), Some(&rule));
        }
        assert!(edit("[[rule]]\nname = \n", None, &rule).unwrap_err().starts_with("line 2: "));
    }

    #[test]
    fn edited_rule_keeps_its_comments_and_what_is_the_same() {
        let old = rules(FILE).remove(0);
        let mut new = Rule { query: "ad".to_owned(), ..old.clone() };
        (new.actions.hide, new.actions.star, new.actions.read) = (false, false, true);
        let edited = edit(FILE, Some(&old), &new).unwrap();
        assert_eq!(
            edited,
            "# Mine.\n[[rule]]\nname = \"Noise\" # loud\nquery = \"ad\"\ntag = \"x\" # one\n\
             # why\nstar = false\nread = true\n"
        );
        assert_eq!(rules(&edited), [new]);
    }

    #[test]
    fn rule_that_was_edited_meanwhile_is_not_overwritten() {
        let old = rules(FILE).remove(0);
        let meanwhile = FILE.replace("hide = true", "read = true");
        let reason = edit(&meanwhile, Some(&old), &Rule { off: true, ..old.clone() }).unwrap_err();
        assert!(reason.contains("“Noise” was edited in the file meanwhile"), "{reason}");
    }
}
