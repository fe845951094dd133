//! OPML 2.0 and its elders, read with patience.

use quick_xml::{
    Error, Reader,
    errors::SyntaxError,
    events::{BytesStart, Event},
};

use super::{
    MAX_BYTES, Opml, OpmlError,
    collect::{Collector, shown},
    entry::{Entry, Kind},
    escape,
    folders::Folders,
    pieces::{self, Lines},
};

/// Reads a subscription list; whatever can be made out of a broken one is taken.
pub fn read(text: &str) -> Result<Opml, OpmlError> {
    if text.len() > MAX_BYTES {
        return Err(OpmlError::TooLong { bytes: text.len() });
    }
    let mut reading = Reading::new(text);
    let mut at = 0;
    while at < text.len() {
        let end = pieces::next(text, at + 1);
        at = reading.piece(at, end)?;
    }
    reading.finish()
}

/// A list while it is read.
struct Reading<'a> {
    text: &'a str,
    lines: Lines<'a>,
    collector: Collector,
    folders: Folders,
    /// The title of the list, as it is written, while its element is open.
    heading: Option<String>,
    is_list: bool,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str) -> Reading<'a> {
        let (collector, folders) = (Collector::default(), Folders::default());
        Reading { text, lines: Lines::new(text), collector, folders, heading: None, is_list: false }
    }

    /// Reads the text from `start` to `end`; returns where to go on.
    fn piece(&mut self, start: usize, end: usize) -> Result<usize, OpmlError> {
        // The parser takes a byte order mark away without counting it.
        let text = self.text[start..end].trim_start_matches('\u{feff}');
        let start = end - text.len();
        let mut reader = patient(text);
        loop {
            let at = usize::try_from(reader.buffer_position()).map_or(end, |position| start + position);
            match reader.read_event() {
                Ok(Event::Eof) => return Ok(end),
                Ok(event) => self.event(&event, at)?,
                Err(error) => return self.mistake(&error, at, end),
            }
        }
    }

    fn event(&mut self, event: &Event<'_>, at: usize) -> Result<(), OpmlError> {
        match event {
            Event::Start(tag) => return self.tag(tag, at, false),
            Event::Empty(tag) => return self.tag(tag, at, true),
            Event::End(tag) => self.end(tag.local_name().as_ref(), at),
            Event::Text(text) => self.heading(&[text]),
            Event::GeneralRef(name) => self.heading(&["&", name, ";"]),
            Event::CData(text) => self.heading(&[&escape::encode(text)]),
            _ => {}
        }
        Ok(())
    }

    fn heading(&mut self, parts: &[&str]) {
        if let Some(heading) = &mut self.heading {
            heading.extend(parts.iter().copied());
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, at: usize, is_empty: bool) -> Result<(), OpmlError> {
        self.entitle();
        let name = tag.local_name();
        let name = name.as_ref();
        if name.eq_ignore_ascii_case("outline") {
            self.is_list = true;
            return self.outline(Entry::of(tag), at, is_empty);
        }
        self.is_list |= name.eq_ignore_ascii_case("opml");
        if name.eq_ignore_ascii_case("title") && !is_empty && self.collector.opml.title.is_none() {
            self.heading = Some(String::new());
        }
        Ok(())
    }

    fn end(&mut self, name: &str, at: usize) {
        self.entitle();
        if name.eq_ignore_ascii_case("outline") {
            if !self.folders.leave() {
                self.complain(at, "an </outline> that closes nothing was passed over");
            }
        } else if name.eq_ignore_ascii_case("body") || name.eq_ignore_ascii_case("opml") {
            self.close(at);
        }
    }

    /// Whatever comes after the title ends it.
    fn entitle(&mut self) {
        if let Some(heading) = self.heading.take() {
            self.collector.opml.title = Some(escape::decode(&heading)).filter(|title| !title.is_empty());
        }
    }

    fn outline(&mut self, entry: Entry, at: usize, is_empty: bool) -> Result<(), OpmlError> {
        let line = self.lines.of(at);
        self.collector.count(line)?;
        let kind = entry.kind(is_empty);
        if !is_empty && kind == Kind::Folder {
            if !self.folders.enter(entry.name(), line)? {
                self.collector.complain(line, "the name of the folder is very long and was cut");
            }
        } else if !is_empty {
            self.folders.enter_feed();
        }
        self.take(entry, kind, line);
        Ok(())
    }

    fn take(&mut self, entry: Entry, kind: Kind, line: u64) {
        match kind {
            Kind::Feed => {
                if !entry.filter.is_empty() {
                    let words = format!("{} comes without its filter program", shown(entry.address()));
                    self.collector.complain(line, &words);
                }
                self.collector.offer(entry.into_outline(self.folders.here()), line);
            }
            Kind::List => {
                let reason = "is another subscription list; import it by itself".to_owned();
                self.collector.refuse(entry.address(), reason, line);
            }
            Kind::Lacking(reason) => self.collector.refuse(entry.address(), reason, line),
            Kind::Folder => {}
        }
    }

    /// Gets over what the parser could not read at `at`, in the piece that ends at `end`.
    fn mistake(&mut self, error: &Error, at: usize, end: usize) -> Result<usize, OpmlError> {
        use SyntaxError as S;
        match error {
            // Pieces begin in comments too.
            Error::Syntax(S::UnclosedComment) => Ok(self.after(at, "-->")),
            Error::Syntax(S::UnclosedCData) => Ok(self.after(at, "]]>")),
            Error::Syntax(
                S::UnclosedTag
                | S::UnclosedSingleQuotedAttributeValue
                | S::UnclosedDoubleQuotedAttributeValue,
            ) => self.mend(at, end).map(|()| end),
            _ => {
                self.complain(at, "something that is not XML was passed over");
                Ok(end)
            }
        }
    }

    /// The end of the comment or section that begins at `at`.
    fn after(&mut self, at: usize, mark: &str) -> usize {
        if let Some(found) = self.text[at..].find(mark) {
            return at + found + mark.len();
        }
        self.complain(at, &format!("a {mark} is missing; the rest of the file was left out"));
        self.text.len()
    }

    /// A tag that does not end, for want of a quote or of its `>`: it reaches to the next one.
    fn mend(&mut self, at: usize, end: usize) -> Result<(), OpmlError> {
        let raw = &self.text[at + 1..end];
        let close = raw.rfind('>');
        if close.is_none() && end == self.text.len() {
            self.complain(at, "the file ends within a tag, which was left out");
            return Ok(());
        }
        self.complain(at, "a tag with an odd quote or without its > was repaired");
        let content = raw[..close.unwrap_or(raw.len())].trim_end();
        if let Some(name) = content.strip_prefix('/') {
            self.end(name, at);
            return Ok(());
        }
        // A feed that lost its end has lost "/>", for few have anything inside; a folder has lost ">".
        let is_feed = || content.to_ascii_lowercase().contains("xmlurl");
        let is_empty = content.ends_with('/') || (close.is_none() && is_feed());
        let content = content.trim_end_matches('/');
        let name = content.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(content.len());
        self.tag(&BytesStart::from_content(content, name), at, is_empty)
    }

    fn complain(&mut self, at: usize, words: &str) {
        let line = self.lines.of(at);
        self.collector.complain(line, words);
    }

    fn close(&mut self, at: usize) {
        match self.folders.leave_all() {
            0 => {}
            1 => self.complain(at, "an </outline> is missing above"),
            count => self.complain(at, &format!("{count} </outline> are missing above")),
        }
    }

    fn finish(mut self) -> Result<Opml, OpmlError> {
        self.entitle();
        self.close(self.text.len());
        if self.is_list { Ok(self.collector.finish()) } else { Err(OpmlError::NotAList) }
    }
}

/// A parser that minds as little as it can.
fn patient(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}
