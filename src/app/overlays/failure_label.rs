//! The row of a failure in the list of errors: what failed, then where.

use std::borrow::Cow;

use crate::text::width;

/// Maximum width of a path or URL in a row; of a longer one, the middle is left out.
const MAX_PATH_COLUMNS: usize = 28;

/// Returns the sentence of a failure as its row shows it. The row is cut at its end, so that what
/// failed comes before the file in which it is, and long paths are shortened.
pub(super) fn failure_label(sentence: &str) -> String {
    match sentence.split_once(": ") {
        Some((place, problem)) if is_place_in_file(place) => {
            let name = place.rsplit(['/', '\\']).next().unwrap_or(place);
            format!("{name}: {}", shorten_paths(problem))
        }
        _ => shorten_paths(sentence),
    }
}

/// Returns whether `text` names a line of a file, as in `/home/anna/settings.toml, line 3`.
fn is_place_in_file(text: &str) -> bool {
    let line = text.rsplit_once(", line ").map(|(_, line)| line);
    line.is_some_and(|line| line.bytes().all(|byte| byte.is_ascii_digit()))
}

fn shorten_paths(sentence: &str) -> String {
    sentence.split(' ').map(shorten_path).collect::<Vec<_>>().join(" ")
}

/// Leaves out the middle of a word that is a long path or URL: its first part and its name stay.
fn shorten_path(word: &str) -> Cow<'_, str> {
    let root = word.find("://").map_or(1, |scheme| scheme + "://".len());
    let first_end = word.get(root..).and_then(|rest| rest.find('/')).map(|at| root + at);
    let name_start = word.trim_end_matches(['/', ':', ',', ';']).rfind('/');
    match (first_end, name_start) {
        (Some(first), Some(name)) if first < name && width(word) > MAX_PATH_COLUMNS => {
            Cow::Owned(format!("{}/…{}", &word[..first], &word[name..]))
        }
        _ => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use super::failure_label;

    #[test]
    fn row_begins_with_what_failed_and_shortens_paths() {
        for (sentence, label) in [
            (
                "/home/anna/.config/newsreader/settings.toml, line 3: there is no setting `them`",
                "settings.toml, line 3: there is no setting `them`",
            ),
            (
                "Cannot read /home/anna/archive/2026/a/long/path/old.txt: it is not a text file",
                "Cannot read /home/…/old.txt: it is not a text file",
            ),
            (
                "Cannot save https://news.example.org/2026/11/29/a-story/: the server answered 404",
                "Cannot save https://news.example.org/…/a-story/: the server answered 404",
            ),
            ("LWN: the server answered 404", "LWN: the server answered 404"),
            ("Cannot read /a/b/c.txt", "Cannot read /a/b/c.txt"),
            ("", ""),
        ] {
            assert_eq!(failure_label(sentence), label);
        }
    }
}
