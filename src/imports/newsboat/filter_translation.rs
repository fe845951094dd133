//! Filters of newsboat as queries of this reader.

use chrono::NaiveDate;

use super::{
    FlagMeaning, FlagNames,
    filter::{FilterCondition, FilterExpr, FilterOperator, parse_filter},
};
use crate::{model::View, query};

/// A query that means what a filter of newsboat means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslatedFilter {
    /// The query.
    pub query: String,
    /// The query finds almost the same articles: words in place of parts of words.
    pub is_approximate: bool,
}

/// A translated term: the words, and whether they mean almost the same.
type Term = (String, bool);

/// Translates a filter of newsboat.
///
/// # Errors
///
/// Returns why it has no counterpart here, as a part of a sentence.
pub fn translate_filter(filter: &str, flags: &FlagNames) -> Result<TranslatedFilter, String> {
    let (query, is_approximate) = translate_expr(&parse_filter(filter)?, flags)?;
    if query.len() > View::MAX_QUERY_BYTES {
        return Err(format!("as a query it is longer than {} bytes", View::MAX_QUERY_BYTES));
    }
    // No term depends on the day in a way that could be wrong on one day only.
    if query::find_mistake(&query, NaiveDate::default()).is_some() {
        return Err(format!("as a query it would be `{query}`, which cannot be used"));
    }
    Ok(TranslatedFilter { query, is_approximate })
}

fn translate_expr(expr: &FilterExpr, flags: &FlagNames) -> Result<Term, String> {
    match expr {
        FilterExpr::Condition(condition) => translate_condition(condition, flags),
        FilterExpr::All(parts) => {
            let terms = translate_parts(parts, flags)?;
            Ok(join_terms(&terms, " "))
        }
        FilterExpr::Any(parts) => {
            let terms = translate_parts(parts, flags)?;
            let (query, is_approximate) = join_terms(&terms, " or ");
            Ok((format!("({query})"), is_approximate))
        }
    }
}

fn translate_parts(parts: &[FilterExpr], flags: &FlagNames) -> Result<Vec<Term>, String> {
    parts.iter().map(|part| translate_expr(part, flags)).collect()
}

fn join_terms(terms: &[Term], separator: &str) -> Term {
    let words: Vec<&str> = terms.iter().map(|(words, _)| words.as_str()).collect();
    (words.join(separator), terms.iter().any(|(_, is_approximate)| *is_approximate))
}

fn translate_condition(condition: &FilterCondition, flags: &FlagNames) -> Result<Term, String> {
    match condition.attribute.as_str() {
        "unread" => translate_unread(condition),
        "age" => translate_age(condition),
        "tags" => translate_list(condition, |tag| Ok(field_term("tag", tag))),
        "flags" => translate_list(condition, |letters| flag_term(letters, flags)),
        "title" => translate_text("title", condition),
        "author" => translate_text("author", condition),
        "content" => translate_text("body", condition),
        "feedtitle" => translate_text("feed", condition),
        "link" => translate_text("url", condition),
        "enclosure_type" => translate_media(condition),
        "feedlink" | "rssurl" | "feeddate" | "feedindex" | "description" | "total_count"
        | "unread_count" | "latest_article_age" => Err(format!(
            "`{}` is one of feeds, which queries here cannot ask for",
            condition.attribute
        )),
        attribute => Err(format!("queries here cannot ask for `{attribute}`")),
    }
}

/// Returns whether an operator says that something is so; `None` for one that compares numbers.
fn is_positive(operator: FilterOperator) -> Option<bool> {
    match operator {
        FilterOperator::Equal | FilterOperator::Matches | FilterOperator::Contains => Some(true),
        FilterOperator::Unequal | FilterOperator::MatchesNot | FilterOperator::ContainsNot => {
            Some(false)
        }
        _ => None,
    }
}

fn no_comparison(condition: &FilterCondition) -> String {
    format!("`{}` cannot be compared so", condition.attribute)
}

