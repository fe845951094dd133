//! The `urls` file of newsboat: an address on each line, then its tags; `~` before one makes it the name.

use super::{
    MAX_BYTES, OpmlDocument, OpmlOutline,
    collector::{OutlineCollector, add_tags, truncate_for_display},
    escape::truncate_bytes,
};

/// Reads the `urls` file of newsboat. Searches and programs are refused and named.
pub fn parse_newsboat_urls(text: &str) -> OpmlDocument {
    let mut collector = OutlineCollector::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let kept = truncate_bytes(text, MAX_BYTES);
    for (line, raw) in (1..).zip(kept.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        if let Err(error) = collector.count_outline(line) {
            collector.warn(line, &error.to_string());
            break;
        }
        parse_line(&mut collector, raw, line);
    }
    if kept.len() < text.len() {
        collector.warn(1, "the file is very long, and its end was left out");
    }
    collector.finish()
}

fn parse_line(collector: &mut OutlineCollector, raw: &str, line: u64) {
    let mut words = QuotedWords { rest: raw }.map(|word| strip_controls(&word));
    let mut outline =
        OpmlOutline { xml_url: words.next().unwrap_or_default(), ..OpmlOutline::default() };
    // A search is named whole; its words are not tags.
    if outline.xml_url.starts_with("query:") {
        return collector.add_outline(outline, line);
    }
    let mut is_hidden = false;
    add_tags(
        &mut outline.tags,
        words.filter_map(|word| match word.as_bytes().first() {
            Some(b'~') => {
                outline.title = Some(word[1..].trim().to_owned()).filter(|title| !title.is_empty());
                None
            }
            Some(b'!') => {
                is_hidden = true;
                None
            }
            _ => Some(word),
        }),
    );
    if is_hidden {
        collector.warn(
            line,
            &format!(
                "{} was hidden in newsboat, and is shown here",
                truncate_for_display(&outline.xml_url)
            ),
        );
    }
    collector.add_outline(outline, line);
}

fn strip_controls(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// The words of a line, bare or in quotes, in which a backslash takes the next character as it is.
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
        let named: Vec<_> = opml.outlines.iter().map(|outline| outline.title.as_deref()).collect();
        assert_eq!(named, [Some("A \"name\""), None, None]);
        assert_eq!(opml.outlines[0].tags, ["news", "two words", "more"]);
        assert_eq!(opml.outlines[1].xml_url, "https://b.org/#x");
        assert_eq!(opml.outlines[2].xml_url, "https://c.org/a b");
        assert_eq!(opml.warnings.len(), 2, "{:?}", opml.warnings);
        assert!(opml.warnings[0].starts_with("line 5: https://c.org/a b was hidden"));
        assert!(opml.rejected.is_empty());
    }

    #[test]
    fn parse_newsboat_urls_rejects_queries_and_programs() {
        let opml = parse_newsboat_urls(
            "\"query:Unread:unread = \\\"yes\\\"\"\nexec:~/bin/x tag\n\"filter:~/f a:http://a.org\"\n|ls\nexample.org",
        );
        assert!(opml.outlines.is_empty());
        let refused: Vec<_> =
            opml.rejected.iter().map(|one| (one.line, one.url.as_str())).collect();
        assert_eq!(
            refused,
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
