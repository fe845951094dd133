//! The filter language: parses a filter into a [`Query`], matches queries against entries, and
//! finds the text to highlight.
//!
//! Words are joined by *and*. The last word is a prefix while nothing follows it, and so is every
//! `word*`. Words can be combined with `or`, `!` or `-`, parentheses and `"a phrase"`. A field name
//! before a colon restricts the search:
//!
//! | field | matches |
//! |---|---|
//! | `title:` `author:` `body:` `category:` `url:` | words in that part of the entry |
//! | `tag:` | the user's tags, and categories |
//! | `in:` `feed:` `folder:` | words in the name of feed or folder, feed, folder |
//! | `is:` | a state: `unread` `read` `star` `edited` `new` `later` `queued` `played` `downloaded` `tagged` `hidden` `removed` `copy` |
//! | `has:` | media: `image` `audio` `video` `link` |
//! | `lang:` | a language: `en` |
//! | `words:` | the length: `>800`, `500..1000` |
//! | `since:` `before:` `on:` `between:` | dates: `2026-01`, `monday`, `2d`, `2026-01..2026-03` |
//! | `age:` | the age: `<2d`, `>1w` |
//! | `story:` | the story of an article: `42`, its number |
//! | `re:` | a regular expression in title or text; one for a part of a word matches folded words |
//!
//! Every string is a valid filter: other words before a colon are searched as text. A field that is
//! mistyped (`titel:`) and a value that is incomplete (`on:2026-`) restrict nothing and are reported
//! by a [`QueryDiagnostic`]. A filter that is given as a whole can be checked more strictly: see
//! [`find_mistake`].
//!
//! Start reading with [`parse()`] and [`Query::matches`]. The module searches one entry at a time;
//! the `index` module searches the library.

mod added_term;
mod ast;
mod completion;
mod date;
mod eval;
mod fields;
mod future_time;
mod highlight;
mod max_words;
mod mistake;
mod parse;
mod prefilter;
mod regex_pattern;
mod required_literals;
mod required_words;
mod rule_check;
mod signs;
#[cfg(test)]
mod tests;
mod word_expression;
mod word_pattern;
mod word_sequence;

pub use added_term::{add_term, field_term};
pub use ast::{
    Expr, Field, LastWord, MediaKind, Predicate, Query, QueryDiagnostic, StateFilter, Term,
    TextPattern,
};
pub use completion::{CompletionSources, complete_query, find_unknown_name};
pub use date::parse_future_day;
pub(crate) use eval::FIELD_SEPARATOR;
pub use eval::{
    EntryAttributes, FeedNames, FieldEnds, FoldedText, SearchableEntry, SearchableTag, count_words,
};
pub use future_time::{FUTURE_TIME_FORMS, FutureTime, is_clock_time, parse_future_time};
pub use mistake::{MistakeKind, QueryMistake};
pub use parse::{find_mistake, parse};
pub use prefilter::QueryPrefilter;
pub use regex_pattern::RegexPattern;
pub use required_literals::RequiredLiterals;
pub use required_words::RequiredWords;
pub use rule_check::{HideEnd, check_rule, parse_hide_end};
pub use signs::{PlainText, SignedWords};
pub use word_pattern::WordPattern;
pub use word_sequence::{StepSet, WordSequence};
