//! The prompt for the tags of an article: `urgent` adds a tag, `-urgent` takes it off, and
//! `later until friday` limits it. To hide an article for a time, it asks for the day alone.

use super::{
    DialogLayout,
    word_completion::{WordCompletion, is_separator, matching_words, split_before_caret},
};
use crate::{
    app::{PaneLayout, TextInput},
    model::{Entry, EntryId, EntryTag, Tag, TagMark, TagName},
    query::{FUTURE_TIME_FORMS, is_clock_time, parse_future_time},
    text::{LocalNow, count_noun},
};

/// The word before the day that ends a tag.
const UNTIL: &str = "until";

/// The days that complete a word after `until`.
pub(super) const DAYS: [&str; 11] = [
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "2d",
    "1w",
    "1m",
];

/// A line in which the tags of an article are typed.
#[derive(Debug)]
pub struct TagPrompt {
    /// The tags to add and to take off.
    pub input: TextInput,
    entries: Vec<EntryId>,
    title: String,
    /// The tags that the article has; those of the library for several articles.
    tags: Vec<EntryTag>,
    /// The names of all tags.
    names: Vec<String>,
    /// A day is asked for, until which the articles are hidden, in place of tags.
    asks_for_day: bool,
    completion: WordCompletion,
    problem: Option<String>,
}

impl TagPrompt {
    /// Creates a prompt for the tags of `entry`, which completes the names of `known` tags.
    pub(in crate::app) fn new(entry: &Entry, known: &[Tag]) -> TagPrompt {
        TagPrompt {
            input: TextInput::default(),
            entries: vec![entry.id],
            title: format!("“{}”", entry.title),
            tags: entry.tags.clone(),
            names: known.iter().map(|tag| tag.name.to_string()).collect(),
            asks_for_day: false,
            completion: WordCompletion::default(),
            problem: None,
        }
    }

    /// Creates a prompt for the tags of several entries.
    pub(in crate::app) fn for_several(ids: &[EntryId], known: &[Tag]) -> TagPrompt {
        let tag_of = |tag: &Tag| EntryTag {
            id: tag.id,
            name: tag.name.clone(),
            color: tag.color,
            until: None,
        };
        TagPrompt {
            input: TextInput::default(),
            entries: ids.to_vec(),
            title: count_noun(ids.len(), "article"),
            tags: known.iter().map(tag_of).collect(),
            names: known.iter().map(|tag| tag.name.to_string()).collect(),
            asks_for_day: false,
            completion: WordCompletion::default(),
            problem: None,
        }
    }

    /// Asks for the day until which the articles are hidden, in place of tags.
    #[must_use]
    pub(in crate::app) fn for_day(self) -> TagPrompt {
        TagPrompt { asks_for_day: true, ..self }
    }

    /// Returns whether a day is asked for, until which the articles are hidden.
    pub fn asks_for_day(&self) -> bool {
        self.asks_for_day
    }

    /// Returns the entries that get the tags.
    pub(in crate::app) fn entries(&self) -> &[EntryId] {
        &self.entries
    }

    /// Returns whether the prompt is for more than one article.
    pub fn is_for_several(&self) -> bool {
        self.entries.len() > 1
    }

    /// Returns the title of the article in quotation marks, or the number of several.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the tags that the article had when the prompt was opened.
    pub fn tags(&self) -> &[EntryTag] {
        &self.tags
    }

    /// Returns what is wrong with the text, once the user has tried to use it.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Edits the text.
    pub(in crate::app) fn edit_input(&mut self, edit: impl FnOnce(&mut TextInput)) {
        edit(&mut self.input);
        self.completion.reset();
        self.problem = None;
    }

    /// Parses the text. If something is wrong with it, says so and returns `None`.
    pub(in crate::app) fn validate(&mut self, now: LocalNow) -> Option<Vec<(TagName, TagMark)>> {
        let text = self.input.text();
        let marks = if self.asks_for_day {
            let end = parse_end(Some(text.trim()).filter(|day| !day.is_empty()), now);
            end.map(|end| vec![(TagName::hidden(), TagMark::Until(end))])
        } else {
            parse_tag_marks(text, now)
        };
        match marks {
            Ok(marks) => Some(marks),
            Err(problem) => {
                self.problem = Some(problem);
                None
            }
        }
    }

    /// Returns the words that complete the one before the caret: tags of the library, after a minus
    /// those of the article, and days after `until`.
    pub fn completions(&self) -> Vec<String> {
        if let Some(words) = self.completion.offered() {
            return words.to_vec();
        }
        let (before, word) = split_before_caret(&self.input);
        if self.asks_for_day || last_word(before).eq_ignore_ascii_case(UNTIL) {
            return matching_words(DAYS.into_iter(), "", word);
        }
        let name = word.trim_start_matches(['-', '+']);
        let sign = &word[..word.len() - name.len()];
        if sign.starts_with('-') {
            matching_words(self.tags.iter().map(|tag| tag.name.as_str()), sign, name)
        } else {
            matching_words(self.names.iter().map(String::as_str), sign, name)
        }
    }

