//! Which tags are in a text, without reading it whole.

use memchr::memchr_iter;

/// Letters of the longest name that is looked for.
const MAX_NAME_LENGTH: usize = 16;

/// The names of the opening tags of `html`, in order, as they are written.
pub fn opening_tag_names(html: &str) -> impl Iterator<Item = &str> {
    memchr_iter(b'<', html.as_bytes()).filter_map(|at| {
        let rest = &html.as_bytes()[at + 1..];
        let length = rest
            .iter()
            .take(MAX_NAME_LENGTH)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        (length > 0).then(|| &html[at + 1..at + 1 + length])
    })
}

#[cfg(test)]
mod tests {
    use super::opening_tag_names;

    #[test]
    fn opening_tag_names_finds_names_in_order() {
        let names: Vec<&str> =
            opening_tag_names("<p>a < b <abbr>é</abbr> <IMG src=x><audio/><").collect();
        assert_eq!(names, ["p", "abbr", "IMG", "audio"]);
    }
}
