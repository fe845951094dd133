//! Filters as conditions that an archive can evaluate.

use std::ops::Range;

use chrono::NaiveDate;

use super::{
    ArchivedMark, ArticleKey,
    article_words::{MAX_WORD_BYTES, field_mark},
};
use crate::{
    model::TagName,
    query::{
        Expr, FeedNames, Field, LastWord, Predicate, Query, SearchableTag, StateFilter, TextPattern,
    },
};

/// A condition on the articles of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FarCondition {
    /// All of the conditions hold; an empty list holds for every article.
    All(Vec<FarCondition>),
    /// At least one of the conditions holds.
    Any(Vec<FarCondition>),
    /// The condition does not hold.
    Not(Box<FarCondition>),
    /// The article has a [word](super::list_article_words), or one that begins so.
    Word {
        /// The folded word, with the mark of its field.
        word: String,
        /// The word may go on.
        is_prefix: bool,
    },
    /// The article is of one of the feeds with these URLs.
    Feeds(Vec<String>),
    /// The article was published in a span, in seconds since 1970.
    Published {
        /// The span for an article with a time.
        instants: Range<i64>,
        /// The span for one of which only the day is known, by its midnight in UTC.
        days: Range<i64>,
    },
    /// The archive sorts the article before this date, in seconds since 1970.
    PublishedBefore(i64),
    /// The article has one of these marks of the user, or of all users.
    Marked(Vec<ArchivedMark>),
    /// The article has arrived no later than this, so that a library that takes what comes after does not get it.
    ArrivedUntil(i64),
    /// The article is this one.
    Article(ArticleKey),
}

impl FarCondition {
    /// Returns the condition that holds for every article.
    pub fn always() -> FarCondition {
        FarCondition::All(Vec::new())
    }

    /// Returns the condition that holds for no article.
    pub fn never() -> FarCondition {
        FarCondition::Any(Vec::new())
    }

    /// Returns the same condition without lists of one, and lists within lists of their kind.
    #[must_use]
    pub fn simplified(self) -> FarCondition {
        match self {
            FarCondition::All(conditions) => {
                let parts = conditions.into_iter().flat_map(FarCondition::into_conjuncts);
                unwrap_one(parts.collect(), FarCondition::All)
            }
            FarCondition::Any(conditions) => {
                let mut parts = Vec::new();
                for condition in conditions {
                    match condition.simplified() {
                        FarCondition::Any(inner) => parts.extend(inner),
                        other => parts.push(other),
                    }
                }
                unwrap_one(parts, FarCondition::Any)
            }
            FarCondition::Not(condition) => FarCondition::Not(Box::new(condition.simplified())),
            other => other,
        }
    }

    /// Returns the simplified conditions that all hold where this one does.
    pub fn into_conjuncts(self) -> Vec<FarCondition> {
        match self.simplified() {
            FarCondition::All(parts) => parts,
            other => vec![other],
        }
    }

    /// Returns whether an index leads to the articles that meet the condition. What only leaves articles out, such as a
    /// word that they lack, is decided by looking at each.
    pub fn is_indexed(&self) -> bool {
        match self {
            FarCondition::All(conditions) => conditions.iter().any(FarCondition::is_indexed),
            FarCondition::Any(conditions) => conditions.iter().all(FarCondition::is_indexed),
            FarCondition::Not(_)
            | FarCondition::Published { .. }
            | FarCondition::PublishedBefore(_)
            | FarCondition::ArrivedUntil(_) => false,
            FarCondition::Word { .. }
            | FarCondition::Feeds(_)
            | FarCondition::Marked(_)
            | FarCondition::Article(_) => true,
        }
    }

    /// Returns a span of seconds since 1970 in which all articles that meet the condition were published.
    pub fn date_span(&self) -> Range<i64> {
        match self {
            FarCondition::All(conditions) => conditions
                .iter()
                .map(FarCondition::date_span)
                .fold(i64::MIN..i64::MAX, |one, other| {
                    one.start.max(other.start)..one.end.min(other.end)
                }),
            FarCondition::Published { instants, days } => {
                instants.start.min(days.start)..instants.end.max(days.end)
            }
            FarCondition::PublishedBefore(date) => i64::MIN..*date,
            _ => i64::MIN..i64::MAX,
        }
    }
}

/// Returns the one condition of a list, or else all of them as a list.
fn unwrap_one(
    mut parts: Vec<FarCondition>,
    to_list: impl FnOnce(Vec<FarCondition>) -> FarCondition,
) -> FarCondition {
    match parts.pop() {
        Some(part) if parts.is_empty() => part,
        last => {
            parts.extend(last);
            to_list(parts)
        }
    }
}

/// A filter as a request to an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarQuery {
    /// A condition that every article which matches the filter meets.
    pub condition: FarCondition,
    /// Every article that meets the condition matches the filter. Otherwise it is a candidate, whose text decides.
    pub is_exact: bool,
    /// Parts of the filter that say nothing about articles of an archive, as they are typed.
    pub without_meaning: Vec<&'static str>,
}

