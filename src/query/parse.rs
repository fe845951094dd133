//! Parses a filter into a [`Query`].
//!
//! ```text
//! any  = all { "or" all }
//! all  = { not }
//! not  = ( "!" | "-" ) not | [ name ":" ] "(" any ")" | [ name ":" ] value
//! ```
//!
//! Everything that does not fit this grammar is text, so every string is a valid filter. An `or`
//! without an operand on one side, a parenthesis that is not closed yet and a sign without an
//! operand have no effect.

use std::{borrow::Cow, ops::Range};

use chrono::NaiveDate;

use super::{
    Query, QueryDiagnostic,
    ast::{Expr, LastWord, Term},
    fields::{FieldValue, intended_field, is_field_name, parse_predicate},
    mistake::{MistakeKind, QueryMistake},
};

/// Maximum nesting of parentheses and signs; deeper ones are a mistake, and without effect.
const MAX_NESTING: usize = 16;

/// Number of parentheses in which the program puts filters, as those of rules; they do not count.
const ADDED_NESTING: usize = 1;

/// Description of the mistake of nesting parentheses and signs deeper.
const TOO_DEEP: &str = "parentheses and signs can be nested 16 deep";

/// Maximum number of terms.
const MAX_TERMS: usize = 64;

/// Parses a filter. `today` is the current day in the user's time zone, for values such as
/// `since:2d`.
pub fn parse(text: &str, today: NaiveDate) -> Query {
    let (query, _) = parse_and_check(text, today, MAX_NESTING + ADDED_NESTING);
    query
}

/// Returns the first part of a filter that its author can hardly have meant.
///
/// While a filter is typed, a parenthesis that is not closed yet is no mistake, and an unknown field
/// may become a word. A filter that is given as a whole can be read more strictly.
pub fn find_mistake(text: &str, today: NaiveDate) -> Option<QueryMistake> {
    let (query, mistake) = parse_and_check(text, today, MAX_NESTING);
    let is_wordless = query.is_empty() && !text.trim().is_empty();
    let wordless = QueryMistake { span: 0..text.len(), kind: MistakeKind::NoWord };
    mistake.or_else(|| is_wordless.then_some(wordless))
}

/// Returns the place of the first parenthesis of a filter that closes nothing.
pub(super) fn find_unopened_parenthesis(text: &str, today: NaiveDate) -> Option<Range<usize>> {
    let mut parser = Parser::new(text, today, MAX_NESTING);
    parser.parse_or(None);
    parser.unopened_parenthesis
}

fn parse_and_check(
    text: &str,
    today: NaiveDate,
    max_nesting: usize,
) -> (Query, Option<QueryMistake>) {
    let mut parser = Parser::new(text, today, max_nesting);
    let expr = parser.parse_or(None);
    (Query { expr, diagnostic: parser.diagnostic }, parser.mistake)
}

