//! A lenient parser for OPML 2.0 and earlier versions.
//!
//! The text is parsed in chunks of one tag (see [`chunks`]), so that an error in one tag does not
//! affect the others.

use quick_xml::{
    Error, Reader,
    errors::SyntaxError,
    events::{BytesStart, Event},
};

use super::{
    MAX_BYTES, MAX_FOLDER_BYTES, OpmlDocument, OpmlError,
    chunks::{self, LineCounter},
    collector::{OutlineCollector, truncate_for_display},
    escape,
    folder_stack::FolderStack,
    outline_attributes::{OutlineAttributes, OutlineKind},
};

/// Parses a subscription list; from an invalid one, it recovers as many feeds as it can.
///
/// # Errors
/// If the text is not OPML or has no body, or exceeds [`MAX_BYTES`], [`super::MAX_DEPTH`] or
/// [`super::MAX_OUTLINES`].
pub fn parse_opml(text: &str) -> Result<OpmlDocument, OpmlError> {
    if text.len() > MAX_BYTES {
        return Err(OpmlError::TooLarge { bytes: text.len() });
    }
    let mut parser = OpmlParser::new(text);
    let mut at = 0;
    while at < text.len() {
        let end = chunks::next_chunk_start(text, at + 1);
        at = parser.parse_chunk(at, end)?;
    }
    parser.finish()
}

/// The state of the parser.
struct OpmlParser<'a> {
    text: &'a str,
    lines: LineCounter<'a>,
    collector: OutlineCollector,
    folders: FolderStack,
    /// Raw text of the list's `title` while that element is open.
    title_text: Option<String>,
    /// True once an element of OPML was seen.
    is_opml: bool,
    /// True once a `<body>` or an outline was seen.
    has_body: bool,
    /// True while `<opml>` or `<body>` is open.
    is_open: bool,
}