fn signed(is_positive: bool, term: String) -> String {
    if is_positive { term } else { format!("-{term}") }
}

fn translate_unread(condition: &FilterCondition) -> Result<Term, String> {
    let is_positive = is_positive(condition.operator).ok_or_else(|| no_comparison(condition))?;
    let is_yes = match condition.value.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err("`unread` is \"yes\" or \"no\"".to_owned()),
    };
    let state = if is_yes == is_positive { "is:unread" } else { "is:read" };
    Ok((state.to_owned(), false))
}

/// Translates an age in days. In newsboat, an article of today is 0 days old.
fn translate_age(condition: &FilterCondition) -> Result<Term, String> {
    let days = |text: &str| {
        text.trim().parse::<u32>().map_err(|_| format!("“{text}” is no number of days"))
    };
    let query = match condition.operator {
        FilterOperator::Between => {
            let (young, old) =
                condition.value.split_once(':').ok_or("`between` takes two numbers")?;
            let (young, old) = (days(young)?, days(old)?);
            if young == 0 { format!("age:<={old}d") } else { format!("age:{young}d..{old}d") }
        }
        operator => {
            let sign = match operator {
                FilterOperator::Less => "<",
                FilterOperator::LessOrEqual => "<=",
                FilterOperator::Greater => ">",
                FilterOperator::GreaterOrEqual => ">=",
                FilterOperator::Equal => "=",
                _ => return Err(no_comparison(condition)),
            };
            format!("age:{sign}{}d", days(&condition.value)?)
        }
    };
    Ok((query, false))
}

/// Translates a condition on a list of words.
fn translate_list(
    condition: &FilterCondition,
    to_term: impl Fn(&str) -> Result<String, String>,
) -> Result<Term, String> {
    let is_positive = is_positive(condition.operator).ok_or_else(|| no_comparison(condition))?;
    let term = to_term(condition.value.trim())?;
    // A tag is found by its words.
    Ok((signed(is_positive, term), false))
}

fn flag_term(letters: &str, flags: &FlagNames) -> Result<String, String> {
    let mut chars = letters.chars();
    let letter = chars.next().filter(|_| chars.as_str().is_empty());
    match letter.and_then(|letter| flags.meaning(letter)) {
        Some(FlagMeaning::Star) => Ok("is:star".to_owned()),
        Some(FlagMeaning::Tag(tag)) => Ok(field_term("tag", tag.as_str())),
        None => Err(format!("“{letters}” is not one flag")),
    }
}

fn translate_media(condition: &FilterCondition) -> Result<Term, String> {
    let is_positive = is_positive(condition.operator).ok_or_else(|| no_comparison(condition))?;
    let kinds = ["audio", "video", "image"];
    let kind = kinds.into_iter().find(|kind| condition.value.to_lowercase().contains(kind));
    let kind = kind.ok_or("only audio, video and images can be asked for")?;
    Ok((signed(is_positive, format!("has:{kind}")), true))
}

/// Translates a condition on a text: a word, a phrase, or alternatives of them.
fn translate_text(field: &str, condition: &FilterCondition) -> Result<Term, String> {
    let is_positive = is_positive(condition.operator).ok_or_else(|| no_comparison(condition))?;
    let is_regex =
        matches!(condition.operator, FilterOperator::Matches | FilterOperator::MatchesNot);
    if !is_regex {
        let is_exact = condition.value.contains(char::is_alphanumeric);
        let term = field_term(field, &condition.value);
        return if is_exact {
            Ok((signed(is_positive, term), true))
        } else {
            Err(format!("`{}` is compared with a text without a word", condition.attribute))
        };
    }
    if let Some(alternatives) = literal_alternatives(&condition.value) {
        let terms: Vec<String> =
            alternatives.iter().map(|text| beginning_term(field, text)).collect();
        let term = match &terms[..] {
            [only] => only.clone(),
            _ => format!("({})", terms.join(" or ")),
        };
        return Ok((signed(is_positive, term), true));
    }
    if field == "body" && !condition.value.contains('"') {
        // Here, an expression is looked for in the title as well.
        return Ok((signed(is_positive, format!("re:\"{}\"", condition.value)), true));
    }
    let value = &condition.value;
    Err(format!("a regular expression such as “{value}” is looked for in the text only (`re:`)"))
}

