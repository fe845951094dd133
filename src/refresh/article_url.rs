//! The parts of an article's URL that stay when its headline is worded anew, or when its site moves
//! to another of its host names.

use std::collections::HashSet;

use crate::text::{fold, url};

/// Minimum number of digits of a number that identifies an article.
const MIN_NUMBER_DIGITS: usize = 4;

/// First labels of the host names under which one site has all of its pages. Every other label may
/// be that of another author or language.
const ALIAS_LABELS: [&str; 12] =
    ["www", "www2", "m", "mobile", "mobil", "mail", "amp", "feeds", "feed", "rss", "touch", "wap"];

/// Endings of file names, which are no words of a headline.
const PAGE_EXTENSIONS: [&str; 7] = ["html", "htm", "xhtml", "shtml", "php", "asp", "aspx"];

/// The URL of an article, with or without a scheme.
#[derive(Debug, Clone)]
pub(super) struct ArticleUrl<'a> {
    host: String,
    /// Path and query, without a slash at the end.
    path: &'a str,
}

/// The parts in which the URLs of one article differ, and that spell its headlines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChangedSlug<'a> {
    old: &'a str,
    new: &'a str,
}

impl<'a> ArticleUrl<'a> {
    pub(super) fn new(url: &'a str) -> ArticleUrl<'a> {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.split('#').next().unwrap_or_default();
        let path = rest.find(['/', '?']).map_or("", |at| rest[at..].trim_end_matches('/'));
        ArticleUrl { host: host_of(url), path }
    }

    /// Returns the keys by which the URL is looked up: its path with the query, and the numbers in
    /// them that can identify an article.
    pub(super) fn keys(&self) -> Vec<&'a str> {
        let mut keys = identifying_numbers(self.path);
        if self.path.trim_matches('/').len() > 1 {
            keys.push(self.path);
        }
        keys
    }

    /// Returns true if both URLs have one path, on two names of one host.
    pub(super) fn is_host_alias_of(&self, other: &ArticleUrl<'_>) -> bool {
        self.path == other.path
            && self.host != other.host
            && without_alias(&self.host) == without_alias(&other.host)
    }

    /// Returns the part in which the URL differs from `old`, an earlier one; `None` if more differs:
    /// another part, or any number.
    pub(super) fn changed_slug(&self, old: &ArticleUrl<'a>) -> Option<ChangedSlug<'a>> {
        let is_same_site = without_alias(&self.host) == without_alias(&old.host);
        let has_id = !identifying_numbers(self.path).is_empty();
        if !is_same_site || !has_id || !numbers(self.path).eq(numbers(old.path)) {
            return None;
        }
        let parts = |path: &'a str| path.split(['/', '?', '&']);
        if parts(self.path).count() != parts(old.path).count() {
            return None;
        }
        let mut changed = parts(old.path).zip(parts(self.path)).filter(|(old, new)| *old != *new);
        let (old, new) = changed.next()?;
        changed.next().is_none().then_some(ChangedSlug { old, new })
    }
}

impl ChangedSlug<'_> {
    /// Returns true if each part spells the headline that the article had with it.
    pub(super) fn spells(&self, old_headline: &str, new_headline: &str) -> bool {
        spells(self.old, old_headline) && spells(self.new, new_headline)
    }

    /// Returns true if each part has several words. Those of one word, as in `7731/letters`, may be
    /// sections of one issue.
    pub(super) fn has_sentences(&self) -> bool {
        [self.old, self.new].into_iter().all(|slug| slug_words(slug).len() > 1)
    }
}

/// Returns true if two thirds of the words of `slug` are in `headline`. Not the other way round:
/// slugs leave out short words and are cut.
fn spells(slug: &str, headline: &str) -> bool {
    let value = slug.split_once('=').map_or(slug, |(_, value)| value);
    let headline = words(headline);
    let slug: HashSet<String> =
        words(value).into_iter().filter(|word| is_slug_word(word)).collect();
    let spelled = slug.intersection(&headline).count();
    spelled > 0 && spelled * 3 >= slug.len() * 2
}

fn slug_words(slug: &str) -> HashSet<String> {
    let value = slug.split_once('=').map_or(slug, |(_, value)| value);
    words(value).into_iter().filter(|word| is_slug_word(word)).collect()
}

fn is_slug_word(word: &str) -> bool {
    word.chars().nth(1).is_some()
        && !word.contains(char::is_numeric)
        && !PAGE_EXTENSIONS.contains(&word)
}

/// Returns the words of a text without case and accents; `ae`, `oe` and `ue` become the letters that
/// they replace in URLs.
pub(super) fn words(text: &str) -> HashSet<String> {
    let separated: String =
        text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let folded = fold(&separated).replace("ae", "a").replace("oe", "o").replace("ue", "u");
    folded.split_whitespace().map(str::to_owned).collect()
}

