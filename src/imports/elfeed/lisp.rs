//! Printed values of Emacs Lisp.

/// Maximum nesting of lists, records and vectors.
const MAX_DEPTH: usize = 64;

/// Maximum number of values in a text.
const MAX_VALUES: usize = 20_000_000;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LispValue {
    /// A symbol, such as `unread` or `:version`; also a label of a shared value.
    Symbol(String),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list; of a pair, both parts are in it.
    List(Vec<LispValue>),
    /// A record such as `#s(elfeed-entry …)`, or a vector, with its fields.
    Record(Vec<LispValue>),
}

impl LispValue {
    /// Returns the text; `None` for any other value.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            LispValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the name of the symbol.
    pub(super) fn as_symbol(&self) -> Option<&str> {
        match self {
            LispValue::Symbol(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the elements of the list; `nil` has none.
    pub(super) fn as_list(&self) -> Option<&[LispValue]> {
        match self {
            LispValue::List(values) => Some(values),
            LispValue::Symbol(name) if name == "nil" => Some(&[]),
            _ => None,
        }
    }

    /// Returns the fields of the record called `name`.
    pub(super) fn as_record(&self, name: &str) -> Option<&[LispValue]> {
        let LispValue::Record(fields) = self else { return None };
        let (first, fields) = fields.split_first()?;
        (first.as_symbol() == Some(name)).then_some(fields)
    }

    /// Returns the value behind a key of a property list.
    pub(super) fn property(&self, key: &str) -> Option<&LispValue> {
        let values = self.as_list()?;
        let at = values.iter().position(|value| value.as_symbol() == Some(key))?;
        values.get(at + 1)
    }
}

/// A list or a record that is not closed yet.
struct OpenForm {
    closing: char,
    values: Vec<LispValue>,
}

/// Parses the values of a text.
///
/// # Errors
///
/// Returns why that is not possible, as a part of a sentence.
pub(super) fn parse_lisp(text: &str) -> Result<Vec<LispValue>, &'static str> {
    let mut parser = LispParser { rest: text, open: Vec::new(), value_count: 0 };
    let mut values = Vec::new();
    loop {
        parser.skip_blanks();
        if parser.rest.is_empty() && parser.open.is_empty() {
            return Ok(values);
        }
        values.extend(parser.step()?);
    }
}

struct LispParser<'t> {
    rest: &'t str,
    open: Vec<OpenForm>,
    value_count: usize,
}

impl<'t> LispParser<'t> {
    /// Reads a sign or an atom. Returns the whole value once it is complete.
    fn step(&mut self) -> Result<Option<LispValue>, &'static str> {
        self.skip_blanks();
        let c = self.rest.chars().next().ok_or("it is cut off")?;
        match c {
            '(' => self.open_form(1, ')', false),
            '[' => self.open_form(1, ']', true),
            '#' if self.rest.starts_with("#s(") => self.open_form(3, ')', true),
            // The label before a shared value: `#1=`.
            '#' if self.skip_label() => Ok(None),
            ')' | ']' => self.close_form(c),
            '"' => {
                let text = self.read_text()?;
                self.push(LispValue::Text(text))
            }
            // A quoted value is the value.
            '\'' | '`' | ',' => {
                self.rest = &self.rest[1..];
                Ok(None)
            }
            _ => {
                let atom = self.read_atom();
                // The dot of a pair: the parts are side by side here.
                if atom == "." { Ok(None) } else { self.push(to_atom(atom)) }
            }
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix(';') else { return };
            self.rest = comment.find('\n').map_or("", |end| &comment[end..]);
        }
    }

    fn skip_label(&mut self) -> bool {
        let digits = self.rest[1..].bytes().take_while(u8::is_ascii_digit).count();
        let is_label = digits > 0 && self.rest[1 + digits..].starts_with('=');
        if is_label {
            self.rest = &self.rest[digits + 2..];
        }
        is_label
    }

