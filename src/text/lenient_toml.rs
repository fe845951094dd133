//! Parsing of the user's TOML files in spite of syntax errors: each costs only the value that it is in.

use std::ops::Range;

use toml::{
    Spanned, Table,
    de::{DeTable, DeValue},
};

use super::line_number;

/// Maximum number of syntax errors; a file with more is of another kind, and is left out.
const MAX_ERRORS: usize = 100;

/// Maximum number of bytes that are parsed again because of errors: of a megabyte full of them, each time takes
/// half a second.
const MAX_REPARSED_BYTES: usize = 8 << 20;

/// A TOML file as far as it was understood.
#[derive(Debug)]
pub struct LenientToml {
    /// The values.
    pub table: Table,
    /// The text, in which the lines with an error are blank: it parses, and every line has the number
    /// that it has in the file.
    pub text: String,
    /// The syntax errors.
    pub errors: Vec<TomlSyntaxError>,
}

/// A syntax error in a TOML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlSyntaxError {
    /// Line of the file, from 1.
    pub line: usize,
    /// Description of the error.
    pub problem: String,
}

impl LenientToml {
    /// Parses the text of a file.
    ///
    /// The lines with an error are left out and the rest is parsed again: the parser itself stops at
    /// some errors, and takes the lines below others for a part of them.
    pub fn parse(text: &str) -> LenientToml {
        let mut text = text.to_owned();
        let mut errors = Vec::new();
        while errors.len() < MAX_ERRORS && errors.len() * text.len() < MAX_REPARSED_BYTES {
            let error = match text.parse::<Table>() {
                Ok(table) => return LenientToml { table, text, errors },
                Err(error) => error,
            };
            let last = text.trim_end().char_indices().next_back().map_or(0, |(last, _)| last);
            let at = error.span().map_or(0, |span| span.start).min(last);
            let broken = BrokenPlace::find(&text, at);
            errors.push(TomlSyntaxError {
                line: line_number(&text, broken.error),
                problem: error.message().to_owned(),
            });
            text = blank_lines(&text, broken.range);
        }
        LenientToml { table: Table::new(), text: String::new(), errors }
    }
}

