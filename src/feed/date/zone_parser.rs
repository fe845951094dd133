//! The zone of a date: names, offsets, and both.
//!
//! A name that is not known counts as UTC: a time that may be some hours off is better than none.

use super::{
    DateParser,
    time_zones::{self, TimeZoneRule},
    tokenizer::{DateToken, tokenize_date},
    words::{DateWord, classify_word},
};

/// Maximum number of words in the long name of a zone: `Central Brazilian Daylight Saving Time`.
const MAX_NAME_WORDS: usize = 6;

/// Maximum length of an unknown abbreviation after an offset or at the end of a date, in bytes.
const MAX_ABBREVIATION_BYTES: usize = 5;

impl DateParser {
    /// Reads the zone at token `at`, if there is one, and returns its end. An offset counts more than
    /// a name.
    pub(super) fn read_zone(&mut self, at: usize) -> usize {
        if let Some((zone, end)) = self.match_posix_zone(at) {
            self.zone = Some(zone);
            return end;
        }
        let (mut zone, mut end) = self.match_zone_name(at);
        let (offset, offset_end) = self.match_offset(end);
        if offset_end > end {
            zone = offset.or(zone);
            end = self.skip_repeated_zone(offset_end);
        }
        self.zone = zone.or(self.zone);
        end
    }

    /// Matches a zone as POSIX writes it, where west is positive: `EST5EDT`, `CET-1CEST`, `GMT0`.
    fn match_posix_zone(&self, at: usize) -> Option<(TimeZoneRule, usize)> {
        let standard = self.word_at(at).filter(|word| word.len() >= 3)?;
        let zone = time_zones::parse_zone_name(standard)?;
        let hours = at + 1 + usize::from(self.tokens.get(at + 1) == Some(&DateToken::Symbol('-')));
        let value = match self.tokens.get(hours)? {
            DateToken::Number { value, digits: 1 | 2 } => *value,
            _ => return None,
        };
        match self.word_at(hours + 1) {
            Some(summer) if summer.len() >= 3 && time_zones::parse_zone_name(summer).is_some() => {
                Some((time_zones::posix_daylight_zone(standard).unwrap_or(zone), hours + 2))
            }
            _ => (value == 0).then_some((zone, hours + 1)),
        }
    }

    /// Takes the zone that a comment names, as browsers write it: `14:05 (Pacific Standard Time)`.
    pub(super) fn take_zone_in_comment(&mut self, text: &str) {
        let comment = text.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        let Some((comment, _)) = comment.filter(|_| self.zone.is_none()) else { return };
        let comment = DateParser { tokens: tokenize_date(comment), ..DateParser::default() };
        let (zone, end) = comment.match_zone_name(0);
        if end == comment.tokens.len() {
            self.zone = zone;
        }
    }

    /// Returns the zone whose name is at token `at`, and the end of the name.
    fn match_zone_name(&self, at: usize) -> (Option<TimeZoneRule>, usize) {
        if let Some(found) = self.match_long_zone_name(at) {
            return found;
        }
        let Some(word) = self.word_at(at) else { return (None, at) };
        if let Some(zone) = time_zones::parse_zone_name(word) {
            return (Some(zone), at + 1);
        }
        let unknown = self.tokens[at..].iter().take_while(|token| is_unknown_word(token)).count();
        ((unknown > 0).then_some(TimeZoneRule::fixed(0)), at + unknown)
    }

    /// Matches words up to `time`; a dot may follow a single letter, as in `W. Europe`.
    fn match_long_zone_name(&self, at: usize) -> Option<(Option<TimeZoneRule>, usize)> {
        let (mut name, mut end) = (String::new(), at);
        for _ in 0..MAX_NAME_WORDS {
            let word = self.word_at(end)?;
            end += 1;
            if word == "time" {
                let zone = time_zones::parse_long_zone_name(name.trim_start());
                return Some((zone.or(Some(TimeZoneRule::fixed(0))), end));
            }
            name.push(' ');
            name.push_str(word);
            let has_dot = word.len() == 1 && self.tokens.get(end) == Some(&DateToken::Symbol('.'));
            end += usize::from(has_dot);
        }
        None
    }

    /// Removes a zone at the very end of a date, after the year. An unknown word is one if it is
    /// short, or if the date has a time.
    pub(super) fn take_trailing_zone(&mut self) {
        let count = self.tokens.len();
        let words_len = self
            .tokens
            .iter()
            .rev()
            .take(MAX_NAME_WORDS * 2)
            .take_while(|token| matches!(token, DateToken::Word(_) | DateToken::Symbol('.')));
        let start = count - words_len.count();
        for at in start.max(1)..count {
            if let Some((zone, end)) = self.match_long_zone_name(at)
                && end == count
            {
                self.zone = self.zone.or(zone);
                self.tokens.truncate(at);
                return;
            }
        }
        let is_zone = matches!(self.tokens.last(), Some(token @ DateToken::Word(word))
            if count > 1 && word.len() <= MAX_ABBREVIATION_BYTES && is_unknown_word(token));
        if is_zone && matches!(self.tokens[count - 2], DateToken::Number { .. }) {
            self.tokens.truncate(count - 1);
        }
    }

