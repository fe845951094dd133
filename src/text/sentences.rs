//! The sentences of a paragraph.

use unicode_segmentation::UnicodeSegmentation;

use super::is_abbreviation;

/// Splits a paragraph into its sentences, each with the blanks that follow it (UAX #29 §5). The full stop
/// of an initial or of an abbreviation before names ends none: `Mr. Fox`, `the U.S. Senate`.
pub fn split_sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences: Vec<&str> = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut pieces = paragraph.split_sentence_bounds().peekable();
    while let Some(piece) = pieces.next() {
        end += piece.len();
        let goes_on = pieces.peek().is_some_and(|next| {
            let before = paragraph[start..end].trim_end().strip_suffix('.');
            begins_small(next) || before.is_some_and(|before| is_abbreviation(before, next))
        });
        if !goes_on {
            sentences.push(&paragraph[start..end]);
            start = end;
        }
    }
    sentences
}

/// Returns whether a piece begins with a small letter, and so goes on with the sentence: `“No!” he said.`
fn begins_small(piece: &str) -> bool {
    piece.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::split_sentences;

    fn split(text: &str) -> Vec<String> {
        split_sentences(text).into_iter().map(|sentence| sentence.trim().to_owned()).collect()
    }

    #[test]
    fn sentences_end_at_their_full_stops_alone() {
        assert_eq!(
            split("It rained. Was it cold? “No!” he said."),
            ["It rained.", "Was it cold?", "“No!” he said."]
        );
        assert_eq!(
            split("Mr. Fox paid 26.50 dollars. He left."),
            ["Mr. Fox paid 26.50 dollars.", "He left."]
        );
        assert_eq!(
            split("The U.S. Senate met J. R. Smith. It agreed."),
            ["The U.S. Senate met J. R. Smith.", "It agreed."]
        );
        assert_eq!(
            split("She works for NASA. He does not."),
            ["She works for NASA.", "He does not."]
        );
        assert_eq!(split("橋は閉じた。船は出た。"), ["橋は閉じた。", "船は出た。"]);
        assert_eq!(split(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn sentences_are_the_whole_paragraph(text in "(Mr\\.|[A-Z]\\.|[a-z]{1,6}|\\.|\\?| |\n|é|。){0,30}") {
            prop_assert_eq!(split_sentences(&text).concat(), text);
        }
    }
}