struct Parser<'t> {
    text: &'t str,
    position: usize,
    today: NaiveDate,
    /// Number of open parentheses.
    open_groups: usize,
    /// Number of open parentheses and signs.
    depth: usize,
    /// The depth beyond which nothing is nested.
    max_nesting: usize,
    term_count: usize,
    diagnostic: Option<QueryDiagnostic>,
    /// The first mistake, which only [`find_mistake`] reports.
    mistake: Option<QueryMistake>,
    /// The first parenthesis that closes nothing, whatever mistakes are before it.
    unopened_parenthesis: Option<Range<usize>>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, today: NaiveDate, max_nesting: usize) -> Parser<'t> {
        Parser {
            text,
            position: 0,
            today,
            open_groups: 0,
            depth: 0,
            max_nesting,
            term_count: 0,
            diagnostic: None,
            mistake: None,
            unopened_parenthesis: None,
        }
    }

    /// Parses up to the end of the text or of the current group. `name` is the field of the group.
    fn parse_or(&mut self, name: Option<&str>) -> Expr {
        let mut options = vec![self.parse_and(name)];
        while self.at_or() {
            let or_start = self.position;
            self.position += "or".len();
            let option = self.parse_and(name);
            if option.is_empty() {
                self.note_mistake(or_start..or_start + "or".len(), MistakeKind::MissingOperand);
            }
            options.push(option);
        }
        options.retain(|option| !option.is_empty());
        join_exprs(options, Expr::Any)
    }

    fn parse_and(&mut self, name: Option<&str>) -> Expr {
        let mut all = Vec::new();
        loop {
            self.position += leading_whitespace(self.rest());
            if self.rest().is_empty() || self.at_group_end() || (!all.is_empty() && self.at_or()) {
                break;
            }
            let expr = self.parse_not(name);
            if !expr.is_empty() {
                all.push(expr);
            }
        }
        join_exprs(all, Expr::All)
    }

    fn parse_not(&mut self, name: Option<&str>) -> Expr {
        let operand = self.rest().trim_start_matches(['!', '-']);
        let has_operand = !operand.is_empty() && !operand.starts_with(char::is_whitespace);
        if !self.rest().starts_with(['!', '-']) || !has_operand {
            return self.parse_group_or_value(name);
        }
        if self.depth >= self.max_nesting {
            return self.skip_deep_part(self.position);
        }
        self.position += 1;
        self.depth += 1;
        let expr = self.parse_not(name);
        self.depth -= 1;
        if expr.is_empty() { expr } else { Expr::Not(Box::new(expr)) }
    }

    fn parse_group_or_value(&mut self, name: Option<&str>) -> Expr {
        let own = field_prefix(self.rest());
        if let Some(unknown) = own.filter(|own| !is_field_name(own)) {
            self.note_unknown_field(unknown);
        }
        let value_start = own.map_or(self.position, |own| self.position + own.len() + 1);
        let is_group = self.text[value_start..].starts_with('(') && own.is_none_or(allows_group);
        let intended = own.filter(|_| self.names_field(value_start)).and_then(intended_field);
        if is_group && self.depth >= self.max_nesting {
            return self.skip_deep_part(value_start);
        }
        if !is_group {
            let start = self.position;
            let expr =
                self.parse_value(own.filter(|own| is_field_name(own) || intended.is_some()), name);
            return match intended {
                Some(intended) => self.diagnose(start, unknown_field_message(intended)),
                None => expr,
            };
        }
        self.position = value_start + 1;
        self.depth += 1;
        self.open_groups += 1;
        let expr = self.parse_or(own.or(name));
        self.open_groups -= 1;
        self.depth -= 1;
        if self.rest().starts_with(')') {
            self.position += 1;
        } else {
            self.note_mistake(value_start..self.position, MistakeKind::UnclosedParenthesis);
        }
        expr
    }

    /// Leaves out what is nested too deep: the word or group at `start`, which is a sign or a parenthesis.
    /// That alone is reported.
    fn skip_deep_part(&mut self, start: usize) -> Expr {
        self.position = start + 1;
        let expr = self.report(start, TOO_DEEP);
        self.position = start + deep_part_len(&self.text[start..]);
        expr
    }

    /// Returns true if the colon before `value_start` seems to end the name of a field. In running
    /// text a blank follows a colon, in a URL two slashes.
    fn names_field(&self, value_start: usize) -> bool {
        let value = &self.text[value_start..];
        !value.starts_with(char::is_whitespace) && !value.starts_with("//")
    }

    /// Parses a value, quoted or not, of the field `own` before it, or else of the group's field
    /// `of_group`.
    fn parse_value(&mut self, own: Option<&str>, of_group: Option<&str>) -> Expr {
        let start = self.position;
        let from = own.map_or(start, |own| start + own.len() + 1);
        let (span, end, is_complete) = self.find_value(from, own.is_some_and(is_regex_field));
        self.note_unpaired_marks(from..end, is_complete, own.or(of_group));
        // Consumes at least one character, so that parsing always advances.
        self.position = end.max(start + self.rest().chars().next().map_or(0, char::len_utf8));
        let is_prefix = self.text[span.clone()].ends_with('*');
        let span = if is_prefix { span.start..span.end - 1 } else { span };
        let ending = if is_complete && !is_prefix { LastWord::Whole } else { LastWord::Prefix };
        let value = FieldValue { text: &self.text[span.clone()], ending };
        match parse_predicate(own.or(of_group), &value, self.today) {
            Ok(Some(predicate)) if self.term_count < MAX_TERMS => {
                self.term_count += 1;
                Expr::Term(Term { predicate, span })
            }
            Ok(Some(_)) => self.report(start, "a filter takes at most 64 terms"),
            Ok(None) => {
                if own.is_some() {
                    self.note_mistake(start..self.position, MistakeKind::MissingValue);
                }
                Expr::default()
            }
            Err(expected) => self.report(start, expected),
        }
    }

    /// Returns the bytes of the value at `from` without quotes, its end in the filter, and true if
    /// the value is complete. A parenthesis that closes no group is part of the value.
    fn find_value(&self, from: usize, is_regex: bool) -> (Range<usize>, usize, bool) {
        let rest = &self.text[from..];
        match rest.strip_prefix('"').map(|quoted| quoted.find('"')) {
            Some(Some(len)) => (from + 1..from + 1 + len, from + len + 2, true),
            Some(None) => (from + 1..self.text.len(), self.text.len(), false),
            None => {
                let is_in_group = self.open_groups > 0;
                let is_end = |c: char| c.is_whitespace() || (is_in_group && c == ')');
                let len = if is_regex && is_in_group { regex_len(rest) } else { rest.find(is_end) };
                let end = from + len.unwrap_or(rest.len());
                (from..end, end, len.is_some())
            }
        }
    }

    /// Reports that the text from `start` to the current position cannot be used. Only the first
    /// report is kept.
    fn report(&mut self, start: usize, expected: &'static str) -> Expr {
        self.note_mistake(start..self.position, MistakeKind::InvalidValue(expected));
        self.diagnose(start, expected)
    }

    fn diagnose(&mut self, start: usize, expected: impl Into<Cow<'static, str>>) -> Expr {
        let (span, expected) = (start..self.position, expected.into());
        self.diagnostic.get_or_insert(QueryDiagnostic { span, expected });
        Expr::default()
    }

    fn note_mistake(&mut self, span: Range<usize>, kind: MistakeKind) {
        self.mistake.get_or_insert(QueryMistake { span, kind });
    }

    /// Notes that `name`, at the current position, is no field; `https://…` and `std::io` are text.
    fn note_unknown_field(&mut self, name: &str) {
        let span = self.position..self.position + name.len() + 1;
        if !self.text[span.end..].starts_with([':', '/']) {
            self.note_mistake(span, MistakeKind::UnknownField);
        }
    }

    /// Notes a quotation mark without its second, and a parenthesis that is not closed or closes
    /// nothing, in the value at `span` of the field `name`: the two of `f(x)` are a pair.
    fn note_unpaired_marks(&mut self, span: Range<usize>, is_complete: bool, name: Option<&str>) {
        let value = &self.text[span.clone()];
        if value.starts_with('"') {
            if !is_complete {
                self.note_mistake(span, MistakeKind::UnclosedQuotation);
            }
            return;
        }
        if !name.is_some_and(is_regex_field)
            && let Some((at, kind)) = unpaired_parenthesis(value)
        {
            let at = span.start + at;
            if kind == MistakeKind::UnopenedParenthesis {
                self.unopened_parenthesis.get_or_insert(at..at + 1);
            }
            self.note_mistake(at..at + 1, kind);
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    fn at_group_end(&self) -> bool {
        self.open_groups > 0 && self.rest().starts_with(')')
    }

    fn at_or(&self) -> bool {
        let after = self.rest().strip_prefix("or").or_else(|| self.rest().strip_prefix("OR"));
        after.is_some_and(|after| {
            after.is_empty()
                || after.starts_with(|c: char| c.is_whitespace() || c == '(' || c == ')')
        })
    }
}

/// Returns `title` for `title:word`. A field name is a run of ASCII letters.
fn field_prefix(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic())?;
    (length > 0 && text[length..].starts_with(':')).then(|| &text[..length])
}

