//! newsboat's filter language: conditions on attributes, joined by `and` and `or`.
//!
//! ```text
//! expr  = part [ ( "and" | "or" ) expr ]
//! part  = "(" expr ")" | attribute operator value
//! value = a text in double quotes, a number, or two numbers with a colon
//! ```
//!
//! Both operators bind to the right: `a and b or c` is `a and (b or c)`.

/// Maximum length of a filter in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Maximum number of conditions, as of the filters here.
const MAX_CONDITIONS: usize = 64;

/// Maximum nesting of parentheses.
const MAX_DEPTH: usize = 32;

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FilterExpr {
    All(Vec<FilterExpr>),
    Any(Vec<FilterExpr>),
    Condition(FilterCondition),
}

/// A condition on an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FilterCondition {
    pub(super) attribute: String,
    pub(super) operator: FilterOperator,
    pub(super) value: String,
}

/// The operator of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterOperator {
    Equal,
    Unequal,
    Matches,
    MatchesNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
    Contains,
    ContainsNot,
}

/// The operators; one that begins with another comes before it.
const OPERATORS: [(&str, FilterOperator); 12] = [
    ("==", FilterOperator::Equal),
    ("=~", FilterOperator::Matches),
    ("!=", FilterOperator::Unequal),
    ("!~", FilterOperator::MatchesNot),
    ("!#", FilterOperator::ContainsNot),
    ("<=", FilterOperator::LessOrEqual),
    (">=", FilterOperator::GreaterOrEqual),
    ("=", FilterOperator::Equal),
    ("<", FilterOperator::Less),
    (">", FilterOperator::Greater),
    ("#", FilterOperator::Contains),
    ("between", FilterOperator::Between),
];

/// Parses a filter.
///
/// # Errors
///
/// Returns why it cannot be parsed, as a part of a sentence.
pub(super) fn parse_filter(text: &str) -> Result<FilterExpr, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("the filter is longer than {} KiB", MAX_BYTES >> 10));
    }
    let mut parser = FilterParser { rest: text, condition_count: 0 };
    let expr = parser.parse_expr(0)?;
    match parser.rest.trim_start() {
        "" => Ok(expr),
        rest => Err(format!("the filter does not end before “{rest}”")),
    }
}

struct FilterParser<'a> {
    rest: &'a str,
    condition_count: usize,
}

impl<'a> FilterParser<'a> {
    fn parse_expr(&mut self, depth: usize) -> Result<FilterExpr, String> {
        let mut parts = vec![self.parse_part(depth)?];
        let mut operators = Vec::new();
        while let Some(is_and) = self.take_joining_word() {
            operators.push(is_and);
            parts.push(self.parse_part(depth)?);
        }
        let mut expr = parts.pop().expect("the first part was pushed");
        while let (Some(is_and), Some(part)) = (operators.pop(), parts.pop()) {
            expr = join(is_and, part, expr);
        }
        Ok(expr)
    }

    /// Takes `and`, which is true, or `or`.
    fn take_joining_word(&mut self) -> Option<bool> {
        let rest = self.rest.trim_start();
        for (word, is_and) in [("and", true), ("or", false)] {
            if let Some(after) = rest.strip_prefix(word)
                && after.starts_with(|c: char| c.is_whitespace() || c == '(')
            {
                self.rest = after;
                return Some(is_and);
            }
        }
        None
    }

    fn parse_part(&mut self, depth: usize) -> Result<FilterExpr, String> {
        self.rest = self.rest.trim_start();
        let Some(inner) = self.rest.strip_prefix('(') else { return self.parse_condition() };
        if depth == MAX_DEPTH {
            return Err(format!("the filter has more than {MAX_DEPTH} nested parentheses"));
        }
        self.rest = inner;
        let expr = self.parse_expr(depth + 1)?;
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(')').ok_or("a parenthesis is not closed")?;
        Ok(expr)
    }