    /// Completes the word before the caret: with the first completion, or with the one `step` words
    /// after the one that was inserted last.
    pub(in crate::app) fn complete(&mut self, step: isize) {
        let words = self.completions();
        self.completion.complete(&mut self.input, words, step);
        self.problem = None;
    }

    /// Lays out the prompt; its list holds the field.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        DialogLayout::centered(panes, 64, 7).with_rows(1)
    }

    /// Returns whether something was typed.
    pub(in crate::app) fn is_changed(&self) -> bool {
        !self.input.text().is_empty()
    }
}

fn last_word(text: &str) -> &str {
    text.split(is_separator).rfind(|word| !word.is_empty()).unwrap_or_default()
}

/// Parses the tags to add and to take off; the error completes the prompt as a sentence.
fn parse_tag_marks(text: &str, now: LocalNow) -> Result<Vec<(TagName, TagMark)>, String> {
    let mut marks: Vec<(TagName, TagMark)> = Vec::new();
    let mut words = text.split(is_separator).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case(UNTIL) {
            let day = words.next();
            let time = words.next_if(|word| is_clock_time(word));
            let end = match (day, time) {
                (Some(day), Some(time)) => parse_end(Some(&format!("{day} {time}")), now)?,
                _ => parse_end(day, now)?,
            };
            match marks.last_mut() {
                Some((_, mark @ TagMark::On)) => *mark = TagMark::Until(end),
                _ => return Err("“until” follows the tag that it limits".to_owned()),
            }
            continue;
        }
        let (name, mark) = parse_tag_mark(word)?;
        if marks.iter().any(|(other, _)| other.key() == name.key()) {
            return Err(format!("The tag {name} is named twice"));
        }
        marks.push((name, mark));
    }
    if marks.is_empty() { Err("Type a tag first".to_owned()) } else { Ok(marks) }
}

fn parse_tag_mark(word: &str) -> Result<(TagName, TagMark), String> {
    let (name, mark) = match word.strip_prefix('-') {
        Some(name) => (name, TagMark::Off),
        None => (word.strip_prefix('+').unwrap_or(word), TagMark::On),
    };
    match TagName::parse(name) {
        Ok(name) => Ok((name, mark)),
        Err(error) => Err(format!("“{name}” is no tag: {error}")),
    }
}

/// Parses the time after `until`, in seconds since 1970.
fn parse_end(text: Option<&str>, now: LocalNow) -> Result<i64, String> {
    let Some(text) = text else { return Err(format!("Until when? {FUTURE_TIME_FORMS}")) };
    let time = parse_future_time(text, now.local());
    time.and_then(|time| time.resolve(now.at, |local| now.instant_of(local)))
        .ok_or_else(|| format!("“{text}”: {FUTURE_TIME_FORMS}"))
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeZone, Utc};

    use super::{LocalNow, parse_tag_marks};

    fn parse(text: &str) -> Result<String, String> {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        let marks = parse_tag_marks(text, now)?;
        let mark = |(name, mark)| format!("{name} {mark:?}");
        Ok(marks.into_iter().map(mark).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn tags_are_parsed_with_signs_and_ends() {
        assert_eq!(parse("urgent, -old +c++"), Ok("urgent On; old Off; c++ On".to_owned()));
        // Midnight of 27 November 2026, one hour east of UTC.
        assert_eq!(
            parse("later UNTIL Friday todo"),
            Ok("later Until(1795734000); todo On".to_owned())
        );
        // It is 13:00 there, so that 10:00 is that of tomorrow.
        assert_eq!(
            parse("later until 10:00, todo until fri 9:00 old until 2h"),
            Ok("later Until(1795510800); todo Until(1795766400); old Until(1795442400)".to_owned())
        );
    }

    #[test]
    fn wrong_tags_are_named() {
        for (text, problem) in [
            (" , ", "Type a tag first"),
            ("a A", "The tag A is named twice"),
            ("--a", "“-a” is no tag: a tag has a letter"),
            ("until friday", "“until” follows the tag"),
            ("-a until friday", "“until” follows the tag"),
            ("a until friday until 2d", "“until” follows the tag"),
            ("a until", "Until when? a time to come is 18:00"),
            ("a until yesterday", "“yesterday”: a time to come is 18:00"),
            ("a removed", "“removed” is no tag: this word is that of the trash"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(problem), "{text}: {error}");
        }
    }
}
