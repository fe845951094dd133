//! The tokenizer for dates: cuts a text into numbers, words and symbols.

use std::iter::Peekable;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::text::decode_entities;

/// One token of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateToken {
    /// A number and its count of digits.
    Number { value: u64, digits: usize },
    /// Letters in lower case without accents.
    Word(String),
    /// Any other character except white space.
    Symbol(char),
}

/// Cuts `text` into tokens; text in parentheses is a comment (RFC 5322 §3.2.2).
pub(super) fn tokenize_date(text: &str) -> Vec<DateToken> {
    let mut decoded = String::with_capacity(text.len());
    decode_entities(text, &mut decoded);
    let lower = decoded.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    // Some templates leave a literal `\n` after the date.
    let date = lower.trim_end_matches("\\n");
    if date.is_ascii() {
        return tokenize_chars(date.chars());
    }
    // NFD to remove accents, then NFC to join the letters of Hangul again.
    tokenize_chars(date.nfd().filter(|c| !is_combining_mark(*c)).nfc())
}

fn tokenize_chars(chars: impl Iterator<Item = char>) -> Vec<DateToken> {
    let mut chars = chars.peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        if c == '(' {
            while chars.next_if(|c| *c != ')').is_some() {}
            chars.next();
        } else if let Some(digit) = c.to_digit(10) {
            tokens.push(read_number(digit, &mut chars));
        } else if let Some(separator) = cjk_separator(c) {
            tokens.push(DateToken::Symbol(separator));
        } else if c.is_alphabetic() {
            tokens.push(read_word(c, &mut chars));
        } else if !c.is_whitespace() {
            // U+2212 is the minus sign.
            tokens.push(DateToken::Symbol(if c == '\u{2212}' { '-' } else { c }));
        }
    }
    tokens
}

fn read_number(first: u32, chars: &mut Peekable<impl Iterator<Item = char>>) -> DateToken {
    let (mut value, mut digits) = (u64::from(first), 1);
    while let Some(next) = chars.next_if(char::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add(next.to_digit(10).unwrap_or(0).into());
        digits += 1;
    }
    DateToken::Number { value, digits }
}

/// Reads a word; `/` and `_` occur in names of zones such as `America/New_York`.
fn read_word(first: char, chars: &mut Peekable<impl Iterator<Item = char>>) -> DateToken {
    let mut word = String::from(first);
    while let Some(next) = chars
        .next_if(|c| cjk_separator(*c).is_none() && (c.is_alphabetic() || matches!(c, '/' | '_')))
    {
        word.push(next);
    }
    DateToken::Word(word)
}

/// Returns the separator that replaces a Chinese, Japanese or Korean sign for year, month or day.
fn cjk_separator(c: char) -> Option<char> {
    match c {
        '年' | '月' => Some('-'),
        '日' => Some(','),
        '년' | '월' | '일' => Some('년'),
        _ => None,
    }
}
