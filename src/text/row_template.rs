//! Templates for the rows of a list, such as `{title}\t{url}`.

use super::{nearest_word, unknown_name_message};

/// A template: texts and slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTemplate(Vec<TemplatePart>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Slot(String),
}

impl RowTemplate {
    /// Parses a template whose slots, in braces, are among `slots`. `\t`, `\n`, `\0`, `\\`, `\{` and `\}`
    /// are a tab, a line feed, a zero byte, and the characters themselves. A line feed follows, unless the
    /// template ends with one or with a zero byte.
    ///
    /// # Errors
    ///
    /// Returns a sentence for a slot or an escape that does not exist, with the nearest one that does, and
    /// for a brace that is not closed.
    pub fn parse(text: &str, slots: &[&str]) -> Result<RowTemplate, String> {
        let (mut parts, mut literal) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\\' => {
                    let escaped = rest.chars().next();
                    literal.push(unescape(escaped)?);
                    rest = &rest[escaped.map_or(0, char::len_utf8)..];
                }
                '{' => {
                    let (name, after) = rest.split_once('}').ok_or_else(|| {
                        format!("“{{{rest}” has no closing brace; \\{{ is a brace")
                    })?;
                    if !slots.contains(&name) {
                        return Err(unknown_slot(name, slots));
                    }
                    parts.push(TemplatePart::Text(std::mem::take(&mut literal)));
                    parts.push(TemplatePart::Slot(name.to_owned()));
                    rest = after;
                }
                c => literal.push(c),
            }
        }
        let is_ended = literal.ends_with(['\n', '\0']);
        if !is_ended {
            literal.push('\n');
        }
        parts.push(TemplatePart::Text(literal));
        Ok(RowTemplate(parts))
    }

    /// Fills the slots by calling `value` with the name of each.
    pub fn fill(&self, value: &dyn Fn(&str) -> String) -> String {
        let fill_part = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Slot(name) => value(name),
        };
        self.0.iter().map(fill_part).collect()
    }
}

fn unescape(c: Option<char>) -> Result<char, String> {
    match c {
        Some('t') => Ok('\t'),
        Some('n') => Ok('\n'),
        Some('0') => Ok('\0'),
        Some(c @ ('\\' | '{' | '}')) => Ok(c),
        Some(c) => {
            Err(format!("there is no escape \\{c}; there are \\t, \\n, \\0, \\\\, \\{{ and \\}}"))
        }
        None => Err("the template ends with a backslash; \\\\ is one".to_owned()),
    }
}

fn unknown_slot(name: &str, slots: &[&str]) -> String {
    let message = unknown_name_message("slot", name, slots.iter().copied());
    if nearest_word(name, slots.iter().copied()).is_some() {
        return message;
    }
    let all: Vec<String> = slots.iter().map(|slot| format!("{{{slot}}}")).collect();
    format!("{message}; there are {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::RowTemplate;

    fn fill(template: &str) -> Result<String, String> {
        let template = RowTemplate::parse(template, &["title", "url"])?;
        Ok(template.fill(&|name| format!("<{name}>")))
    }

    #[test]
    fn template_fills_slots_and_ends_each_row() {
        for (template, row) in [
            (r"{title}\t{url}", "<title>\t<url>\n"),
            (r"{url}\0", "<url>\0"),
            (r"a\\\{b\}{title}\n", "a\\{b}<title>\n"),
            ("", "\n"),
            ("é}{title}", "é}<title>\n"),
        ] {
            assert_eq!(fill(template), Ok(row.to_owned()), "{template}");
        }
    }

    #[test]
    fn template_names_what_it_does_not_know() {
        for (template, sentence) in [
            ("{titel}", "title"),
            ("{colour}", "there are {title}, {url}"),
            ("{title", "no closing brace"),
            (r"\x", r"no escape \x"),
            ("\\", "ends with a backslash"),
        ] {
            let error = fill(template).unwrap_err();
            assert!(error.contains(sentence), "{template}: {error}");
        }
    }
}
