//! Metadata of a page: title, author, date, language, website and canonical URL.
//!
//! Start with [`PageMetadata`]. Pages that are fetched, pages that are saved and HTML files in
//! folders all get their metadata here.

use dom_query::Document;
use dom_smoothie::Readability;

use super::{
    json_ld::JsonLd,
    meta_tags::MetaTags,
    page_authors, page_date,
    page_text::single_line,
    page_title::{self, SiteNames},
    readability::build_readability,
};
use crate::{
    markup::{parse_tree, sanitize_page},
    text::url,
};

/// The metadata of a page; `None` where the page states nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageMetadata {
    /// The title, without the name of the website.
    pub title: Option<String>,
    /// The authors, separated by commas.
    pub author: Option<String>,
    /// The publication date, as written in the page.
    pub published: Option<String>,
    /// The language, as a BCP 47 tag.
    pub language: Option<String>,
    /// The name of the website.
    pub site: Option<String>,
    /// The canonical URL of the page, http or https.
    pub link: Option<String>,
}

/// Reads the metadata of a page whose URL is unknown. Of a page that must not reach the parser,
/// only the title is read.
pub fn parse_page_metadata(page: &str) -> PageMetadata {
    let readability = sanitize_page(page).and_then(|page| build_readability(parse_tree(&page)?));
    match readability {
        Some(readability) => {
            let metadata = PageMetadata::from_page(&readability, &JsonLd::parse(page), None);
            let visible = metadata.find_missing_author(&readability.doc);
            metadata.with_author(visible)
        }
        None => PageMetadata { title: page_title::raw_title(page), ..PageMetadata::default() },
    }
}

impl PageMetadata {
    /// Collects the metadata of a page at the URL `base`.
    pub(super) fn from_page(
        readability: &Readability,
        json_ld: &JsonLd,
        base: Option<&str>,
    ) -> PageMetadata {
        let head = readability.get_article_metadata(None);
        let page = &readability.doc;
        let meta = MetaTags::from_page(page);
        let canonical = page.select_single("link[rel~='canonical']").attr("href");
        let link = canonical
            .as_deref()
            .into_iter()
            .chain(meta.all("og:url"))
            .find_map(|link| url::resolve(link, base));
        let site = find_site(&meta, json_ld);
        let page_url = base.or(link.as_deref());
        let names = SiteNames::new(
            json_ld.site_names().chain(meta.by_rank(&SITE_NAMES)).chain(site.as_deref()),
            page_url,
        );
        PageMetadata {
            title: page_title::find_title(page, &meta, json_ld, &head.title, &names),
            author: page_authors::find_stated_authors(&meta, json_ld),
            published: page_date::find_date(page, &meta, json_ld, page_url),
            language: head.lang.as_deref().and_then(single_line),
            site,
            link,
        }
    }

    /// Finds the author in visible elements if the head of the page states none.
    pub(super) fn find_missing_author(&self, page: &Document) -> Option<String> {
        if self.author.is_some() { None } else { page_authors::find_visible_authors(page) }
    }

    /// Returns the metadata with `author` if the page states none in its head.
    pub(super) fn with_author(mut self, author: Option<String>) -> PageMetadata {
        self.author = self.author.or(author);
        self
    }
}

/// Names of `<meta>` elements for the name of the website, the most reliable first.
const SITE_NAMES: [&str; 4] =
    ["og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher"];

fn find_site(meta: &MetaTags, json_ld: &JsonLd) -> Option<String> {
    let in_meta = meta.all("og:site_name").next().map(str::to_owned);
    in_meta.or_else(|| json_ld.site_names().find_map(single_line))
}
