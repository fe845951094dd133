//! The text of each rule in its file: the table, the comments that touch it, and the blank lines above.
//!
//! What a change of a rule takes out and puts back is this text, so that no comment is lost.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use toml_edit::DocumentMut;

use super::rules_file::RULE_KEY;
use crate::text::line_number;

/// The text of a rule in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RuleBlock {
    /// Name of the rule, which may be empty.
    pub(super) name: String,
    /// The bytes of whole lines. Blocks never overlap.
    pub(super) range: Range<usize>,
    /// The first byte of the table itself, below its comments.
    pub(super) table_start: usize,
}

/// Returns the blocks of the rules, in the order of the file.
///
/// # Errors
///
/// Fails if the file cannot be parsed as a whole: writing it would lose a part of it.
pub(super) fn find_blocks(text: &str) -> Result<Vec<RuleBlock>, String> {
    check_syntax(text)?;
    let (file, _) = DeTable::parse_recoverable(text);
    let mut ends = Vec::new();
    collect_ends(file.get_ref(), &mut ends);
    let Some(rules) = file.get_ref().get(RULE_KEY).and_then(|rules| rules.get_ref().as_array())
    else {
        return Ok(Vec::new());
    };
    Ok(rules.iter().map(|rule| find_block(text, rule, &ends)).collect())
}

/// Returns the block whose rule is called `name`; upper and lower case make no difference.
pub(super) fn find_named<'b>(blocks: &'b [RuleBlock], name: &str) -> Option<&'b RuleBlock> {
    let key = name.to_lowercase();
    blocks.iter().find(|block| block.name.to_lowercase() == key)
}

/// Checks that the file can be written without losing a part of it.
fn check_syntax(text: &str) -> Result<(), String> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map_or(1, |span| line_number(text, span.start));
        format!("line {line}: {}; correct this first", error.message())
    })?;
    match document.get(RULE_KEY) {
        Some(rules) if !rules.is_array_of_tables() => {
            Err("`rule` is no list of tables [[rule]]; correct this first".to_owned())
        }
        _ => Ok(()),
    }
}

/// Collects the ends of all values and headers.
fn collect_ends(table: &DeTable<'_>, ends: &mut Vec<usize>) {
    for value in table.values() {
        collect_value_ends(value, ends);
    }
}

fn collect_value_ends(value: &Spanned<DeValue<'_>>, ends: &mut Vec<usize>) {
    ends.push(value.span().end);
    match value.get_ref() {
        DeValue::Table(table) => collect_ends(table, ends),
        DeValue::Array(values) => values.iter().for_each(|value| collect_value_ends(value, ends)),
        _ => {}
    }
}

/// Finds the block of a rule. `ends` are those of everything in the file.
fn find_block(text: &str, rule: &Spanned<DeValue<'_>>, ends: &[usize]) -> RuleBlock {
    let header = rule.span().start;
    let mut own_ends = Vec::new();
    collect_value_ends(rule, &mut own_ends);
    let content_end = own_ends.into_iter().max().unwrap_or(header);
    let before = ends.iter().copied().filter(|end| *end <= header).max();
    let gap_start = before.map_or(0, |end| line_end(text, end));
    let name = rule.get_ref().as_table().and_then(|table| table.get("name"));
    let name = name.and_then(|name| name.get_ref().as_str()).unwrap_or_default();
    let table_start = line_start(text, header);
    let start = block_start(text, gap_start, table_start);
    let end = block_end(text, line_end(text, content_end));
    RuleBlock { name: name.trim().to_owned(), range: start..end, table_start }
}

/// Returns the start of the comments that touch the header, and of the blank lines above them.
fn block_start(text: &str, gap_start: usize, header: usize) -> usize {
    let mut start = header;
    let mut is_blank = false;
    for line in text[gap_start.min(header)..header].split_inclusive('\n').rev() {
        is_blank |= line.trim().is_empty();
        if is_blank && !line.trim().is_empty() {
            break;
        }
        start -= line.len();
    }
    start
}

/// Returns the end of the comments below a rule, unless they touch what follows.
fn block_end(text: &str, content_end: usize) -> usize {
    let mut end = content_end;
    for line in text[content_end..].split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        if !is_comment(line) {
            return content_end;
        }
        end += line.len();
    }
    end
}

/// Returns whether a line outside of values is a comment.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Returns the first byte of the line with the byte `at`.
fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Returns the byte after the line that ends at or after `at`.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

#[cfg(test)]
mod tests {
    use super::find_blocks;

    #[test]
    fn block_has_the_comments_that_touch_its_rule_and_the_blank_lines_above() {
        let first =
            "# Loud.\n[[rule]]\nname = \"A\" # a\nquery = \"\"\"x\n# y\"\"\"\n# star = true\n";
        let second = "\n\n# Old ones.\n[[rule]]\nname = \"B\"\ntag = [\n  \"x\", # the x\n]\n";
        let third = "# Dense.\n[[rule]]\nname = \"C\"\n[rule.odd]\nx = 1\n";
        let text =
            format!("# My rules.\n\n{first}\n# Nobody's.\n{second}{third}\n[other]\ny = 2\n");
        // The blank line above the first rule is its own; the comment before it is the file's.
        let expected = [format!("\n{first}"), second.to_owned(), third.to_owned()];
        let blocks = find_blocks(&text).unwrap();
        let found: Vec<&str> = blocks.iter().map(|block| &text[block.range.clone()]).collect();
        assert_eq!(found, expected);
        let names: Vec<&str> = blocks.iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, ["A", "B", "C"]);
    }

    #[test]
    fn file_with_an_error_has_no_blocks() {
        let reason = find_blocks("[[rule]]\nname = \n").unwrap_err();
        assert!(reason.starts_with("line 2: "), "{reason}");
        let reason = find_blocks("rule = [{ name = \"A\" }]\n").unwrap_err();
        assert!(reason.starts_with("`rule` is no list"), "{reason}");
        assert_eq!(find_blocks("# Nothing.\n"), Ok(Vec::new()));
    }
}
