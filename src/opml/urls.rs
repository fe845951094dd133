//! The `urls` file of newsboat: an address on each line, then its tags; `~` before one makes it the name.

use super::{
    MAX_BYTES, Opml, Outline,
    collect::{Collector, add_tags, shown},
    escape::cut,
};

/// Reads the `urls` file of newsboat. Searches and programs are refused and named.
pub fn read_urls(text: &str) -> Opml {
    let mut collector = Collector::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let kept = cut(text, MAX_BYTES);
    for (line, raw) in (1..).zip(kept.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        if let Err(error) = collector.count(line) {
            collector.complain(line, &error.to_string());
            break;
        }
        entry(&mut collector, raw, line);
    }
    if kept.len() < text.len() {
        collector.complain(1, "the file is very long, and its end was left out");
    }
    collector.finish()
}

fn entry(collector: &mut Collector, raw: &str, line: u64) {
    let mut words = Words { rest: raw }.map(|word| clean(&word));
    let mut outline = Outline { address: words.next().unwrap_or_default(), ..Outline::default() };
    // A search is named whole; its words are not tags.
    if outline.address.starts_with("query:") {
        return collector.offer(outline, line);
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
        collector.complain(
            line,
            &format!("{} was hidden in newsboat, and is shown here", shown(&outline.address)),
        );
    }
    collector.offer(outline, line);
}

fn clean(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// The words of a line, bare or in quotes, in which a backslash takes the next character as it is.
struct Words<'a> {
    rest: &'a str,
}

impl Iterator for Words<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return Some(self.quoted(quoted));
        }
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }
}

impl<'a> Words<'a> {
    fn quoted(&mut self, quoted: &'a str) -> String {
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
    fn lines_are_addresses_with_tags_and_names() {
        let opml = read_urls(
            "\u{feff}# my feeds\n\nhttps://a.org/feed news \"two words\" \"~A \\\"name\\\"\" news\n\
             \thttps://b.org/#x\r\n\"https://c.org/a b\" !\nhttps://a.org/feed more \"~Other\"\n",
        );
        let named: Vec<_> = opml.outlines.iter().map(|outline| outline.title.as_deref()).collect();
        assert_eq!(named, [Some("A \"name\""), None, None]);
        assert_eq!(opml.outlines[0].tags, ["news", "two words", "more"]);
        assert_eq!(opml.outlines[1].address, "https://b.org/#x");
        assert_eq!(opml.outlines[2].address, "https://c.org/a b");
        assert_eq!(opml.complaints.len(), 2, "{:?}", opml.complaints);
        assert!(opml.complaints[0].starts_with("line 5: https://c.org/a b was hidden"));
        assert!(opml.refused.is_empty());
    }

    #[test]
    fn searches_and_programs_are_named() {
        let opml = read_urls(
            "\"query:Unread:unread = \\\"yes\\\"\"\nexec:~/bin/x tag\n\"filter:~/f a:http://a.org\"\n|ls\nexample.org",
        );
        assert!(opml.outlines.is_empty());
        let refused: Vec<_> = opml.refused.iter().map(|one| (one.line, one.address.as_str())).collect();
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
        assert!(opml.refused[1].reason.starts_with("runs a program"));
    }
}
