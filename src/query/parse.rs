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
    Query, QueryDiagnostic,
    ast::{Expr, LastWord, Term},
    fields::{FieldValue, is_field_name, parse_predicate},
};

/// Parentheses and signs within one another; what is deeper is text.
const MAX_NESTING: usize = 16;

/// Conditions at the most.
const MAX_TERMS: usize = 64;

/// Reads a filter. `today` is the reader's day, for `since:2d`.
pub fn parse(text: &str, today: NaiveDate) -> Query {
    let mut parser = Parser {
        text,
        position: 0,
        today,
        open_groups: 0,
        depth: 0,
        term_count: 0,
        diagnostic: None,
    };
    let expr = parser.parse_or(None);
    Query { expr, diagnostic: parser.diagnostic }
}

struct Parser<'t> {
    text: &'t str,
    position: usize,
    today: NaiveDate,
    /// Parentheses that are open.
    open_groups: usize,
    depth: usize,
    term_count: usize,
    diagnostic: Option<QueryDiagnostic>,
}

impl<'t> Parser<'t> {
    /// Everything up to the end, or to the parenthesis that closes this group.
    fn parse_or(&mut self, name: Option<&str>) -> Expr {
        let mut options = vec![self.parse_and(name)];
        while self.at_or() {
            self.position += "or".len();
            options.push(self.parse_and(name));
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
        let rest = self.rest();
        let sign = rest.strip_prefix(['!', '-']);
        let signed =
            sign.is_some_and(|after| !after.is_empty() && !after.starts_with(char::is_whitespace));
        if !signed || self.depth >= MAX_NESTING {
            return self.parse_group_or_value(name);
        }
        self.position += 1;
        self.depth += 1;
        let expr = self.parse_not(name);
        self.depth -= 1;
        if expr.is_empty() { expr } else { Expr::Not(Box::new(expr)) }
    }

    fn parse_group_or_value(&mut self, name: Option<&str>) -> Expr {
        let own = field_prefix(self.rest());
        let behind = own.map_or(self.position, |own| self.position + own.len() + 1);
        let group = self.text[behind..].starts_with('(') && own.is_none_or(allows_group);
        if !group || self.depth >= MAX_NESTING {
            return self.parse_value(own.filter(|own| is_field_name(own)), name);
        }
        self.position = behind + 1;
        self.depth += 1;
        self.open_groups += 1;
        let expr = self.parse_or(own.or(name));
        self.open_groups -= 1;
        self.depth -= 1;
        if self.rest().starts_with(')') {
            self.position += 1;
        }
        expr
    }

    /// A value, quoted or not, with the field `own` before it, or else in the group of the field `of_group`.
    fn parse_value(&mut self, own: Option<&str>, of_group: Option<&str>) -> Expr {
        let start = self.position;
        let from = own.map_or(start, |own| start + own.len() + 1);
        let rest = &self.text[from..];
        let (span, end, closed) = match rest.strip_prefix('"').map(|quoted| quoted.find('"')) {
            Some(Some(end)) => (from + 1..from + 1 + end, from + end + 2, true),
            Some(None) => (from + 1..self.text.len(), self.text.len(), false),
            None => {
                let ends = |c: char| c.is_whitespace() || (self.open_groups > 0 && c == ')');
                let end = rest.find(ends);
                (
                    from..from + end.unwrap_or(rest.len()),
                    from + end.unwrap_or(rest.len()),
                    end.is_some(),
                )
            }
        };
        // A parenthesis that closes nothing is text, and gone with it.
        self.position = end.max(start + self.rest().chars().next().map_or(0, char::len_utf8));
        let starred = self.text[span.clone()].ends_with('*');
        let span = if starred { span.start..span.end - 1 } else { span };
        let ending = if closed && !starred { LastWord::Whole } else { LastWord::Prefix };
        let value = FieldValue { text: &self.text[span.clone()], ending };
        match parse_predicate(own.or(of_group), &value, self.today) {
            Ok(Some(test)) if self.term_count < MAX_TERMS => {
                self.term_count += 1;
                Expr::Term(Term { predicate: test, span })
            }
            Ok(Some(_)) => self.report(start, "a filter has 64 words at the most"),
            Ok(None) => Expr::default(),
            Err(expected) => self.report(start, expected),
        }
    }

    fn report(&mut self, start: usize, expected: &'static str) -> Expr {
        self.diagnostic.get_or_insert(QueryDiagnostic { span: start..self.position, expected });
        Expr::default()
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

/// `title` of `title:word`; a field is a run of ASCII letters.
fn field_prefix(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic())?;
    (length > 0 && text[length..].starts_with(':')).then(|| &text[..length])
}

/// Whether a parenthesis behind this name begins a group: regular expressions have their own.
fn allows_group(name: &str) -> bool {
    is_field_name(name) && !name.eq_ignore_ascii_case("re")
}

fn leading_whitespace(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn join_exprs(mut exprs: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match exprs.len() {
        0 => Expr::default(),
        1 => exprs.remove(0),
        _ => join(exprs),
    }
}
