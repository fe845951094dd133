//! What feeds put around an article: rows of share links, "read more", the same picture twice.
//!
//! Each rule has a name and can be switched off; each takes away whole blocks, and only such as hold nothing else.

use std::collections::{HashMap, HashSet};

use super::{Block, Document, LinkId, LinkTarget, RichText, visit::visit_links};
use crate::text::url;

/// A rule about what is not part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoilerplateRule {
    /// A paragraph or list of links that share the article elsewhere.
    ShareLinks,
    /// At the end: "Read more", "The post … appeared first on …", the feed's own counters.
    ReadMore,
    /// A picture that is there already.
    RepeatedImage,
    /// A heading at the beginning that is the headline.
    RepeatedTitle,
}

/// Letters of a paragraph that is a share row, outside its links.
const MAX_SHARE_ROW_LETTERS: usize = 24;

/// Letters of a tail at the most: longer paragraphs are part of the article whatever they begin with.
const MAX_READ_MORE_BYTES: usize = 240;

/// Addresses that share what is in them: a host, and what its path begins with.
const SHARE_URLS: [(&str, &str); 20] = [
    ("facebook.com", "/sharer"),
    ("facebook.com", "/share"),
    ("twitter.com", "/intent"),
    ("twitter.com", "/share"),
    ("twitter.com", "/home?status"),
    ("x.com", "/intent"),
    ("x.com", "/share"),
    ("linkedin.com", "/share"),
    ("linkedin.com", "/sharing"),
    ("reddit.com", "/submit"),
    ("pinterest.com", "/pin/create"),
    ("t.me", "/share"),
    ("wa.me", "/?text"),
    ("api.whatsapp.com", "/send"),
    ("news.ycombinator.com", "/submitlink"),
    ("getpocket.com", "/save"),
    ("bsky.app", "/intent"),
    ("addtoany.com", "/"),
    ("feeds.feedburner.com", "/~ff"),
    ("tumblr.com", "/share"),
];

/// What a link that leads to the rest of an article says, in the beginning.
const READ_MORE_PHRASES: [&str; 16] = [
    "read more",
    "read the rest",
    "read the full",
    "read full",
    "continue reading",
    "keep reading",
    "full story",
    "more…",
    "[…]",
    "[...]",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "leer más",
    "continua a leggere",
    "lees verder",
];

impl BoilerplateRule {
    /// All rules, and their names in settings files.
    pub const ALL: [(BoilerplateRule, &str); 4] = [
        (BoilerplateRule::ShareLinks, "share"),
        (BoilerplateRule::ReadMore, "read-more"),
        (BoilerplateRule::RepeatedImage, "repeated-image"),
        (BoilerplateRule::RepeatedTitle, "repeated-title"),
    ];

    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<BoilerplateRule> {
        BoilerplateRule::ALL.iter().find(|(_, other)| *other == name).map(|(rule, _)| *rule)
    }
}

impl Document {
    /// The document without what `rules` know not to be part of an article called `title`.
    #[must_use]
    pub fn without_boilerplate(mut self, rules: &[BoilerplateRule], title: &str) -> Document {
        let before = self.blocks.len();
        for rule in rules {
            match rule {
                BoilerplateRule::ShareLinks => self.remove_blocks(is_share_row),
                BoilerplateRule::ReadMore => self.remove_read_more(),
                BoilerplateRule::RepeatedImage => self.remove_repeated_images(),
                BoilerplateRule::RepeatedTitle => self.remove_repeated_title(title),
            }
        }
        if self.blocks.len() < before {
            self.renumber_links();
        }
        self
    }

    fn remove_blocks(&mut self, is_junk: fn(&Block, &Document) -> bool) {
        let blocks = std::mem::take(&mut self.blocks);
        self.blocks = blocks.into_iter().filter(|block| !is_junk(block, self)).collect();
    }

    fn remove_read_more(&mut self) {
        while let Some(last) = self.blocks.last()
            && is_read_more(last)
            && self.blocks.len() > 1
        {
            self.blocks.pop();
        }
    }

    fn remove_repeated_images(&mut self) {
        let links = &self.links;
        let mut seen = HashSet::new();
        self.blocks.retain(|block| match block {
            Block::Image { link: Some(id), .. } => links
                .get(id.0 as usize)
                .is_none_or(|link| seen.insert(image_without_size(&link.url))),
            _ => true,
        });
    }

    fn remove_repeated_title(&mut self, title: &str) {
        let first = self.blocks.iter().position(|block| !matches!(block, Block::Anchor(_)));
        if let Some(first) = first
            && let Block::Heading { text, .. } = &self.blocks[first]
            && normalized_letters(&text.plain_text()) == normalized_letters(title)
            && self.blocks.len() > first + 1
        {
            self.blocks.remove(first);
        }
    }

