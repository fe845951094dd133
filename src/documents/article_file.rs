//! Parsing one article file into one entry.
//!
//! Start with [`parse_file`].

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
};

use chrono::{DateTime, Utc};

use super::{
    DocumentError, MAX_FILE_BYTES, dates,
    decode::{CharsetDeclaration, decode_bytes},
    error::sanitize_name,
    file_type::FileType,
    html, mail,
    mail_digest::MailDigest,
    mailbox::unquote_from_lines,
    markdown,
    parsed_file::{ParseWarning, ParsedFile},
    plain_text,
    scanned_file::{ArticleFile, FilePart, MailSpan},
};
use crate::{
    model::{Attachments, EntryBody, NewEntry, PublicationDate},
    text::{fnv1a_digest, instant_from_system_time},
};

/// An entry parsed from a file, with the warnings about the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// The entry.
    pub entry: NewEntry,
    /// One plain sentence per problem; each names the file.
    pub warnings: Vec<String>,
}

/// Reads and parses a file, or a mail of a mailbox, that a scan has found.
///
/// # Errors
///
/// Fails if the file cannot be read, is too large, empty, or not text, or if the mail is no longer where
/// it was found.
pub fn read_article_file(file: &ArticleFile) -> Result<FileEntry, DocumentError> {
    let to_error = |error: io::Error| DocumentError::from_io(&file.relative_path, &error);
    let metadata = file.path.metadata().map_err(to_error)?;
    // Opening a named pipe would block until another program writes to it.
    if !metadata.is_file() {
        return Err(DocumentError::Unsupported(sanitize_name(&file.relative_path)));
    }
    let modified = metadata.modified().ok().and_then(instant_from_system_time).or(file.modified);
    if let FilePart::Mail(span) = file.part {
        return read_mail(file, span, modified);
    }
    check_size(&file.relative_path, metadata.len())?;
    let mut bytes = Vec::new();
    // The file may grow while it is read, so the length is limited here too.
    File::open(&file.path)
        .and_then(|opened| opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(to_error)?;
    parse_file(&file.relative_path, &bytes, modified)
}

/// Reads one mail of a mailbox; of a mail with more than [`MAX_FILE_BYTES`], which are usually those of
/// an attached file, its beginning.
fn read_mail(
    file: &ArticleFile,
    span: MailSpan,
    modified: Option<DateTime<Utc>>,
) -> Result<FileEntry, DocumentError> {
    let name = &file.relative_path;
    let mut bytes = Vec::new();
    File::open(&file.path)
        .and_then(|mut opened| {
            opened.seek(SeekFrom::Start(span.start))?;
            opened.take(span.length.min(MAX_FILE_BYTES)).read_to_end(&mut bytes)
        })
        .map_err(|error| DocumentError::from_io(name, &error))?;
    let is_cut = span.length > MAX_FILE_BYTES;
    if !is_cut && MailDigest::of_mail(&bytes).value() != span.digest {
        return Err(DocumentError::Changed(sanitize_name(name)));
    }
    let bytes = unquote_from_lines(bytes);
    let mut parsed = parse_by_type(FileType::Mail, &bytes)
        .ok_or_else(|| DocumentError::Binary(sanitize_name(name)))?;
    parsed.warnings.extend(is_cut.then_some(ParseWarning::LongMail(MAX_FILE_BYTES >> 20)));
    let fallbacks = Fallbacks { title: "(no subject)".to_owned(), date: None, modified };
    build_entry((name, span.digest), FileType::Mail, parsed, fallbacks)
}

/// Parses the content of the file `name`, a path with `/`, whose extension selects the file type.
///
/// The publication date is the first of these that exists: the date in the file, the date at the
/// start of its name, the arrival at `modified`, the arrival on 1970-01-01.
///
/// # Errors
///
/// Fails if the file is too large, empty, not text, or not of a known type.
pub fn parse_file(
    name: &str,
    bytes: &[u8],
    modified: Option<DateTime<Utc>>,
) -> Result<FileEntry, DocumentError> {
    check_size(name, bytes.len() as u64)?;
    let file_type =
        FileType::from_name(name).ok_or_else(|| DocumentError::Unsupported(sanitize_name(name)))?;
    let parsed = parse_by_type(file_type, bytes)
        .ok_or_else(|| DocumentError::Binary(sanitize_name(name)))?;
    let date = dates::parse_day_from_name(name).map(PublicationDate::Day);
    let fallbacks = Fallbacks { title: title_from_name(name), date, modified };
    build_entry((name, fnv1a_digest(bytes)), file_type, parsed, fallbacks)
}

/// The values of an entry whose file does not state them.
struct Fallbacks {
    title: String,
    date: Option<PublicationDate>,
    /// The modification time of the file.
    modified: Option<DateTime<Utc>>,
}

/// Builds the entry of a file, or of a mail of a mailbox, from its name, its digest and its content.
fn build_entry(
    (name, digest): (&str, u64),
    file_type: FileType,
    mut parsed: ParsedFile,
    fallbacks: Fallbacks,
) -> Result<FileEntry, DocumentError> {
    let display_name = sanitize_name(name);
    if parsed.text.trim().is_empty() {
        if parsed.title.is_none() && parsed.published.is_none() {
            return Err(DocumentError::Empty(display_name));
        }
        parsed.warnings.push(ParseWarning::EmptyBody);
    }
    let warnings = parsed.warnings.iter().map(|warning| warning.describe(&display_name)).collect();
    let file_time = PublicationDate::Arrival(fallbacks.modified.unwrap_or(DateTime::UNIX_EPOCH));
    let entry = NewEntry {
        guid: entry_guid(name, file_type, parsed.message_id),
        digest,
        title: parsed.title.unwrap_or(fallbacks.title),
        link: parsed.link,
        author: parsed.author,
        published: parsed.published.or(fallbacks.date).unwrap_or(file_time),
        tags: parsed.tags,
        body: EntryBody { format: parsed.format, text: parsed.text },
        attachments: Attachments { unsubscribe: parsed.unsubscribe, ..Attachments::default() },
        page_article: parsed.page_article,
    };
    Ok(FileEntry { entry, warnings })
}

/// Returns an error if a file has more than [`MAX_FILE_BYTES`].
fn check_size(name: &str, bytes: u64) -> Result<(), DocumentError> {
    if bytes <= MAX_FILE_BYTES {
        return Ok(());
    }
    Err(DocumentError::TooLarge { name: sanitize_name(name), bytes, limit: MAX_FILE_BYTES })
}

/// Decodes and parses a file of the given type; `None` if it is not text.
fn parse_by_type(file_type: FileType, bytes: &[u8]) -> Option<ParsedFile> {
    let declaration = if file_type == FileType::Html {
        CharsetDeclaration::HtmlMeta
    } else {
        CharsetDeclaration::None
    };
    let decode = || decode_bytes(bytes, declaration);
    match file_type {
        FileType::Text => Some(plain_text::parse_plain_text(&decode()?)),
        FileType::Markdown => Some(markdown::parse_markdown(&decode()?)),
        FileType::Html => Some(html::parse_html(&decode()?)),
        // A part of a mail may be UTF-16, so that the file as a whole does not look like text.
        FileType::Mail | FileType::Maildir | FileType::Mailbox => mail::parse_mail(bytes)
            .or_else(|| decode().map(|text| plain_text::parse_plain_text(&text))),
    }
}

/// Returns the guid of an entry: the path of its file.
///
/// A mail in a Maildir gets a new path when it is marked as read, so its guid is the `Message-ID`
/// or, without one, the part of the file name before the flags.
fn entry_guid(name: &str, file_type: FileType, message_id: Option<String>) -> String {
    if file_type != FileType::Maildir {
        return name.to_owned();
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    message_id.unwrap_or_else(|| file.split(':').next().unwrap_or(file).to_owned())
}

/// Returns a title for a file without text: the file name without its date and extension.
fn title_from_name(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // A date takes 10 bytes: YYYY-MM-DD.
    let without_date = dates::parse_day_from_name(stem).map_or(stem, |_| &stem[10..]);
    let words = without_date.replace(['-', '_'], " ");
    let title = sanitize_name(words.trim());
    if title.is_empty() { sanitize_name(file) } else { title }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone};
    use proptest::prelude::*;

    use super::*;
    use crate::documents::render_body;

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
            ("a.txt", "Text.", PublicationDate::Arrival(modified_time().expect("a time")), 0),
        ];
        for (name, text, published, warning_count) in cases {
            let read = parse_file(name, text.as_bytes(), modified_time()).expect("it is text");
            assert_eq!(
                (read.entry.published, read.warnings.len()),
                (published, warning_count),
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
            (
                "a.png",
                b"x",
                "a.png is not an article file: these end in .txt, .md, .html, .eml or .mbox",
            ),
            ("cur/1:2,S", b"\0\0\0", "cur/1:2,S is not a text file"),
        ];
        for (name, bytes, sentence) in cases {
            let error = parse_file(name, bytes, None).expect_err("it is not an article");
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
        let mail_guid =
            |name| parse_file(name, b"Subject: a\n\ntext", None).expect("it is a mail").entry.guid;
        assert_eq!(mail_guid("new/17.host"), mail_guid("cur/17.host:2,S"));
        assert_eq!(mail_guid("a.eml"), "a.eml");
    }

    /// All plain text seeds are dated, most of them in the user's format: ` date YYYY-MM-DD`, then
    /// the text.
    #[test]
    fn parse_file_reads_text_seeds_without_warnings() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
        let files = std::fs::read_dir(folder).expect("the seeds are in the repository");
        let paths = files.map(|file| file.expect("the folder can be read").path());
        let texts: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|name| name == "txt")).collect();
        assert!(texts.len() >= 30, "{} text seeds", texts.len());
        for path in texts {
            let name = path.file_name().expect("a seed has a name").to_string_lossy();
            let bytes = std::fs::read(&path).expect("a seed can be read");
            let read = parse_file(&name, &bytes, None).expect("a seed is an article");
            assert_eq!(read.warnings, Vec::<String>::new(), "{name}");
            assert!(matches!(read.entry.published, PublicationDate::Day(_)), "{name}");
            assert!(!read.entry.title.is_empty(), "{name}");
        }
    }

    #[test]
    fn parse_file_reads_dated_seed() {
        let bytes = include_bytes!("../../seeds/dated-plain-text.txt");
        let entry =
            parse_file("dated-plain-text.txt", bytes, None).expect("a seed is an article").entry;
        let title = "Syria’s president, Ahmad Al-Sharaa, was received in Moscow on the evening of Wednesday, \
            January 28, for official talks with Vladimir Putin";
        assert_eq!((entry.title.as_str(), entry.published), (title, day(2026, 1, 28)));
        let document = render_body(&entry.body);
        assert_eq!(document.blocks.len(), 9);
        assert!(document.plain_text().contains("Moscow’s commitment to these ties was steady"));
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
