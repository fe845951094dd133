//! The removal of boilerplate that feeds put around an article: rows of share links, "read more"
//! links, repeated images and titles.
//!
//! Each rule has a name and can be switched off. A rule removes whole blocks, and only blocks that
//! hold nothing but boilerplate. Start with [`Document::without_boilerplate`].

use std::collections::{HashMap, HashSet};

use super::{Block, Document, LinkId, LinkTarget, RichText, visit::visit_links};
use crate::text::url;

/// A rule that recognizes one kind of boilerplate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoilerplateRule {
    /// A paragraph or list of links that share the article elsewhere.
    ShareLinks,
    /// A paragraph at the end that only leads elsewhere: "Read more", "The post … appeared first
    /// on …".
    ReadMore,
    /// An image that appears earlier in the article, possibly in another size.
    RepeatedImage,
    /// A heading at the beginning that repeats the title.
    RepeatedTitle,
}

/// Maximum length of the text outside of links in a row of share links, in bytes; only letters and
/// digits are counted.
const MAX_SHARE_ROW_BYTES: usize = 24;

/// Maximum length of a "read more" paragraph, in bytes; a longer one is part of the article,
/// whatever its first words are.
const MAX_READ_MORE_BYTES: usize = 240;

/// URLs of share links, as a host and the start of the path.
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

/// Phrases at the start of a link to the rest of an article, in lower case.
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
    /// All rules with their names in settings files.
    pub const ALL: [(BoilerplateRule, &str); 4] = [
        (BoilerplateRule::ShareLinks, "share"),
        (BoilerplateRule::ReadMore, "read-more"),
        (BoilerplateRule::RepeatedImage, "repeated-image"),
        (BoilerplateRule::RepeatedTitle, "repeated-title"),
    ];

    /// Returns the rule called `name` in settings files.
    pub fn from_name(name: &str) -> Option<BoilerplateRule> {
        BoilerplateRule::ALL.iter().find(|(_, other)| *other == name).map(|(rule, _)| *rule)
    }
}

impl Document {
    /// Removes the boilerplate that `rules` recognize in an article called `title`, and renumbers
    /// the links that are left.
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

    fn remove_blocks(&mut self, is_boilerplate: fn(&Block, &Document) -> bool) {
        let blocks = std::mem::take(&mut self.blocks);
        self.blocks = blocks.into_iter().filter(|block| !is_boilerplate(block, self)).collect();
    }

    /// Removes "read more" paragraphs from the end, but never the last block of the document.
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

    /// Removes a first heading that equals `title` up to case, spaces and punctuation.
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

    /// Renumbers the links that are still in use in order of appearance, and drops the others.
    fn renumber_links(&mut self) {
        let mut new_ids: HashMap<LinkId, LinkId> = HashMap::new();
        let mut renumber = |id: &mut LinkId| {
            let next = LinkId(u32::try_from(new_ids.len()).unwrap_or(u32::MAX));
            *id = *new_ids.entry(*id).or_insert(next);
        };
        visit_links(&mut self.blocks, &mut renumber);
        let mut kept: Vec<(LinkId, LinkId)> = new_ids.into_iter().collect();
        kept.sort_by_key(|(_, new)| *new);
        self.links =
            kept.iter().filter_map(|(old, _)| self.links.get(old.0 as usize).cloned()).collect();
    }
}

/// Returns true for a paragraph or list of share links with next to no other text.
fn is_share_row(block: &Block, document: &Document) -> bool {
    let (mut share_links, mut other_links, mut text_bytes) = (0, 0, 0);
    let mut count_links = |text: &RichText| {
        for span in &text.0 {
            let link_id = span.link.and_then(LinkTarget::link_id);
            match link_id.and_then(|id| document.links.get(id.0 as usize)) {
                Some(link) if is_share_url(&link.url) => share_links += 1,
                Some(_) => other_links += 1,
                None => text_bytes += normalized_letters(&span.text).len(),
            }
        }
    };
    match block {
        Block::Paragraph(text) => count_links(text),
        Block::List { items, .. } => {
            for block in items.iter().flatten() {
                let Block::Paragraph(text) = block else { return false };
                count_links(text);
            }
        }
        _ => return false,
    }
    share_links > 0 && other_links == 0 && text_bytes <= MAX_SHARE_ROW_BYTES
}

