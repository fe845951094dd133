//! The namespaces and element names of feed formats.
//!
//! A namespace is identified by its URI and not by its prefix; only a prefix without a declaration
//! gets its usual meaning.

/// The vocabulary that an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// RSS of any version, CDF, and documents without namespaces.
    Plain,
    /// Atom 1.0 and 0.3.
    Atom,
    /// RDF.
    Rdf,
    /// Dublin Core, elements and terms.
    DublinCore,
    /// The content module of RSS 1.0.
    Content,
    /// Media RSS.
    Media,
    /// Apple's and Google's podcast vocabularies.
    Podcast,
    /// Podlove Simple Chapters.
    Chapters,
    /// FeedBurner.
    FeedBurner,
    /// The syndication module of RSS 1.0.
    Syndication,
    /// XHTML.
    Xhtml,
    /// `xml:`.
    Xml,
    /// A vocabulary that this parser does not use.
    Other,
}

/// Namespace URIs in lower case, with the misspelled and outdated ones that feeds use.
const NAMESPACE_URIS: [(&str, Namespace); 40] = [
    ("http://www.w3.org/2005/atom", Namespace::Atom),
    ("https://www.w3.org/2005/atom", Namespace::Atom),
    ("http://purl.org/atom/ns#", Namespace::Atom),
    ("http://purl.org/atom/", Namespace::Atom),
    ("http://example.com/newformat#", Namespace::Atom),
    ("http://example.com/necho", Namespace::Atom),
    ("http://purl.org/echo/", Namespace::Atom),
    ("uri/of/echo/namespace#", Namespace::Atom),
    ("http://purl.org/pie/", Namespace::Atom),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", Namespace::Rdf),
    ("http://purl.org/dc/elements/1.1/", Namespace::DublinCore),
    ("http://purl.org/dc/elements/1.0/", Namespace::DublinCore),
    ("http://purl.org/dc/terms/", Namespace::DublinCore),
    ("http://purl.org/rss/1.0/modules/content/", Namespace::Content),
    ("http://search.yahoo.com/mrss/", Namespace::Media),
    ("http://search.yahoo.com/mrss", Namespace::Media),
    ("https://search.yahoo.com/mrss/", Namespace::Media),
    ("http://tools.search.yahoo.com/mrss/", Namespace::Media),
    ("http://www.rssboard.org/media-rss", Namespace::Media),
    ("http://video.search.yahoo.com/mrss", Namespace::Media),
    ("http://video.search.yahoo.com/mrss/", Namespace::Media),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Namespace::Podcast),
    ("https://www.itunes.com/dtds/podcast-1.0.dtd", Namespace::Podcast),
    ("http://example.com/dtds/podcast-1.0.dtd", Namespace::Podcast),
    ("http://www.google.com/schemas/play-podcasts/1.0", Namespace::Podcast),
    ("http://podlove.org/simple-chapters", Namespace::Chapters),
    ("http://podlove.org/simple-chapters/", Namespace::Chapters),
    ("http://rssnamespace.org/feedburner/ext/1.0", Namespace::FeedBurner),
    ("http://purl.org/rss/1.0/modules/syndication/", Namespace::Syndication),
    ("http://www.w3.org/1999/xhtml", Namespace::Xhtml),
    ("http://www.w3.org/xml/1998/namespace", Namespace::Xml),
    ("http://backend.userland.com/rss", Namespace::Plain),
    ("http://blogs.law.harvard.edu/tech/rss", Namespace::Plain),
    ("http://my.netscape.com/rdf/simple/0.9/", Namespace::Plain),
    ("http://my.netscape.com/publish/formats/rss-0.91.dtd", Namespace::Plain),
    ("http://purl.org/rss/1.0/", Namespace::Plain),
    ("http://channel.netscape.com/rdf/simple/0.9/", Namespace::Plain),
    ("http://backend.userland.com/rss2", Namespace::Plain),
    ("http://purl.org/net/rss1.1#", Namespace::Plain),
    ("http://www.rssboard.org/rss-specification", Namespace::Plain),
];

