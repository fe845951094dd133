//! The names of elements and namespaces that feeds use. Namespaces are told by their address, never by their prefix,
//! but where a prefix is declared nowhere, what everybody means by it is meant.

/// The vocabulary an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS of any version, CDF, and documents without namespaces.
    Plain,
    /// Atom 1.0 and 0.3.
    Atom,
    /// RDF.
    Rdf,
    /// Dublin Core, elements and terms.
    Dublin,
    /// The content module of RSS 1.0.
    Content,
    /// Media RSS.
    Media,
    /// Apple's and Google's podcast vocabularies.
    Podcast,
    /// FeedBurner.
    FeedBurner,
    /// The syndication module of RSS 1.0.
    Syndication,
    /// XHTML.
    Xhtml,
    /// `xml:`.
    Xml,
    /// One that says nothing to a reader of news.
    Other,
}

const SPACES: [(&str, Space); 38] = [
    ("http://www.w3.org/2005/atom", Space::Atom),
    ("https://www.w3.org/2005/atom", Space::Atom),
    ("http://purl.org/atom/ns#", Space::Atom),
    ("http://purl.org/atom/", Space::Atom),
    ("http://example.com/newformat#", Space::Atom),
    ("http://example.com/necho", Space::Atom),
    ("http://purl.org/echo/", Space::Atom),
    ("uri/of/echo/namespace#", Space::Atom),
    ("http://purl.org/pie/", Space::Atom),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", Space::Rdf),
    ("http://purl.org/dc/elements/1.1/", Space::Dublin),
    ("http://purl.org/dc/elements/1.0/", Space::Dublin),
    ("http://purl.org/dc/terms/", Space::Dublin),
    ("http://purl.org/rss/1.0/modules/content/", Space::Content),
    ("http://search.yahoo.com/mrss/", Space::Media),
    ("http://search.yahoo.com/mrss", Space::Media),
    ("https://search.yahoo.com/mrss/", Space::Media),
    ("http://tools.search.yahoo.com/mrss/", Space::Media),
    ("http://www.rssboard.org/media-rss", Space::Media),
    ("http://video.search.yahoo.com/mrss", Space::Media),
    ("http://video.search.yahoo.com/mrss/", Space::Media),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Space::Podcast),
    ("https://www.itunes.com/dtds/podcast-1.0.dtd", Space::Podcast),
    ("http://example.com/dtds/podcast-1.0.dtd", Space::Podcast),
    ("http://www.google.com/schemas/play-podcasts/1.0", Space::Podcast),
    ("http://rssnamespace.org/feedburner/ext/1.0", Space::FeedBurner),
    ("http://purl.org/rss/1.0/modules/syndication/", Space::Syndication),
    ("http://www.w3.org/1999/xhtml", Space::Xhtml),
    ("http://www.w3.org/xml/1998/namespace", Space::Xml),
    ("http://backend.userland.com/rss", Space::Plain),
    ("http://blogs.law.harvard.edu/tech/rss", Space::Plain),
    ("http://my.netscape.com/rdf/simple/0.9/", Space::Plain),
    ("http://my.netscape.com/publish/formats/rss-0.91.dtd", Space::Plain),
    ("http://purl.org/rss/1.0/", Space::Plain),
    ("http://channel.netscape.com/rdf/simple/0.9/", Space::Plain),
    ("http://backend.userland.com/rss2", Space::Plain),
    ("http://purl.org/net/rss1.1#", Space::Plain),
    ("http://www.rssboard.org/rss-specification", Space::Plain),
];

impl Space {
    /// The vocabulary at an address.
    pub(super) fn of_address(address: &str) -> Space {
        let address = address.trim().to_ascii_lowercase();
        let known = SPACES.iter().find(|(known, _)| *known == address).map(|(_, space)| *space);
        // Netscape, Userland and others put each version at an address of its own.
        known.unwrap_or_else(|| {
            let versioned = address.starts_with("http://backend.userland.com/rss")
                || address.starts_with("http://blogs.law.harvard.edu/tech/rss")
                || address.starts_with("http://purl.org/rss/1.0") && !address.contains("/modules/");
            if versioned { Space::Plain } else { Space::Other }
        })
    }

    /// What is commonly meant by a prefix.
    pub(super) fn of_prefix(prefix: &str) -> Space {
        match prefix.to_ascii_lowercase().as_str() {
            "" | "rss" => Space::Plain,
            "atom" | "atom10" | "atom03" => Space::Atom,
            "rdf" => Space::Rdf,
            "dc" | "dcterms" => Space::Dublin,
            "content" => Space::Content,
            "media" => Space::Media,
            "itunes" | "googleplay" => Space::Podcast,
            "feedburner" => Space::FeedBurner,
            "sy" => Space::Syndication,
            "xhtml" => Space::Xhtml,
            "xml" => Space::Xml,
            _ => Space::Other,
        }
    }
}

macro_rules! names {
    ($($variant:ident $text:literal,)+) => {
        /// The local names of elements that mean something to us.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "the words are those of the formats")]
        pub(super) enum Name {
            $(#[doc = $text] $variant,)+
            /// Any other.
            Unknown,
        }

        impl Name {
            fn of_lower(name: &str) -> Name {
                match name {
                    $($text => Name::$variant,)+
                    _ => Name::Unknown,
                }
            }
        }
    };
}

names! {
    Abstract "abstract", Alternate "alternate", Author "author", Body "body", Category "category", Channel "channel",
    Comments "comments", Content "content", Contributor "contributor", Copyright "copyright", Created "created",
    Creator "creator", Credit "credit", Date "date", Day "day", Description "description", Div "div", Email "email",
    Enclosure "enclosure", Encoded "encoded", Entry "entry", Feed "feed", FullItem "fullitem",
    Group "group", Guid "guid", Hour "hour", Icon "icon", Id "id", Identifier "identifier", Image "image", Info "info",
    Issued "issued", Item "item", Items "items", Keywords "keywords", Language "language", LastBuildDate "lastbuilddate",
    Link "link", Logo "logo", ManagingEditor "managingeditor", Modified "modified", Name "name", OrigLink "origlink",
    OrigEnclosureLink "origenclosurelink", Owner "owner", PeerLink "peerlink", PubDate "pubdate", Published "published", Publisher "publisher", Rdf "rdf",
    Rss "rss", SkipDays "skipdays", SkipHours "skiphours", Source "source", Subject "subject", Subtitle "subtitle",
    Summary "summary", Tagline "tagline", Tags "tags", TextInput "textinput", Thumbnail "thumbnail", Title "title", Ttl "ttl",
    UpdateFrequency "updatefrequency", UpdatePeriod "updateperiod", Updated "updated", Uri "uri", Url "url",
    WebMaster "webmaster", LastMod "lastmod", Contributors "contributors",
}

/// Longer names mean nothing to us, in bytes.
const LONGEST: usize = 20;

impl Name {
    /// The name that `local` is, whatever the case of its letters.
    pub(super) fn of(local: &str) -> Name {
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..local.len()) else { return Name::Unknown };
        lower.copy_from_slice(local.as_bytes());
        lower.make_ascii_lowercase();
        Name::of_lower(std::str::from_utf8(lower).unwrap_or_default())
    }
}

/// The prefix and the local part of a name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
