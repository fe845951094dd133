//! Completes the paths that the user types.

use std::fs;

use super::user_files::expand_user_path;
use crate::model::PathCompletion;

/// Maximum number of files of a folder that are looked at.
const MAX_FILES: usize = 10_000;

/// Maximum number of candidates.
const MAX_CANDIDATES: usize = 100;

/// Completes the last part of a path. Hidden files are offered only for a part that begins with a
/// dot. Without candidates, the path stays as it is.
pub fn complete_path(typed: &str) -> PathCompletion {
    if typed == "~" {
        return PathCompletion { path: "~/".to_owned(), candidates: Vec::new() };
    }
    let (folder, start) = typed.split_at(typed.rfind('/').map_or(0, |at| at + 1));
    let candidates = matching_names(folder, start);
    let common = candidates.iter().skip(1).fold(candidates.first().cloned(), |common, name| {
        common.map(|common| common_start(&common, name).to_owned())
    });
    let path = common.map_or_else(|| typed.to_owned(), |common| format!("{folder}{common}"));
    PathCompletion { path, candidates }
}

/// Returns the names in a folder that begin with `start`, in order; those of folders end with a
/// slash.
fn matching_names(folder: &str, start: &str) -> Vec<String> {
    let path = if folder.is_empty() { Ok(".".into()) } else { expand_user_path(folder) };
    let Some(files) = path.ok().and_then(|path| fs::read_dir(path).ok()) else {
        return Vec::new();
    };
    let is_offered = |name: &str| {
        name.starts_with(start)
            && (start.starts_with('.') || !name.starts_with('.'))
            && !name.contains(char::is_control)
    };
    let name_of = |file: fs::DirEntry| {
        let name = file.file_name().into_string().ok().filter(|name| is_offered(name))?;
        Some(if file.path().is_dir() { format!("{name}/") } else { name })
    };
    let mut names: Vec<String> =
        files.flatten().take(MAX_FILES).filter_map(name_of).take(MAX_CANDIDATES).collect();
    names.sort_unstable();
    names
}

/// Returns the beginning that two names share.
fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    &one[..shared.map(|(c, _)| c.len_utf8()).sum()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_path_returns_shared_beginning_and_candidates() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["feeds.opml", "feeds-old.opml", "näws.xml", ".hidden"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir_all(folder.path().join("articles/2026")).unwrap();
        let root = folder.path().display();
        for (typed, completed, candidates) in [
            ("fe", "feeds", vec!["feeds-old.opml", "feeds.opml"]),
            ("feeds.", "feeds.opml", vec!["feeds.opml"]),
            ("a", "articles/", vec!["articles/"]),
            ("articles/", "articles/2026/", vec!["2026/"]),
            ("n", "näws.xml", vec!["näws.xml"]),
            (".h", ".hidden", vec![".hidden"]),
            ("zzz", "zzz", vec![]),
            ("nowhere/z", "nowhere/z", vec![]),
        ] {
            let completion = complete_path(&format!("{root}/{typed}"));
            assert_eq!(completion.path, format!("{root}/{completed}"));
            assert_eq!(completion.candidates, candidates, "{typed}");
        }
        let all = complete_path(&format!("{root}/")).candidates;
        assert_eq!(all, ["articles/", "feeds-old.opml", "feeds.opml", "näws.xml"]);
        assert_eq!(complete_path("~").path, "~/");
    }
}