fn is_share_url(url: &str) -> bool {
    if let Some(mail) = url.strip_prefix("mailto:") {
        // A share link has no recipient: `mailto:?subject=…`.
        return mail.starts_with('?');
    }
    let host = url::host(url);
    let path = url.split_once(host).map_or("", |(_, path)| path);
    SHARE_URLS.iter().any(|(site, start)| {
        let subdomain = host.strip_suffix(site);
        subdomain.is_some_and(|labels| labels.is_empty() || labels.ends_with('.'))
            && path.starts_with(start)
    })
}

/// Returns true for a paragraph that only leads elsewhere.
fn is_read_more(block: &Block) -> bool {
    let Block::Paragraph(text) = block else { return false };
    let words = text.plain_text().trim().to_lowercase();
    if words.len() > MAX_READ_MORE_BYTES {
        return false;
    }
    // The feed footer of many WordPress sites: "The post … appeared first on …".
    let is_post_footer = words.starts_with("the post ") && words.contains("first on");
    let is_link_only =
        text.0.iter().all(|span| span.link.is_some() || normalized_letters(&span.text).is_empty());
    let phrase = words.trim_start_matches(['→', '»', ' ']);
    let starts_read_more = READ_MORE_PHRASES.iter().any(|start| phrase.starts_with(start));
    is_post_footer || (is_link_only && starts_read_more)
}

/// Removes the size from an image URL: publishers write it in the query, or as `-300x200` before
/// the file extension.
fn image_without_size(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
    let bare_stem = match stem.rsplit_once('-') {
        Some((bare_stem, size)) if is_image_size(size) => bare_stem,
        _ => stem,
    };
    format!("{bare_stem}.{extension}")
}

/// Returns true for text such as `300x200`.
fn is_image_size(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height))
}

/// Returns the letters and digits of `text` in lower case.
fn normalized_letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    fn remove_boilerplate(rule: BoilerplateRule, text: &str) -> String {
        parse_html(text, None).without_boilerplate(&[rule], "The Headline").plain_text()
    }

    #[test]
    fn boilerplate_share_rows_are_removed() {
        let row = "<p>Share: <a href='https://www.facebook.com/sharer.php?u=x'>Facebook</a> \
            <a href='https://twitter.com/intent/tweet?u=x'>Twitter</a> <a href='mailto:?subject=x'>Mail</a></p>";
        let list = "<ul><li><a href='https://x.com/intent/post?u=x'>X</a><li><a href='https://t.me/share/url?x'>T</a></ul>";
        assert_eq!(
            remove_boilerplate(BoilerplateRule::ShareLinks, &format!("<p>Text</p>{row}{list}")),
            "Text"
        );
        for kept in [
            "<p>The minister wrote on <a href='https://twitter.com/intent/tweet?u=x'>Twitter</a> that it rained.</p>",
            "<p><a href='https://www.facebook.com/someone'>Someone</a></p>",
            "<p><a href='mailto:a@example.org'>Mail</a></p>",
        ] {
            assert_eq!(
                remove_boilerplate(BoilerplateRule::ShareLinks, kept),
                parse_html(kept, None).plain_text(),
                "{kept}"
            );
        }
    }

    #[test]
    fn boilerplate_read_more_is_removed_at_end_only() {
        let more = "<p><a href='https://example.org/1'>Read more…</a></p>";
        let post = "<p>The post <a href='https://example.org/1'>A</a> appeared first on <a href='https://example.org'>B</a>.</p>";
        assert_eq!(
            remove_boilerplate(BoilerplateRule::ReadMore, &format!("<p>Text</p>{more}{post}")),
            "Text"
        );
        assert_eq!(
            remove_boilerplate(BoilerplateRule::ReadMore, &format!("{more}<p>Text</p>")),
            "Read more…\n\nText"
        );
        assert_eq!(
            remove_boilerplate(BoilerplateRule::ReadMore, "<p>Text</p><p>Read more books.</p>"),
            "Text\n\nRead more books."
        );
        assert_eq!(
            remove_boilerplate(BoilerplateRule::ReadMore, more),
            "Read more…",
            "the last block stays"
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
            remove_boilerplate(BoilerplateRule::RepeatedTitle, "<h1>The headline!</h1><p>Text</p>"),
            "Text"
        );
        assert_eq!(
            remove_boilerplate(BoilerplateRule::RepeatedTitle, "<h1>Another</h1><p>Text</p>"),
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
