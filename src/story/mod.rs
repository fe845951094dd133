//! Stories: the articles of several sources about one event.
//!
//! An article is compared with others by its strongest terms ([`StoryTerms`]), which
//! [`extract_terms`] finds in its text. A [`StoryWindow`] has the articles of some days and finds the
//! story of another one: online clustering by the nearest centroid, with the nearest member as a
//! guard, without which stories grow into each other. Articles whose texts contain each other are copies
//! ([`Shingles`]).
//!
//! [`find_additions`] finds what the other articles of a story say that one does not.
//!
//! Everything here is a function of its arguments: the module knows neither the index, from which
//! the frequencies of words come ([`TermStatistics`]), nor the library, nor the time. Start reading
//! with [`StoryWindow::find_neighbours`] and [`StoryWindow::place`].

mod additions;
mod choices;
mod number_table;
mod packed_terms;
mod pair;
mod postings;
mod shared_words;
mod shingles;
mod term_extractor;
mod window;
mod window_terms;
mod word_uses;

pub use additions::{StoryAddition, find_additions};
pub use choices::StoryChoices;
pub use packed_terms::{MAX_TERMS, StoryTerms, term_hash};
pub use pair::term_similarity;
pub use shared_words::shared_words;
pub use shingles::Shingles;
pub use term_extractor::{StoryText, TermStatistics, distinct_words, extract_terms};
pub use window::{
    ArrivingArticle, STORY_WINDOW_SECONDS, StoryArticle, StoryNeighbours, StoryPlacement,
    StoryWindow,
};
