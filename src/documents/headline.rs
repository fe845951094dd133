//! Headlines for texts without a title: the complete first sentence.
//!
//! Start with [`extract_headline`].

use crate::text::{
    ends_with_acronym, floor_char_boundary, is_abbreviation, sanitize, truncate, width,
};

/// Maximum width of a headline, in columns; longer sentences are cut after a clause.
const MAX_WIDTH: usize = 200;

/// Minimum width of a cut headline, in columns; a clause that ends earlier says too little.
const MIN_CLAUSE_WIDTH: usize = 40;

/// Maximum length of the text in which the end of a sentence is searched, in bytes. A sentence of
/// this length is cut anyway.
const MAX_SOURCE_BYTES: usize = 4096;

/// Returns the first sentence of `paragraph` as a headline, on one line and without its full stop;
/// `None` if there are no words.
///
/// Only the first line of the paragraph is used.
pub(super) fn extract_headline(paragraph: &str) -> Option<String> {
    let line = paragraph.trim().lines().next()?;
    let line = &line[..floor_char_boundary(line, MAX_SOURCE_BYTES)];
    let words = sanitize::strip_controls(line).split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = shorten_to_clause(strip_full_stop(first_sentence(&words)));
    (!sentence.is_empty()).then_some(sentence)
}

/// Returns the end of the headline in `paragraph`, in bytes and with its full stop; `None` if the
/// headline extracted from the paragraph is not `title`.
pub fn find_headline_end(paragraph: &str, title: &str) -> Option<usize> {
    if extract_headline(paragraph)? != title && !begins_with_sentence(paragraph, title) {
        return None;
    }
    // The headline is the beginning of the paragraph, but for white space and the mark of a cut.
    let is_visible = |c: &char| !c.is_whitespace() && !c.is_control();
    let headline = if paragraph.contains(title) { title } else { title.trim_end_matches('…') };
    let length = headline.chars().filter(is_visible).count();
    let mut visible = paragraph.char_indices().filter(|(_, c)| is_visible(c));
    let (last, c) = visible.nth(length.checked_sub(1)?)?;
    let end = last + c.len_utf8();
    let rest = &paragraph[end..];
    Some(end + rest.find(|c| !is_closing_punctuation(c)).unwrap_or(rest.len()))
}

/// Returns whether `paragraph` begins with `title` and a full stop: earlier versions took a full stop after some
/// abbreviations for the end of a sentence.
fn begins_with_sentence(paragraph: &str, title: &str) -> bool {
    paragraph.strip_prefix(title).is_some_and(|rest| !title.is_empty() && rest.starts_with(". "))
}

/// Returns the first sentence with its closing quotation marks.
fn first_sentence(text: &str) -> &str {
    let mut open_brackets = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '「' | '『' | '（' => open_brackets += 1,
            '」' | '』' | '）' => open_brackets = open_brackets.saturating_sub(1),
            _ => {}
        }
        if ends_sentence(text, at, c, open_brackets) {
            let rest = &text[at..];
            return &text[..at + rest.find(|c| !is_closing_punctuation(c)).unwrap_or(rest.len())];
        }
    }
    text
}

/// Returns whether `c`, at byte `at` of `text`, ends a sentence.
///
/// `open_brackets` counts the open Japanese quotation marks and brackets: a full stop inside a
/// quotation ends the sentence only if nothing of it follows.
fn ends_sentence(text: &str, at: usize, c: char, open_brackets: usize) -> bool {
    let rest = text[at..].trim_start_matches(is_closing_punctuation);
    match c {
        '。' | '！' | '？' | '｡' => {
            open_brackets == 0 || (open_brackets == 1 && may_start_sentence(rest))
        }
        '।' | '॥' | '۔' | '։' | '።' => true,
        '!' | '?' | '؟' => may_start_sentence(rest),
        '.' => may_start_sentence(rest) && !is_abbreviation(&text[..at], rest.trim_start()),
        _ => false,
    }
}

/// Returns whether `rest`, the text after a full stop, may begin a new sentence: it is empty, or
/// white space and no lower-case letter.
fn may_start_sentence(rest: &str) -> bool {
    let next = rest.trim_start().trim_start_matches(['"', '“', '‘', '«', '(', '[', '¿', '¡', '\'']);
    rest.is_empty()
        || (rest.starts_with(char::is_whitespace) && !next.starts_with(char::is_lowercase))
}

/// Returns whether `c` is a full stop, or a quotation mark or bracket that closes after one.
fn is_closing_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '؟' | '。' | '！' | '？' | '｡' | '।' | '॥' | '۔' | '։' | '።' | '…'
    ) || matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）')
}

/// Removes the full stop at the end; the dots of an acronym and of an ellipsis stay.
fn strip_full_stop(sentence: &str) -> &str {
    let Some(bare) = sentence.strip_suffix(['.', '。', '｡', '।', '۔', '։', '።']) else {
        return sentence;
    };
    let is_kept = bare.ends_with('.') || (sentence.ends_with('.') && ends_with_acronym(bare));
    if is_kept { sentence } else { bare.trim_end() }
}

/// Cuts a sentence that is wider than [`MAX_WIDTH`]: after the last clause that fits, otherwise
/// after the last word that fits, with an ellipsis.
fn shorten_to_clause(sentence: &str) -> String {
    let (mut used, mut clause_end, mut word_end) = (0, None, None);
    for (at, c) in sentence.char_indices() {
        if used > MIN_CLAUSE_WIDTH && is_clause_end(&sentence[at..]) {
            clause_end = Some(at);
        }
        if c == ' ' {
            word_end = Some(at);
        }
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > MAX_WIDTH {
            break;
        }
    }
    if used <= MAX_WIDTH {
        return sentence.to_owned();
    }
    match (clause_end, word_end) {
        (Some(end), _) => sentence[..end]
            .trim_end_matches(|c: char| c == ' ' || is_clause_punctuation(c))
            .to_owned(),
        (None, Some(end)) => {
            format!("{}…", sentence[..end].trim_end_matches(is_clause_punctuation))
        }
        (None, None) => truncate(sentence, MAX_WIDTH).into_owned(),
    }
}

