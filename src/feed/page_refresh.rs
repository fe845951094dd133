//! Pages that lead to another page by `<meta http-equiv=refresh>`, as static sites redirect.

use crate::{
    markup::tokenize_tags,
    text::url::{self, Url},
};

/// Maximum delay of a refresh that leads on, in seconds; with a longer one, a page is meant to be read.
const MAX_DELAY_SECONDS: u32 = 10;

/// Returns the URL to which the page at `base` leads within a few seconds; `None` if it stays.
///
/// As for a redirect, a URL that leads away from https or the web is none.
pub fn refresh_target(html: &str, base: &str) -> Option<String> {
    let refresh = tokenize_tags(html).find(|tag| {
        tag.is_element()
            && tag.name.eq_ignore_ascii_case("meta")
            && tag
                .attribute("http-equiv")
                .is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
    })?;
    let content = refresh.attribute("content")?;
    let (delay, href) = split_refresh(&content)?;
    let without_fragment = |mut url: Url| {
        url.set_fragment(None);
        url
    };
    let target = url::resolve(href, Some(base))?;
    let (from, to) = (url::parse_web_url(base)?, url::parse_web_url(&target)?);
    let is_safe = to.scheme() == "https" || from.scheme() == "http";
    let leads_on = without_fragment(from) != without_fragment(to);
    (delay <= MAX_DELAY_SECONDS && is_safe && leads_on).then_some(target)
}

/// Splits the delay in seconds from the URL (HTML standard §4.2.5.3, "shared declarative refresh
/// steps").
fn split_refresh(content: &str) -> Option<(u32, &str)> {
    let content = content.trim();
    let digits = content.find(|c: char| !c.is_ascii_digit())?;
    let (delay, rest) = content.split_at(digits);
    let delay = if delay.is_empty() && rest.starts_with('.') { "0" } else { delay };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start();
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start();
    let has_name = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let after_name = rest.get(3..).map(str::trim_start).filter(|_| has_name);
    let href = after_name.and_then(|rest| rest.strip_prefix('=')).unwrap_or(rest).trim();
    let href = match href.chars().next() {
        Some(quote @ ('"' | '\'')) => href[1..].split(quote).next().unwrap_or_default(),
        _ => href,
    };
    Some((delay.parse().ok()?, href.trim())).filter(|(_, href)| !href.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_target_reads_pages_that_lead_on() {
        let cases = [
            ("0; url=/blog/", Some("http://e.org/blog/")),
            ("0;URL='https://other.example/'", Some("https://other.example/")),
            ("5 , url = \"news?a=1&amp;b\" x", Some("http://e.org/a/news?a=1&b")),
            ("0.5; blog", Some("http://e.org/a/blog")),
            (".5;url=b", Some("http://e.org/a/b")),
            ("300; url=/blog/", None),
            ("0", None),
            ("0; url=", None),
            ("0; url=#top", None),
            ("0; url=http://e.org/a/#top", None),
            ("0; url=javascript:x", None),
            ("soon; url=/blog/", None),
        ];
        for (content, expected) in cases {
            let content = content.replace('\'', "&#39;");
            let page = format!("<META HTTP-EQUIV=Refresh CONTENT='{content}'>");
            assert_eq!(refresh_target(&page, "http://e.org/a/").as_deref(), expected, "{content}");
        }
        let page = "<meta http-equiv=refresh content='0; url=http://e.org/'>";
        assert_eq!(refresh_target(page, "https://e.org/a"), None);
        let hidden = "<noscript><meta http-equiv=refresh content='0; url=/x'></noscript>";
        assert_eq!(refresh_target(hidden, "https://e.org/a"), None);
    }
}