impl Namespace {
    /// Returns the vocabulary with this URI.
    pub(super) fn from_uri(uri: &str) -> Namespace {
        let uri = uri.trim().to_ascii_lowercase();
        let known = NAMESPACE_URIS.iter().find(|(known_uri, _)| *known_uri == uri);
        if let Some((_, namespace)) = known {
            return *namespace;
        }
        // Userland, Harvard and purl.org gave each version of RSS its own URI.
        let is_rss_version = uri.starts_with("http://backend.userland.com/rss")
            || uri.starts_with("http://blogs.law.harvard.edu/tech/rss")
            || uri.starts_with("http://purl.org/rss/1.0") && !uri.contains("/modules/");
        if is_rss_version { Namespace::Plain } else { Namespace::Other }
    }

    /// Returns the usual meaning of a prefix that is not declared.
    pub(super) fn from_prefix(prefix: &str) -> Namespace {
        match prefix.to_ascii_lowercase().as_str() {
            "" | "rss" => Namespace::Plain,
            "atom" | "atom10" | "atom03" => Namespace::Atom,
            "rdf" => Namespace::Rdf,
            "dc" | "dcterms" => Namespace::DublinCore,
            "content" => Namespace::Content,
            "media" => Namespace::Media,
            "itunes" | "googleplay" => Namespace::Podcast,
            "psc" => Namespace::Chapters,
            "feedburner" => Namespace::FeedBurner,
            "sy" => Namespace::Syndication,
            "xhtml" => Namespace::Xhtml,
            "xml" => Namespace::Xml,
            _ => Namespace::Other,
        }
    }
}

macro_rules! element_names {
    ($($variant:ident $text:literal,)+) => {
        /// The local names of the elements that this parser uses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum ElementName {
            $(#[doc = concat!("`", $text, "`.")] $variant,)+
            /// Any other name.
            Unknown,
        }

        impl ElementName {
            fn from_lower(name: &str) -> ElementName {
                match name {
                    $($text => ElementName::$variant,)+
                    _ => ElementName::Unknown,
                }
            }
        }
    };
}

element_names! {
    Abstract "abstract", Alternate "alternate", Author "author", Body "body", Category "category",
    Channel "channel", Chapter "chapter", Chapters "chapters", Comments "comments", Content "content", Contributor "contributor",
    Contributors "contributors", Copyright "copyright", Created "created", Creator "creator",
    Credit "credit", Date "date", Day "day", Description "description", Div "div",
    Duration "duration", Email "email",
    Enclosure "enclosure", Encoded "encoded", Entry "entry", Feed "feed", FullItem "fullitem",
    Group "group", Guid "guid", Hour "hour", Icon "icon", Id "id", Identifier "identifier",
    Image "image", Info "info", Issued "issued", Item "item", Items "items", Keywords "keywords",
    Language "language", LastBuildDate "lastbuilddate", LastMod "lastmod", Link "link", Logo "logo",
    ManagingEditor "managingeditor", Modified "modified", Name "name",
    NewFeedUrl "new-feed-url",
    OrigEnclosureLink "origenclosurelink", OrigLink "origlink", Owner "owner", PeerLink "peerlink",
    PubDate "pubdate", Published "published", Publisher "publisher", Rdf "rdf", Rss "rss",
    SkipDays "skipdays", SkipHours "skiphours", Source "source", Subject "subject",
    Subtitle "subtitle", Summary "summary", Tagline "tagline", Tags "tags", TextInput "textinput",
    Thumbnail "thumbnail", Title "title", Ttl "ttl", UpdateFrequency "updatefrequency",
    UpdatePeriod "updateperiod", Updated "updated", Uri "uri", Url "url", WebMaster "webmaster",
}

/// Maximum length of a known element name in bytes.
const MAX_NAME_BYTES: usize = 20;

impl ElementName {
    /// Returns the element with the local name `local`, ignoring case.
    pub(super) fn from_local(local: &str) -> ElementName {
        let mut buffer = [0; MAX_NAME_BYTES];
        let Some(lower) = buffer.get_mut(..local.len()) else { return ElementName::Unknown };
        lower.copy_from_slice(local.as_bytes());
        lower.make_ascii_lowercase();
        ElementName::from_lower(std::str::from_utf8(lower).unwrap_or_default())
    }
}

/// Splits a qualified name into its prefix, which may be empty, and its local part.
pub(super) fn split_qualified_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
