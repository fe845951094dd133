//! Text as terminals and searches need it. Knows nothing of articles, screens or files.

pub mod address;
pub mod base64;
pub mod bidi;
pub mod charset;
pub mod clean;
mod entity;
mod escape;
mod fold;
mod language;
mod nearest;
mod when;
mod width;

pub use entity::{decode_entities, entity};
pub use fold::{Word, each_word, fold, fold_into, stands_alone};
pub use language::language;
pub use nearest::{distance, nearest};
pub use when::{Now, long};
pub use width::{boundary, cut, width};
