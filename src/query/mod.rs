//! The filter language: what is typed becomes a [`Query`], and a query says whether an entry matches.
//!
//! Words are joined by *and*; the last one is a prefix while nothing follows it, and so is `word*`. `or`, `!` or `-`,
//! parentheses and `"a phrase"` say more; a name before a colon says where or what:
//!
//! | name | what it asks |
//! |---|---|
//! | `title:` `author:` `body:` `tag:` `url:` | words in that part |
//! | `in:` `feed:` `folder:` | the name of the feed or its folder, the feed, the folder |
//! | `is:` | `unread` `read` `star` `edited` `new` |
//! | `has:` | `image` `audio` `video` `link` |
//! | `lang:` | the language, `en` |
//! | `words:` | the length, `>800`, `500..1000` |
//! | `since:` `before:` `on:` `between:` | when published: `2026-01`, `monday`, `last-week`, `2d`, `2026-01..2026-03` |
//! | `age:` | how long ago, in days: `<2d`, `>1w` |
//! | `re:` | a regular expression in title or text |
//!
//! Parsing is total: what is not understood is searched as text, and a value still being typed (`on:2026-`) restricts
//! nothing and is named by a [`Complaint`].

mod ast;
mod complete;
mod date;
mod highlight;
mod matches;
mod parse;
mod pattern;
mod terms;
#[cfg(test)]
mod tests;

pub use ast::{Complaint, Ending, Expr, Field, Medium, Needle, Query, Term, Test, Trait};
pub use complete::{Vocabulary, completions};
pub(crate) use matches::FIELD_END;
pub use matches::{About, EntryFacts, FeedFacts, FieldEnds, Folded, words_in};
pub use parse::parse;
pub use pattern::Pattern;
