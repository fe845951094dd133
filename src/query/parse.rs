//! From what is typed to a [`Query`].
//!
//! ```text
//! any  = all { "or" all }
//! all  = { not }
//! not  = ( "!" | "-" ) not | [ name ":" ] "(" any ")" | [ name ":" ] value
//! ```
//!
//! Whatever does not fit this is text, so that every string is a filter. An `or` with nothing to one side of it, a
//! parenthesis that is not closed yet, a sign with nothing behind it ask nothing.

use chrono::NaiveDate;

use super::{
    Complaint, Query,
    ast::{Ending, Expr, Term},
    terms::{Value, is_name, test},
};

/// Parentheses and signs within one another; what is deeper is text.
const DEEPEST: usize = 16;

/// Conditions at the most.
const TERMS: usize = 64;

/// Reads a filter. `today` is the reader's day, for `since:2d`.
pub fn parse(text: &str, today: NaiveDate) -> Query {
    let mut parser = Parser { text, at: 0, today, groups: 0, depth: 0, terms: 0, complaint: None };
    let expr = parser.any(None);
    Query { expr, complaint: parser.complaint }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    today: NaiveDate,
    /// Parentheses that are open.
    groups: usize,
    depth: usize,
    terms: usize,
    complaint: Option<Complaint>,
}

impl<'t> Parser<'t> {
    /// Everything up to the end, or to the parenthesis that closes this group.
    fn any(&mut self, name: Option<&str>) -> Expr {
        let mut options = vec![self.all(name)];
        while self.or_follows() {
            self.at += "or".len();
            options.push(self.all(name));
        }
        options.retain(|option| !option.is_empty());
        joined(options, Expr::Any)
    }

    fn all(&mut self, name: Option<&str>) -> Expr {
        let mut all = Vec::new();
        loop {
            self.at += blank(self.rest());
            if self.rest().is_empty() || self.group_ends() || (!all.is_empty() && self.or_follows()) {
                break;
            }
            let expr = self.not(name);
            if !expr.is_empty() {
                all.push(expr);
            }
        }
        joined(all, Expr::All)
    }

    fn not(&mut self, name: Option<&str>) -> Expr {
        let rest = self.rest();
        let sign = rest.strip_prefix(['!', '-']);
        let signed = sign.is_some_and(|after| !after.is_empty() && !after.starts_with(char::is_whitespace));
        if !signed || self.depth >= DEEPEST {
            return self.group_or_value(name);
        }
        self.at += 1;
        self.depth += 1;
        let expr = self.not(name);
        self.depth -= 1;
        if expr.is_empty() { expr } else { Expr::Not(Box::new(expr)) }
    }

    fn group_or_value(&mut self, name: Option<&str>) -> Expr {
        let own = field(self.rest());
        let behind = own.map_or(self.at, |own| self.at + own.len() + 1);
        let group = self.text[behind..].starts_with('(') && own.is_none_or(groups);
        if !group || self.depth >= DEEPEST {
            return self.value(own.filter(|own| is_name(own)), name);
        }
        self.at = behind + 1;
        self.depth += 1;
        self.groups += 1;
        let expr = self.any(own.or(name));
        self.groups -= 1;
        self.depth -= 1;
        if self.rest().starts_with(')') {
            self.at += 1;
        }
        expr
    }

    /// A value, quoted or not, with the field `own` before it, or else in the group of the field `of_group`.
    fn value(&mut self, own: Option<&str>, of_group: Option<&str>) -> Expr {
        let start = self.at;
        let from = own.map_or(start, |own| start + own.len() + 1);
        let rest = &self.text[from..];
        let (span, end, closed) = match rest.strip_prefix('"').map(|quoted| quoted.find('"')) {
            Some(Some(end)) => (from + 1..from + 1 + end, from + end + 2, true),
            Some(None) => (from + 1..self.text.len(), self.text.len(), false),
            None => {
                let ends = |c: char| c.is_whitespace() || (self.groups > 0 && c == ')');
                let end = rest.find(ends);
                (from..from + end.unwrap_or(rest.len()), from + end.unwrap_or(rest.len()), end.is_some())
            }
        };
        // A parenthesis that closes nothing is text, and gone with it.
        self.at = end.max(start + self.rest().chars().next().map_or(0, char::len_utf8));
        let starred = self.text[span.clone()].ends_with('*');
        let span = if starred { span.start..span.end - 1 } else { span };
        let ending = if closed && !starred { Ending::Closed } else { Ending::Open };
        let value = Value { text: &self.text[span.clone()], ending };
        match test(own.or(of_group), &value, self.today) {
            Ok(Some(test)) if self.terms < TERMS => {
                self.terms += 1;
                Expr::Term(Term { test, span })
            }
            Ok(Some(_)) => self.complain(start, "a filter has 64 words at the most"),
            Ok(None) => Expr::default(),
            Err(expected) => self.complain(start, expected),
        }
    }

    fn complain(&mut self, start: usize, expected: &'static str) -> Expr {
        self.complaint.get_or_insert(Complaint { span: start..self.at, expected });
        Expr::default()
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn group_ends(&self) -> bool {
        self.groups > 0 && self.rest().starts_with(')')
    }

    fn or_follows(&self) -> bool {
        let after = self.rest().strip_prefix("or").or_else(|| self.rest().strip_prefix("OR"));
        after.is_some_and(|after| {
            after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == '(' || c == ')')
        })
    }
}

/// `title` of `title:word`; a field is a run of ASCII letters.
fn field(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic())?;
    (length > 0 && text[length..].starts_with(':')).then(|| &text[..length])
}

/// Whether a parenthesis behind this name begins a group: regular expressions have their own.
fn groups(name: &str) -> bool {
    is_name(name) && !name.eq_ignore_ascii_case("re")
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn joined(mut exprs: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match exprs.len() {
        0 => Expr::default(),
        1 => exprs.remove(0),
        _ => join(exprs),
    }
}
