//! OPML 2.0 and its elders, read with patience.

use quick_xml::{
    Error, Reader,
    errors::SyntaxError,
    events::{BytesStart, Event},
};

use super::{
    MAX_BYTES, OpmlDocument, OpmlError,
    chunks::{self, LineCounter},
    collector::{OutlineCollector, truncate_for_display},
    escape,
    folder_stack::FolderStack,
    outline_attributes::{OutlineAttributes, OutlineKind},
};

/// Reads a subscription list; whatever can be made out of a broken one is taken.
pub fn parse_opml(text: &str) -> Result<OpmlDocument, OpmlError> {
    if text.len() > MAX_BYTES {
        return Err(OpmlError::TooLarge { bytes: text.len() });
    }
    let mut reading = OpmlParser::new(text);
    let mut at = 0;
    while at < text.len() {
        let end = chunks::next_chunk_start(text, at + 1);
        at = reading.parse_chunk(at, end)?;
    }
    reading.finish()
}

/// A list while it is read.
struct OpmlParser<'a> {
    text: &'a str,
    lines: LineCounter<'a>,
    collector: OutlineCollector,
    folders: FolderStack,
    /// The title of the list, as it is written, while its element is open.
    title_text: Option<String>,
    is_opml: bool,
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
        }
    }

    /// Reads the text from `start` to `end`; returns where to go on.
    fn parse_chunk(&mut self, start: usize, end: usize) -> Result<usize, OpmlError> {
        // The parser takes a byte order mark away without counting it.
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
        if let Some(heading) = &mut self.title_text {
            heading.extend(parts.iter().copied());
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
            self.is_opml = true;
            return self.open_outline(OutlineAttributes::from_tag(tag), at, is_empty);
        }
        self.is_opml |= name.eq_ignore_ascii_case("opml");
        if name.eq_ignore_ascii_case("title") && !is_empty && self.collector.opml.title.is_none() {
            self.title_text = Some(String::new());
        }
        Ok(())
    }

    fn handle_end_tag(&mut self, name: &str, at: usize) {
        self.finish_title();
        if name.eq_ignore_ascii_case("outline") {
            if !self.folders.leave_outline() {
                self.warn_at(at, "an </outline> that closes nothing was passed over");
            }
        } else if name.eq_ignore_ascii_case("body") || name.eq_ignore_ascii_case("opml") {
            self.close_open_outlines(at);
        }
    }

    /// Whatever comes after the title ends it.
    fn finish_title(&mut self) {
        if let Some(heading) = self.title_text.take() {
            self.collector.opml.title =
                Some(escape::unescape_xml(&heading)).filter(|title| !title.is_empty());
        }
    }

    fn open_outline(
        &mut self,
        entry: OutlineAttributes,
        at: usize,
        is_empty: bool,
    ) -> Result<(), OpmlError> {
        let line = self.lines.line_at(at);
        self.collector.count_outline(line)?;
        let kind = entry.classify(is_empty);
        if !is_empty && kind == OutlineKind::Folder {
            if !self.folders.enter_folder(entry.display_name(), line)? {
                self.collector.warn(line, "the name of the folder is very long and was cut");
            }
        } else if !is_empty {
            self.folders.enter_feed();
        }
        self.collect_outline(entry, kind, line);
        Ok(())
    }

    fn collect_outline(&mut self, entry: OutlineAttributes, kind: OutlineKind, line: u64) {
        match kind {
            OutlineKind::Feed => {
                if !entry.filter_command.is_empty() {
                    let words = format!(
                        "{} comes without its filter program",
                        truncate_for_display(entry.first_url())
                    );
                    self.collector.warn(line, &words);
                }
                self.collector.add_outline(entry.into_outline(self.folders.current_path()), line);
            }
            OutlineKind::Include => {
                let reason = "is another subscription list; import it by itself".to_owned();
                self.collector.reject(entry.first_url(), reason, line);
            }
            OutlineKind::Invalid(reason) => self.collector.reject(entry.first_url(), reason, line),
            OutlineKind::Folder => {}
        }
    }

    /// Gets over what the parser could not read at `at`, in the piece that ends at `end`.
    fn recover(&mut self, error: &Error, at: usize, end: usize) -> Result<usize, OpmlError> {
        use SyntaxError as S;
        match error {
            // Pieces begin in comments too.
            Error::Syntax(S::UnclosedComment) => Ok(self.skip_past(at, "-->")),
            Error::Syntax(S::UnclosedCData) => Ok(self.skip_past(at, "]]>")),
            Error::Syntax(
                S::UnclosedTag
                | S::UnclosedSingleQuotedAttributeValue
                | S::UnclosedDoubleQuotedAttributeValue,
            ) => self.repair_tag(at, end).map(|()| end),
            _ => {
                self.warn_at(at, "something that is not XML was passed over");
                Ok(end)
            }
        }
    }

    /// The end of the comment or section that begins at `at`.
    fn skip_past(&mut self, at: usize, mark: &str) -> usize {
        if let Some(found) = self.text[at..].find(mark) {
            return at + found + mark.len();
        }
        self.warn_at(at, &format!("a {mark} is missing; the rest of the file was left out"));
        self.text.len()
    }

    /// A tag that does not end, for want of a quote or of its `>`: it reaches to the next one.
    fn repair_tag(&mut self, at: usize, end: usize) -> Result<(), OpmlError> {
        let raw = &self.text[at + 1..end];
        let close = raw.rfind('>');
        if close.is_none() && end == self.text.len() {
            self.warn_at(at, "the file ends within a tag, which was left out");
            return Ok(());
        }
        self.warn_at(at, "a tag with an odd quote or without its > was repaired");
        let content = raw[..close.unwrap_or(raw.len())].trim_end();
        if let Some(name) = content.strip_prefix('/') {
            self.handle_end_tag(name, at);
            return Ok(());
        }
        // A feed that lost its end has lost "/>", for few have anything inside; a folder has lost ">".
        let is_feed = || content.to_ascii_lowercase().contains("xmlurl");
        let is_empty = content.ends_with('/') || (close.is_none() && is_feed());
        let content = content.trim_end_matches('/');
        let name =
            content.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(content.len());
        self.handle_tag(&BytesStart::from_content(content, name), at, is_empty)
    }

    fn warn_at(&mut self, at: usize, words: &str) {
        let line = self.lines.line_at(at);
        self.collector.warn(line, words);
    }

    fn close_open_outlines(&mut self, at: usize) {
        match self.folders.leave_all() {
            0 => {}
            1 => self.warn_at(at, "an </outline> is missing above"),
            count => self.warn_at(at, &format!("{count} </outline> are missing above")),
        }
    }

    fn finish(mut self) -> Result<OpmlDocument, OpmlError> {
        self.finish_title();
        self.close_open_outlines(self.text.len());
        if self.is_opml { Ok(self.collector.finish()) } else { Err(OpmlError::NotOpml) }
    }
}

/// A parser that minds as little as it can.
fn lenient_reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}
