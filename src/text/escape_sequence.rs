//! Terminal control sequences (ECMA-48), recognised so that they are removed as a whole.

use std::{ops::RangeInclusive, str::Chars};

/// Returns true if `c` may begin a control sequence: ESC, or a C1 control that opens one.
pub(super) fn starts_sequence(c: char) -> bool {
    matches!(c, '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}'..='\u{9f}')
}

/// Advances `rest` past the sequence that `opener` began.
pub(super) fn skip_sequence(opener: char, rest: &mut Chars<'_>) {
    match opener {
        '\u{1b}' => skip_after_escape(rest),
        '\u{9b}' => skip_csi(rest),
        _ => skip_control_string(rest),
    }
}

fn skip_after_escape(rest: &mut Chars<'_>) {
    match rest.clone().next() {
        Some('[') => {
            rest.next();
            skip_csi(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_control_string(rest);
        }
        _ => {
            skip_while_in(rest, ' '..='/');
            skip_one_in(rest, '0'..='~');
        }
    }
}

/// Skips a CSI sequence: parameters, intermediate bytes, one final byte.
fn skip_csi(rest: &mut Chars<'_>) {
    skip_while_in(rest, ' '..='?');
    skip_one_in(rest, '@'..='~');
}

/// Skips OSC, DCS, APC and the like, up to BEL or ST. An unterminated one loses only its opener,
/// not the text after it.
fn skip_control_string(rest: &mut Chars<'_>) {
    let text = rest.as_str();
    let Some(end) = text.find(char::is_control) else { return };
    let terminator =
        ["\u{7}", "\u{1b}\\", "\u{9c}"].into_iter().find(|mark| text[end..].starts_with(mark));
    if let Some(terminator) = terminator {
        *rest = text[end + terminator.len()..].chars();
    }
}

fn skip_while_in(rest: &mut Chars<'_>, range: RangeInclusive<char>) {
    while skip_one_in(rest, range.clone()) {}
}

fn skip_one_in(rest: &mut Chars<'_>, range: RangeInclusive<char>) -> bool {
    let found = rest.clone().next().is_some_and(|c| range.contains(&c));
    if found {
        rest.next();
    }
    found
}
