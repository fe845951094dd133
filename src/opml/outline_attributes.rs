//! The attributes of one outline: decides between feed, folder and list, and builds the feed.

use quick_xml::events::BytesStart;

use super::{OpmlOutline, collector, escape};

/// The attributes that are used (OPML 2.0, "What is an `<outline>`?" and "Subscription lists").
#[derive(Default)]
pub(super) struct OutlineAttributes {
    text: String,
    title: String,
    xml_url: String,
    url: String,
    html_url: String,
    outline_type: String,
    category: String,
    /// Program that filters the feed (`filtercmd`, an extension of newsboat).
    pub(super) filter_command: String,
}

/// The kind of an outline.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OutlineKind {
    /// A feed.
    Feed,
    /// A link to another subscription list.
    Include,
    /// An outline that is neither a feed nor a folder, with the reason.
    Invalid(String),
    /// A folder.
    Folder,
}

impl OutlineAttributes {
    /// Reads the attributes with the syntax of HTML, where values may be unquoted. Of attributes
    /// with the same name, the first one with a value counts.
    pub(super) fn from_tag(tag: &BytesStart<'_>) -> OutlineAttributes {
        let mut attributes = OutlineAttributes::default();
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let name = attribute.key.0.to_ascii_lowercase();
            if let Some(value) = attributes.field_mut(&name).filter(|value| value.is_empty()) {
                *value = escape::unescape_xml(&attribute.value);
            }
        }
        attributes
    }

    fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "text" => Some(&mut self.text),
            "title" => Some(&mut self.title),
            "xmlurl" => Some(&mut self.xml_url),
            "url" => Some(&mut self.url),
            "htmlurl" => Some(&mut self.html_url),
            "type" => Some(&mut self.outline_type),
            "category" => Some(&mut self.category),
            "filtercmd" => Some(&mut self.filter_command),
            _ => None,
        }
    }

    /// Returns the kind of the outline; `is_empty` is true for a self-closing tag.
    pub(super) fn classify(&self, is_empty: bool) -> OutlineKind {
        let outline_type = self.outline_type.to_ascii_lowercase();
        match outline_type.as_str() {
            // Liferea marks lists that it synchronizes with "source".
            "include" | "source" if !self.first_url().is_empty() => OutlineKind::Include,
            "link" if self.xml_url.is_empty() && is_opml_url(&self.url) => OutlineKind::Include,
            "vfolder" => OutlineKind::Invalid(
                self.describe_problem("is a saved search of another program, not a feed"),
            ),
            _ if !self.xml_url.is_empty() => OutlineKind::Feed,
            "" | "rss" | "atom" | "rdf" | "pie" | "feed" | "link" if !self.url.is_empty() => {
                OutlineKind::Feed
            }
            // Flym writes folders as "rss".
            "rss" | "atom" | "rdf" | "pie" | "feed" if is_empty => {
                OutlineKind::Invalid(self.describe_problem("has no address"))
            }
            _ if !self.url.is_empty() => OutlineKind::Invalid(
                self.describe_problem(&format!("has the type {outline_type:?}, not a feed type")),
            ),
            _ if is_empty && !self.html_url.is_empty() => {
                OutlineKind::Invalid(self.describe_problem(
                    "is a website without a feed; subscribe to its address to look for one",
                ))
            }
            _ => OutlineKind::Folder,
        }
    }

    /// Returns `reason` with the name of the outline in front.
    fn describe_problem(&self, reason: &str) -> String {
        match self.display_name() {
            "" => reason.to_owned(),
            name => format!("“{}” {reason}", collector::truncate_for_display(name)),
        }
    }

    /// Returns the first URL that is not empty: `xmlUrl`, `url`, `htmlUrl`.
    pub(super) fn first_url(&self) -> &str {
        [&self.xml_url, &self.url, &self.html_url]
            .into_iter()
            .find(|url| !url.is_empty())
            .map_or("", String::as_str)
    }

    /// Returns the name: `text`, which OPML 2.0 requires, or else `title`.
    pub(super) fn display_name(&self) -> &str {
        if self.text.is_empty() { &self.title } else { &self.text }
    }

    /// Converts the attributes to a feed in `folder`.
    pub(super) fn into_outline(self, folder: Option<String>) -> OpmlOutline {
        let xml_url = self.first_url().to_owned();
        // OPML requires `text`: programs write the URL there if a feed has no name.
        let is_nameless =
            self.display_name().is_empty() || (self.title.is_empty() && self.text == xml_url);
        let mut tags = Vec::new();
        collector::add_tags(&mut tags, self.category.split(',').map(normalize_tag));
        let title = (!is_nameless).then(|| self.display_name().to_owned());
        OpmlOutline {
            title,
            html_url: super::feed_url::check_site_url(&self.html_url),
            folder,
            tags,
            xml_url,
        }
    }
}

