//! Finding entries by their text: every key in the filter bar asks here.
//!
//! Knows no SQL and no files: it is handed the folded texts, the newest entry first, and answers questions over them.

mod texts;

pub use texts::{Row, Texts};