/// Calls `visit` with the text of a file, its values with their places, and the syntax errors. In the text that
/// `visit` gets, the lines with an error are blank.
///
/// A file without an error is parsed only once; the first frame waits for those that come with the program.
pub fn visit_lenient_toml<T>(
    text: &str,
    visit: impl FnOnce(&str, &DeTable<'_>, Vec<TomlSyntaxError>) -> T,
) -> T {
    let (file, problems) = DeTable::parse_recoverable(text);
    if problems.is_empty() {
        return visit(text, file.get_ref(), Vec::new());
    }
    let LenientToml { text, errors, .. } = LenientToml::parse(text);
    let (file, _) = DeTable::parse_recoverable(&text);
    visit(&text, file.get_ref(), errors)
}

/// The part of a file that cannot be understood.
struct BrokenPlace {
    /// The byte with the error.
    error: usize,
    /// The bytes whose lines are left out.
    range: Range<usize>,
}

impl BrokenPlace {
    /// Returns the place around an error at the byte `at`: a value, a section, or a line.
    fn find(text: &str, at: usize) -> BrokenPlace {
        let (file, _) = DeTable::parse_recoverable(text);
        match find_value(file.get_ref(), at) {
            // It takes the rest of the file, and the error is its beginning.
            Some((start, value)) if !is_closed(&text[value.clone()]) => {
                BrokenPlace { error: start, range: start..start }
            }
            Some((start, value)) => BrokenPlace { error: at, range: start..value.end },
            None => BrokenPlace { error: at, range: at..section_end(text, at) },
        }
    }
}

/// Returns the first byte of the key and the place of the value that has the byte `at`.
fn find_value(table: &DeTable<'_>, at: usize) -> Option<(usize, Range<usize>)> {
    table.iter().find_map(|(key, value)| {
        let (start, place) = (key.span().start, value.span());
        // Below a header such as `[article]`, the place is that of the header.
        if place.start < key.span().end {
            return find_in_section(value, at);
        }
        (start <= at && at <= place.end).then_some((start, place))
    })
}

/// Looks for a value below a header such as `[article]` or `[[sites]]`.
fn find_in_section(section: &Spanned<DeValue<'_>>, at: usize) -> Option<(usize, Range<usize>)> {
    match section.get_ref() {
        DeValue::Table(table) => find_value(table, at),
        DeValue::Array(tables) => tables.iter().find_map(|table| find_in_section(table, at)),
        _ => None,
    }
}

/// Returns whether the text of a value has the end that its beginning demands.
fn is_closed(value: &str) -> bool {
    let closed_by = |close: &str| value.len() > close.len() && value.ends_with(close);
    match value {
        _ if value.starts_with('[') => closed_by("]"),
        _ if value.starts_with('{') => closed_by("}"),
        _ if value.starts_with("\"\"\"") => value.len() >= 6 && closed_by("\"\"\""),
        _ if value.starts_with("'''") => value.len() >= 6 && closed_by("'''"),
        _ => true,
    }
}

/// Returns the end of the section whose header is in the line of `at`: without its name, its values
/// would be taken for those of the section before. In another line, returns `at`.
fn section_end(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    if !text[start..].trim_start().starts_with('[') {
        return at;
    }
    text[at..].find("\n[").map_or(text.len(), |next| at + next)
}

/// Blanks the lines of a part of the text; the others keep their numbers.
fn blank_lines(text: &str, range: Range<usize>) -> String {
    let broken = line_number(text, range.start)..=line_number(text, range.end);
    let keep = |(line, content)| if broken.contains(&line) { "" } else { content };
    (1..).zip(text.lines()).map(keep).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::LenientToml;

    #[test]
    fn syntax_error_costs_only_its_value() {
        for (broken, kept, lines) in [
            ("theme = ", "", &[2][..]),
            ("theme = ink", "", &[2]),
            ("theme = \"ink", "", &[2]),
            ("theme = \"\"\"ink", "", &[2]),
            ("theme \"ink\"", "", &[2]),
            ("theme", "", &[2]),
            ("= \"ink\"", "", &[2]),
            ("escape_ms = 99999999999999999999", "", &[2]),
            ("theme = 1 2\nescape_ms = 5\nglyphs", "escape_ms = 5\n", &[2, 4]),
            ("[article\nmeasure = 60", "", &[2]),
            ("[]\nmeasure = 60", "", &[2]),
            ("[article]\nmeasure = 60 70\nkeep = 1", "[article]\nkeep = 1\n", &[3]),
            ("[article]\nmeasure = 60\nmeasure = 70", "[article]\nmeasure = 60\n", &[4]),
            ("[article]\na = 1\n[article]\na = 2", "[article]\na = 1\n", &[4]),
            ("[[sites]]\nhost = \"a\"\nkeep = [", "[[sites]]\nhost = \"a\"\n", &[4]),
            ("[article]\ntidy = [\n  \"a\",\n  b c,\n]\nx = 1", "[article]\nx = 1\n", &[5]),
            ("w = { run = [\"w\"], terminal = }", "", &[2]),
        ] {
            let file = |part: &str| format!("keys = \"vim\"\n{part}\n[list]\ndensity = \"two\"\n");
            let LenientToml { table, errors, .. } = LenientToml::parse(&file(broken));
            assert_eq!(table, file(kept).parse().unwrap(), "{broken}: {errors:?}");
            let mut found: Vec<usize> = errors.iter().map(|error| error.line).collect();
            found.sort_unstable();
            assert_eq!(found, lines, "{broken}: {errors:?}");
        }
    }

    #[test]
    fn syntax_error_may_be_behind_any_last_letter() {
        for broken in ["é", "theme = \"é", "theme = é", "a = [\"東\", \"é", "[é", "a = '''é"]
        {
            for text in [broken.to_owned(), format!("{broken}\n"), format!("{broken}\u{3000}")] {
                let LenientToml { table, errors, .. } = LenientToml::parse(&text);
                assert!(table.is_empty() && errors.len() == 1, "{text:?}: {table:?} {errors:?}");
            }
        }
    }

    #[test]
    fn valid_file_is_parsed_as_before() {
        let text = include_str!("../../assets/settings.toml");
        let file = LenientToml::parse(text);
        assert_eq!((file.table, file.errors), (text.parse().unwrap(), Vec::new()));
        assert_eq!(file.text, text);
    }

    #[test]
    fn large_file_with_many_errors_has_no_values() {
        let comments = format!("a = 1\n{}", "# a comment\n".repeat(30_000));
        let parse = |errors| LenientToml::parse(&format!("{comments}{}", "a b\n".repeat(errors)));
        let some = parse(10);
        assert_eq!((some.table.len(), some.errors.len()), (1, 10));
        let many = parse(50);
        assert!(many.table.is_empty() && many.errors.len() < 30, "{}", many.errors.len());
    }

    #[test]
    fn file_of_another_kind_has_no_values() {
        let LenientToml { table, text, errors } = LenientToml::parse(&"a b\n".repeat(1_000));
        assert!(table.is_empty() && text.is_empty());
        assert_eq!(errors.len(), super::MAX_ERRORS);
    }
}
