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
//! nothing and is named by a [`QueryDiagnostic`].

mod ast;
mod completion;
mod date;
mod eval;
mod fields;
mod highlight;
mod parse;
mod regex_pattern;
#[cfg(test)]
mod tests;

pub use ast::{
    Expr, Field, LastWord, MediaKind, Predicate, Query, QueryDiagnostic, StateFilter, Term,
    TextPattern,
};
pub use completion::{CompletionSources, complete_query};
pub(crate) use eval::FIELD_SEPARATOR;
pub use eval::{EntryAttributes, FeedNames, FieldEnds, FoldedText, SearchableEntry, count_words};
pub use parse::parse;
pub use regex_pattern::RegexPattern;