/// Returns the alternatives of a regular expression that has nothing else of one; `None` for others.
fn literal_alternatives(regex: &str) -> Option<Vec<&str>> {
    let mut inner = regex.trim_matches(|c| matches!(c, '^' | '$'));
    while let Some(shorter) = inner.strip_prefix(".*").or_else(|| inner.strip_suffix(".*")) {
        inner = shorter;
    }
    inner = inner.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(inner);
    let is_meta = |c: char| "\\.[](){}*+?^$\"".contains(c);
    let parts: Vec<&str> = inner.split('|').map(str::trim).collect();
    let is_plain = |part: &&str| part.contains(char::is_alphanumeric) && !part.contains(is_meta);
    parts.iter().all(is_plain).then_some(parts)
}

/// Returns a term for words that begin so, or for a phrase.
fn beginning_term(field: &str, text: &str) -> String {
    let is_one_word = text.chars().all(char::is_alphanumeric);
    if is_one_word { format!("{field}:{text}*") } else { field_term(field, text) }
}

/// Returns a term for a text, in quotation marks where it needs them.
fn field_term(field: &str, text: &str) -> String {
    let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_bare) {
        format!("{field}:{text}")
    } else {
        format!("{field}:\"{}\"", text.replace('"', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_queries() {
        let mut flags = FlagNames::default();
        flags.set("s=star").unwrap();
        for (filter, query) in [
            ("unread = \"yes\"", "is:unread"),
            ("unread != \"yes\"", "is:read"),
            ("unread = \"yes\" and age <= 7", "is:unread age:<=7d"),
            ("age between 0:7", "age:<=7d"),
            ("age between 3:10", "age:3d..10d"),
            ("age > \"30\"", "age:>30d"),
            ("tags # \"news\" and tags !# \"sport\"", "tag:news -tag:sport"),
            (
                "(tags # \"a\" or tags # \"b c\") and unread = \"yes\"",
                "(tag:a or tag:\"b c\") is:unread",
            ),
            ("flags # \"s\" or flags # \"i\"", "(is:star or tag:flag-i)"),
            ("title =~ \"rust\"", "title:rust*"),
            ("title =~ \"(rust|night train)\"", "(title:rust* or title:\"night train\")"),
            ("title !~ \"advert\"", "-title:advert*"),
            ("author = \"Ann Lee\"", "author:\"Ann Lee\""),
            ("content =~ \"colou?r\"", "re:\"colou?r\""),
            ("link =~ \"lwn.net\"", ""),
            ("feedtitle =~ \"LWN\"", "feed:LWN*"),
            ("enclosure_type =~ \"audio/\"", "has:audio"),
        ] {
            let translated = translate_filter(filter, &flags);
            match translated {
                Ok(translated) => assert_eq!(translated.query, query, "{filter}"),
                Err(reason) => assert!(query.is_empty(), "{filter}: {reason}"),
            }
        }
    }

    #[test]
    fn filters_without_a_counterpart_say_why() {
        for (filter, reason) in [
            ("unread_count > 0", "is one of feeds"),
            ("guid = \"x\"", "cannot ask for `guid`"),
            ("title > 3", "cannot be compared so"),
            ("title = \"!\"", "without a word"),
            ("title =~ \"a.b\"", "regular expression"),
            ("flags # \"ab\"", "not one flag"),
            ("age = \"old\"", "no number of days"),
            ("unread = \"perhaps\"", "\"yes\" or \"no\""),
        ] {
            let error = translate_filter(filter, &FlagNames::default()).unwrap_err();
            assert!(error.contains(reason), "{filter}: {error}");
        }
    }
}
