//! Headlines from texts that have none: the first sentence, whole.

use crate::text::{sanitize, truncate, width};

/// Headlines up to this wide stay whole; longer ones end at a clause. In columns.
const MAX_WIDTH: usize = 200;

/// A clause that ends before this column says too little.
const MIN_CLAUSE_WIDTH: usize = 40;

/// Titles and the like, which a name follows.
const ABBREVIATIONS: [&str; 34] = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Sr", "Jr", "Gen", "Col", "Lt", "Capt", "Cmdr", "Sgt",
    "Maj", "Adm", "Rep", "Sen", "Gov", "Rev", "Hon", "Pres", "Messrs", "Mme", "Mlle", "Mt", "Ft",
    "vs", "Hr", "Fr", "bzw", "ca", "Sra", "Dra",
];

/// Words that are short forms only before a number.
const ABBREVIATIONS_BEFORE_NUMBERS: [&str; 21] = [
    "No", "no", "Nos", "Nr", "Art", "Fig", "Vol", "p", "pp", "Jan", "Feb", "Mar", "Apr", "Jun",
    "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
];

/// Months behind German ordinals.
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The first sentence of `paragraph` as a headline: on one line, without its full stop; `None` if there are no words.
pub(super) fn extract_headline(paragraph: &str) -> Option<String> {
    let line = paragraph.trim().lines().next()?;
    let words = sanitize::strip_controls(line).split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = shorten_to_clause(strip_full_stop(first_sentence(&words)));
    (!sentence.is_empty()).then_some(sentence)
}

/// The first sentence, with the quotation marks that close at its end.
fn first_sentence(text: &str) -> &str {
    let mut quotes = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '「' | '『' | '（' => quotes += 1,
            '」' | '』' | '）' => quotes = quotes.saturating_sub(1),
            _ => {}
        }
        if ends_sentence(text, at, c, quotes) {
            let rest = &text[at..];
            return &text[..at + rest.find(|c| !is_closing_punctuation(c)).unwrap_or(rest.len())];
        }
    }
    text
}

fn ends_sentence(text: &str, at: usize, c: char, quotes: usize) -> bool {
    let rest = text[at..].trim_start_matches(is_closing_punctuation);
    match c {
        '。' | '！' | '？' | '｡' => quotes == 0 || (quotes == 1 && may_start_sentence(rest)),
        '।' | '॥' | '۔' | '։' | '።' => true,
        '!' | '?' | '؟' => may_start_sentence(rest),
        '.' => may_start_sentence(rest) && !is_abbreviation(&text[..at], rest.trim_start()),
        _ => false,
    }
}

/// Whether what follows a stop may be a new sentence.
fn may_start_sentence(rest: &str) -> bool {
    let next = rest.trim_start().trim_start_matches(['"', '“', '‘', '«', '(', '[', '¿', '¡', '\'']);
    rest.is_empty()
        || (rest.starts_with(char::is_whitespace) && !next.starts_with(char::is_lowercase))
}

/// Stops, and the quotation marks and brackets that close behind them.
fn is_closing_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '؟' | '。' | '！' | '？' | '｡' | '।' | '॥' | '۔' | '։' | '።' | '…'
    ) || matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）')
}

/// Whether the word at the end of `before` is shortened, so that its stop ends no sentence before `after`.
fn is_abbreviation(before: &str, after: &str) -> bool {
    let word = last_word(before);
    let number = || after.starts_with(|c: char| c.is_ascii_digit());
    let month = || GERMAN_MONTHS.iter().any(|month| after.starts_with(month));
    let ordinal =
        word.len() <= 2 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_acronym(word)
        || ABBREVIATIONS.contains(&word)
        || (ABBREVIATIONS_BEFORE_NUMBERS.contains(&word) && number())
        || (ordinal && month())
}

/// Letters with stops between them, or one alone: `U.S`, `a.m`, `Ph.D`, `J`.
fn is_acronym(word: &str) -> bool {
    let short = |part: &str| {
        !part.is_empty() && part.chars().count() <= 2 && part.chars().all(char::is_alphabetic)
    };
    let alone =
        word.chars().count() == 1 && word.chars().all(|c| c.is_lowercase() || c.is_uppercase());
    alone || (word.contains('.') && word.split('.').all(short))
}

fn last_word(text: &str) -> &str {
    let start = text
        .rfind([' ', '-', '\u{a0}', '/'])
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    text[start..].trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// A headline has no full stop; dots that belong to the last word stay.
fn strip_full_stop(sentence: &str) -> &str {
    let Some(bare) = sentence.strip_suffix(['.', '。', '｡', '।', '۔', '։', '።']) else {
        return sentence;
    };
    let acronym =
        sentence.ends_with('.') && last_word(bare).contains('.') && is_acronym(last_word(bare));
    if acronym || bare.ends_with('.') { sentence } else { bare.trim_end() }
}

/// A sentence too long for a headline, up to the last clause that fits.
fn shorten_to_clause(sentence: &str) -> String {
    let (mut used, mut clause, mut word) = (0, None, None);
    for (at, c) in sentence.char_indices() {
        if used > MIN_CLAUSE_WIDTH && is_clause_end(&sentence[at..]) {
            clause = Some(at);
        }
        if c == ' ' {
            word = Some(at);
        }
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > MAX_WIDTH {
            break;
        }
    }
    if used <= MAX_WIDTH {
        return sentence.to_owned();
    }
    match (clause, word) {
        (Some(end), _) => sentence[..end]
            .trim_end_matches(|c: char| c == ' ' || is_clause_punctuation(c))
            .to_owned(),
        (None, Some(end)) => {
            format!("{}…", sentence[..end].trim_end_matches(is_clause_punctuation))
        }
        (None, None) => truncate(sentence, MAX_WIDTH).into_owned(),
    }
}

fn is_clause_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    match (rest.next(), rest.next()) {
        (Some(pause), Some(' ')) => is_clause_punctuation(pause) && pause != '-',
        (Some(pause), Some(_)) => matches!(pause, '，' | '、' | '；' | '：' | '—'),
        _ => false,
    }
}

fn is_clause_punctuation(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '—' | '–' | '-' | '،' | '؛' | '，' | '、' | '；' | '：')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
        fn extract_headline_is_one_bounded_line(text in any::<String>()) {
            if let Some(headline) = extract_headline(&text) {
                prop_assert!(!headline.contains(char::is_control));
                prop_assert!(headline.chars().count() <= text.chars().count() + 1);
            }
        }
    }
}
