//! What the attributes of one outline say.

use quick_xml::events::BytesStart;

use super::{Outline, collect, escape};

/// The attributes that matter (OPML 2.0, "What is an <outline>?" and "Subscription lists").
#[derive(Default)]
pub(super) struct Entry {
    text: String,
    title: String,
    xml_url: String,
    url: String,
    html_url: String,
    kind: String,
    category: String,
    /// A program that newsboat sends the feed through.
    pub(super) filter: String,
}

/// What an outline is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Feed,
    /// A list in a file of its own.
    List,
    /// An outline that should have an address and has none, or none of a feed, with the reason.
    Lacking(String),
    Folder,
}

impl Entry {
    /// Reads them as HTML does, quotes or not; of two with the same name the first that is not empty counts.
    pub(super) fn of(tag: &BytesStart<'_>) -> Entry {
        let mut entry = Entry::default();
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let name = attribute.key.0.to_ascii_lowercase();
            if let Some(value) = entry.named(&name).filter(|value| value.is_empty()) {
                *value = escape::decode(&attribute.value);
            }
        }
        entry
    }

    fn named(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "text" => Some(&mut self.text),
            "title" => Some(&mut self.title),
            "xmlurl" => Some(&mut self.xml_url),
            "url" => Some(&mut self.url),
            "htmlurl" => Some(&mut self.html_url),
            "type" => Some(&mut self.kind),
            "category" => Some(&mut self.category),
            "filtercmd" => Some(&mut self.filter),
            _ => None,
        }
    }

    /// What it is; `is_empty` when nothing can be inside it.
    pub(super) fn kind(&self, is_empty: bool) -> Kind {
        let kind = self.kind.to_ascii_lowercase();
        match kind.as_str() {
            // Liferea names lists that it keeps in step with "source".
            "include" | "source" if !self.address().is_empty() => Kind::List,
            "link" if self.xml_url.is_empty() && is_list(&self.url) => Kind::List,
            "vfolder" => Kind::Lacking(self.lacking("is a saved search of another program, not a feed")),
            _ if !self.xml_url.is_empty() => Kind::Feed,
            "" | "rss" | "atom" | "rdf" | "pie" | "feed" | "link" if !self.url.is_empty() => Kind::Feed,
            // Flym writes folders as "rss".
            "rss" | "atom" | "rdf" | "pie" | "feed" if is_empty => {
                Kind::Lacking(self.lacking("has no address"))
            }
            _ if !self.url.is_empty() => {
                Kind::Lacking(self.lacking(&format!("is of the kind {kind:?}, not a feed")))
            }
            _ if is_empty && !self.html_url.is_empty() => Kind::Lacking(
                self.lacking("is a website without a feed; subscribe to its address to look for one"),
            ),
            _ => Kind::Folder,
        }
    }

    fn lacking(&self, reason: &str) -> String {
        match self.name() {
            "" => reason.to_owned(),
            name => format!("“{}” {reason}", collect::shown(name)),
        }
    }

    /// The address it has, whatever it leads to.
    pub(super) fn address(&self) -> &str {
        [&self.xml_url, &self.url, &self.html_url]
            .into_iter()
            .find(|url| !url.is_empty())
            .map_or("", String::as_str)
    }

    /// What it is called: `text`, which OPML 2.0 requires, or else `title`.
    pub(super) fn name(&self) -> &str {
        if self.text.is_empty() { &self.title } else { &self.text }
    }

    /// As a feed in `folder`.
    pub(super) fn into_outline(self, folder: Option<String>) -> Outline {
        let address = self.address().to_owned();
        // Feeds without a name are written with their address as the text that OPML requires.
        let is_nameless = self.name().is_empty() || (self.title.is_empty() && self.text == address);
        let mut tags = Vec::new();
        collect::add_tags(&mut tags, self.category.split(',').map(tag));
        let title = (!is_nameless).then(|| self.name().to_owned());
        Outline { title, site: super::address::site(&self.html_url), folder, tags, address }
    }
}

/// A tag of `category`; the slash of "/News/Rail" says that it is a path.
fn tag(raw: &str) -> String {
    raw.trim().trim_start_matches(|c: char| c == '/' || c.is_whitespace()).to_owned()
}

fn is_list(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.len() > 5 && path.get(path.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case(".opml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(attributes: &str) -> Entry {
        Entry::of(&BytesStart::from_content(format!("outline {attributes}"), 7))
    }

    #[test]
    fn attributes_are_read_with_patience() {
        let outline = entry(
            "TEXT='It\n is' text=no XMLURL = \"\" xmlurl=https://example.org/?a&b\nhtmlUrl=\"https://example.org\"\
             category=',a, b ,/ /c/d,a, / ' checked",
        )
        .into_outline(Some("F".into()));
        assert_eq!(outline.address, "https://example.org/?a&b");
        assert_eq!(outline.title.as_deref(), Some("It  is"));
        assert_eq!(outline.site.as_deref(), Some("https://example.org"));
        assert_eq!(outline.folder.as_deref(), Some("F"));
        assert_eq!(outline.tags, ["a", "b", "c/d"]);
    }

    #[test]
    fn an_address_is_no_name() {
        assert_eq!(entry("text='http://a.org' xmlUrl='http://a.org'").into_outline(None).title, None);
        let named =
            entry("text='http://a.org' title='http://a.org' xmlUrl='http://a.org'").into_outline(None);
        assert_eq!(named.title.as_deref(), Some("http://a.org"));
    }

    #[test]
    fn outlines_are_of_several_kinds() {
        let lacking = |reason: &str| Kind::Lacking(reason.into());
        for (attributes, kind) in [
            ("type=link xmlUrl=http://a.org", Kind::Feed),
            ("type=unknown xmlUrl=http://a.org", Kind::Feed),
            ("type=Link url=http://a.org", Kind::Feed),
            ("url=http://a.org", Kind::Feed),
            ("type=link url=http://a.org/x.OPML?y", Kind::List),
            ("type=include url=http://a.org/", Kind::List),
            ("type=source xmlUrl=http://a.org/", Kind::List),
            ("type=RSS xmlUrl='' text=News", lacking("“News” has no address")),
            ("type=song url=http://a.org/a.mp3", lacking("is of the kind \"song\", not a feed")),
            ("type=vfolder xmlUrl=vfolder", lacking("is a saved search of another program, not a feed")),
            ("type=include", Kind::Folder),
            ("text=Folder xmlUrl=''", Kind::Folder),
        ] {
            assert_eq!(entry(attributes).kind(true), kind, "{attributes}");
        }
        assert_eq!(entry("text=F type=rss htmlUrl=http://a.org").kind(false), Kind::Folder);
        assert!(matches!(entry("text=F htmlUrl=http://a.org").kind(true), Kind::Lacking(_)));
    }
}
