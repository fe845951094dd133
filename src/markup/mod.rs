//! Readable documents: what an article consists of, how each kind of source becomes one, and its lines at a width.
//!
//! Pure and total: any input gives a document, in time and memory in proportion to its size. Knows no files and no
//! colours. What a [`Document`] can hold is the allow-list: scripts, styles and forms have no place in it.

mod autolink;
mod boilerplate;
mod builder;
mod document;
mod export;
mod html;
mod inline;
mod language;
mod layout;
mod link_table;
mod markdown;
mod plain_text;
mod screen_reader;
mod superscript;
mod visit;

pub use boilerplate::BoilerplateRule;
pub use document::{
    AnchorId, Block, Document, DocumentLink, EmbedKind, Emphasis, LinkId, LinkTarget,
    ListNumbering, RichText, TextSpan,
};
pub use export::{ExportFormat, ExportHeader};
pub use html::{
    HtmlMetadata, contains_markup, escape_html, html_to_text, opening_tag_names, parse_html,
    parse_html_metadata, remove_title_heading, sanitize_page, script_contents,
};
pub use layout::{
    Flow, FlowLayout, LayoutLine, LineSource, LineSpan, PictureRow, ScrollPosition, SectionHeading,
    SpanRole, TextMatch, wrap_block,
};
pub use markdown::{find_first_heading, parse_markdown};
pub use plain_text::{first_paragraph, parse_plain_text};
