//! Tables in text: fields that commas, semicolons or tabs separate, perhaps in quotation marks (RFC 4180).

/// Maximum number of fields of a row.
const MAX_FIELDS: usize = 200;

/// Iterator over the rows of a table.
pub(super) struct CsvRows<'t> {
    rest: &'t str,
    separator: char,
    /// The line at which the next row begins, from 1.
    next_line: u64,
}

impl CsvRows<'_> {
    /// Creates an iterator over `text`, which begins at line `next_line` of its file. The separator is the one that the first line has most of.
    pub(super) fn new(text: &str, next_line: u64) -> CsvRows<'_> {
        let head = text.lines().next().unwrap_or_default();
        let separator = [',', ';', '\t']
            .into_iter()
            .rev()
            .max_by_key(|separator| head.matches(*separator).count())
            .unwrap_or(',');
        CsvRows { rest: text, separator, next_line }
    }

    /// Returns the line of the text at which the next row begins, from 1: a row may take several.
    pub(super) fn next_line(&self) -> u64 {
        self.next_line
    }
}

impl Iterator for CsvRows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut fields, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
        let mut chars = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if is_quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    field.push('"');
                }
                '"' if is_quoted => is_quoted = false,
                '"' if field.is_empty() => is_quoted = true,
                '\n' if !is_quoted => {
                    end = at + 1;
                    break;
                }
                '\r' if !is_quoted => {}
                c if c == self.separator && !is_quoted => {
                    if fields.len() < MAX_FIELDS {
                        fields.push(std::mem::take(&mut field));
                    }
                }
                c => field.push(c),
            }
        }
        fields.push(field);
        let (row, rest) = self.rest.split_at(end);
        self.next_line += row.matches('\n').count() as u64;
        self.rest = rest;
        Some(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_quoted_fields_and_any_separator() {
        let rows: Vec<Vec<String>> =
            CsvRows::new("url,title\r\nhttps://a.org,\"a, \"\"b\"\"\nc\"\n,\n", 1).collect();
        assert_eq!(
            rows,
            [vec!["url", "title"], vec!["https://a.org", "a, \"b\"\nc"], vec!["", ""]]
        );
        let rows: Vec<Vec<String>> = CsvRows::new("url\ttags\nx\ta,b", 1).collect();
        assert_eq!(rows[1], ["x", "a,b"]);
        assert_eq!(CsvRows::new("a;b\n\"c", 1).nth(1), Some(vec!["c".to_owned()]));
        assert_eq!(CsvRows::new("", 1).next(), None);
        let mut rows = CsvRows::new("url\n\"a\nb\"\nc\n", 1);
        let lines: Vec<u64> =
            std::iter::from_fn(|| Some(rows.next_line()).filter(|_| rows.next().is_some()))
                .collect();
        assert_eq!(lines, [1, 2, 4]);
    }
}