/// The data outside of a filter that its meaning depends on.
pub struct FarQueryContext<'a> {
    /// The URLs of the feeds of the archive with their names.
    pub feeds: &'a [(String, FeedNames)],
    /// The tags of the user.
    pub tags: &'a [(TagName, SearchableTag)],
    /// Returns the start of a day in the user's time zone, in seconds since 1970.
    pub day_start: &'a dyn Fn(NaiveDate) -> i64,
}

/// Returns what a filter asks of an archive.
pub fn compile_far_query(query: &Query, context: &FarQueryContext<'_>) -> FarQuery {
    let mut compiler = Compiler { context, is_exact: true, without_meaning: Vec::new() };
    let condition = compiler.compile_expr(&query.expr, true);
    let Compiler { is_exact, without_meaning, .. } = compiler;
    FarQuery { condition, is_exact, without_meaning }
}

struct Compiler<'a> {
    context: &'a FarQueryContext<'a>,
    is_exact: bool,
    without_meaning: Vec<&'static str>,
}

impl Compiler<'_> {
    /// Compiles an expression: into a condition that holds wherever it does if `is_wide`, and otherwise, under a
    /// negation, into one that holds only where it does.
    fn compile_expr(&mut self, expr: &Expr, is_wide: bool) -> FarCondition {
        match expr {
            Expr::All(exprs) => FarCondition::All(self.compile_all(exprs, is_wide)),
            Expr::Any(exprs) => FarCondition::Any(self.compile_all(exprs, is_wide)),
            Expr::Not(expr) => FarCondition::Not(Box::new(self.compile_expr(expr, !is_wide))),
            Expr::Term(term) => self.compile_predicate(&term.predicate, is_wide),
        }
    }

    fn compile_all(&mut self, exprs: &[Expr], is_wide: bool) -> Vec<FarCondition> {
        exprs.iter().map(|expr| self.compile_expr(expr, is_wide)).collect()
    }

    /// Returns the condition in place of one that texts decide.
    fn left_to_texts(&mut self, is_wide: bool) -> FarCondition {
        self.is_exact = false;
        if is_wide { FarCondition::always() } else { FarCondition::never() }
    }

    fn compile_predicate(&mut self, predicate: &Predicate, is_wide: bool) -> FarCondition {
        match predicate {
            Predicate::Text(field, pattern) => {
                let mut sources = vec![self.compile_text(*field, pattern, is_wide)];
                sources.extend(self.matching_feeds(predicate));
                sources.extend(self.matching_tags(predicate));
                FarCondition::Any(sources)
            }
            Predicate::FeedOrFolder(_) | Predicate::Feed(_) | Predicate::Folder(_) => {
                self.matching_feeds(predicate).unwrap_or_else(FarCondition::never)
            }
            Predicate::State(state) => self.compile_state(*state, predicate),
            Predicate::Story(_) => self.note_without_meaning("story:"),
            Predicate::Published(days) => self.compile_days(days),
            Predicate::Media(_)
            | Predicate::Language(_)
            | Predicate::WordCount(_)
            | Predicate::Regex(_) => self.left_to_texts(is_wide),
        }
    }

    /// Compiles words in a field. An archive knows which words an article has and not where, so that phrases, signs and
    /// the text as opposed to other fields are left to texts.
    fn compile_text(&mut self, field: Field, pattern: &TextPattern, is_wide: bool) -> FarCondition {
        let words: Vec<&str> = pattern.folded().split_whitespace().collect();
        let is_decided = words.len() == 1
            && field != Field::Body
            && pattern.signs().is_none()
            && words.iter().all(|word| word.len() <= MAX_WORD_BYTES);
        self.is_exact &= is_decided;
        if !is_decided && !is_wide {
            return FarCondition::never();
        }
        let mark = field_mark(field).unwrap_or_default();
        let last = words.len().saturating_sub(1);
        let known = words.iter().enumerate().filter(|(_, word)| word.len() <= MAX_WORD_BYTES);
        let conditions = known.map(|(at, word)| FarCondition::Word {
            word: format!("{mark}{word}"),
            is_prefix: at == last && pattern.last_word() == LastWord::Prefix,
        });
        FarCondition::All(conditions.collect())
    }

    fn compile_state(&mut self, state: StateFilter, predicate: &Predicate) -> FarCondition {
        let marked = |mark| FarCondition::Marked(vec![mark]);
        match state {
            StateFilter::Read => marked(ArchivedMark::Read),
            StateFilter::Unread => FarCondition::Not(Box::new(marked(ArchivedMark::Read))),
            StateFilter::Starred => marked(ArchivedMark::Starred),
            StateFilter::Tagged | StateFilter::Later => {
                self.matching_tags(predicate).unwrap_or_else(FarCondition::never)
            }
            StateFilter::Edited => self.note_without_meaning("is:edited"),
            StateFilter::HasVersions => self.note_without_meaning("has:versions"),
            StateFilter::New => self.note_without_meaning("is:new"),
            StateFilter::Hidden => self.note_without_meaning("is:hidden"),
            StateFilter::Queued => self.note_without_meaning("is:queued"),
            StateFilter::Played => self.note_without_meaning("is:played"),
            StateFilter::Downloaded => self.note_without_meaning("is:downloaded"),
            StateFilter::Removed => self.note_without_meaning("is:removed"),
            StateFilter::Copy => self.note_without_meaning("is:copy"),
        }
    }

    /// Notes a term that no article meets which only an archive knows.
    fn note_without_meaning(&mut self, typed: &'static str) -> FarCondition {
        if !self.without_meaning.contains(&typed) {
            self.without_meaning.push(typed);
        }
        FarCondition::never()
    }

    fn matching_feeds(&self, predicate: &Predicate) -> Option<FarCondition> {
        let feeds = self.context.feeds.iter().filter(|(_, names)| names.satisfies(predicate));
        let urls: Vec<String> = feeds.map(|(url, _)| url.clone()).collect();
        (!urls.is_empty()).then_some(FarCondition::Feeds(urls))
    }

    fn matching_tags(&self, predicate: &Predicate) -> Option<FarCondition> {
        let tags = self.context.tags.iter().filter(|(_, tag)| tag.satisfies(predicate));
        let marks: Vec<_> = tags.map(|(name, _)| ArchivedMark::Tag(name.key())).collect();
        (!marks.is_empty()).then_some(FarCondition::Marked(marks))
    }

    fn compile_days(&self, days: &Range<NaiveDate>) -> FarCondition {
        let local = |day| limited_start(day, self.context.day_start);
        let utc = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        FarCondition::Published {
            instants: local(days.start)..local(days.end),
            days: limited_start(days.start, &utc)..limited_start(days.end, &utc),
        }
    }
}

