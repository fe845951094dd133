//! Scans arbitrary bytes as a mailbox: each mail lies in the file, has a name of its own, and is read as it
//! was found.
#![no_main]

use std::{collections::HashSet, fs};

use libfuzzer_sys::fuzz_target;
use newsreader::documents::{
    ArticleFile, DocumentError, FilePart, read_article_file, scan_mailbox,
};

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("newsreader-fuzz-{}.mbox", std::process::id()));
    fs::write(&path, bytes).expect("the temporary folder can be written");
    let mailbox = ArticleFile {
        path,
        relative_path: "a.mbox".to_owned(),
        size: bytes.len() as u64,
        modified: None,
        part: FilePart::Mailbox,
    };
    let mut names = HashSet::new();
    scan_mailbox(&mailbox, &mut |mail| {
        let FilePart::Mail(span) = mail.part else { unreachable!("mailboxes have mails") };
        assert!(span.start + span.length <= bytes.len() as u64);
        assert!(names.insert(mail.relative_path.clone()));
        assert!(!matches!(read_article_file(&mail), Err(DocumentError::Changed(_))));
    });
});
