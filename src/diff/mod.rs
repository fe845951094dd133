//! The difference between two versions of an article, as a reader would mark it: by paragraphs, and
//! by words within them.
//!
//! Start with [`diff_texts`]. Texts are compared as they are read, never as HTML. The module is pure
//! and deterministic, and its cost is bounded: a budget limits the comparisons of one diff, and
//! what it does not cover is shown as replaced.

mod align;
mod compare;
mod counter;
mod marked_text;
mod overlap;
mod pair;
mod text_diff;
mod words;

pub(crate) use align::{WorkBudget, align_equal};
pub use compare::diff_texts;
pub(crate) use counter::{changed_numbers, is_counter_change, without_title_counter};
pub use marked_text::unchanged_line;
pub(crate) use overlap::shared_of_shorter;
pub use text_diff::{
    DiffBlock, DiffBlockKind, DiffSpan, DiffSpanKind, DiffWordCounts, TextDiff, VersionText,
};
