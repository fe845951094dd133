//! One file → one entry.

use std::{
    fs::File,
    io::{self, Read as _},
};

use chrono::{DateTime, Utc};

use super::{
    ArticleFile, DocumentError, MAX_FILE_BYTES, dates,
    decode::{CharsetDeclaration, decode_bytes},
    error::sanitize_name,
    file_type::FileType,
    html, mail, markdown,
    parsed_file::{ParseWarning, ParsedFile},
    plain_text,
};
use crate::{
    markup::{self, Document},
    model::{Attachments, BodyFormat, EntryBody, NewEntry, PublicationDate},
    text::fnv1a_digest,
};

/// An entry, and what was odd about its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// The entry.
    pub entry: NewEntry,
    /// One plain sentence for each oddity; each names the file.
    pub warnings: Vec<String>,
}

/// Reads a file that a scan has found.
pub fn read_article_file(file: &ArticleFile) -> Result<FileEntry, DocumentError> {
    let failed = |error: io::Error| DocumentError::from_io(&file.relative_path, &error);
    let metadata = file.path.metadata().map_err(failed)?;
    // Opening a pipe would wait for a writer.
    if !metadata.is_file() {
        return Err(DocumentError::Unsupported(sanitize_name(&file.relative_path)));
    }
    check_size(&file.relative_path, metadata.len())?;
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    File::open(&file.path)
        .and_then(|opened| opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    parse_file(
        &file.relative_path,
        &bytes,
        metadata.modified().ok().map(DateTime::from).or(file.modified),
    )
}

/// Reads the content of the file called `name`, which may have folders before it and tells the kind of file.
///
/// The date is what the file says, else what its name begins with, else `modified`, else the beginning of 1970.
pub fn parse_file(
    name: &str,
    bytes: &[u8],
    modified: Option<DateTime<Utc>>,
) -> Result<FileEntry, DocumentError> {
    check_size(name, bytes.len() as u64)?;
    let kind =
        FileType::from_name(name).ok_or_else(|| DocumentError::Unsupported(sanitize_name(name)))?;
    let mut found =
        parse_by_type(kind, bytes).ok_or_else(|| DocumentError::Binary(sanitize_name(name)))?;
    if found.text.trim().is_empty() {
        if found.title.is_none() && found.published.is_none() {
            return Err(DocumentError::Empty(sanitize_name(name)));
        }
        found.warnings.push(ParseWarning::EmptyBody);
    }
    let complaints =
        found.warnings.iter().map(|oddity| oddity.describe(&sanitize_name(name))).collect();
    let named = dates::parse_day_from_name(name).map(PublicationDate::Day);
    let timed = PublicationDate::Instant(modified.unwrap_or(DateTime::UNIX_EPOCH));
    let entry = NewEntry {
        guid: entry_guid(name, kind, found.message_id),
        digest: fnv1a_digest(bytes),
        title: found.title.unwrap_or_else(|| title_from_name(name)),
        link: found.link,
        author: found.author,
        published: found.published.or(named).unwrap_or(timed),
        tags: found.tags,
        body: EntryBody { format: found.format, text: found.text },
        attachments: Attachments::default(),
        page_article: found.page_article,
    };
    Ok(FileEntry { entry, warnings: complaints })
}

/// The readable form of a body.
pub fn render_body(body: &EntryBody) -> Document {
    match body.format {
        BodyFormat::Plain => markup::parse_plain_text(&body.text),
        BodyFormat::Markdown => markup::parse_markdown(&body.text),
        BodyFormat::Html => markup::parse_html(&body.text, None),
    }
}

fn check_size(name: &str, bytes: u64) -> Result<(), DocumentError> {
    if bytes <= MAX_FILE_BYTES {
        return Ok(());
    }
    Err(DocumentError::TooLarge { name: sanitize_name(name), bytes, limit: MAX_FILE_BYTES })
}

/// What a file says; `None` if it is not text.
fn parse_by_type(kind: FileType, bytes: &[u8]) -> Option<ParsedFile> {
    let declaration = if kind == FileType::Html {
        CharsetDeclaration::HtmlMeta
    } else {
        CharsetDeclaration::None
    };
    let decoded = || decode_bytes(bytes, declaration);
    match kind {
        FileType::Text => Some(plain_text::parse_plain_text(&decoded()?)),
        FileType::Markdown => Some(markdown::parse_markdown(&decoded()?)),
        FileType::Html => Some(html::parse_html(&decoded()?)),
        FileType::Mail | FileType::Maildir => {
            let text = decoded()?;
            Some(mail::parse_mail(bytes).unwrap_or_else(|| plain_text::parse_plain_text(&text)))
        }
    }
}

/// The path; but a mail in a Maildir gets another path when it is read, so there the id its sender gave it, or what
/// stays the same of its file name.
fn entry_guid(name: &str, kind: FileType, message_id: Option<String>) -> String {
    if kind != FileType::Maildir {
        return name.to_owned();
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    message_id.unwrap_or_else(|| file.split(':').next().unwrap_or(file).to_owned())
}

/// A title for a file without words: its name, without date and extension.
fn title_from_name(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words = dates::parse_day_from_name(stem).map_or(stem, |_| &stem[10..]);
    let words = words.replace(['-', '_'], " ");
    Some(sanitize_name(words.trim()))
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| sanitize_name(file))
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone};
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> PublicationDate {
        PublicationDate::Day(
            NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar"),
        )
    }

    fn modified_time() -> Option<DateTime<Utc>> {
        Utc.with_ymd_and_hms(2026, 5, 1, 12, 0, 0).single()
    }

    #[test]
    fn parse_file_reads_dated_text() {
        let text = " date 2026-01-28 The president’s visit, long expected, began on Monday. It went well.\n\nMore.";
        let read =
            parse_file("box/visit.txt", text.as_bytes(), modified_time()).expect("it is text");
        assert_eq!(read.warnings, Vec::<String>::new());
        assert_eq!(read.entry.guid, "box/visit.txt");
        assert_eq!(read.entry.title, "The president’s visit, long expected, began on Monday");
        assert_eq!(read.entry.published, day(2026, 1, 28));
        assert!(read.entry.body.text.starts_with("The president’s visit"));
    }

    #[test]
    fn parse_file_date_falls_back_to_name_and_mtime() {
        let cases = [
            ("2026-03-14-a.txt", "date 2026-01-28 Text.", day(2026, 1, 28), 0),
            ("2026-03-14-a.txt", "date 2026-13-99 Text.", day(2026, 3, 14), 1),
            ("2026-03-14-a.txt", "Text.", day(2026, 3, 14), 0),
            ("a.txt", "Text.", PublicationDate::Instant(modified_time().expect("a time")), 0),
        ];
        for (name, text, published, complaints) in cases {
            let read = parse_file(name, text.as_bytes(), modified_time()).expect("it is text");
            assert_eq!(
                (read.entry.published, read.warnings.len()),
                (published, complaints),
                "{name}: {text}"
            );
        }
    }

    #[test]
    fn parse_file_reports_why_it_fails() {
        let cases: [(&str, &[u8], &str); 5] = [
            ("a.txt", b"", "a.txt is empty"),
            ("a.md", b" \n\t", "a.md is empty"),
            ("a.html", b"\0\0\x01\x02", "a.html is not a text file"),
            ("a.png", b"x", "a.png is not an article file: these end in .txt, .md, .html or .eml"),
            ("cur/1:2,S", b"\0\0\0", "cur/1:2,S is not a text file"),
        ];
        for (name, bytes, sentence) in cases {
            let error = parse_file(name, bytes, None).expect_err("it is no article");
            assert_eq!(error.to_string(), sentence);
        }
        let huge = vec![b'a'; usize::try_from(MAX_FILE_BYTES).expect("it fits") + 1];
        assert!(matches!(parse_file("a.txt", &huge, None), Err(DocumentError::TooLarge { .. })));
    }

    #[test]
    fn parse_file_takes_title_from_name() {
        let read = parse_file("2026-03-14-night_train.txt", b"date 2026-01-28", None)
            .expect("it has a date");
        assert_eq!((read.entry.title.as_str(), read.warnings.len()), ("night train", 1));
    }

    #[test]
    fn parse_file_keeps_maildir_guid() {
        let mail =
            |name| parse_file(name, b"Subject: a\n\ntext", None).expect("it is a mail").entry.guid;
        assert_eq!(mail("new/17.host"), mail("cur/17.host:2,S"));
        assert_eq!(mail("a.eml"), "a.eml");
    }

    #[test]
    fn parse_file_reads_seeds_without_warnings() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds");
        let Ok(files) = std::fs::read_dir(folder) else {
            return eprintln!("skipped: there is no folder {folder}");
        };
        for file in files
            .filter_map(Result::ok)
            .filter(|file| file.path().extension().is_some_and(|e| e == "txt"))
        {
            let bytes = std::fs::read(file.path()).expect("a seed can be read");
            let read = parse_file(&file.file_name().to_string_lossy(), &bytes, None)
                .expect("a seed is an article");
            assert_eq!(read.warnings, Vec::<String>::new());
            assert!(
                matches!(read.entry.published, PublicationDate::Day(_))
                    && !read.entry.title.is_empty()
            );
            check_known_seed(&file.file_name().to_string_lossy(), &read.entry);
        }
    }

    fn check_known_seed(name: &str, entry: &NewEntry) {
        if name != "000_b28408d1bb1518b5.txt" {
            return;
        }
        let title = "President Ahmad Al-Sharaa held an official meeting on Wednesday evening, January 28, with Russian \
            President Vladimir Putin in the Russian capital";
        assert_eq!((entry.title.as_str(), entry.published), (title, day(2026, 1, 28)));
        let document = render_body(&entry.body);
        assert_eq!(document.blocks.len(), 9);
        assert!(document.plain_text().contains("Moscow’s steady commitment"));
    }

    proptest! {
        #[test]
        fn parse_file_accepts_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            for name in ["a.txt", "a.md", "a.html", "a.eml", "new/a", "a"] {
                if let Ok(read) = parse_file(name, &bytes, None) {
                    prop_assert!(!read.entry.title.is_empty());
                    prop_assert!(!read.entry.title.contains(char::is_control));
                    render_body(&read.entry.body);
                }
            }
        }

        #[test]
        fn parse_file_accepts_any_text(text in "(---\n|date |2026-01-28|title: |[#>*<a-z\n. ]|From: x\n|\u{1b}]){0,30}") {
            for name in ["a.txt", "a.md", "a.html", "a.eml"] {
                if let Ok(read) = parse_file(name, text.as_bytes(), None) {
                    prop_assert!(!read.entry.title.contains(char::is_control));
                }
            }
        }
    }
}
