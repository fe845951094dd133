//! The document model, the parsers that produce it, the layout of a document in lines of a given
//! width, and its export to other formats.
//!
//! Start with [`Document`]. [`parse_html`], [`parse_markdown`] and [`parse_plain_text`] produce
//! one, [`Flow`] and [`FlowLayout`] turn it into lines, and [`Document::export`] writes it to a
//! string.
//!
//! The module is pure: it neither opens files nor knows colours. The parsers are total: any input
//! gives a document, in time and memory proportional to the input. [`Block`] is also the allow-list
//! for untrusted pages: it has no variant for scripts, styles and forms.

mod append;
mod autolink;
mod boilerplate;
mod builder;
mod cancel_flag;
mod document;
mod export;
mod html;
mod inline;
mod language;
mod layout;
mod link_table;
mod markdown;
mod open_list;
mod open_table;
mod opening;
mod plain_text;
mod references;
mod screen_reader;
mod sentence_rows;
mod superscript;
mod table_cell;
mod table_grid;
mod text_blocks;
mod visit;

pub use boilerplate::BoilerplateRule;
pub use cancel_flag::CancelFlag;
pub use document::{
    AnchorId, Block, CellSpan, Document, DocumentLink, EmbedKind, Emphasis, LinkId, LinkTarget,
    ListNumbering, NumberStyle, RichText, TextSpan,
};
pub use export::{ExportFormat, ExportHeader};
pub(crate) use html::{HtmlTag, parse_attributes, parse_tree, scan_tags, tokenize_tags};
pub use html::{
    contains_markup, escape_html, html_to_text, html_to_text_until, opening_tag_names, parse_html,
    parse_html_unless_cancelled, remove_title_heading, sanitize_page, script_contents,
    title_content,
};
pub use layout::{
    Flow, FlowLayout, LayoutLine, LineSource, LineSpan, ReservedImageRow, ScrollPosition,
    SectionHeading, SpanRole, TextMatch, wrap_block,
};
pub use markdown::{find_first_heading, parse_markdown, parse_markdown_unless_cancelled};
pub use plain_text::{first_paragraph, parse_plain_text};
pub use sentence_rows::wrap_sentence;