fn numbers(path: &str) -> impl Iterator<Item = &str> {
    path.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty())
}

/// Returns the numbers of a path that can identify an article; years, months and days cannot.
fn identifying_numbers(path: &str) -> Vec<&str> {
    numbers(path).filter(|number| number.len() >= MIN_NUMBER_DIGITS && !is_date(number)).collect()
}

/// Returns true for `2026`, `202611` and `20261123`.
fn is_date(number: &str) -> bool {
    let is_century = number.starts_with("19") || number.starts_with("20");
    let in_range = |range: std::ops::Range<usize>, largest: u8| {
        number[range].parse::<u8>().is_ok_and(|value| (1..=largest).contains(&value))
    };
    is_century
        && match number.len() {
            4 => true,
            6 => in_range(4..6, 12),
            8 => in_range(4..6, 12) && in_range(6..8, 31),
            _ => false,
        }
}

/// Returns the host of a URL, with or without a scheme, in lower case.
fn host_of(url: &str) -> String {
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    url::host(&url).to_ascii_lowercase()
}

/// Returns `host` without the labels at its start that name the same site.
fn without_alias(host: &str) -> &str {
    let mut site = host;
    while let Some((label, rest)) = site.split_once('.')
        && rest.contains('.')
        && ALIAS_LABELS.contains(&label)
    {
        site = rest;
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifying_numbers_skips_dates() {
        let cases: [(&str, &[&str]); 5] = [
            ("/2026/11/23/minister-resigns-a-77310", &["77310"]),
            ("/news?id=4711&title=x", &["4711"]),
            ("/20261123/202611/2026/x", &[]),
            ("/a/12/345", &[]),
            ("/20269923", &["20269923"]),
        ];
        for (path, expected) in cases {
            assert_eq!(identifying_numbers(path), expected, "{path}");
        }
    }

    #[test]
    fn is_host_alias_of_accepts_names_of_one_site_only() {
        for (one, other, expected) in [
            ("https://mail.mill.example/a", "mill.example/a", true),
            ("https://www.mill.example/a/", "http://m.mill.example/a", true),
            ("https://feeds.www.mill.example/a", "https://mill.example/a", true),
            ("https://mill.example/a", "https://mill.example/a", false),
            ("https://ann.mill.example/a", "https://bob.mill.example/a", false),
            ("https://nl.mill.example/a", "https://mill.example/a", false),
            ("https://mill.example/a", "https://mill2.example/a", false),
            ("https://m.example/a", "https://www.example/a", false),
            ("https://m.mill.example/a", "https://mill.example/b", false),
            ("http://127.0.0.1:8080/a", "http://127.0.0.2/a", false),
        ] {
            let is_alias = ArticleUrl::new(one).is_host_alias_of(&ArticleUrl::new(other));
            assert_eq!(is_alias, expected, "{one} {other}");
        }
    }

    fn changes_slug(old: &str, new: &str) -> bool {
        ArticleUrl::new(new).changed_slug(&ArticleUrl::new(old)).is_some()
    }

    #[test]
    fn changed_slug_keeps_number_and_place() {
        let site = |path: &str| format!("https://mill.example/{path}");
        for (old, new, expected) in [
            ("ferry-sinks-a-77310", "two-die-a-77310", true),
            ("77310/ferry-sinks", "77310/two-die.html", true),
            ("news?t=ferry-sinks&id=77310", "news?t=two-die&id=77310", true),
            ("2026/11/ferry-sinks-77310", "2026/11/two-die-77310", true),
            ("77310/part-1", "77310/part-2", false),
            ("77310/ferry-sinks", "ferry-sinks/77310", false),
            ("world/ferry-77310", "home/two-77310", false),
            ("2026/ferry", "2026/two", false),
        ] {
            assert_eq!(changes_slug(&site(old), &site(new)), expected, "{old} {new}");
        }
        assert!(!changes_slug("http://a.mill.example/x-77310", "http://b.mill.example/y-77310"));
    }

    #[test]
    fn spells_compares_words_of_slug_with_headline() {
        for (slug, headline, expected) in [
            ("minister-resigns-a-77310", "Minister resigns after a row", true),
            ("slug=minister-resigns", "Minister resigns", true),
            ("uebung-der-muellabfuhr.html", "Übung der Müllabfuhr", true),
            ("post-1", "Goal for the guests", false),
            ("msg-aa", "Re: patch one", false),
            ("77310", "Minister resigns", false),
        ] {
            assert_eq!(spells(slug, headline), expected, "{slug}");
        }
    }
}
