//! A date cut into numbers, words and signs.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A piece of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateToken {
    /// Digits, with how many there are.
    Number { value: u64, digits: usize },
    /// Letters, small and without accents.
    Word(String),
    /// Anything else but blanks.
    Symbol(char),
}

/// The pieces of `text`; what stands in parentheses is a comment (RFC 5322 §3.2.2).
pub(super) fn tokenize_date(text: &str) -> Vec<DateToken> {
    let plain = text.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    // The line feed of a template that was never filled in.
    let plain = plain.trim_end_matches("\\n");
    // Accents go, but the letters of Hangul must not come apart.
    let chars = plain.nfd().filter(|c| !is_combining_mark(*c)).nfc();
    let mut chars = chars.peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        if c == '(' {
            while chars.next_if(|c| *c != ')').is_some() {}
            chars.next();
        } else if let Some(first) = c.to_digit(10) {
            let (mut value, mut digits) = (u64::from(first), 1);
            while let Some(next) = chars.next_if(char::is_ascii_digit) {
                value =
                    value.saturating_mul(10).saturating_add(next.to_digit(10).unwrap_or(0).into());
                digits += 1;
            }
            tokens.push(DateToken::Number { value, digits });
        } else if let Some(sign) = cjk_separator(c) {
            tokens.push(DateToken::Symbol(sign));
        } else if c.is_alphabetic() {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| {
                cjk_separator(*c).is_none() && (c.is_alphabetic() || matches!(c, '/' | '_'))
            }) {
                word.push(next);
            }
            tokens.push(DateToken::Word(word));
        } else if !c.is_whitespace() {
            tokens.push(DateToken::Symbol(if c == '\u{2212}' { '-' } else { c }));
        }
    }
    tokens
}

/// The signs of year, month and day in Chinese, Japanese and Korean part numbers as a hyphen does.
fn cjk_separator(c: char) -> Option<char> {
    match c {
        '年' | '月' => Some('-'),
        '日' => Some(','),
        '년' | '월' | '일' => Some('년'),
        _ => None,
    }
}
