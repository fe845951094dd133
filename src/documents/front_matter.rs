//! Front matter: metadata at the start of a Markdown file, in TOML or a small subset of YAML.
//!
//! Start with [`split_front_matter`].

use crate::text::sanitize;

/// Maximum length of front matter, in bytes; a longer block is read as text.
const MAX_FRONT_MATTER_BYTES: usize = 64 * 1024;

/// The metadata of a Markdown file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    /// The date, unparsed.
    pub(super) date: Option<String>,
    pub(super) author: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) link: Option<String>,
    /// The message of the TOML parser, if the front matter is invalid.
    pub(super) error: Option<String>,
}

/// Splits `text` into its front matter and the rest; without front matter, all of it is the rest.
///
/// YAML stands between `---` lines (or ends with `...`), TOML between `+++` lines.
pub(super) fn split_front_matter(text: &str) -> (FrontMatter, &str) {
    let fence = text.lines().next().unwrap_or_default().trim_end();
    let parse: fn(&str) -> FrontMatter = match fence {
        "---" => parse_yaml,
        "+++" => parse_toml,
        _ => return (FrontMatter::default(), text),
    };
    let after_fence = &text[text.find('\n').map_or(text.len(), |end| end + 1)..];
    let mut len = 0;
    for line in after_fence.split_inclusive('\n').take_while(|line| !line.is_empty()) {
        let is_end = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        if is_end {
            return (parse(&after_fence[..len]), &after_fence[len + line.len()..]);
        }
        len += line.len();
        if len > MAX_FRONT_MATTER_BYTES {
            break;
        }
    }
    (FrontMatter::default(), text)
}

impl FrontMatter {
    /// Sets the field that belongs to `key`; unknown keys are ignored.
    fn set_key(&mut self, key: &str, values: Vec<String>) {
        let clean_value = |value: String| {
            sanitize::strip_controls(value.trim()).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let cleaned: Vec<String> =
            values.into_iter().map(clean_value).filter(|value| !value.is_empty()).collect();
        let joined = (!cleaned.is_empty()).then(|| cleaned.join(", "));
        match key.to_ascii_lowercase().as_str() {
            "title" => self.title = joined,
            "date" | "published" => self.date = joined,
            "author" | "authors" => self.author = joined,
            "tags" | "tag" | "keywords" => {
                self.tags = cleaned.iter().flat_map(|value| split_tags(value)).collect();
            }
            "categories" | "category" => self.categories = cleaned,
            "link" | "url" => self.link = joined,
            _ => {}
        }
    }
}

/// Splits a list of tags at its commas.
fn split_tags(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}

/// Parses a subset of YAML: `key: value`, `key: [a, b]`, and values on indented or dashed lines
/// below the key.
fn parse_yaml(source: &str) -> FrontMatter {
    let mut front = FrontMatter::default();
    // The last key, whose values may continue on the following lines.
    let mut current: Option<(&str, Vec<String>)> = None;
    for line in source.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let continued =
            line.trim_start().strip_prefix("- ").or_else(|| line.starts_with(' ').then_some(line));
        match (continued, line.split_once(':')) {
            (Some(value), _) => {
                if let Some((_, values)) = &mut current {
                    values.push(unquote(value));
                }
            }
            (None, Some((key, value))) => {
                let next = (key.trim(), parse_yaml_values(value));
                if let Some((key, values)) = current.replace(next) {
                    front.set_key(key, values);
                }
            }
            (None, None) => {}
        }
    }
    if let Some((key, values)) = current {
        front.set_key(key, values);
    }
    front
}

/// Parses the text after `key:` into its values; empty if they follow on the next lines.
fn parse_yaml_values(text: &str) -> Vec<String> {
    let value = text.trim();
    if let Some(list) = value.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        return split_yaml_list(list).into_iter().map(unquote).collect();
    }
    // These YAML marks say that a block of text begins on the next line.
    let continues_below = matches!(value, "" | "|" | ">" | "|-" | ">-");
    if continues_below { Vec::new() } else { vec![unquote(value)] }
}

/// Splits the inside of a list at the commas that are not between quotation marks.
fn split_yaml_list(list: &str) -> Vec<&str> {
    let (mut values, mut start) = (Vec::new(), 0);
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in list.char_indices() {
        let begins_value = list[start..at].trim().is_empty();
        match (c, quote) {
            (',', None) => {
                values.push(&list[start..at]);
                start = at + 1;
            }
            ('"' | '\'', None) if begins_value => quote = Some(c),
            (c, Some(open)) if c == open && !is_escaped => quote = None,
            _ => {}
        }
        is_escaped = c == '\\' && quote == Some('"') && !is_escaped;
    }
    // A quotation mark that is never closed is none.
    if quote.is_some() {
        return list.split(',').collect();
    }
    values.push(&list[start..]);
    values
}