    fn parse_condition(&mut self) -> Result<FilterExpr, String> {
        self.condition_count += 1;
        if self.condition_count > MAX_CONDITIONS {
            return Err(format!("the filter has more than {MAX_CONDITIONS} conditions"));
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (attribute, rest) = self.rest.split_at(end);
        if attribute.is_empty() {
            return Err("a condition begins with the name of an attribute".to_owned());
        }
        let rest = rest.trim_start();
        let known = OPERATORS
            .iter()
            .find_map(|(sign, operator)| rest.strip_prefix(sign).map(|rest| (*operator, rest)));
        let (operator, rest) =
            known.ok_or_else(|| format!("no operator that newsboat has follows `{attribute}`"))?;
        self.rest = rest.trim_start();
        let value = self.parse_value()?;
        let attribute = attribute.to_owned();
        Ok(FilterExpr::Condition(FilterCondition { attribute, operator, value }))
    }

    fn parse_value(&mut self) -> Result<String, String> {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return self.parse_quoted(quoted);
        }
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':');
        let end = self.rest.find(|c| !is_number(c)).unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        if value.is_empty() {
            return Err("a value is neither a number nor in quotation marks".to_owned());
        }
        Ok(value.to_owned())
    }

    fn parse_quoted(&mut self, quoted: &'a str) -> Result<String, String> {
        let (mut value, mut chars) = (String::new(), quoted.chars());
        loop {
            match chars.next() {
                Some('"') => break,
                Some('\\') => match chars.next() {
                    Some(c @ ('"' | '\\')) => value.push(c),
                    Some(c) => value.extend(['\\', c]),
                    None => return Err("a quotation mark is not closed".to_owned()),
                },
                Some(c) => value.push(c),
                None => return Err("a quotation mark is not closed".to_owned()),
            }
        }
        self.rest = chars.as_str();
        Ok(value)
    }
}

/// Joins two expressions; several of one operator are one list.
fn join(is_and: bool, left: FilterExpr, right: FilterExpr) -> FilterExpr {
    match (is_and, right) {
        (true, FilterExpr::All(mut parts)) => {
            parts.insert(0, left);
            FilterExpr::All(parts)
        }
        (false, FilterExpr::Any(mut parts)) => {
            parts.insert(0, left);
            FilterExpr::Any(parts)
        }
        (true, right) => FilterExpr::All(vec![left, right]),
        (false, right) => FilterExpr::Any(vec![left, right]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(attribute: &str, operator: FilterOperator, value: &str) -> FilterExpr {
        FilterExpr::Condition(FilterCondition {
            attribute: attribute.to_owned(),
            operator,
            value: value.to_owned(),
        })
    }

    #[test]
    fn operators_bind_to_the_right() {
        let (a, b, c) = (
            condition("a", FilterOperator::Less, "1"),
            condition("b", FilterOperator::Matches, "x \"y\" \\d"),
            condition("c", FilterOperator::Between, "1:2"),
        );
        let text = "a<1 and b =~ \"x \\\"y\\\" \\d\" or (c between 1:2)";
        let expected =
            FilterExpr::All(vec![a.clone(), FilterExpr::Any(vec![b.clone(), c.clone()])]);
        assert_eq!(parse_filter(text), Ok(expected));
        assert_eq!(parse_filter("(a < 1)"), Ok(a));
    }

    #[test]
    fn filters_that_newsboat_refuses_are_refused() {
        for text in
            ["", "a", "a = ", "a = b", "(a = 1", "a = 1)", "a = \"b", "a ~ 1", "= 1", "a = 1 and"]
        {
            assert!(parse_filter(text).is_err(), "{text}");
        }
    }

    #[test]
    fn filters_are_read_up_to_their_limits() {
        let nested = |depth: usize| format!("{}a = 1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse_filter(&nested(MAX_DEPTH)).is_ok());
        assert!(parse_filter(&nested(MAX_DEPTH + 1)).is_err());
        let chain = |count: usize| vec!["a = 1"; count].join(" and ");
        assert!(parse_filter(&chain(MAX_CONDITIONS)).is_ok());
        assert!(parse_filter(&chain(MAX_CONDITIONS + 1)).is_err());
        let long = format!("a = \"{}\"", "x".repeat(MAX_BYTES));
        assert!(parse_filter(&long).is_err());
    }
}
