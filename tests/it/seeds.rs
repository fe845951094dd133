//! Sample documents in `seeds/`: a snapshot of each shows how it is parsed and laid out. A new file
//! is tested without further code.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use newsreader::{
    documents::{self, FileEntry},
    markup::{Flow, FlowLayout, ScrollPosition},
    model::PublicationDate,
    text::{sanitize, width},
};

fn parse_seed(path: &Path) -> FileEntry {
    let name = path.file_name().unwrap().to_str().unwrap();
    documents::parse_file(name, &fs::read(path).unwrap(), None)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn seed_paths() -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir("seeds").unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

#[test]
fn parse_file_of_each_seed_matches_snapshot() {
    for path in seed_paths() {
        let FileEntry { entry, warnings } = parse_seed(&path);
        let document = documents::render_body(&entry.body).with_detected_language();
        let mut text = format!(
            "title: {}\ndate: {:?}\nauthor: {:?}\nlink: {:?}\ntags: {:?}\nwarnings: {warnings:?}\nwords: {}\n\n",
            entry.title,
            entry.published,
            entry.author,
            entry.link,
            entry.tags,
            document.word_count()
        );
        let flow = Arc::new(Flow::new(document));
        for columns in [68, 40, 120] {
            let ruler = "·".repeat(usize::from(columns));
            text.push_str(&ruler);
            text.push('\n');
            for line in FlowLayout::new(Arc::clone(&flow), columns)
                .visible_lines(ScrollPosition::default(), 40)
            {
                text.push_str(line.text().trim_end());
                text.push('\n');
            }
        }
        insta::assert_snapshot!(path.file_name().unwrap().to_str().unwrap(), text);
    }
}

#[test]
fn layout_of_each_seed_fits_pane_without_control_characters() {
    for path in seed_paths() {
        let body = parse_seed(&path).entry.body;
        let flow = Arc::new(Flow::new(documents::render_body(&body)));
        for columns in [1, 7, 25, 40, 68, 120] {
            for line in FlowLayout::new(Arc::clone(&flow), columns)
                .visible_lines(ScrollPosition::default(), u16::MAX)
            {
                let text = line.text();
                assert!(
                    width(&text) <= usize::from(columns),
                    "{}: {text:?} at {columns}",
                    path.display()
                );
                assert_eq!(sanitize::to_line(&text), text, "{}", path.display());
            }
        }
    }
}

#[test]
fn parse_file_reads_dated_plain_text() {
    let FileEntry { entry, warnings } = parse_seed(Path::new("seeds/dated-plain-text.txt"));
    assert_eq!(
        entry.title,
        "Syria’s president, Ahmad Al-Sharaa, was received in Moscow on the evening of Wednesday, January 28, for \
         official talks with Vladimir Putin"
    );
    assert_eq!(
        entry.published,
        PublicationDate::Day(chrono::NaiveDate::from_ymd_opt(2026, 1, 28).unwrap())
    );
    assert_eq!(documents::render_body(&entry.body).blocks.len(), 9);
    assert!(entry.body.text.contains("Moscow’s commitment to these ties was steady"));
    assert_eq!(warnings, Vec::<String>::new());
}
