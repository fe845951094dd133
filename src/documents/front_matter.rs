//! Front matter: what a Markdown file says about itself above its text, in a small part of YAML or in TOML.

use crate::text::sanitize;

/// Longer heads are text, in bytes.
const MAX_FRONT_MATTER_BYTES: usize = 64 * 1024;

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) author: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) link: Option<String>,
    /// Why it could not be read, in the words of the parser.
    pub(super) error: Option<String>,
}

/// Splits the front matter off `text`; without any, all of it is text.
pub(super) fn split_front_matter(text: &str) -> (FrontMatter, &str) {
    let fence = text.lines().next().unwrap_or_default().trim_end();
    let read: fn(&str) -> FrontMatter = match fence {
        "---" => parse_yaml,
        "+++" => parse_toml,
        _ => return (FrontMatter::default(), text),
    };
    let head = &text[text.find('\n').map_or(text.len(), |end| end + 1)..];
    let mut at = 0;
    for line in head.split_inclusive('\n').take_while(|line| !line.is_empty()) {
        let ends = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        if ends {
            return (read(&head[..at]), &head[at + line.len()..]);
        }
        at += line.len();
        if at > MAX_FRONT_MATTER_BYTES {
            break;
        }
    }
    (FrontMatter::default(), text)
}

impl FrontMatter {
    fn set_key(&mut self, key: &str, values: Vec<String>) {
        let clean = |value: String| {
            sanitize::strip_controls(value.trim()).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let values: Vec<String> =
            values.into_iter().map(clean).filter(|value| !value.is_empty()).collect();
        let joined = (!values.is_empty()).then(|| values.join(", "));
        match key.to_ascii_lowercase().as_str() {
            "title" => self.title = joined,
            "date" | "published" => self.date = joined,
            "author" | "authors" => self.author = joined,
            "tags" | "tag" | "keywords" => {
                self.tags = values.iter().flat_map(|value| split_tags(value)).collect();
            }
            "link" | "url" => self.link = joined,
            _ => {}
        }
    }
}

fn split_tags(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}

/// `key: value`, `key: [a, b]`, and values on the indented or dashed lines below the key.
fn parse_yaml(head: &str) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut open: Option<(&str, Vec<String>)> = None;
    for line in head.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let inner =
            line.trim_start().strip_prefix("- ").or_else(|| line.starts_with(' ').then_some(line));
        match (inner, line.split_once(':')) {
            (Some(value), _) => {
                if let Some((_, values)) = &mut open {
                    values.push(unquote(value).to_owned());
                }
            }
            (None, Some((key, value))) => {
                if let Some((key, values)) = open.replace((key.trim(), parse_yaml_values(value))) {
                    front.set_key(key, values);
                }
            }
            (None, None) => {}
        }
    }
    if let Some((key, values)) = open {
        front.set_key(key, values);
    }
    front
}

fn parse_yaml_values(value: &str) -> Vec<String> {
    let value = value.trim();
    if let Some(list) = value.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        return list.split(',').map(|value| unquote(value).to_owned()).collect();
    }
    // The marks of texts that begin on the next line.
    let follows = matches!(value, "" | "|" | ">" | "|-" | ">-");
    if follows { Vec::new() } else { vec![unquote(value).to_owned()] }
}

fn unquote(value: &str) -> &str {
    let value = value.trim();
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

fn parse_toml(head: &str) -> FrontMatter {
    let mut front = FrontMatter::default();
    match head.parse::<toml::Table>() {
        Ok(table) => table.iter().for_each(|(key, value)| front.set_key(key, toml_strings(value))),
        Err(error) => front.error = Some(sanitize::to_line(error.message()).into_owned()),
    }
    front
}

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
            link: Some("https://example.org/a".into()),
            error: None,
        };
        let yaml = "---\r\ntitle: \"A title: with a colon\"\r\ndate: 2026-01-28\n# note\nauthor:\n  - Ann Weil\n  - 'Bo Lind'\n\
            tags: [rail, \"night trains\"]\nlink: https://example.org/a\nother: x\n---\nText";
        let toml = "+++\ntitle = \"A title: with a colon\"\ndate = 2026-01-28\nauthors = [\"Ann Weil\", {name = \"Bo Lind\"}]\n\
            tags = [\"rail\", \"night trains\"]\nurl = \"https://example.org/a\"\n+++\nText";
        assert_eq!(split_front_matter(yaml), (expected.clone(), "Text"));
        assert_eq!(split_front_matter(toml), (expected, "Text"));
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
