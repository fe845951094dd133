//! Reads the pieces of a document in their order: keeps what is open, and hands values to the draft.

use std::rc::Rc;

use super::{
    complaint::Complaints,
    draft::Draft,
    events::{Events, Piece, Tag},
    names::{self, Name, Space},
    parsed::Format,
    value::{Collected, Kind},
    vocabulary::{Field, Meaning, Role, meaning},
};

/// Elements deeper than this are not looked at.
pub(super) const MAX_DEPTH: usize = 256;

/// An open element.
struct Frame<'a> {
    name: &'a str,
    role: Role,
    /// How many prefixes, bases and languages were in force outside.
    outside: [usize; 3],
}

/// What a document's pieces are read with.
pub(super) struct Machine<'a> {
    text: &'a str,
    stack: Vec<Frame<'a>>,
    /// Open elements beyond [`MAX_DEPTH`].
    deeper: usize,
    prefixes: Vec<(&'a str, Space)>,
    bases: Vec<Rc<str>>,
    languages: Vec<String>,
    values: Vec<Collected>,
    /// Empty buffers of values that have ended.
    buffers: Vec<String>,
    at: usize,
    /// Whether the outermost base is the address of the document.
    located: bool,
    pub(super) draft: Draft,
    pub(super) complaints: Complaints,
}

