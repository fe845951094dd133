//! The authors of a page.

use dom_query::Document;

use super::{json_ld::JsonLd, meta_tags::MetaTags, page_date, page_text::single_line};

/// Names of `<meta>` elements for the authors, the most reliable first.
const AUTHOR_NAMES: [&str; 9] = [
    "citation_author",
    "dc:creator",
    "dcterms:creator",
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "article:author_name",
];

/// Words before the name of an author, in lower case. After a word of the second kind, at least two
/// words must follow, because it is also part of names.
const LEAD_INS: [(&str, usize); 16] = [
    ("by", 1),
    ("written by", 1),
    ("posted by", 1),
    ("published by", 1),
    ("reported by", 1),
    ("story by", 1),
    ("text", 2),
    ("author", 2),
    ("von", 2),
    ("par", 2),
    ("por", 2),
    ("door", 2),
    ("av", 2),
    ("af", 2),
    ("автор", 2),
    ("przez", 2),
];

/// Additions to a name after a comma, which do not make the part before it a family name.
const NAME_SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "md", "phd", "esq", "ma", "msc"];

/// Names of accounts that are no names of authors, in lower case.
const ACCOUNT_NAMES: [&str; 7] =
    ["admin", "administrator", "author", "editor", "root", "webmaster", "wordpress"];

/// Maximum length of a name, in characters; a longer text is a mistake of the page.
const MAX_NAME_CHARS: usize = 100;

/// Maximum number of authors; papers have more, but nobody reads them in a line.
const MAX_AUTHORS: usize = 20;

/// Returns the authors in JSON-LD or in `<meta>` elements, joined by commas.
pub(super) fn find_stated_authors(meta: &MetaTags, json_ld: &JsonLd) -> Option<String> {
    join_names(json_ld.article.authors.iter().map(String::as_str))
        .or_else(|| AUTHOR_NAMES.iter().find_map(|name| join_names(meta.all(name))))
}

/// Returns the authors in visible elements that are marked up as such, joined by commas.
pub(super) fn find_visible_authors(page: &Document) -> Option<String> {
    [
        "[itemprop~='author'] [itemprop~='name']",
        "[itemprop~='author']",
        "article a[rel~='author']",
        ".author.vcard",
        ".byline",
    ]
    .iter()
    .find_map(|selector| {
        let texts: Vec<String> =
            page.select(selector).nodes().iter().map(|node| node.text().to_string()).collect();
        join_names(texts.iter().map(String::as_str))
    })
}

/// Cleans names and joins them by commas, each once; `None` if there is none.
pub(super) fn join_names<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for name in texts.filter_map(parse_name).take(MAX_AUTHORS) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns a name without "By" and the like, and without a date behind it; `None` for a URL, a
/// handle or a number.
fn parse_name(text: &str) -> Option<String> {
    let line = single_line(text)?;
    let without_lead = strip_lead_in(&line);
    let is_date_char = |c: char| c.is_ascii_digit() && page_date::has_year(without_lead);
    let without_date = without_lead.split(is_date_char).next()?;
    let name = without_date.trim_matches(|c: char| !c.is_alphanumeric() && !"().’'".contains(c));
    let name = strip_date_words(name);
    let is_account = ACCOUNT_NAMES.iter().any(|account| name.eq_ignore_ascii_case(account));
    let is_name = !is_account
        && !line.contains("://")
        && !name.contains('@')
        && name.chars().any(char::is_alphabetic);
    (is_name && name.chars().count() <= MAX_NAME_CHARS).then(|| swap_family_name(name))
}

/// Removes "By", "Von:" and the like.
fn strip_lead_in(line: &str) -> &str {
    for (lead, min_words) in LEAD_INS {
        let Some((start, rest)) = split_at_lead(line, lead) else { continue };
        debug_assert!(!start.is_empty());
        let has_colon = rest.starts_with(':');
        let name = rest.trim_start_matches([':', ' ']);
        let words = name.split_whitespace().count();
        if has_colon || (rest.starts_with(' ') && words >= min_words) {
            return name;
        }
    }
    line
}

/// Splits `line` after `lead`, whatever its case.
fn split_at_lead<'a>(line: &'a str, lead: &str) -> Option<(&'a str, &'a str)> {
    let length = line.char_indices().nth(lead.chars().count()).map_or(line.len(), |(at, _)| at);
    let (start, rest) = line.split_at(length);
    (start.to_lowercase() == lead).then_some((start, rest))
}

/// Removes the names of months and days, and "on" or "at", from the end of a name: a date stood
/// behind it.
fn strip_date_words(name: &str) -> &str {
    const WORDS: [&str; 24] = [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "on",
        "at",
        "updated",
        "published",
        "posted",
    ];
    const FULL: [&str; 19] = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "sept",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let mut rest = name;
    while let Some((before, last)) = rest.rsplit_once(' ') {
        let word = last.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if !word.is_empty() && !WORDS.contains(&word.as_str()) && !FULL.contains(&word.as_str()) {
            break;
        }
        rest = before.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != ')');
    }
    rest
}

/// Turns "Weil, Anna", as libraries write names, into "Anna Weil".
fn swap_family_name(name: &str) -> String {
    let Some((family, given)) = name.split_once(", ") else { return name.to_owned() };
    let bare_given: String = given.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_suffix = NAME_SUFFIXES.iter().any(|suffix| bare_given.eq_ignore_ascii_case(suffix));
    // Two full names, or a name and an office, have several words before the comma.
    let is_family_name = family.split_whitespace().count() <= 2 && !given.contains(", ");
    let is_given_name = given.split_whitespace().count() <= 2 && !is_suffix;
    let both_are_names = family.contains(' ') && given.contains(' ');
    if is_family_name && is_given_name && !both_are_names {
        format!("{given} {family}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_names_cleans_each_name() {
        let cases: [(&[&str], Option<&str>); 18] = [
            (&["Anna Weil"], Some("Anna Weil")),
            (&["By Anna Weil"], Some("Anna Weil")),
            (&["Von: Anna Weil", "by\n Bo Lund"], Some("Anna Weil, Bo Lund")),
            (&["Par Anna Weil"], Some("Anna Weil")),
            (&["Par Lagerkvist"], Some("Par Lagerkvist")),
            (&["ANNA WEIL", "Anna Weil"], Some("ANNA WEIL")),
            (&["Weil, Anna", "Lund, Bo"], Some("Anna Weil, Bo Lund")),
            (&["Anna Weil, Bo Lund"], Some("Anna Weil, Bo Lund")),
            (&["Anna Weil, PhD"], Some("Anna Weil, PhD")),
            (&["By Anna Weil March 25, 2015"], Some("Anna Weil")),
            (&["Anna Weil on Friday, 3 May 2024"], Some("Anna Weil")),
            (&["https://example.org/anna"], None),
            (&["2024-03-01"], None),
            (&["admin", "Anna Weil"], Some("Anna Weil")),
            (&["CC7567"], Some("CC7567")),
            (&["@anna"], Some("anna")),
            (&["anna@example.org"], None),
            (&[""], None),
        ];
        for (texts, expected) in cases {
            assert_eq!(join_names(texts.iter().copied()).as_deref(), expected, "{texts:?}");
        }
        let long = "x".repeat(MAX_NAME_CHARS + 1);
        assert_eq!(join_names([long.as_str()].into_iter()), None);
        let many: Vec<String> =
            (0..30_u8).map(|n| format!("A{}", char::from(b'a' + n % 26))).collect();
        let joined = join_names(many.iter().map(String::as_str)).unwrap_or_default();
        assert_eq!(joined.split(", ").count(), MAX_AUTHORS);
    }
}