impl<'a> OpmlParser<'a> {
    fn new(text: &'a str) -> OpmlParser<'a> {
        let (collector, folders) = (OutlineCollector::default(), FolderStack::default());
        OpmlParser {
            text,
            lines: LineCounter::new(text),
            collector,
            folders,
            title_text: None,
            is_opml: false,
            has_body: false,
            is_open: false,
        }
    }

    /// Parses the text from `start` to `end`; returns the start of the next chunk.
    fn parse_chunk(&mut self, start: usize, end: usize) -> Result<usize, OpmlError> {
        // The reader skips a byte order mark at its start without counting it in its position.
        let text = self.text[start..end].trim_start_matches('\u{feff}');
        let start = end - text.len();
        let mut reader = lenient_reader(text);
        loop {
            let at =
                usize::try_from(reader.buffer_position()).map_or(end, |position| start + position);
            match reader.read_event() {
                Ok(Event::Eof) => return Ok(end),
                Ok(event) => self.handle_event(&event, at)?,
                Err(error) => return self.recover(&error, at, end),
            }
        }
    }

    fn handle_event(&mut self, event: &Event<'_>, at: usize) -> Result<(), OpmlError> {
        match event {
            Event::Start(tag) => return self.handle_tag(tag, at, false),
            Event::Empty(tag) => return self.handle_tag(tag, at, true),
            Event::End(tag) => self.handle_end_tag(tag.local_name().as_ref(), at),
            Event::Text(text) => self.append_title_text(&[text]),
            Event::GeneralRef(name) => self.append_title_text(&["&", name, ";"]),
            Event::CData(text) => self.append_title_text(&[&escape::escape_xml(text)]),
            _ => {}
        }
        Ok(())
    }

    fn append_title_text(&mut self, parts: &[&str]) {
        if let Some(title_text) = &mut self.title_text {
            title_text.extend(parts.iter().copied());
        }
    }

    fn handle_tag(
        &mut self,
        tag: &BytesStart<'_>,
        at: usize,
        is_empty: bool,
    ) -> Result<(), OpmlError> {
        self.finish_title();
        let name = tag.local_name();
        let name = name.as_ref();
        if name.eq_ignore_ascii_case("outline") {
            (self.is_opml, self.has_body) = (true, true);
            return self.open_outline(OutlineAttributes::from_tag(tag), at, is_empty);
        }
        let (is_root, is_body) =
            (name.eq_ignore_ascii_case("opml"), name.eq_ignore_ascii_case("body"));
        self.is_opml |= is_root;
        self.has_body |= is_body;
        if is_root || is_body {
            self.is_open = !is_empty;
        }
        if name.eq_ignore_ascii_case("title") && !is_empty && self.collector.opml.title.is_none() {
            self.title_text = Some(String::new());
        }
        Ok(())
    }

    fn handle_end_tag(&mut self, name: &str, at: usize) {
        self.finish_title();
        if name.eq_ignore_ascii_case("outline") {
            if !self.folders.leave_outline() {
                self.warn_at(at, "an </outline> without a start tag was ignored");
            }
        } else if name.eq_ignore_ascii_case("body") || name.eq_ignore_ascii_case("opml") {
            self.close_open_outlines(at);
            self.is_open = false;
        }
    }

    /// Completes the title; any tag ends it.
    fn finish_title(&mut self) {
        if let Some(title_text) = self.title_text.take() {
            self.collector.opml.title =
                Some(escape::unescape_xml(&title_text)).filter(|title| !title.is_empty());
        }
    }

    fn open_outline(
        &mut self,
        attributes: OutlineAttributes,
        at: usize,
        is_empty: bool,
    ) -> Result<(), OpmlError> {
        let line = self.lines.line_at(at);
        self.collector.count_outline(line)?;
        let kind = attributes.classify(is_empty);
        if !is_empty && kind == OutlineKind::Folder {
            if !self.folders.enter_folder(attributes.display_name(), line)? {
                let message =
                    format!("the folder name is longer than {MAX_FOLDER_BYTES} bytes; it was cut");
                self.collector.warn(line, &message);
            }
        } else if !is_empty {
            self.folders.enter_feed();
        }
        self.collect_outline(attributes, kind, line);
        Ok(())
    }

    fn collect_outline(&mut self, attributes: OutlineAttributes, kind: OutlineKind, line: u64) {
        match kind {
            OutlineKind::Feed => {
                if !attributes.filter_command.is_empty() {
                    let url = truncate_for_display(attributes.first_url());
                    let message = format!("the filter program of {url} was not imported");
                    self.collector.warn(line, &message);
                }
                let folder = self.folders.current_path();
                self.collector.add_outline(attributes.into_outline(folder), line);
            }
            OutlineKind::Include => {
                let reason = "is another subscription list; import it separately".to_owned();
                self.collector.reject(attributes.first_url(), reason, line);
            }
            OutlineKind::Invalid(reason) => {
                self.collector.reject(attributes.first_url(), reason, line);
            }
            OutlineKind::Folder => {}
        }
    }

    /// Continues after invalid XML at `at` in the chunk that ends at `end`; returns the start of
    /// the next chunk.
    fn recover(&mut self, error: &Error, at: usize, end: usize) -> Result<usize, OpmlError> {
        use SyntaxError as S;
        match error {
            // A chunk may begin inside a comment or a CDATA section.
            Error::Syntax(S::UnclosedComment) => Ok(self.skip_past(at, "-->")),
            Error::Syntax(S::UnclosedCData) => Ok(self.skip_past(at, "]]>")),
            Error::Syntax(
                S::UnclosedTag
                | S::UnclosedSingleQuotedAttributeValue
                | S::UnclosedDoubleQuotedAttributeValue,
            ) => self.repair_tag(at, end).map(|()| end),
            _ => {
                self.warn_at(at, "invalid XML was skipped");
                Ok(end)
            }
        }
    }

    /// Returns the end of the comment or CDATA section at `at`, which ends with `terminator`.
    fn skip_past(&mut self, at: usize, terminator: &str) -> usize {
        if let Some(offset) = self.text[at..].find(terminator) {
            return at + offset + terminator.len();
        }
        self.warn_at(at, &format!("{terminator} is missing; the rest of the file was skipped"));
        self.text.len()
    }

    /// Handles a tag without a closing quote or `>`: it ends at the last `>` of the chunk, or else
    /// at the end of the chunk.
    fn repair_tag(&mut self, at: usize, end: usize) -> Result<(), OpmlError> {
        let raw = &self.text[at + 1..end];
        let close = raw.rfind('>');
        if close.is_none() && end == self.text.len() {
            self.warn_at(at, "the file ends inside a tag; the tag was skipped");
            return Ok(());
        }
        self.warn_at(at, "a tag with an unmatched quote or without > was repaired");
        let content = raw[..close.unwrap_or(raw.len())].trim_end();
        if let Some(name) = content.strip_prefix('/') {
            self.handle_end_tag(name, at);
            return Ok(());
        }
        // A feed without an end lost "/>", because few feeds contain outlines; a folder lost ">".
        let is_empty = content.ends_with('/') || (close.is_none() && has_feed_url(content));
        let name_and_attributes = content.trim_end_matches('/');
        let name_len = name_and_attributes
            .find(|c: char| c.is_ascii_whitespace() || c == '/')
            .unwrap_or(name_and_attributes.len());
        self.handle_tag(&BytesStart::from_content(name_and_attributes, name_len), at, is_empty)
    }

    fn warn_at(&mut self, at: usize, message: &str) {
        let line = self.lines.line_at(at);
        self.collector.warn(line, message);
    }

    fn close_open_outlines(&mut self, at: usize) {
        match self.folders.leave_all() {
            0 => {}
            1 => self.warn_at(at, "an </outline> is missing above this line"),
            count => {
                self.warn_at(at, &format!("{count} </outline> tags are missing above this line"));
            }
        }
    }

    fn finish(mut self) -> Result<OpmlDocument, OpmlError> {
        self.finish_title();
        self.close_open_outlines(self.text.len());
        if !self.is_opml {
            return Err(OpmlError::NotOpml);
        }
        if !self.has_body {
            return Err(OpmlError::MissingBody);
        }
        if self.is_open {
            self.warn_at(self.text.len(), "the list ends before </opml>; feeds may be missing");
            self.collector.opml.is_incomplete = true;
        }
        Ok(self.collector.finish())
    }
}

/// Returns true if the content of a tag contains the name of the attribute `xmlUrl`.
fn has_feed_url(content: &str) -> bool {
    content.to_ascii_lowercase().contains("xmlurl")
}

/// Creates a reader that accepts unmatched end tags and a bare `&`.
fn lenient_reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}
