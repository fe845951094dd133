//! Terms that the program adds to a filter of the user's.

use chrono::NaiveDate;

use super::{
    LastWord, TextPattern,
    ast::Expr,
    parse::{find_unopened_parenthesis, parse},
};

/// Maximum number of parentheses in words that are replaced; each is tried with the whole filter.
const MAX_PARENTHESES_IN_WORDS: usize = 32;

/// Signs that separate parts of a word as a parenthesis does.
const SEPARATORS: [&str; 3] = [",", ";", "/"];

/// Returns the term `name:"value"`, which matches what has the words of `value` side by side in the
/// field; `None` if it has no word.
pub fn field_term(name: &str, value: &str) -> Option<String> {
    // A quotation mark would end the value, and an asterisk at its end would make a prefix.
    let value = value.replace('"', " ");
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = value.trim_end_matches(['*', ' ']);
    TextPattern::new(value, LastWord::Whole)?;
    Some(format!("{name}:\"{value}\""))
}

/// Returns a filter that matches what both `filter` and `term` match.
///
/// The term comes first, so that the last word of the filter stays one that is being typed, and an
/// open quotation mark does not swallow it.
pub fn add_term(filter: &str, term: &str, today: NaiveDate) -> String {
    let filter = filter.trim_start();
    let plain = format!("{term} {filter}");
    if has_meaning_of_both(&plain, filter, term, today) {
        return plain;
    }
    // An `or` would take the term as its operand; in parentheses it has only its own.
    let filter = without_unopened_parentheses(filter, today);
    let filter = filter.trim_start();
    let in_group = |filter: &str| {
        // An open quotation mark ends with the filter, and its group with it.
        let mut ends =
            [")", "*)", "\")", ""].map(|end| format!("{term} ({filter}{end}")).into_iter();
        ends.find(|added| has_meaning_of_both(added, filter, term, today))
    };
    in_group(filter)
        .or_else(|| in_group(&without_parentheses_in_words(filter, today)))
        .unwrap_or_else(|| format!("{term} ({filter}"))
}

/// Returns whether `added` has the conditions of `term`, at its beginning, and of `filter`, which
/// begins somewhere in it.
fn has_meaning_of_both(added: &str, filter: &str, term: &str, today: NaiveDate) -> bool {
    let conditions = |text: &str| conjuncts(parse(text, today).expr);
    // Blanks before the filter put its words where they are in `added`.
    let blanks = term.len() + added[term.len()..].find(filter).unwrap_or_default();
    let padded = format!("{}{filter}", " ".repeat(blanks));
    let both: Vec<Expr> =
        conditions(&format!("{term} ")).into_iter().chain(conditions(&padded)).collect();
    conditions(added) == both
}

/// Returns the conditions that must all match.
fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr {
        Expr::All(exprs) => exprs.into_iter().flat_map(conjuncts).collect(),
        expr => vec![expr],
    }
}

/// Puts another sign in place of closing parentheses that are part of a word: within a group, they would
/// close it.
fn without_parentheses_in_words(filter: &str, today: NaiveDate) -> String {
    let meaning = parse(filter, today).expr;
    let mut changed = filter.to_owned();
    for (at, parenthesis) in filter.match_indices(')').take(MAX_PARENTHESES_IN_WORDS) {
        let others = SEPARATORS.map(|separator| {
            let mut other = changed.clone();
            other.replace_range(at..at + parenthesis.len(), separator);
            other
        });
        let same = others.into_iter().find(|other| parse(other, today).expr == meaning);
        changed = same.unwrap_or(changed);
    }
    changed
}

