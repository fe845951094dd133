//! Parser for newsboat's `urls` file: a URL per line, followed by tags; a tag that begins with `~`
//! is the title.

use super::{
    MAX_BYTES, OpmlDocument, OpmlOutline,
    collector::{OutlineCollector, add_tags, truncate_for_display},
    escape::truncate_bytes,
    feed_url::check_feed_url,
};

/// Parses newsboat's `urls` file. Searches and programs are rejected.
pub fn parse_newsboat_urls(text: &str) -> OpmlDocument {
    let mut collector = OutlineCollector::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = truncate_bytes(text, MAX_BYTES);
    for (line, raw) in (1..).zip(parsed.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        if let Err(error) = collector.count_outline(line) {
            collector.warn(line, &error.to_string());
            collector.opml.is_incomplete = true;
            break;
        }
        parse_line(&mut collector, raw, line);
    }
    if parsed.len() < text.len() {
        let mib = MAX_BYTES >> 20;
        collector.warn(1, &format!("the file is larger than {mib} MiB; the rest was skipped"));
        collector.opml.is_incomplete = true;
    }
    collector.finish()
}

/// Returns whether a text is a list of addresses, and not one that only has lines: at least half of those
/// that are no comments begin with something like an address.
pub fn is_url_list(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().map(str::trim);
    let (mut count, mut like_addresses) = (0_usize, 0_usize);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        count += 1;
        like_addresses +=
            usize::from(split_urls_line(line).next().is_some_and(|word| is_like_address(&word)));
    }
    like_addresses * 2 >= count
}

/// Returns whether a word is the address of a feed, or a name of a host to which only the scheme is missing,
/// or one of newsboat's searches and programs, which are rejected with their reason.
fn is_like_address(word: &str) -> bool {
    let is_special =
        ["query:", "exec:", "filter:", "|"].iter().any(|start| word.starts_with(start));
    let host = word.split(['/', ':', '?']).next().unwrap_or_default();
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let is_host = host.contains('.') && host.split('.').all(is_label);
    is_special || is_host || word.contains("://") || check_feed_url(word).is_ok()
}

fn parse_line(collector: &mut OutlineCollector, raw: &str, line: u64) {
    let mut words = split_urls_line(raw);
    let mut outline =
        OpmlOutline { xml_url: words.next().unwrap_or_default(), ..OpmlOutline::default() };
    // The words after a search belong to the query; they are not tags.
    if outline.xml_url.starts_with("query:") {
        return collector.add_outline(outline, line);
    }
    let mut is_hidden = false;
    let tags = words.filter_map(|word| match word.as_bytes().first() {
        Some(b'~') => {
            outline.title = Some(word[1..].trim().to_owned()).filter(|title| !title.is_empty());
            None
        }
        Some(b'!') => {
            is_hidden = true;
            None
        }
        _ => Some(word),
    });
    add_tags(&mut outline.tags, tags);
    if is_hidden {
        let url = truncate_for_display(&outline.xml_url);
        collector.warn(line, &format!("{url} was hidden in newsboat; it will be visible here"));
    }
    collector.add_outline(outline, line);
}

/// Returns the words of a line of newsboat's `urls` file, without control characters.
pub fn split_urls_line(line: &str) -> impl Iterator<Item = String> {
    QuotedWords { rest: line }.map(|word| strip_controls(&word))
}

fn strip_controls(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// Iterator over the words of a line, which may be in double quotes; inside quotes, a backslash
/// escapes the next character.
struct QuotedWords<'a> {
    rest: &'a str,
}

impl Iterator for QuotedWords<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return Some(self.read_quoted_word(quoted));
        }
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }
}

impl<'a> QuotedWords<'a> {
    fn read_quoted_word(&mut self, quoted: &'a str) -> String {
        let mut word = String::new();
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => word.extend(chars.next()),
                c => word.push(c),
            }
        }
        self.rest = chars.as_str();
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_newsboat_urls_reads_tags_and_titles() {
        let opml = parse_newsboat_urls(
            "\u{feff}# my feeds\n\nhttps://a.org/feed news \"two words\" \"~A \\\"name\\\"\" news\n\
             \thttps://b.org/#x\r\n\"https://c.org/a b\" !\nhttps://a.org/feed more \"~Other\"\n",
        );
        let titles: Vec<_> = opml.outlines.iter().map(|outline| outline.title.as_deref()).collect();
        assert_eq!(titles, [Some("A \"name\""), None, None]);
        assert_eq!(opml.outlines[0].tags, ["news", "two words", "more"]);
        assert_eq!(opml.outlines[1].xml_url, "https://b.org/#x");
        assert_eq!(opml.outlines[2].xml_url, "https://c.org/a b");
        assert_eq!(opml.warnings.len(), 2, "{:?}", opml.warnings);
        assert!(opml.warnings[0].starts_with("line 5: https://c.org/a b was hidden"));
        assert!(opml.rejected.is_empty());
    }

    #[test]
    fn is_url_list_refuses_what_only_has_lines() {
        for text in [
            "https://a.org/feed news\n# a comment\n",
            "# newsboat\n",
            "example.org/feed \"~A\"\nlocalhost:8080\n",
            "\"query:Unread:unread = \\\"yes\\\"\"\n|ls\nexec:ls\n",
            "file:///srv/feed.xml\nfeed://a.org/x\nhhttps://a.org/\n",
        ] {
            assert!(is_url_list(text), "{text}");
        }
        for text in ["[[[", "{\"a\": 1}", "url;title\n1;2\n", "Dear Ann,\nsee https://a.org/\nBob"]
        {
            assert!(!is_url_list(text), "{text}");
        }
    }

    #[test]
    fn parse_newsboat_urls_rejects_queries_and_programs() {
        let opml = parse_newsboat_urls(
            "\"query:Unread:unread = \\\"yes\\\"\"\nexec:~/bin/x tag\n\"filter:~/f a:http://a.org\"\n|ls\nexample.org",
        );
        assert!(opml.outlines.is_empty());
        let rejected: Vec<_> =
            opml.rejected.iter().map(|outline| (outline.line, outline.url.as_str())).collect();
        assert_eq!(
            rejected,
            [
                (1, "query:Unread:unread = \"yes\""),
                (2, "exec:~/bin/x"),
                (3, "filter:~/f a:http://a.org"),
                (4, "|ls"),
                (5, "example.org")
            ]
        );
        assert!(opml.rejected[1].reason.starts_with("runs a program"));
    }
}