impl<'a> Machine<'a> {
    pub(super) fn new(text: &'a str, location: Option<&str>, complaints: Complaints) -> Machine<'a> {
        let location = location.filter(|location| super::address::resolve(location, None).is_some());
        Machine {
            located: location.is_some(),
            text,
            stack: Vec::new(),
            deeper: 0,
            prefixes: Vec::new(),
            bases: location.map(Rc::from).into_iter().collect(),
            languages: Vec::new(),
            values: Vec::new(),
            buffers: Vec::new(),
            at: 0,
            draft: Draft::default(),
            complaints,
        }
    }

    /// Reads everything from byte `from` on.
    pub(super) fn run(&mut self, from: usize) {
        let mut events = Events::new(self.text, from);
        loop {
            self.at = events.position();
            let open = self.stack.last().map(|frame| frame.name);
            match events.next(open, &mut self.complaints) {
                None => break,
                Some(Piece::Start(tag)) => self.start(tag),
                Some(Piece::End(name)) => self.end(name),
                Some(Piece::Text(text)) => self.characters(&text),
                Some(Piece::Cdata(text)) => self.characters(text),
            }
        }
        if self.stack.iter().any(|frame| frame.role == Role::Entry) {
            self.complaints.at(
                self.text,
                self.at,
                "the document ends in the middle of an entry; what there is of it was kept",
            );
        }
        while !self.stack.is_empty() {
            self.pop(false);
        }
    }

    /// The base of an address. Those of entries that are under no `xml:base` are left as they are until the site of
    /// the feed is known: they are pages of it, wherever the document itself may be.
    fn base(&self) -> Option<Rc<str>> {
        let own = self.bases.len() > usize::from(self.located);
        self.bases.last().cloned().filter(|_| own || !self.draft.in_entry())
    }

    fn characters(&mut self, text: &str) {
        let Some(frame) = self.stack.last() else { return };
        let counts = matches!(frame.role, Role::Value | Role::Markup | Role::Through | Role::Person(_));
        if counts && let Some(value) = self.values.last_mut() {
            value.push(text);
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        if self.stack.len() >= MAX_DEPTH {
            if self.deeper == 0 {
                self.complaints.at(
                    self.text,
                    self.at,
                    format!("elements more than {MAX_DEPTH} deep were left out"),
                );
            }
            self.deeper += usize::from(!tag.empty);
            return;
        }
        let outside = self.declare(&tag);
        let (prefix, local) = names::split(tag.name);
        let (space, name) = (self.space(prefix), Name::of(local));
        self.close_forgotten(space, name);
        let parent = self.stack.last().map_or(Role::Around, |frame| frame.role);
        let role = match parent {
            Role::Value | Role::Markup => self.markup(&tag, space, local),
            _ => self.enter(&tag, space, name, parent),
        };
        self.stack.push(Frame { name: tag.name, role, outside });
        if tag.empty {
            self.pop(false);
        }
    }

    /// Takes note of what the tag declares: prefixes, the base of addresses, the language.
    fn declare(&mut self, tag: &Tag<'a>) -> [usize; 3] {
        let outside = [self.prefixes.len(), self.bases.len(), self.languages.len()];
        if !tag.raw.contains("xml") {
            return outside;
        }
        for (name, value) in tag.attributes() {
            match name.split_once(':') {
                None if name == "xmlns" => self.default_space(tag, &value),
                Some(("xmlns", prefix)) => self.prefixes.push((prefix, Space::of_address(&value))),
                Some(("xml", "base")) => {
                    let base = super::address::resolve(value.trim(), self.bases.last().map(AsRef::as_ref));
                    self.bases.extend(base.map(Rc::from));
                }
                Some(("xml", "lang")) => self.languages.push(value.trim().replace('_', "-")),
                _ => {}
            }
        }
        outside
    }

    /// The space of names without a prefix. That of the outermost element is that of the document, known or not.
    fn default_space(&mut self, tag: &Tag<'a>, address: &str) {
        let space = match Space::of_address(address) {
            Space::Other if self.stack.is_empty() || address.trim().is_empty() => Space::Plain,
            // RSS within a namespace that is none of RSS's: the writer meant the whole document.
            Space::Other if matches!(Name::of(tag.name), Name::Channel | Name::Item | Name::Entry) => {
                Space::Plain
            }
            space => space,
        };
        self.prefixes.push(("", space));
    }

    fn space(&self, prefix: &str) -> Space {
        let declared = self.prefixes.iter().rev().find(|(known, _)| *known == prefix);
        match declared {
            Some((_, Space::Other)) if prefix.is_empty() => Space::Other,
            Some((_, space)) => *space,
            None => Space::of_prefix(prefix),
        }
    }

    /// An element within a value is part of the value.
    fn markup(&mut self, tag: &Tag<'a>, space: Space, local: &str) -> Role {
        let local = if space == Space::Xhtml { local } else { tag.name };
        match self.values.last_mut() {
            Some(value) if value.field.takes_markup() => {
                value.open(tag, local);
                Role::Markup
            }
            _ => Role::Through,
        }
    }

    fn enter(&mut self, tag: &Tag<'a>, space: Space, name: Name, parent: Role) -> Role {
        let base = self.base();
        let base = base.as_deref();
        match meaning(space, name, parent, tag) {
            Meaning::Within(role) => self.within(tag, space, name, role, parent),
            Meaning::Read(field) => self.read(field, tag, space),
            Meaning::Link => match tag.attribute("href") {
                Some(href) => {
                    self.draft.link(&href, tag, base);
                    Role::Ignored
                }
                None => self.read(Field::Link, tag, space),
            },
            Meaning::Enclosure => {
                self.draft.enclosure(tag, "length", base);
                Role::Ignored
            }
            Meaning::MediaContent => {
                self.draft.media(tag, base);
                Role::Entry
            }
            Meaning::Thumbnail => {
                self.draft.thumbnail(tag, base);
                Role::Ignored
            }
            Meaning::Category => {
                if let Some(term) = tag.attribute("term") {
                    self.draft.category(&term, tag);
                    return Role::Ignored;
                }
                self.draft.label(tag);
                self.read(Field::Tag, tag, space)
            }
            Meaning::PodcastCategory => {
                if let Some(term) = tag.attribute("text") {
                    self.draft.tag(&term);
                }
                parent
            }
            Meaning::PodcastImage => {
                if let Some(href) = tag.attribute("href").or_else(|| tag.attribute("url")) {
                    self.draft.image(1, &href, base);
                }
                Role::Ignored
            }
        }
    }

    fn within(&mut self, tag: &Tag<'a>, space: Space, name: Name, role: Role, parent: Role) -> Role {
        let base = self.base();
        let base = base.as_deref();
        match role {
            Role::Feed => {
                self.draft.format_of(name, tag, space);
                self.draft.feed_begins(tag, self.languages.last(), base);
            }
            Role::Entry if matches!(name, Name::Item | Name::Entry) => {
                if parent == Role::Entry {
                    return Role::Ignored;
                }
                self.draft.format_of(name, tag, space);
                let language = self.languages.last();
                self.draft.entry_begins(tag, language, base);
            }
            Role::Around if space == Space::Rdf => self.draft.format = Some(Format::Rdf),
            Role::Around if name == Name::Rss => self.draft.format = Some(Format::Rss),
            Role::Person(_) => {
                let buffer = self.buffers.pop().unwrap_or_default();
                self.values.push(Collected::new(Field::PersonName, Kind::Text, buffer));
            }
            Role::Picture => {
                if let Some(url) = tag.attribute("href").or_else(|| tag.attribute("url")) {
                    self.draft.image(2, &url, base);
                }
            }
            _ => {}
        }
        role
    }

    fn read(&mut self, field: Field, tag: &Tag<'a>, space: Space) -> Role {
        let kind = Kind::of(field, tag, space, self.draft.is_atom());
        if field == Field::Id(0)
            && tag.attribute("isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false"))
        {
            self.draft.id_is_no_link();
        }
        if field == Field::Content
            && let Some(src) = tag.attribute("src")
        {
            let base = self.base();
            self.draft.elsewhere(&src, tag, base.as_deref());
        }
        let buffer = self.buffers.pop().unwrap_or_default();
        self.values.push(Collected::new(field, kind, buffer));
        Role::Value
    }

    /// Ends values that were never closed, where the next element cannot be part of them.
    fn close_forgotten(&mut self, space: Space, name: Name) {
        if !matches!(space, Space::Plain | Space::Atom | Space::Dublin | Space::Content)
            || name == Name::Unknown
        {
            return;
        }
        let Some(at) =
            self.stack.iter().rposition(|frame| frame.role == Role::Value || frame.role == Role::Entry)
        else {
            return;
        };
        let between = self.stack[at + 1..].iter().all(|frame| frame.role == Role::Markup);
        let begins_entry = matches!(name, Name::Item | Name::Entry);
        let forgotten = match self.stack[at].role {
            Role::Value => between && self.values.last().is_some_and(|value| value.cannot_hold(name)),
            _ => begins_entry && self.stack.len() == at + 1,
        };
        if forgotten {
            let what = self.stack[at].name;
            self.complaints.at(
                self.text,
                self.at,
                format!("<{what}> is never closed; it was ended before the next element"),
            );
            while self.stack.len() > at {
                self.pop(false);
            }
            self.close_forgotten(space, name);
        }
    }

    fn end(&mut self, name: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(at) = self.stack.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name)) else {
            // A forgotten start tag, or a wrong end tag: of a value it ends the innermost, so that little is lost.
            self.complaints.at(self.text, self.at, format!("</{name}> closes nothing"));
            return;
        };
        let skipped = self.stack[at + 1..].iter().any(|frame| frame.role != Role::Markup);
        if skipped {
            let open = self.stack[self.stack.len() - 1].name;
            self.complaints.at(
                self.text,
                self.at,
                format!("<{open}> is never closed; it was ended with <{name}>"),
            );
        }
        while self.stack.len() > at + 1 {
            self.pop(false);
        }
        self.pop(true);
    }

    /// Leaves the innermost element; `closed` says whether there is an end tag.
    fn pop(&mut self, closed: bool) {
        let Some(frame) = self.stack.pop() else { return };
        match frame.role {
            Role::Value => self.value_ends(),
            Role::Person(rank) => {
                if let Some(value) = self.values.pop() {
                    self.draft.person_ends(rank, &value.text());
                    self.buffers.push(value.into_buffer());
                }
            }
            Role::Markup => {
                if closed && let Some(value) = self.values.last_mut() {
                    value.close(frame.name);
                }
            }
            Role::Entry if matches!(Name::of(names::split(frame.name).1), Name::Item | Name::Entry) => {
                self.draft.entry_ends();
            }
            _ => {}
        }
        let [prefixes, bases, languages] = frame.outside;
        self.prefixes.truncate(prefixes);
        self.bases.truncate(bases);
        self.languages.truncate(languages);
    }

    fn value_ends(&mut self) {
        let Some(value) = self.values.pop() else { return };
        let base = if value.field.takes_markup() { self.bases.last().cloned() } else { self.base() };
        if let Some(sentence) = self.draft.take(&value, base.as_deref()) {
            self.complaints.at(self.text, self.at, sentence);
        }
        self.buffers.push(value.into_buffer());
    }
}