/// Drops parentheses that close nothing: they mean nothing, but would close a group around the
/// filter. What they separate stays separate.
fn without_unopened_parentheses(filter: &str, today: NaiveDate) -> String {
    let mut filter = filter.to_owned();
    while let Some(span) = find_unopened_parenthesis(&filter, today) {
        let is_in_word = filter[span.end..].starts_with(|c: char| !c.is_whitespace());
        filter.replace_range(span, if is_in_word { SEPARATORS[0] } else { "" });
    }
    filter
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{add_term, field_term, parse};
    use crate::{
        model::EntryState,
        query::{EntryAttributes, FeedNames, FoldedText, PlainText, SearchableEntry, find_mistake},
    };
    use chrono::NaiveDate;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    /// Returns whether a filter matches an article with this title, author and tag, in a feed of
    /// this name.
    fn is_match(filter: &str, [title, author, tag, feed]: [&str; 4]) -> bool {
        let plain_text = || PlainText {
            title: title.to_owned(),
            author: author.to_owned(),
            body: String::new(),
            tags: tag.to_owned(),
        };
        parse(filter, today()).matches(&SearchableEntry {
            text: &FoldedText::new(title, author, "", tag, ""),
            attributes: &EntryAttributes::default(),
            feed: &FeedNames::new(feed, None, &[]),
            state: EntryState::default(),
            tags: &[],
            published_day: today(),
            is_new: false,
            plain_text: &plain_text,
            is_in_story: &|_| false,
        })
    }

    #[test]
    fn field_term_quotes_a_name() {
        assert_eq!(field_term("feed", "Evening Post").unwrap(), r#"feed:"Evening Post""#);
        assert_eq!(field_term("feed", " The \"Post\"\n*").unwrap(), r#"feed:"The Post""#);
        assert_eq!(field_term("author", "C++ (weekly)").unwrap(), r#"author:"C++ (weekly)""#);
        assert_eq!(field_term("feed", "— *"), None);
    }

    #[test]
    fn added_term_keeps_the_meaning_of_the_filter() {
        for (filter, expected) in [
            ("", "feed:x "),
            ("ferr", "feed:x ferr"),
            ("\"night tr", "feed:x \"night tr"),
            ("bridge or ferr", "feed:x (bridge or ferr*)"),
            ("bridge or ferry ", "feed:x (bridge or ferry )"),
            ("bridge) or \"night tr", "feed:x (bridge or \"night tr"),
            ("or b", "feed:x (or b*)"),
            ("t&ite)ial:( or b ", "feed:x (t&ite,ial:( or b )"),
            ("a or b)c:( \"night tr", "feed:x (a or b,c:( \"night tr"),
            ("(a or b) c)d or e ", "feed:x ((a or b) c,d or e )"),
            ("re:(a|b)c or re:(?i)D", "feed:x (re:(a|b)c or re:(?i)D)"),
        ] {
            assert_eq!(add_term(filter, "feed:x", today()), expected, "{filter}");
        }
    }

    proptest! {
        #[test]
        fn term_matches_its_article_and_excluded_term_does_not(
            name in "(\\PC|[a-c\"*+#.&()!: -]){0,24}",
            other in "[a-z+ ]{0,12}",
        ) {
            for (field, article) in [
                ("title", [name.as_str(), &other, &other, &other]),
                ("author", [&other, name.as_str(), &other, &other]),
                ("tag", [&other, &other, name.as_str(), &other]),
                ("feed", [&other, &other, &other, name.as_str()]),
            ] {
                let Some(term) = field_term(field, &name) else { continue };
                prop_assert_eq!(find_mistake(&term, today()), None, "{}", term);
                prop_assert!(is_match(&term, article), "{}", term);
                prop_assert!(!is_match(&format!("-{term}"), article), "{}", term);
            }
        }

        #[test]
        fn filter_with_added_term_matches_what_both_match(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "rust", "bridge", "fer", "or", "OR", "(", ")", "-", "!rust", "\"night train\"",
                    "\"night", "title:(rust", "c)d", "ite)ial:(", "brid*", "feed:post", "()", "-(", "c++", "or(", "is:read",
                ]),
                0..9,
            ),
            cut in 0_usize..4,
            term in prop::sample::select(vec!["feed:\"post\"", "-feed:\"post\"", "on:2026-11-23"]),
        ) {
            let filter = words.join(" ");
            let filter = &filter[..filter.len().saturating_sub(cut)];
            let added = add_term(filter, term, today());
            for article in [
                ["rust bridge", "", "", "evening post"],
                ["the ferry", "", "", "evening post"],
                ["the night train over a bridge", "", "", "gazette"],
                ["rust and c++", "", "", "post"],
                ["or not", "", "", "gazette"],
            ] {
                let both = is_match(filter, article) && is_match(term, article);
                prop_assert_eq!(is_match(&added, article), both, "{} + {} = {}", filter, term, added);
            }
        }
    }
}