    /// Matches an offset at token `at`, and returns it with its end. There is no offset where nothing
    /// like one is written, or a hyphen separates the time from a date; one that no place has counts
    /// as UTC.
    fn match_offset(&self, at: usize) -> (Option<TimeZoneRule>, usize) {
        let is_sign = |at: usize| matches!(self.tokens.get(at), Some(DateToken::Symbol('+' | '-')));
        // `15:04:05:-0700` and `15:04:05 --0700` occur.
        let is_doubled =
            is_sign(at + 1) && matches!(self.tokens.get(at), Some(DateToken::Symbol(':' | '-')));
        let at = at + usize::from(is_doubled);
        let sign = match self.tokens.get(at) {
            Some(DateToken::Symbol('+')) => 1,
            Some(DateToken::Symbol('-')) if self.is_date(at + 1) => {
                return (None, at + 1);
            }
            Some(DateToken::Symbol('-')) => -1,
            Some(DateToken::Number { value: 0, digits: 2 | 4 }) if at + 1 == self.tokens.len() => {
                return (Some(TimeZoneRule::fixed(0)), at + 1);
            }
            _ => return (None, at),
        };
        match self.read_offset(at + 1) {
            Some((seconds, end)) => (Some(TimeZoneRule::fixed(sign * seconds)), end),
            None => (Some(TimeZoneRule::fixed(0)), self.skip_numbers(at + 1)),
        }
    }

    /// Returns the end of the numbers at token `at` and of the colons between them.
    fn skip_numbers(&self, at: usize) -> usize {
        let is_offset =
            |token: &&DateToken| matches!(token, DateToken::Number { .. } | DateToken::Symbol(':'));
        at + self.tokens.iter().skip(at).take_while(is_offset).count()
    }

    /// Returns the offset of four digits at token `at`, after its sign.
    pub(super) fn match_trailing_offset(&self, sign: char, at: usize) -> Option<TimeZoneRule> {
        let (seconds, _) = self.read_offset(at)?;
        Some(TimeZoneRule::fixed(if sign == '-' { -seconds } else { seconds }))
    }

    /// Returns true if a day or a year of a date is at token `at`, and not an offset.
    fn is_date(&self, at: usize) -> bool {
        let is_short = matches!(self.tokens.get(at), Some(DateToken::Number { digits: 1 | 2, .. }));
        is_short
            && match self.tokens.get(at + 1) {
                Some(DateToken::Symbol('.' | '/' | '-')) => true,
                Some(DateToken::Word(word)) => matches!(classify_word(word), DateWord::Month(_)),
                _ => false,
            }
    }

    /// Reads an offset `hh`, `hhmm`, `hh:mm` or `hh:mm:ss` (RFC 3339 §5.6, RFC 5322 §3.3); returns
    /// it in seconds with its end.
    fn read_offset(&self, at: usize) -> Option<(i32, usize)> {
        let Some(DateToken::Number { value, digits }) = self.tokens.get(at) else { return None };
        let value = i32::try_from(*value).ok()?;
        let (hours, minutes, end) = match (digits, self.tokens.get(at + 1)) {
            (_, Some(DateToken::Symbol(':'))) => {
                let has_seconds = self.tokens.get(at + 3) == Some(&DateToken::Symbol(':'))
                    && self.number_at(at + 4).is_some();
                let end = if has_seconds { at + 5 } else { at + 3 };
                (value, i32::try_from(self.number_at(at + 2)?).ok()?, end)
            }
            (1 | 2, _) => (value, 0, at + 1),
            (3 | 4, _) => (value / 100, value % 100, at + 1),
            _ => return None,
        };
        (hours < 24 && minutes < 60).then(|| (hours * 3600 + minutes * 60, end))
    }

    /// Returns the end of what follows an offset and says the same again: a name (`-0500 EST`), the
    /// offset (Go writes `+0300 +0300`), `Z`, and Go's monotonic clock (`m=+0.01`).
    fn skip_repeated_zone(&self, at: usize) -> usize {
        let (_, mut end) = self.match_zone_name(at);
        let is_text = self.word_at(at).is_some_and(|word| word.len() > MAX_ABBREVIATION_BYTES);
        if is_text && self.match_long_zone_name(at).is_none() && is_unknown_word(&self.tokens[at]) {
            return at;
        }
        let is_clock = self.tokens.get(end) == Some(&DateToken::Symbol('='));
        if is_clock && self.word_at(at) == Some("m") {
            return self.tokens.len();
        }
        if let (Some(_), repeated_end) = self.match_offset(end) {
            end = repeated_end;
        }
        let has_clock = self.word_at(end) == Some("m")
            && self.tokens.get(end + 1) == Some(&DateToken::Symbol('='));
        if has_clock { self.tokens.len() } else { end }
    }
}

fn is_unknown_word(token: &DateToken) -> bool {
    matches!(token, DateToken::Word(word) if classify_word(word) == DateWord::Unknown)
}