/// Trims a tag of `category`, and removes the slash in front of a path such as "/News/Rail".
fn normalize_tag(raw: &str) -> String {
    raw.trim().trim_start_matches(|c: char| c == '/' || c.is_whitespace()).to_owned()
}

fn is_opml_url(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.len() > 5
        && path.get(path.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case(".opml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline_attributes(attributes: &str) -> OutlineAttributes {
        OutlineAttributes::from_tag(&BytesStart::from_content(format!("outline {attributes}"), 7))
    }

    #[test]
    fn outline_attributes_tolerate_broken_markup() {
        let outline = outline_attributes(
            "TEXT='It\n is' text=no XMLURL = \"\" xmlurl=https://example.org/?a&b\nhtmlUrl=\"https://example.org\"\
             category=',a, b ,/ /c/d,a, / ' checked",
        )
        .into_outline(Some("F".into()));
        assert_eq!(outline.xml_url, "https://example.org/?a&b");
        assert_eq!(outline.title.as_deref(), Some("It  is"));
        assert_eq!(outline.html_url.as_deref(), Some("https://example.org"));
        assert_eq!(outline.folder.as_deref(), Some("F"));
        assert_eq!(outline.tags, ["a", "b", "c/d"]);
    }

    #[test]
    fn into_outline_drops_url_as_title() {
        assert_eq!(
            outline_attributes("text='http://a.org' xmlUrl='http://a.org'")
                .into_outline(None)
                .title,
            None
        );
        let named =
            outline_attributes("text='http://a.org' title='http://a.org' xmlUrl='http://a.org'")
                .into_outline(None);
        assert_eq!(named.title.as_deref(), Some("http://a.org"));
    }

    #[test]
    fn classify_outline_returns_every_kind() {
        let invalid = |reason: &str| OutlineKind::Invalid(reason.into());
        for (attributes, kind) in [
            ("type=link xmlUrl=http://a.org", OutlineKind::Feed),
            ("type=unknown xmlUrl=http://a.org", OutlineKind::Feed),
            ("type=Link url=http://a.org", OutlineKind::Feed),
            ("url=http://a.org", OutlineKind::Feed),
            ("type=link url=http://a.org/x.OPML?y", OutlineKind::Include),
            ("type=include url=http://a.org/", OutlineKind::Include),
            ("type=source xmlUrl=http://a.org/", OutlineKind::Include),
            ("type=RSS xmlUrl='' text=News", invalid("“News” has no address")),
            ("type=song url=http://a.org/a.mp3", invalid("has the type \"song\", not a feed type")),
            (
                "type=vfolder xmlUrl=vfolder",
                invalid("is a saved search of another program, not a feed"),
            ),
            ("type=include", OutlineKind::Folder),
            ("text=Folder xmlUrl=''", OutlineKind::Folder),
        ] {
            assert_eq!(outline_attributes(attributes).classify(true), kind, "{attributes}");
        }
        assert_eq!(
            outline_attributes("text=F type=rss htmlUrl=http://a.org").classify(false),
            OutlineKind::Folder
        );
        assert!(matches!(
            outline_attributes("text=F htmlUrl=http://a.org").classify(true),
            OutlineKind::Invalid(_)
        ));
    }
}