/// Removes surrounding white space, then surrounding quotation marks, and decodes what is escaped between
/// them (YAML 1.2 §7.3).
fn unquote(text: &str) -> String {
    let value = text.trim();
    let strip_quotes = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    match (strip_quotes('"'), strip_quotes('\'')) {
        (Some(quoted), _) => decode_escapes(quoted),
        (None, Some(quoted)) => quoted.replace("''", "'"),
        (None, None) => value.to_owned(),
    }
}

/// Decodes `\"` and `\\`. Other backslashes stay, as in a path that was not meant as YAML.
fn decode_escapes(quoted: &str) -> String {
    let mut decoded = String::with_capacity(quoted.len());
    let mut chars = quoted.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.next_if(|next| c == '\\' && matches!(next, '"' | '\\'));
        decoded.push(escaped.unwrap_or(c));
    }
    decoded
}

/// Parses TOML front matter.
fn parse_toml(source: &str) -> FrontMatter {
    let mut front = FrontMatter::default();
    match source.parse::<toml::Table>() {
        Ok(table) => table.iter().for_each(|(key, value)| front.set_key(key, toml_strings(value))),
        Err(error) => front.error = Some(sanitize::to_line(error.message()).into_owned()),
    }
    front
}

/// Returns the strings in a value: of a table, those under `name`.
fn toml_strings(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(values) => values.iter().flat_map(toml_strings).collect(),
        toml::Value::Table(table) => table.get("name").map(toml_strings).unwrap_or_default(),
        value => vec![value.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_reads_yaml_and_toml_alike() {
        let expected = FrontMatter {
            title: Some("A title: with a colon".into()),
            date: Some("2026-01-28".into()),
            author: Some("Ann Weil, Bo Lind".into()),
            tags: vec!["rail".into(), "night trains".into()],
            categories: vec!["Roads, rails".into(), "Travel".into()],
            link: Some("https://example.org/a".into()),
            error: None,
        };
        let yaml = "---\r\ntitle: \"A title: with a colon\"\r\ndate: 2026-01-28\n# note\nauthor:\n  - Ann Weil\n  - 'Bo Lind'\n\
            tags: [rail, \"night trains\"]\ncategories: [\"Roads, rails\", Travel]\nlink: https://example.org/a\nother: x\n---\nText";
        let toml = "+++\ntitle = \"A title: with a colon\"\ndate = 2026-01-28\nauthors = [\"Ann Weil\", {name = \"Bo Lind\"}]\n\
            tags = [\"rail\", \"night trains\"]\ncategories = [\"Roads, rails\", \"Travel\"]\nurl = \"https://example.org/a\"\n+++\nText";
        assert_eq!(split_front_matter(yaml), (expected.clone(), "Text"));
        assert_eq!(split_front_matter(toml), (expected, "Text"));
    }

    #[test]
    fn front_matter_decodes_quoted_values() {
        for (value, title) in [
            (r#""A \"B\" C:\\D""#, r#"A "B" C:\D"#),
            (r#""C:\News""#, r"C:\News"),
            ("'It''s'", "It's"),
            ("It''s", "It''s"),
        ] {
            let text = format!("---\ntitle: {value}\n---\n");
            assert_eq!(split_front_matter(&text).0.title.as_deref(), Some(title), "{value}");
        }
    }

    #[test]
    fn split_yaml_list_keeps_commas_between_quotation_marks() {
        let cases: [(&str, &[&str]); 5] = [
            ("a, b", &["a", "b"]),
            (r#""a, \"b\", c", 'd, e', f"#, &[r#"a, "b", c"#, "d, e", "f"]),
            ("it's, that's", &["it's", "that's"]),
            ("\"open, b", &["\"open", "b"]),
            ("", &[""]),
        ];
        for (list, values) in cases {
            let found: Vec<String> = split_yaml_list(list).into_iter().map(unquote).collect();
            assert_eq!(found, values, "{list}");
        }
    }

    #[test]
    fn split_front_matter_keeps_text_without_it() {
        for text in ["", "text", "---\nnever ended", "--- \n", "\n---\na: b\n---\n"] {
            assert_eq!(split_front_matter(text), (FrontMatter::default(), text), "{text}");
        }
    }

    #[test]
    fn front_matter_reports_syntax_error() {
        let (front, text) = split_front_matter("+++\ntitle = \n+++\nText");
        assert!(front.error.is_some());
        assert_eq!(text, "Text");
    }
}
