//! Changes of the text of the file of rules: one rule is put in, taken out or replaced, and the rest
//! stays as it is.

use super::rule_blocks::{RuleBlock, find_blocks, find_named, is_comment};
use crate::{
    model::RuleText,
    text::{sanitize, truncate},
};

/// Maximum width of the text in a description of a difference.
const MAX_DIFFERENCE_COLUMNS: usize = 160;

/// Returns the text of the file in which the rule `before` has become `after`.
///
/// # Errors
///
/// Returns why that cannot be done, as a sentence without a capital: the file cannot be parsed as a
/// whole, the rule was edited in it since, which is described by the difference, or another rule has
/// the name.
pub fn change_rule(
    text: &str,
    before: Option<&RuleText>,
    after: Option<&RuleText>,
) -> Result<String, String> {
    let blocks = find_blocks(text)?;
    let replaced = before.map(|before| find_unchanged(text, &blocks, before)).transpose()?;
    if let Some(after) = after
        && let Some(other) = find_named(&blocks, &after.name)
        && replaced != Some(other)
    {
        return Err(format!("the file has a rule called “{}” already", other.name));
    }
    Ok(match (replaced, after) {
        (Some(block), after) => {
            let new = after.map(|after| after.text.as_str()).unwrap_or_default();
            join_parts([&text[..block.range.start], new, &text[block.range.end..]])
        }
        (None, Some(after)) => insert_rule(text, &blocks, after),
        (None, None) => text.to_owned(),
    })
}

/// Finds the rule `expected`, which must be as it is expected.
fn find_unchanged<'b>(
    text: &str,
    blocks: &'b [RuleBlock],
    expected: &RuleText,
) -> Result<&'b RuleBlock, String> {
    let name = &expected.name;
    let block = find_named(blocks, name).ok_or_else(|| {
        let lines = join_lines(expected.text.lines().collect());
        format!("the file no longer has the rule “{name}”, where {lines} was expected")
    })?;
    let found = &text[block.range.clone()];
    if found.trim() == expected.text.trim() {
        return Ok(block);
    }
    let [has, wants] = differing_lines(found, &expected.text);
    Err(format!(
        "the rule “{name}” was edited since: the file has {has}, where {wants} was expected"
    ))
}

/// Returns the lines of each text that the other one does not have.
fn differing_lines(found: &str, expected: &str) -> [String; 2] {
    let lines_of = |text: &'_ str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    let (found, expected) = (lines_of(found), lines_of(expected));
    let without = |lines: &[String], others: &[String]| {
        join_lines(lines.iter().filter(|line| !others.contains(line)).map(String::as_str).collect())
    };
    [without(&found, &expected), without(&expected, &found)]
}

/// Joins lines for a sentence: `star = true`, `read = true`.
fn join_lines(lines: Vec<&str>) -> String {
    let lines = lines.into_iter().map(str::trim).filter(|line| !line.is_empty());
    let quoted: Vec<String> =
        lines.map(|line| format!("`{}`", sanitize::to_text_line(line))).collect();
    if quoted.is_empty() {
        return "nothing more".to_owned();
    }
    truncate(&quoted.join(", "), MAX_DIFFERENCE_COLUMNS).into_owned()
}

/// Inserts a rule at its line, or below the rule that is there.
fn insert_rule(text: &str, blocks: &[RuleBlock], rule: &RuleText) -> String {
    let at: usize = text.split_inclusive('\n').take(rule.line).map(str::len).sum();
    let inside = blocks.iter().find(|block| block.table_start < at && at < block.range.end);
    let at = inside.map_or(at, |block| block.range.end);
    let (above, below) = text.split_at(at);
    let mut inserted = rule.text.clone();
    // Comments of the file must not come to belong to the rule.
    if above.lines().next_back().is_some_and(is_comment) && !inserted.starts_with('\n') {
        inserted.insert(0, '\n');
    }
    let belongs_to_next = |block: &RuleBlock| (block.range.start..=block.table_start).contains(&at);
    if below.lines().next().is_some_and(is_comment) && !blocks.iter().any(belongs_to_next) {
        inserted.push('\n');
    }
    join_parts([above, &inserted, below])
}