/// Returns whether a clause ends at the start of `rest`.
fn is_clause_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    match (rest.next(), rest.next()) {
        (Some(mark), Some(' ')) => is_clause_punctuation(mark) && mark != '-',
        (Some(mark), Some(_)) => matches!(mark, '，' | '、' | '；' | '：' | '—'),
        _ => false,
    }
}

/// Returns whether `c` is punctuation between clauses.
fn is_clause_punctuation(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '—' | '–' | '-' | '،' | '؛' | '，' | '、' | '；' | '：')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn extract_headline_looks_at_the_beginning_only() {
        for mark in ["\"", ".", "!", "“", "...a", "? \"", "。「"] {
            let headline = extract_headline(&("Words ".to_owned() + &mark.repeat(200_000)));
            assert!(headline.is_some_and(|headline| width(&headline) <= MAX_WIDTH + 1), "{mark}");
        }
    }

    #[test]
    fn extract_headline_ends_at_first_sentence() {
        let cases = [
            ("One thing. Another.", "One thing"),
            (
                "Dr. Weil met Mr. Lang at 9 a.m. on Monday. They spoke.",
                "Dr. Weil met Mr. Lang at 9 a.m. on Monday",
            ),
            (
                "The U.S. economy grew 3.5 per cent. It was a surprise.",
                "The U.S. economy grew 3.5 per cent",
            ),
            ("They left for the U.S.", "They left for the U.S."),
            ("J. R. Holt wrote No. 5. He stopped.", "J. R. Holt wrote No. 5"),
            ("She said no. Then yes.", "She said no"),
            ("Ky. Voters Decide. They Did.", "Ky. Voters Decide"),
            ("RENO, Nev. (AP) - Rain fell. It stopped.", "RENO, Nev. (AP) - Rain fell"),
            ("Will it rain? Perhaps.", "Will it rain?"),
            ("“Will it rain?” asked the man. No.", "“Will it rain?” asked the man"),
            ("He said, “It will rain.” Then it did.", "He said, “It will rain.”"),
            ("Visit example.org today. Or not.", "Visit example.org today"),
            ("They waited... and waited. Then left.", "They waited... and waited"),
            ("Am 3. Oktober wird gefeiert. Überall.", "Am 3. Oktober wird gefeiert"),
            ("今日は雪だ。明日は晴れる。", "今日は雪だ"),
            ("「雪だ。寒い。」と述べた。終わり。", "「雪だ。寒い。」と述べた"),
            ("هل تمطر؟ ربما.", "هل تمطر؟"),
            ("यह पहला है। यह दूसरा है।", "यह पहला है"),
            ("A title\nand more. Text.", "A title"),
            ("No stop at all", "No stop at all"),
            ("  \u{1b}[1mBold\u{1b}[0m  words .", "Bold words"),
        ];
        for (text, expected) in cases {
            assert_eq!(extract_headline(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(extract_headline(" \n"), None);
    }

    #[test]
    fn find_headline_end_includes_the_full_stop() {
        for text in [
            "One thing. Another.",
            "“Will it rain?” asked the man. No.",
            "今日は雪だ。明日は晴れる。",
            "Roses are  red\nViolets are blue",
            "They left for the U.S.",
            "And then… Nothing more",
            "No stop at all",
        ] {
            let title = extract_headline(text).unwrap_or_default();
            let end = find_headline_end(text, &title).expect("the text begins with its headline");
            let sentence = text[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            let rest = sentence.strip_prefix(&title);
            assert!(matches!(rest, Some("" | "." | "。")), "{text}: {sentence}");
        }
        assert_eq!(find_headline_end("Apple opens a shop.", "Apple"), None);
        assert_eq!(find_headline_end("Ky. Voters Decide.", "Ky"), Some("Ky.".len()));
        let endless = "word ".repeat(80);
        let title = extract_headline(&endless).expect("it has words");
        let end = find_headline_end(&endless, &title).expect("the text begins with its headline");
        assert_eq!(format!("{}…", &endless[..end]), title);
        let clauses = "a clause of some length, ".repeat(12);
        let title = extract_headline(&clauses).expect("it has words");
        assert_eq!(find_headline_end(&clauses, &title), Some(title.len()));
    }

    #[test]
    fn extract_headline_shortens_to_clause() {
        let clause = "a clause of some length, ".repeat(12);
        let expected = ["a clause of some length"; 8].join(", ");
        assert_eq!(extract_headline(&clause), Some(expected));
        let endless = extract_headline(&"word ".repeat(80)).expect("it has words");
        assert!(endless.ends_with("word…") && width(&endless) <= MAX_WIDTH);
        assert!(extract_headline(&"東".repeat(300)).is_some_and(|line| width(&line) <= MAX_WIDTH));
    }

    proptest! {
        #[test]
        fn find_headline_end_is_within_any_text(text in any::<String>()) {
            if let Some(title) = extract_headline(&text)
                && let Some(end) = find_headline_end(&text, &title)
            {
                prop_assert!(text.is_char_boundary(end) && end > 0);
            }
        }

        #[test]
        fn extract_headline_is_one_bounded_line(text in any::<String>()) {
            if let Some(headline) = extract_headline(&text) {
                prop_assert!(!headline.contains(char::is_control));
                prop_assert!(headline.chars().count() <= text.chars().count() + 1);
            }
        }
    }
}
