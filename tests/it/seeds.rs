//! Snapshots of every sample document as it is parsed and laid out. A new seed needs no new test.

use std::{fs, path::Path, sync::Arc};

use newsreader::{
    documents::{self, FileEntry},
    markup::{Flow, FlowLayout, ScrollPosition},
    model::PublicationDate,
    text::{sanitize, width},
};

fn read(path: &Path) -> FileEntry {
    let name = path.file_name().unwrap().to_str().unwrap();
    documents::parse_file(name, &fs::read(path).unwrap(), None)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn seeds() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir("seeds").unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

#[test]
fn seed_files_match_snapshots() {
    for path in seeds() {
        let FileEntry { entry, warnings: complaints } = read(&path);
        let document = documents::render_body(&entry.body).with_detected_language();
        let mut text = format!(
            "title: {}\ndate: {:?}\nauthor: {:?}\nlink: {:?}\ntags: {:?}\ncomplaints: {complaints:?}\nwords: {}\n\n",
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
fn seed_lines_fit_every_width_without_control_characters() {
    for path in seeds() {
        let flow = Arc::new(Flow::new(documents::render_body(&read(&path).entry.body)));
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
fn the_document_it_all_began_with_is_read_well() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds/000_b28408d1bb1518b5.txt");
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return;
    }
    let FileEntry { entry, warnings: complaints } = read(&path);
    assert_eq!(
        entry.title,
        "President Ahmad Al-Sharaa held an official meeting on Wednesday evening, January 28, with Russian President \
         Vladimir Putin in the Russian capital"
    );
    assert_eq!(
        entry.published,
        PublicationDate::Day(chrono::NaiveDate::from_ymd_opt(2026, 1, 28).unwrap())
    );
    assert_eq!(documents::render_body(&entry.body).blocks.len(), 9);
    assert!(entry.body.text.contains("Moscow’s steady commitment"));
    assert_eq!(complaints, Vec::<String>::new());
}
