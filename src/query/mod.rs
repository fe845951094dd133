//! The filter language: what is typed becomes a [`Query`], and a query says whether an entry matches.
//!
//! Words are joined by *and*; the last one is a prefix while nothing follows it. `"a phrase"`, `!word`,
//! `title:` `author:` `in:` `is:` `since:` `before:` `on:` narrow further. Parsing is total: what is not understood
//! is searched as text, and a value still being typed (`on:2026-`) restricts nothing and is named by a [`Complaint`].

mod ast;
mod date;
mod lex;
mod matches;
mod parse;

pub use ast::{Complaint, Ending, Field, Needle, Query, Term, Test, Trait};
pub(crate) use matches::FIELD_END;
pub use matches::{EntryFacts, FeedFacts, FieldEnds, text_of};
pub use parse::parse;
