//! Lists of links in HTML: bookmarks as browsers and services write them (Netscape), and Pocket's list.

use super::{
    columns::{parse_saved_at, split_tags},
    page::ListedPage,
};
use crate::text::decode_entities;

/// Maximum depth of folders.
const MAX_DEPTH: usize = 32;

/// Reads the links of a document, each with the folder whose heading is above it.
pub(super) fn read_links(html: &str, visit: &mut dyn FnMut(ListedPage) -> bool) {
    let (mut folders, mut heading): (Vec<String>, Option<String>) = (Vec::new(), None);
    let mut rest = html;
    while let Some(tag) = next_tag(&mut rest) {
        match tag.name.as_str() {
            "h1" | "h2" | "h3" => heading = Some(element_text(&mut rest)),
            "dl" | "ul" if folders.len() < MAX_DEPTH => {
                folders.push(heading.take().unwrap_or_default());
            }
            "/dl" | "/ul" => drop(folders.pop()),
            "a" => {
                let title = element_text(&mut rest);
                if !visit(to_page(&tag, title, &folders)) {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn to_page(tag: &LinkTag<'_>, title: String, folders: &[String]) -> ListedPage {
    let attribute = |names: &[&str]| names.iter().find_map(|name| tag.attribute(name));
    // Pocket has two lists, of which the second is the archive.
    let is_archive = |name: &String| name.eq_ignore_ascii_case("read archive");
    let is_list = |name: &str| {
        name.eq_ignore_ascii_case("unread") || name.eq_ignore_ascii_case("read archive")
    };
    let names: Vec<&str> = folders
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty() && !is_list(name))
        .collect();
    ListedPage {
        url: attribute(&["href"]).unwrap_or_default(),
        title,
        tags: attribute(&["tags"]).map(|tags| split_tags(&tags)).unwrap_or_default(),
        folder: Some(names.join(" / ")).filter(|name| !name.is_empty()),
        saved_at: attribute(&["time_added", "add_date"]).and_then(|at| parse_saved_at(&at)),
        is_archived: folders.iter().any(is_archive)
            || attribute(&["toread", "unread"]).is_some_and(|unread| unread == "0"),
        ..ListedPage::default()
    }
}

/// A tag with the text of its attributes.
struct LinkTag<'t> {
    name: String,
    attributes: &'t str,
}

impl LinkTag<'_> {
    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start();
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() && after.is_empty() {
                return None;
            }
            let (value, after) = match after.strip_prefix('=') {
                None => ("", after),
                Some(value) => match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                    Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                    None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
                },
            };
            if name.eq_ignore_ascii_case(wanted) {
                let mut decoded = String::new();
                decode_entities(value, &mut decoded);
                return Some(decoded);
            }
            rest = after;
        }
    }
}

/// Takes the next tag; `None` if there are no more.
fn next_tag<'t>(rest: &mut &'t str) -> Option<LinkTag<'t>> {
    let (_, after) = rest.split_once('<')?;
    let end = tag_end(after);
    let tag = &after[..end];
    *rest = after[end..].strip_prefix('>').unwrap_or(&after[end..]);
    let name_end = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(name_end);
    Some(LinkTag { name: name.to_ascii_lowercase(), attributes })
}

/// Returns the length of a tag up to its `>`, which may be in an attribute's quotation marks.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    let is_end = |c: char| {
        match (quote, c) {
            (None, '>') => return true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        false
    };
    tag.find(is_end).unwrap_or(tag.len())
}

/// Takes the text up to the next tag.
fn element_text(rest: &mut &str) -> String {
    let end = rest.find('<').unwrap_or(rest.len());
    let (text, after) = rest.split_at(end);
    *rest = after;
    let mut decoded = String::new();
    decode_entities(text.trim(), &mut decoded);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<ListedPage> {
        let mut pages = Vec::new();
        read_links(html, &mut |page| {
            pages.push(page);
            true
        });
        pages
    }

    #[test]
    fn bookmarks_and_pockets_list_are_read() {
        let pages = read(
            "<!DOCTYPE NETSCAPE-Bookmark-file-1><H1>Bookmarks</H1><DL><p><DT><H3>News &amp; co</H3><DL><p>\
             <DT><A HREF=\"https://a.org/?a=1&amp;b=2\" ADD_DATE=\"1772359200\" TAGS=\"x,y\">A &gt; B</A></DL><p>\
             <DT><A HREF='https://b.org/' TOREAD=\"0\">B</A></DL>",
        );
        assert_eq!(pages[0].url, "https://a.org/?a=1&b=2");
        assert_eq!(
            (pages[0].title.as_str(), &pages[0].tags[..]),
            ("A > B", &["x", "y"].map(str::to_owned)[..])
        );
        assert_eq!(pages[0].folder.as_deref(), Some("Bookmarks / News & co"));
        assert!(pages[1].is_archived && !pages[0].is_archived);
        let pages = read(
            "<h1>Unread</h1><ul><li><a href=\"https://a.org/\" time_added=\"1772359200\" tags=\"a\">A</a></li></ul>\
             <h1>Read Archive</h1><ul><li><a href=\"https://b.org/\">B</a></li></ul>",
        );
        assert_eq!((pages[0].is_archived, pages[1].is_archived), (false, true));
        assert_eq!((pages[0].folder.as_deref(), pages[1].folder.as_deref()), (None, None));
        assert_eq!(read("<a href='x").len(), 1);
    }
}