fn unknown_field_message(intended: &str) -> String {
    format!("no such field; try “{intended}:”")
}

/// Returns true if a parenthesis after this field opens a group. Regular expressions have
/// parentheses of their own.
fn allows_group(name: &str) -> bool {
    is_field_name(name) && !is_regex_field(name)
}

fn is_regex_field(name: &str) -> bool {
    name.eq_ignore_ascii_case("re")
}

/// Returns the first parenthesis of a word that is not one of a pair, with its byte.
fn unpaired_parenthesis(word: &str) -> Option<(usize, MistakeKind)> {
    let mut open = Vec::new();
    for (at, parenthesis) in word.match_indices(['(', ')']) {
        if parenthesis == "(" {
            open.push(at);
        } else if open.pop().is_none() {
            return Some((at, MistakeKind::UnopenedParenthesis));
        }
    }
    open.first().map(|at| (*at, MistakeKind::UnclosedParenthesis))
}

/// Returns the length of the regular expression at the start of a text within a group: it ends at a
/// blank, and at a parenthesis that closes none of its own. `None` if the text has no such end.
fn regex_len(text: &str) -> Option<usize> {
    let (mut open, mut is_escaped, mut is_in_class) = (0_usize, false, false);
    text.find(|c: char| {
        match c {
            _ if c.is_whitespace() => return true,
            _ if is_escaped => {
                is_escaped = false;
                return false;
            }
            '\\' => is_escaped = true,
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => open += 1,
            ')' if !is_in_class && open == 0 => return true,
            ')' if !is_in_class => open -= 1,
            _ => {}
        }
        false
    })
}

/// Returns the length of the word or group at the start of `text`: it ends where its parentheses are
/// closed, and before one that closes none of its own. Those in quotation marks do not count.
fn deep_part_len(text: &str) -> usize {
    let (mut open, mut is_quoted) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' => open += 1,
            ')' if open <= 1 => return at + open,
            ')' => open -= 1,
            _ if c.is_whitespace() && open == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of the whitespace at the start of `text`.
fn leading_whitespace(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Returns a single expression as it is, and joins several with `join`.
fn join_exprs(mut exprs: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match exprs.len() {
        0 => Expr::default(),
        1 => exprs.remove(0),
        _ => join(exprs),
    }
}
