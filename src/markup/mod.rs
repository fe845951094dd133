//! Readable documents: what an article consists of, how each kind of source becomes one, and its lines at a width.
//!
//! Pure and total: any input gives a document, in time and memory in proportion to its size. Knows no files and no
//! colours. What a [`Document`] can hold is the allow-list: scripts, styles and forms have no place in it.

mod autolink;
mod build;
mod document;
mod export;
mod flow;
mod html;
mod inline;
mod junk;
mod language;
mod layout;
mod line;
mod links;
mod markdown;
mod plain;
mod setting;
mod shift;
mod spoken;
mod strip;
mod styled;
mod table;
mod tag_names;
mod visit;
mod window;
mod wrap;

pub use document::{
    AnchorId, Block, Document, Embedded, Emphasis, Link, LinkId, Numbers, Span, Target, Text,
};
pub use export::{Format, Heading};
pub use flow::{Flow, Hit, Section};
pub use html::{Head, gated, head, html, scripts, without_heading};
pub use junk::Junk;
pub use layout::{Layout, Place, wrapped};
pub use line::{Line, LineSpan, PictureRow, Role, Source};
pub use markdown::{first_heading, markdown};
pub use plain::{first_paragraph, plain};
pub use strip::{escape, is_markup, text_of};
pub use tag_names::tag_names;
