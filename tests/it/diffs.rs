//! Differences between versions of articles, as a person would mark them: one file of
//! `tests/fixtures/diffs` per pair of versions.

use std::{fs, path::Path};

use newsreader::{
    diff::{VersionText, diff_texts},
    markup::parse_html,
};

/// A pair of versions with the marks that are expected.
struct MarkedPair {
    old: VersionText,
    new: VersionText,
    marked: String,
}

fn read_pair(path: &Path) -> MarkedPair {
    let file = fs::read_to_string(path).unwrap();
    let (old, rest) = file.strip_prefix("== old\n").unwrap().split_once("\n== new\n").unwrap();
    let (new, marked) = rest.split_once("\n== marked\n").unwrap();
    MarkedPair {
        old: parse_version(old),
        new: parse_version(new),
        marked: marked.trim_end().to_owned(),
    }
}

fn parse_version(text: &str) -> VersionText {
    let (title, html) = match text.strip_prefix("title: ") {
        Some(text) => text.split_once('\n').unwrap(),
        None => ("Ferry", text),
    };
    VersionText { title: title.to_owned(), blocks: parse_html(html, None).text_blocks() }
}

#[test]
fn diff_of_each_pair_is_marked_as_by_a_person() {
    let mut paths: Vec<_> =
        fs::read_dir("tests/fixtures/diffs").unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "{}", paths.len());
    let mut wrong = Vec::new();
    for path in paths {
        let pair = read_pair(&path);
        let diff = diff_texts(&pair.old, &pair.new);
        assert_eq!((diff.old_text(), diff.new_text()), (pair.old, pair.new), "{}", path.display());
        let title = if diff.title.is_change() {
            format!("title: {}\n", diff.title.to_marked_text())
        } else {
            String::new()
        };
        let marked = title + &diff.to_marked_text(false);
        if marked != pair.marked {
            wrong.push(format!("{}\n{}\n---\n{marked}\n", path.display(), pair.marked));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn marked_text_folds_unchanged_paragraphs() {
    let version = |blocks: &[&str]| VersionText {
        title: "Ferry".to_owned(),
        blocks: blocks.iter().map(|block| (*block).to_owned()).collect(),
    };
    let old = version(&["One is first.", "Two is next.", "Three is last.", "Four ends it."]);
    let new = version(&["One is first.", "Two is next.", "Three was last.", "Four ends it."]);
    assert_eq!(
        diff_texts(&old, &new).to_marked_text(true),
        "··· 2 paragraphs unchanged ···\n\nThree [-is-]{+was+} last.\n\n··· 1 paragraph unchanged ···"
    );
}