    /// Numbers the links that are left anew, in order of appearance.
    fn renumber_links(&mut self) {
        let mut numbers: HashMap<LinkId, LinkId> = HashMap::new();
        let mut renumbered = |id: &mut LinkId| {
            let next = LinkId(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
            *id = *numbers.entry(*id).or_insert(next);
        };
        visit_links(&mut self.blocks, &mut renumbered);
        let mut kept: Vec<(LinkId, LinkId)> = numbers.into_iter().collect();
        kept.sort_by_key(|(_, new)| *new);
        self.links =
            kept.iter().filter_map(|(old, _)| self.links.get(old.0 as usize).cloned()).collect();
    }
}

fn is_share_row(block: &Block, document: &Document) -> bool {
    let (mut shares, mut others, mut words) = (0, 0, 0);
    let mut count = |text: &RichText| {
        for span in &text.0 {
            match span
                .link
                .and_then(LinkTarget::link_id)
                .and_then(|id| document.links.get(id.0 as usize))
            {
                Some(link) if is_share_url(&link.url) => shares += 1,
                Some(_) => others += 1,
                None => words += normalized_letters(&span.text).len(),
            }
        }
    };
    match block {
        Block::Paragraph(text) => count(text),
        Block::List { items, .. } => {
            for block in items.iter().flatten() {
                let Block::Paragraph(text) = block else { return false };
                count(text);
            }
        }
        _ => return false,
    }
    shares > 0 && others == 0 && words <= MAX_SHARE_ROW_LETTERS
}

fn is_share_url(url: &str) -> bool {
    if let Some(mail) = url.strip_prefix("mailto:") {
        // To nobody: the reader is to fill in whom.
        return mail.starts_with('?');
    }
    let host = url::host(url);
    let path = url.split_once(host).map_or("", |(_, path)| path);
    SHARE_URLS.iter().any(|(site, start)| {
        let at = host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        at && path.starts_with(start)
    })
}

/// Whether a block at the end only leads elsewhere.
fn is_read_more(block: &Block) -> bool {
    let Block::Paragraph(text) = block else { return false };
    let words = text.plain_text().trim().to_lowercase();
    if words.len() > MAX_READ_MORE_BYTES {
        return false;
    }
    let linked =
        text.0.iter().all(|span| span.link.is_some() || normalized_letters(&span.text).is_empty());
    let posted = words.starts_with("the post ") && words.contains("first on");
    let more = linked
        && READ_MORE_PHRASES
            .iter()
            .any(|start| words.trim_start_matches(['→', '»', ' ']).starts_with(start));
    posted || more
}

/// A picture whatever its size: publishers name sizes in the query, or as `-300x200` before the end.
fn image_without_size(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let (stem, end) = path.rsplit_once('.').unwrap_or((path, ""));
    let sized = stem.rsplit_once('-').filter(|(_, size)| {
        size.split_once('x').is_some_and(|(width, height)| {
            let number =
                |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            number(width) && number(height)
        })
    });
    format!("{}.{end}", sized.map_or(stem, |(stem, _)| stem))
}

fn normalized_letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    fn tidied(rule: BoilerplateRule, text: &str) -> String {
        parse_html(text, None).without_boilerplate(&[rule], "The Headline").plain_text()
    }

    #[test]
    fn boilerplate_share_rows_are_removed() {
        let row = "<p>Share: <a href='https://www.facebook.com/sharer.php?u=x'>Facebook</a> \
            <a href='https://twitter.com/intent/tweet?u=x'>Twitter</a> <a href='mailto:?subject=x'>Mail</a></p>";
        let list = "<ul><li><a href='https://x.com/intent/post?u=x'>X</a><li><a href='https://t.me/share/url?x'>T</a></ul>";
        assert_eq!(tidied(BoilerplateRule::ShareLinks, &format!("<p>Text</p>{row}{list}")), "Text");
        for kept in [
            "<p>The minister wrote on <a href='https://twitter.com/intent/tweet?u=x'>Twitter</a> that it rained.</p>",
            "<p><a href='https://www.facebook.com/someone'>Someone</a></p>",
            "<p><a href='mailto:a@example.org'>Mail</a></p>",
        ] {
            assert_eq!(
                tidied(BoilerplateRule::ShareLinks, kept),
                parse_html(kept, None).plain_text(),
                "{kept}"
            );
        }
    }

    #[test]
    fn boilerplate_read_more_is_removed_at_end_only() {
        let more = "<p><a href='https://example.org/1'>Read more…</a></p>";
        let post = "<p>The post <a href='https://example.org/1'>A</a> appeared first on <a href='https://example.org'>B</a>.</p>";
        assert_eq!(tidied(BoilerplateRule::ReadMore, &format!("<p>Text</p>{more}{post}")), "Text");
        assert_eq!(
            tidied(BoilerplateRule::ReadMore, &format!("{more}<p>Text</p>")),
            "Read more…\n\nText"
        );
        assert_eq!(
            tidied(BoilerplateRule::ReadMore, "<p>Text</p><p>Read more books.</p>"),
            "Text\n\nRead more books."
        );
        assert_eq!(
            tidied(BoilerplateRule::ReadMore, more),
            "Read more…",
            "there would be nothing left"
        );
    }

    #[test]
    fn boilerplate_repeated_images_and_title_are_removed() {
        let text = "<img src='https://example.org/a-300x200.jpg?w=1' alt=A><p>Text</p><img src='https://example.org/a.jpg' alt=B>\
            <p><a href='https://example.org/'>on</a></p>";
        let document =
            parse_html(text, None).without_boilerplate(&[BoilerplateRule::RepeatedImage], "");
        assert_eq!(document.plain_text(), "[image: A]\n\nText\n\non");
        assert_eq!(document.links.len(), 2);
        let Block::Paragraph(words) = &document.blocks[2] else { unreachable!("a paragraph") };
        assert_eq!(words.0[0].link, Some(LinkTarget::Link(LinkId(1))));
        assert_eq!(
            tidied(BoilerplateRule::RepeatedTitle, "<h1>The headline!</h1><p>Text</p>"),
            "Text"
        );
        assert_eq!(
            tidied(BoilerplateRule::RepeatedTitle, "<h1>Another</h1><p>Text</p>"),
            "Another\n\nText"
        );
    }

    #[test]
    fn boilerplate_rule_from_name_finds_each_rule() {
        for (rule, name) in BoilerplateRule::ALL {
            assert_eq!(BoilerplateRule::from_name(name), Some(rule));
        }
    }
}