/// Returns the start of a day; the limits of the calendar are the limits of time.
fn limited_start(day: NaiveDate, start: &dyn Fn(NaiveDate) -> i64) -> i64 {
    match day {
        day if day >= NaiveDate::MAX.pred_opt().unwrap_or(day) => i64::MAX,
        day if day <= NaiveDate::MIN.succ_opt().unwrap_or(day) => i64::MIN,
        day => start(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::TagId, query};

    fn compile(filter: &str) -> FarQuery {
        let today = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let feeds =
            [("https://a.example/feed".to_owned(), FeedNames::new("Evening Post", None, &[]))];
        let name = TagName::parse("team:Bridges").unwrap();
        let tags = [(name.clone(), SearchableTag::new(TagId(40), &name))];
        let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let context = FarQueryContext { feeds: &feeds, tags: &tags, day_start: &midnight };
        compile_far_query(&query::parse(filter, today), &context)
    }

    #[test]
    fn words_fields_and_marks_are_decided_by_the_archive() {
        for filter in [
            "",
            "bridge",
            "bridge tower",
            "title:bridge",
            "author:ann or url:example",
            "!bridge",
            "is:unread",
            "is:star bridge",
            "since:2026-01-01 bridge",
            "feed:evening",
            "tag:bridges",
        ] {
            let compiled = compile(filter);
            assert!(compiled.is_exact, "{filter}: {compiled:?}");
            assert_eq!(compiled.without_meaning, [""; 0], "{filter}");
        }
    }

    #[test]
    fn phrases_and_media_are_left_to_texts() {
        for filter in [
            "\"long bridge\"",
            "!\"long bridge\"",
            "body:bridge",
            "c++",
            "has:image",
            "lang:en",
            "words:>9",
            "re:a.*b",
        ] {
            assert!(!compile(filter).is_exact, "{filter}");
        }
        let negated = format!("{:?}", compile("!\"long bridge\"").condition);
        assert!(negated.contains("Not(Any([Any([])"), "everything is a candidate: {negated}");
    }

    #[test]
    fn states_that_archives_do_not_know_are_named() {
        assert_eq!(compile("is:new is:copy is:new").without_meaning, ["is:new", "is:copy"]);
    }

    #[test]
    fn simplified_condition_has_no_lists_of_one() {
        let word = |word: &str| FarCondition::Word { word: word.to_owned(), is_prefix: true };
        assert_eq!(compile("bridge").condition.simplified(), word("bridge"));
        let both = FarCondition::All(vec![compile("bridge* tower").condition, word("sea")]);
        assert_eq!(both.clone().into_conjuncts(), ["bridge", "tower", "sea"].map(word));
        assert_eq!(both.clone().simplified().simplified(), both.simplified());
        let either = compile("!(bridge* or tower* or sea*)").condition.simplified();
        let words = FarCondition::Any(["bridge", "tower", "sea"].map(word).to_vec());
        assert_eq!(either, FarCondition::Not(Box::new(words)));
        assert_eq!(FarCondition::always().simplified(), FarCondition::always());
        assert_eq!(FarCondition::never().simplified(), FarCondition::never());
        assert_eq!(FarCondition::always().into_conjuncts(), []);
    }

    #[test]
    fn date_span_is_that_of_all_conditions() {
        let day = |day: u32| {
            let day = NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
            day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
        };
        let span = compile("since:2026-01-05 before:2026-01-09 bridge").condition.date_span();
        assert_eq!(span, day(5)..day(9));
        assert_eq!(compile("on:2026-01-05 or bridge").condition.date_span(), i64::MIN..i64::MAX);
    }
}
