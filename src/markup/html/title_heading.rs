//! The heading that repeats the title of a page.

use super::{paragraphs::for_each_paragraph, tokenizer::tokenize_tags};
use crate::text::sanitize;

/// Removes the first top heading from `text` if it reads `title`, which is shown separately.
pub fn remove_title_heading(text: &str, title: &str) -> String {
    let mut found =
        tokenize_tags(text).skip_while(|tag| tag.closing || !tag.name.eq_ignore_ascii_case("h1"));
    let opening = found.next();
    let closing = found.find(|tag| tag.closing && tag.name.eq_ignore_ascii_case("h1"));
    let (Some(opening), Some(closing)) = (opening, closing) else { return text.to_owned() };
    let mut heading = String::new();
    for_each_paragraph(&text[opening.end..closing.start], |words| heading.push_str(words));
    if collapse_white_space(&heading) != collapse_white_space(title) {
        return text.to_owned();
    }
    format!("{}{}", &text[..opening.start], &text[closing.end..])
}

fn collapse_white_space(text: &str) -> String {
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remove_title_heading_removes_matching_h1() {
        let cases = [
            ("a<h1 class=x>The <b>Title</b></h1>b", "ab"),
            ("<h1>Other</h1>b", "<h1>Other</h1>b"),
            ("<h1>The Title", "<h1>The Title"),
        ];
        for (text, expected) in cases {
            assert_eq!(remove_title_heading(text, "The Title"), expected, "{text}");
        }
    }
}
