//! What the articles of a story say: the line about other sources, their additions, and the combined text.

use newsreader::{
    library::{
        DiffMarks, StoryTexts, additions_document, combined_document, describe_story_sources,
    },
    model::EntryId,
};

use crate::{
    stories::{FIRE, StoryLibrary, TAKEOVER},
    support::now,
};

const ADDED_BY_MAIL: &str = "Investigators in Wasilla believe that the fire at the church of Sarah Palin was set \
     on Friday night. Larry Kroon called the Alaska church a loss of a million dollars.";

/// A library with a report in each of two feeds, and one beside the story.
pub fn library_of_two_sources() -> (StoryLibrary, [EntryId; 3]) {
    let mut library = StoryLibrary::new();
    let first = library.store_article(("a", 0), FIRE[0]);
    library.begin_feed("Mail");
    let second = library.store_article(("b", 0), FIRE[2]);
    let other = library.store_article(("c", 0), TAKEOVER);
    assert_eq!(library.stories(&[first, second, other]), [Some(first.0), Some(first.0), None]);
    (library, [first, second, other])
}

#[test]
fn line_about_other_sources_counts_the_words_that_each_adds() {
    let (mut library, [first, second, other]) = library_of_two_sources();
    let line =
        |library: &StoryLibrary, id| describe_story_sources(&library.reader, id, &[]).unwrap();
    assert_eq!(line(&library, first).unwrap(), "Also in Mail (+30 words)");
    assert_eq!(line(&library, other), None);
    library.begin_feed("Gazette");
    library.store_article(("d", 0), FIRE[3]);
    let expected = "Also in Gazette (+33 words), Post (+27 words)";
    assert_eq!(line(&library, second).unwrap(), expected);
}

/// Returns the words of a text in another order for each number, so that no text is a copy of another.
fn shuffled(text: &str, number: usize) -> String {
    let mut words: Vec<(usize, &str)> = text.split(' ').enumerate().collect();
    words.sort_by_key(|(index, _)| (index + 1) * (number + 1) * 7_919 % 1_009);
    words.into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

#[test]
fn line_about_many_sources_names_the_newest() {
    let (mut library, [first, ..]) = library_of_two_sources();
    for number in 1..=9 {
        library.begin_feed(&format!("Feed{number}"));
        library.store_article((&format!("n{number}"), 1), &shuffled(FIRE[1], number));
    }
    let line = describe_story_sources(&library.reader, first, &[]).unwrap().unwrap();
    assert_eq!(line, "Also in Feed9, Feed8, Feed7, Feed6, Feed5, Feed4, 4 others");
}

#[test]
fn additions_are_listed_source_by_source() {
    let (library, [first, ..]) = library_of_two_sources();
    let texts = StoryTexts::load(&library.reader, first, &[]).unwrap();
    let document = additions_document(&texts, now());
    assert_eq!(document.change_count, 1);
    let blocks = document.document.text_blocks();
    assert_eq!(blocks[0], "The other article of this story · +30 words");
    assert!(blocks[1].starts_with("Mail, ") && blocks[1].ends_with(" · +30 words"), "{blocks:?}");
    assert_eq!(blocks[2..], [ADDED_BY_MAIL]);
}

#[test]
fn article_without_a_story_has_no_additions() {
    let (library, [.., other]) = library_of_two_sources();
    let texts = StoryTexts::load(&library.reader, other, &[]).unwrap();
    assert!(texts.others.is_empty() && texts.additions().is_empty());
}

#[test]
fn combined_text_is_the_longest_with_the_additions_of_others() {
    let (library, [first, ..]) = library_of_two_sources();
    let combined = |marks| {
        let texts = StoryTexts::load(&library.reader, first, &[]).unwrap();
        combined_document(texts, marks, now())
    };
    let document = combined(DiffMarks::Signs);
    assert_eq!(document.change_count, 1);
    let blocks = document.document.text_blocks();
    assert!(blocks[0].starts_with("Mail, "), "{blocks:?}");
    assert!(blocks[0].ends_with(" · with the other article: +27 words"), "{blocks:?}");
    let (own, added) = (FIRE[2], FIRE[0]);
    assert_eq!(blocks[blocks.len() - 2..], [own.to_owned(), format!("Post: {{+{added}+}}")]);
    let styled = combined(DiffMarks::Styles).document.text_blocks();
    assert_eq!(styled.last().unwrap(), &format!("Post: {added}"));
}

#[test]
fn first_sentence_that_is_the_headline_is_shown_once_and_is_no_addition() {
    let mut library = StoryLibrary::new();
    let (own, added) = ("Church of Palin burns", "Fire in Wasilla");
    let first = library.store_titled_article(("a", 0), own, &format!("{own}. {}", FIRE[0]));
    library.begin_feed("Mail");
    library.store_titled_article(("b", 0), added, &format!("{added}. {}", FIRE[2]));
    let texts = StoryTexts::load(&library.reader, first, &[]).unwrap();
    let additions = additions_document(&texts, now()).document.text_blocks();
    assert!(additions[1].ends_with(&format!(" · +30 words: {added}")), "{additions:?}");
    assert_eq!(additions[2..], [ADDED_BY_MAIL]);
    let combined = combined_document(texts, DiffMarks::Styles, now()).document.plain_text();
    assert_eq!(combined.matches(added).count(), 1, "{combined}");
}
