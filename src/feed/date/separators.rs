//! Formats in which date and time are not separated as usual, rewritten as those that are.

use super::{DateParser, tokenizer::DateToken};

impl DateParser {
    /// Rewrites the tokens of these formats: `20261123140506`, `20261123 140506`,
    /// `D:20261123140506+01'00'` (PDF), `261123140506Z` (ASN.1), `2026:11:23 14:05` (EXIF),
    /// `23/Nov/2026:14:05:06` (web servers), `14h05`, `2026 14.05.06`, and an hour without minutes
    /// before an offset.
    pub(super) fn separate_date_and_time(&mut self) {
        self.replace_pdf_separators();
        self.remove_label();
        self.split_utc_time();
        self.split_compact_time();
        self.mark_compact_time();
        self.replace_colons_around_year();
        self.replace_time_separators();
        self.complete_lone_hour();
    }

    /// Puts a colon into the offset of a PDF date, completes its hour, and removes its apostrophes (ISO
    /// 32000-1 §7.9.4).
    fn replace_pdf_separators(&mut self) {
        let is_pdf = matches!(&self.tokens[..], [DateToken::Word(label), DateToken::Symbol(':'), ..] if label == "d");
        if !is_pdf {
            return;
        }
        let apostrophe = DateToken::Symbol('\'');
        self.tokens.pop_if(|last| *last == apostrophe);
        for token in self.tokens.iter_mut().filter(|token| **token == apostrophe) {
            *token = DateToken::Symbol(':');
        }
        // `Z` may be followed by an offset of zero.
        let is_utc = |token: &DateToken| matches!(token, DateToken::Word(word) if word == "z");
        if let Some(zone) = self.tokens.iter().position(is_utc) {
            self.tokens.truncate(zone + 1);
        }
        if let Some(DateToken::Number { value, digits: digits @ 10 }) = self.tokens.get_mut(2) {
            (*value, *digits) = (*value * 100, 12);
        }
    }

    /// Splits the `UTCTime` of ASN.1, which has two digits for the year (RFC 5280 §4.1.2.5.1): unless
    /// the same digits are a date with a year of four digits.
    fn split_utc_time(&mut self) {
        let [DateToken::Number { value, digits: digits @ (10 | 12) }, zone, ..] = &self.tokens[..]
        else {
            return;
        };
        let (value, digits) = (*value, *digits);
        let is_zone = matches!(zone, DateToken::Symbol('+' | '-'))
            || matches!(zone, DateToken::Word(word) if word == "z");
        let time_unit = 10_u64.pow(if digits == 12 { 6 } else { 4 });
        let is_date =
            |date: u64| (1..=12).contains(&(date / 100 % 100)) && (1..=31).contains(&(date % 100));
        let (short_date, long_date) = (value / time_unit, value / (time_unit / 100));
        let has_long_year = (1900..=2100).contains(&(long_date / 10_000)) && is_date(long_date);
        if is_zone && !has_long_year && is_date(short_date) {
            let parts = [
                DateToken::Number { value: short_date, digits: 6 },
                DateToken::Word("t".to_owned()),
                DateToken::Number { value: value % time_unit, digits: digits - 6 },
            ];
            self.tokens.splice(..1, parts);
        }
    }

    /// Removes words before a colon at the start: `Published: 23 Nov 2026`.
    fn remove_label(&mut self) {
        let is_word = |token: &&DateToken| matches!(token, DateToken::Word(_));
        let words = self.tokens.iter().take_while(is_word).count();
        if words > 0 && self.tokens.get(words) == Some(&DateToken::Symbol(':')) {
            self.tokens.drain(..=words);
        }
    }

    /// Puts the separator of ISO 8601 into `20261123 140506`.
    fn mark_compact_time(&mut self) {
        if let [DateToken::Number { digits: 8, .. }, DateToken::Number { digits: 4 | 6, .. }, ..] =
            self.tokens[..]
        {
            self.tokens.insert(1, DateToken::Word("t".to_owned()));
        }
    }

