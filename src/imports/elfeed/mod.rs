//! elfeed: the index of its database, which is a printed value of Emacs Lisp, and the texts beside it.

mod index;
mod lisp;

pub use index::{ElfeedArticles, parse_elfeed_index, read_elfeed};