/// Joins parts of a file, each of which begins with a line.
fn join_parts(parts: [&str; 3]) -> String {
    let mut text = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::change_rule;
    use crate::{
        model::{Change, Rule, RuleActions, RuleEdit, RuleText},
        settings::{RulesFile, plan_rule_edit},
    };

    const FILE: &str = "# Mine.\n\n# Loud.\n[[rule]]\nname = \"Noise\" # loud\nquery = \"ad\"\n\
                        # for now\nhide = true # yes\n\n[[rule]]\nname = \"Ships\"\n\
                        query = \"ferry\"\ntag = [\"port\"] # ours\n# The end.\n";

    fn rule(text: &str, name: &str) -> Rule {
        let file = RulesFile::parse("rules.toml", text);
        let filed = file.rules.into_iter().map(|filed| filed.rule);
        filed.into_iter().find(|rule| rule.name == name).unwrap()
    }

    fn starring(name: &str) -> Rule {
        let actions = RuleActions { star: true, ..RuleActions::default() };
        Rule { name: name.to_owned(), query: "x".to_owned(), off: false, actions }
    }

    /// Plans an edit; returns the text before and after it.
    fn plan(
        text: &str,
        before: Option<Rule>,
        after: Option<Rule>,
    ) -> (Option<RuleText>, Option<RuleText>) {
        match plan_rule_edit(text, &RuleEdit { before, after }).unwrap() {
            Change::Rule { before, after } => (before.map(|text| *text), after.map(|text| *text)),
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn removed_rule_takes_its_comments_and_undo_brings_them_back() {
        let (before, _) = plan(FILE, Some(rule(FILE, "Noise")), None);
        let removed = change_rule(FILE, before.as_ref(), None).unwrap();
        assert_eq!(
            removed,
            "# Mine.\n\n[[rule]]\nname = \"Ships\"\nquery = \"ferry\"\ntag = [\"port\"] # ours\n# The end.\n"
        );
        assert_eq!(change_rule(&removed, None, before.as_ref()).unwrap(), FILE);
    }

    #[test]
    fn undo_is_refused_with_the_difference_where_the_rule_was_edited() {
        let noise = rule(FILE, "Noise");
        let (before, after) = plan(FILE, Some(noise.clone()), Some(Rule { off: true, ..noise }));
        let changed = change_rule(FILE, before.as_ref(), after.as_ref()).unwrap();
        let edited = changed.replace("query = \"ad\"", "query = \"advert\"");
        let reason = change_rule(&edited, after.as_ref(), before.as_ref()).unwrap_err();
        assert_eq!(
            reason,
            "the rule “Noise” was edited since: the file has `query = \"advert\"`, where \
             `query = \"ad\"` was expected"
        );
        let other = changed.replace("ferry", "ship");
        assert_eq!(
            change_rule(&other, after.as_ref(), before.as_ref()).unwrap(),
            FILE.replace("ferry", "ship"),
            "another rule may be edited"
        );
        let gone = change_rule(&changed, after.as_ref(), None).unwrap();
        let reason = change_rule(&gone, after.as_ref(), before.as_ref()).unwrap_err();
        assert!(reason.starts_with("the file no longer has the rule “Noise”, where `# Loud.`, "));
        let reason = change_rule(FILE, None, before.as_ref()).unwrap_err();
        assert_eq!(reason, "the file has a rule called “Noise” already");
    }

    #[test]
    fn rule_of_a_file_without_a_last_line_break_is_put_on_lines_of_its_own() {
        let text = "[[rule]]\nname = \"A\"\nquery = \"a\"\nstar = true";
        let (_, added) = plan(text, None, Some(starring("B")));
        let both = change_rule(text, None, added.as_ref()).unwrap();
        let (first, _) = plan(&both, Some(rule(&both, "A")), None);
        let rest = change_rule(&both, first.as_ref(), None).unwrap();
        assert_eq!(change_rule(&rest, None, first.as_ref()).unwrap(), both);
        assert_eq!(change_rule(&both, added.as_ref(), None).unwrap().trim_end(), text);
    }

    /// Files with comments and blank lines anywhere between the rules A, B, C and D.
    fn files() -> impl Strategy<Value = String> {
        let gap = || prop::collection::vec(prop_oneof![Just("\n"), Just("# note\n")], 0..5);
        let rule = |name: &'static str| {
            (gap(), prop_oneof![Just(""), Just(" # why")], any::<bool>()).prop_map(
                move |(gap, comment, is_tagged)| {
                    let tag = if is_tagged { "# which\ntag = [\n  \"x\", # one\n]\n" } else { "" };
                    format!(
                        "{}[[rule]]\nname = \"{name}\"{comment}\nquery = \"\"\"a\n# b\"\"\"\n{tag}star = true{comment}\n",
                        gap.concat()
                    )
                },
            )
        };
        (rule("A"), rule("B"), rule("C"), rule("D"), gap())
            .prop_map(|(a, b, c, d, end)| format!("{a}{b}{c}{d}{}", end.concat()))
    }

    proptest! {
        #[test]
        fn undo_of_any_edit_gives_the_file_back(
            text in files(),
            name in prop_oneof![Just("A"), Just("B"), Just("C"), Just("D")],
            kind in 0..3,
        ) {
            let old = rule(&text, name);
            let edit = match kind {
                0 => (Some(old), None),
                1 => (None, Some(starring("New"))),
                _ => {
                    let mut new = Rule { name: "New".to_owned(), ..old.clone() };
                    (new.actions.star, new.actions.read) = (false, true);
                    (Some(old), Some(new))
                }
            };
            let is_addition = edit.0.is_none();
            let expected = edit.1.clone();
            let (before, after) = plan(&text, edit.0, edit.1);
            let changed = change_rule(&text, before.as_ref(), after.as_ref()).unwrap();
            if let Some(expected) = expected {
                prop_assert_eq!(rule(&changed, "New"), expected);
                prop_assert!(text.matches('#').count() <= changed.matches('#').count());
            }
            let undone = change_rule(&changed, after.as_ref(), before.as_ref()).unwrap();
            let redone = change_rule(&undone, before.as_ref(), after.as_ref()).unwrap();
            // Blank lines at the end of the file become those of the rule that is added there.
            let lines = |text: &str| -> Vec<String> {
                let is_kept = |line: &&str| !is_addition || !line.is_empty();
                text.split('\n').filter(is_kept).map(str::to_owned).collect()
            };
            prop_assert_eq!(lines(&undone), lines(&text));
            prop_assert_eq!(lines(&redone), lines(&changed));
        }
    }
}