    fn split_compact_time(&mut self) {
        let Some(&DateToken::Number { value, digits: digits @ (12 | 14) }) = self.tokens.first()
        else {
            return;
        };
        let divisor = 10_u64.pow(if digits == 14 { 6 } else { 4 });
        let parts = [
            DateToken::Number { value: value / divisor, digits: 8 },
            DateToken::Word("t".to_owned()),
            DateToken::Number { value: value % divisor, digits: digits - 8 },
        ];
        self.tokens.splice(..1, parts);
    }

    fn replace_colons_around_year(&mut self) {
        let year = self.tokens.windows(2).position(|pair| {
            matches!(pair, [DateToken::Number { digits: 4, .. }, DateToken::Symbol(':')])
        });
        let Some(year) = year else { return };
        let follows_month =
            self.tokens[..year].iter().any(|token| matches!(token, DateToken::Word(_)));
        self.tokens[year + 1] = DateToken::Symbol(if follows_month { ',' } else { '-' });
        let second = self.tokens.get_mut(year + 3);
        if let Some(colon @ DateToken::Symbol(':')) = second.filter(|_| !follows_month) {
            *colon = DateToken::Symbol('-');
        }
    }

    /// Puts colons in place of `h`, and of dots in a time after the year.
    fn replace_time_separators(&mut self) {
        if self.tokens.contains(&DateToken::Symbol(':')) {
            return;
        }
        let is_number = |token: &DateToken, longest: usize| matches!(token, DateToken::Number { digits, .. } if *digits <= longest);
        let h = DateToken::Word("h".to_owned());
        let french = self
            .tokens
            .windows(3)
            .position(|three| is_number(&three[0], 2) && three[1] == h && is_number(&three[2], 2));
        if let Some(hour) = french {
            self.tokens[hour + 1] = DateToken::Symbol(':');
            return;
        }
        let dot = DateToken::Symbol('.');
        let dotted = self.tokens.windows(4).position(|four| {
            matches!(four[0], DateToken::Number { .. } | DateToken::Symbol(','))
                && is_number(&four[1], 2)
                && four[2] == dot
                && matches!(four[3], DateToken::Number { digits: 2, .. })
        });
        // A day that is written after the year has a month, and no minutes, after it.
        let has_date = |hour: usize| {
            self.tokens[..hour].iter().filter(|token| is_number(token, 4)).count() >= 2
        };
        if let Some(hour) = dotted.map(|at| at + 1).filter(|hour| has_date(*hour)) {
            self.tokens[hour + 1] = DateToken::Symbol(':');
            if self.tokens.get(hour + 3) == Some(&dot) {
                self.tokens[hour + 3] = DateToken::Symbol(':');
            }
        }
    }

    fn complete_lone_hour(&mut self) {
        if let [
            ..,
            DateToken::Number { digits: 4, .. },
            DateToken::Number { digits: 1 | 2, .. },
            DateToken::Symbol('+' | '-'),
            DateToken::Number { digits: 4, .. },
        ] = self.tokens[..]
        {
            let after_hour = self.tokens.len() - 2;
            let minutes = [DateToken::Symbol(':'), DateToken::Number { value: 0, digits: 2 }];
            self.tokens.splice(after_hour..after_hour, minutes);
        }
    }

    /// Removes an offset at the very end of a date, after the year: `15:04 02.01.2006 -0700`.
    pub(super) fn take_trailing_offset(&mut self) {
        let count = self.tokens.len();
        let [
            ..,
            DateToken::Number { digits: 4, .. },
            DateToken::Symbol(sign @ ('+' | '-')),
            DateToken::Number { digits: 4, .. },
        ] = self.tokens[..]
        else {
            return;
        };
        let numbers =
            self.tokens.iter().filter(|token| matches!(token, DateToken::Number { .. })).count();
        if self.zone.is_none() && numbers >= 3 + usize::from(self.month.is_none()) {
            self.zone = self.match_trailing_offset(sign, count - 1);
            self.tokens.truncate(count - 2);
        }
    }
}