    fn open_form(
        &mut self,
        sign_bytes: usize,
        closing: char,
        is_record: bool,
    ) -> Result<Option<LispValue>, &'static str> {
        if self.open.len() == MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        self.rest = &self.rest[sign_bytes..];
        // The name of a record is its first value; a record is told by a marker before it.
        let values = if is_record { vec![record_marker()] } else { Vec::new() };
        self.open.push(OpenForm { closing, values });
        Ok(None)
    }

    fn close_form(&mut self, c: char) -> Result<Option<LispValue>, &'static str> {
        self.rest = &self.rest[1..];
        let mut form = self.open.pop().ok_or("a parenthesis was not opened")?;
        if form.closing != c {
            return Err("a parenthesis is closed by another one");
        }
        let is_record = form.values.first() == Some(&record_marker());
        let value = if is_record {
            form.values.remove(0);
            LispValue::Record(form.values)
        } else {
            LispValue::List(form.values)
        };
        self.push(value)
    }

    fn push(&mut self, value: LispValue) -> Result<Option<LispValue>, &'static str> {
        self.value_count += 1;
        if self.value_count > MAX_VALUES {
            return Err("it has too many values");
        }
        match self.open.last_mut() {
            Some(form) => {
                form.values.push(value);
                Ok(None)
            }
            None => Ok(Some(value)),
        }
    }

    fn read_text(&mut self) -> Result<String, &'static str> {
        let (mut text, mut chars) = (String::new(), self.rest[1..].chars());
        loop {
            match chars.next().ok_or("a text is cut off")? {
                '"' => break,
                '\\' => match chars.next().ok_or("a text is cut off")? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    // A line end after a backslash is none, and a blank separates.
                    '\n' | ' ' => {}
                    c => text.push(c),
                },
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    fn read_atom(&mut self) -> &'t str {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | ';');
        // At least one character, so that reading always advances.
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let end = self.rest[first..].find(is_end).map_or(self.rest.len(), |end| first + end);
        let (atom, rest) = self.rest.split_at(end);
        self.rest = rest;
        atom
    }
}

fn record_marker() -> LispValue {
    LispValue::Symbol(String::new())
}

fn to_atom(atom: &str) -> LispValue {
    let is_number = atom.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    match atom.parse::<f64>() {
        Ok(number) if is_number => LispValue::Number(number),
        _ => LispValue::Symbol(atom.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lisp_values_are_read_as_emacs_prints_them() {
        let text = ";; header\n(:version 4 :feeds #s(hash-table size 1 data (\"u\" #1=#s(feed \"a\\\"b\\nc\" nil 1.5e9)))\n\
                    :pair (\"ns\" . \"id\") [x #1#] ())";
        let value = parse_lisp(text).unwrap().remove(0);
        assert_eq!(value.property(":version"), Some(&LispValue::Number(4.0)));
        let table = value.property(":feeds").unwrap().as_record("hash-table").unwrap();
        let data = table.last().unwrap().as_list().unwrap();
        let feed = data[1].as_record("feed").unwrap();
        assert_eq!(feed[0].as_text(), Some("a\"b\nc"));
        assert_eq!(feed[1].as_list(), Some(&[][..]));
        assert_eq!(feed[2], LispValue::Number(1.5e9));
        let pair = value.property(":pair").unwrap().as_list().unwrap();
        assert_eq!((pair[0].as_text(), pair[1].as_text()), (Some("ns"), Some("id")));
    }

    #[test]
    fn lisp_is_read_up_to_its_limits_and_damage_is_an_error() {
        let nested = |depth: usize| format!("{}{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse_lisp(&nested(MAX_DEPTH)).is_ok());
        assert!(parse_lisp(&nested(MAX_DEPTH + 1)).is_err());
        assert_eq!(parse_lisp("; only\n 1 a").map(|values| values.len()), Ok(2));
        for text in ["(", ")", "(]", "\"a", "(a", "#s("] {
            assert!(parse_lisp(text).is_err(), "{text}");
        }
    }
}
