//! Reads the pieces of a document in their order: keeps what is open, and hands values to the draft.

use std::rc::Rc;

use super::{
    builder::FeedBuilder,
    elements::{ElementAction, FeedElementRole, FeedField, element_action},
    feed_document::FeedFormat,
    namespaces::{self, ElementName, Namespace},
    text_construct::{TextConstructBuilder, TextConstructType},
    warning::FeedWarnings,
    xml_tokenizer::{XmlTag, XmlToken, XmlTokenizer},
};

/// Elements deeper than this are not looked at.
pub(super) const MAX_DEPTH: usize = 256;

/// An open element.
struct ElementFrame<'a> {
    name: &'a str,
    role: FeedElementRole,
    /// How many prefixes, bases and languages were in force outside.
    outer_scope_lens: [usize; 3],
}

/// What a document's pieces are read with.
pub(super) struct FeedXmlParser<'a> {
    text: &'a str,
    stack: Vec<ElementFrame<'a>>,
    /// Open elements beyond [`MAX_DEPTH`].
    skipped_depth: usize,
    namespace_prefixes: Vec<(&'a str, Namespace)>,
    base_urls: Vec<Rc<str>>,
    languages: Vec<String>,
    values: Vec<TextConstructBuilder>,
    /// Empty buffers of values that have ended.
    spare_buffers: Vec<String>,
    position: usize,
    /// Whether the outermost base is the address of the document.
    has_location: bool,
    pub(super) builder: FeedBuilder,
    pub(super) warnings: FeedWarnings,
}

impl<'a> FeedXmlParser<'a> {
    pub(super) fn new(
        text: &'a str,
        location: Option<&str>,
        complaints: FeedWarnings,
    ) -> FeedXmlParser<'a> {
        let location =
            location.filter(|location| super::link_url::resolve(location, None).is_some());
        FeedXmlParser {
            has_location: location.is_some(),
            text,
            stack: Vec::new(),
            skipped_depth: 0,
            namespace_prefixes: Vec::new(),
            base_urls: location.map(Rc::from).into_iter().collect(),
            languages: Vec::new(),
            values: Vec::new(),
            spare_buffers: Vec::new(),
            position: 0,
            builder: FeedBuilder::default(),
            warnings: complaints,
        }
    }

    /// Reads everything from byte `from` on.
    pub(super) fn parse(&mut self, from: usize) {
        let mut events = XmlTokenizer::new(self.text, from);
        loop {
            self.position = events.position();
            let open = self.stack.last().map(|frame| frame.name);
            match events.next_token(open, &mut self.warnings) {
                None => break,
                Some(XmlToken::StartTag(tag)) => self.handle_start_tag(tag),
                Some(XmlToken::EndTag(name)) => self.handle_end_tag(name),
                Some(XmlToken::Text(text)) => self.handle_text(&text),
                Some(XmlToken::Cdata(text)) => self.handle_text(text),
            }
        }
        if self.stack.iter().any(|frame| frame.role == FeedElementRole::Entry) {
            self.warnings.warn_at(
                self.text,
                self.position,
                "the document ends in the middle of an entry; what there is of it was kept",
            );
        }
        while !self.stack.is_empty() {
            self.leave_element(false);
        }
    }

    /// The base of an address. Those of entries that are under no `xml:base` are left as they are until the site of
    /// the feed is known: they are pages of it, wherever the document itself may be.
    fn current_base(&self) -> Option<Rc<str>> {
        let own = self.base_urls.len() > usize::from(self.has_location);
        self.base_urls.last().cloned().filter(|_| own || !self.builder.is_in_entry())
    }

    fn handle_text(&mut self, text: &str) {
        let Some(frame) = self.stack.last() else { return };
        let counts = matches!(
            frame.role,
            FeedElementRole::Value
                | FeedElementRole::Markup
                | FeedElementRole::Transparent
                | FeedElementRole::Person(_)
        );
        if counts && let Some(value) = self.values.last_mut() {
            value.push_text(text);
        }
    }

    fn handle_start_tag(&mut self, tag: XmlTag<'a>) {
        if self.stack.len() >= MAX_DEPTH {
            if self.skipped_depth == 0 {
                self.warnings.warn_at(
                    self.text,
                    self.position,
                    format!("elements more than {MAX_DEPTH} deep were left out"),
                );
            }
            self.skipped_depth += usize::from(!tag.is_self_closing);
            return;
        }
        let outside = self.read_declarations(&tag);
        let (prefix, local) = namespaces::split_qualified_name(tag.name);
        let (space, name) = (self.resolve_namespace(prefix), ElementName::from_local(local));
        self.close_unclosed_elements(space, name);
        let parent = self.stack.last().map_or(FeedElementRole::Wrapper, |frame| frame.role);
        let role = match parent {
            FeedElementRole::Value | FeedElementRole::Markup => {
                self.enter_markup(&tag, space, local)
            }
            _ => self.enter_element(&tag, space, name, parent),
        };
        self.stack.push(ElementFrame { name: tag.name, role, outer_scope_lens: outside });
        if tag.is_self_closing {
            self.leave_element(false);
        }
    }

    /// Takes note of what the tag declares: prefixes, the base of addresses, the language.
    fn read_declarations(&mut self, tag: &XmlTag<'a>) -> [usize; 3] {
        let outside = [self.namespace_prefixes.len(), self.base_urls.len(), self.languages.len()];
        if !tag.raw.contains("xml") {
            return outside;
        }
        for (name, value) in tag.attributes() {
            match name.split_once(':') {
                None if name == "xmlns" => self.declare_default_namespace(tag, &value),
                Some(("xmlns", prefix)) => {
                    self.namespace_prefixes.push((prefix, Namespace::from_uri(&value)));
                }
                Some(("xml", "base")) => {
                    let base = super::link_url::resolve(
                        value.trim(),
                        self.base_urls.last().map(AsRef::as_ref),
                    );
                    self.base_urls.extend(base.map(Rc::from));
                }
                Some(("xml", "lang")) => self.languages.push(value.trim().replace('_', "-")),
                _ => {}
            }
        }
        outside
    }

    /// The space of names without a prefix. That of the outermost element is that of the document, known or not.
    fn declare_default_namespace(&mut self, tag: &XmlTag<'a>, address: &str) {
        let space = match Namespace::from_uri(address) {
            Namespace::Other if self.stack.is_empty() || address.trim().is_empty() => {
                Namespace::Plain
            }
            // RSS within a namespace that is none of RSS's: the writer meant the whole document.
            Namespace::Other
                if matches!(
                    ElementName::from_local(tag.name),
                    ElementName::Channel | ElementName::Item | ElementName::Entry
                ) =>
            {
                Namespace::Plain
            }
            space => space,
        };
        self.namespace_prefixes.push(("", space));
    }

    fn resolve_namespace(&self, prefix: &str) -> Namespace {
        let declared = self.namespace_prefixes.iter().rev().find(|(known, _)| *known == prefix);
        match declared {
            Some((_, Namespace::Other)) if prefix.is_empty() => Namespace::Other,
            Some((_, space)) => *space,
            None => Namespace::from_prefix(prefix),
        }
    }

    /// An element within a value is part of the value.
    fn enter_markup(&mut self, tag: &XmlTag<'a>, space: Namespace, local: &str) -> FeedElementRole {
        let local = if space == Namespace::Xhtml { local } else { tag.name };
        match self.values.last_mut() {
            Some(value) if value.field.allows_markup() => {
                value.open_tag(tag, local);
                FeedElementRole::Markup
            }
            _ => FeedElementRole::Transparent,
        }
    }

    fn enter_element(
        &mut self,
        tag: &XmlTag<'a>,
        space: Namespace,
        name: ElementName,
        parent: FeedElementRole,
    ) -> FeedElementRole {
        let base = self.current_base();
        let base = base.as_deref();
        match element_action(space, name, parent, tag) {
            ElementAction::Enter(role) => self.enter_container(tag, space, name, role, parent),
            ElementAction::ReadValue(field) => self.begin_value(field, tag, space),
            ElementAction::Link => match tag.attribute("href") {
                Some(href) => {
                    self.builder.add_link(&href, tag, base);
                    FeedElementRole::Ignored
                }
                None => self.begin_value(FeedField::Link, tag, space),
            },
            ElementAction::Enclosure => {
                self.builder.add_enclosure(tag, "length", base);
                FeedElementRole::Ignored
            }
            ElementAction::MediaContent => {
                self.builder.add_media_content(tag, base);
                FeedElementRole::Entry
            }
            ElementAction::Thumbnail => {
                self.builder.add_thumbnail(tag, base);
                FeedElementRole::Ignored
            }
            ElementAction::Category => {
                if let Some(term) = tag.attribute("term") {
                    self.builder.add_category(&term, tag);
                    return FeedElementRole::Ignored;
                }
                self.builder.add_category_label(tag);
                self.begin_value(FeedField::Tag, tag, space)
            }
            ElementAction::PodcastCategory => {
                if let Some(term) = tag.attribute("text") {
                    self.builder.add_tag(&term);
                }
                parent
            }
            ElementAction::PodcastImage => {
                if let Some(href) = tag.attribute("href").or_else(|| tag.attribute("url")) {
                    self.builder.offer_image(1, &href, base);
                }
                FeedElementRole::Ignored
            }
        }
    }

    fn enter_container(
        &mut self,
        tag: &XmlTag<'a>,
        space: Namespace,
        name: ElementName,
        role: FeedElementRole,
        parent: FeedElementRole,
    ) -> FeedElementRole {
        let base = self.current_base();
        let base = base.as_deref();
        match role {
            FeedElementRole::Feed => {
                self.builder.detect_format(name, tag, space);
                self.builder.begin_feed(tag, self.languages.last(), base);
            }
            FeedElementRole::Entry if matches!(name, ElementName::Item | ElementName::Entry) => {
                if parent == FeedElementRole::Entry {
                    return FeedElementRole::Ignored;
                }
                self.builder.detect_format(name, tag, space);
                let language = self.languages.last();
                self.builder.begin_entry(tag, language, base);
            }
            FeedElementRole::Wrapper if space == Namespace::Rdf => {
                self.builder.format = Some(FeedFormat::Rdf);
            }
            FeedElementRole::Wrapper if name == ElementName::Rss => {
                self.builder.format = Some(FeedFormat::Rss);
            }
            FeedElementRole::Person(_) => {
                let buffer = self.spare_buffers.pop().unwrap_or_default();
                self.values.push(TextConstructBuilder::new(
                    FeedField::PersonName,
                    TextConstructType::Text,
                    buffer,
                ));
            }
            FeedElementRole::Image => {
                if let Some(url) = tag.attribute("href").or_else(|| tag.attribute("url")) {
                    self.builder.offer_image(2, &url, base);
                }
            }
            _ => {}
        }
        role
    }

    fn begin_value(
        &mut self,
        field: FeedField,
        tag: &XmlTag<'a>,
        space: Namespace,
    ) -> FeedElementRole {
        let kind = TextConstructType::from_attributes(field, tag, space, self.builder.is_atom());
        if field == FeedField::Id(0)
            && tag.attribute("isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false"))
        {
            self.builder.mark_guid_not_permalink();
        }
        if field == FeedField::Content
            && let Some(src) = tag.attribute("src")
        {
            let base = self.current_base();
            self.builder.add_content_src(&src, tag, base.as_deref());
        }
        let buffer = self.spare_buffers.pop().unwrap_or_default();
        self.values.push(TextConstructBuilder::new(field, kind, buffer));
        FeedElementRole::Value
    }

    /// Ends values that were never closed, where the next element cannot be part of them.
    fn close_unclosed_elements(&mut self, space: Namespace, name: ElementName) {
        if !matches!(
            space,
            Namespace::Plain | Namespace::Atom | Namespace::DublinCore | Namespace::Content
        ) || name == ElementName::Unknown
        {
            return;
        }
        let Some(at) = self.stack.iter().rposition(|frame| {
            frame.role == FeedElementRole::Value || frame.role == FeedElementRole::Entry
        }) else {
            return;
        };
        let between =
            self.stack[at + 1..].iter().all(|frame| frame.role == FeedElementRole::Markup);
        let begins_entry = matches!(name, ElementName::Item | ElementName::Entry);
        let forgotten = match self.stack[at].role {
            FeedElementRole::Value => {
                between && self.values.last().is_some_and(|value| value.is_ended_by(name))
            }
            _ => begins_entry && self.stack.len() == at + 1,
        };
        if forgotten {
            let what = self.stack[at].name;
            self.warnings.warn_at(
                self.text,
                self.position,
                format!("<{what}> is never closed; it was ended before the next element"),
            );
            while self.stack.len() > at {
                self.leave_element(false);
            }
            self.close_unclosed_elements(space, name);
        }
    }

    fn handle_end_tag(&mut self, name: &str) {
        if self.skipped_depth > 0 {
            self.skipped_depth -= 1;
            return;
        }
        let Some(at) = self.stack.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name))
        else {
            // A forgotten start tag, or a wrong end tag: of a value it ends the innermost, so that little is lost.
            self.warnings.warn_at(self.text, self.position, format!("</{name}> closes nothing"));
            return;
        };
        let skipped =
            self.stack[at + 1..].iter().any(|frame| frame.role != FeedElementRole::Markup);
        if skipped {
            let open = self.stack[self.stack.len() - 1].name;
            self.warnings.warn_at(
                self.text,
                self.position,
                format!("<{open}> is never closed; it was ended with <{name}>"),
            );
        }
        while self.stack.len() > at + 1 {
            self.leave_element(false);
        }
        self.leave_element(true);
    }

    /// Leaves the innermost element; `closed` says whether there is an end tag.
    fn leave_element(&mut self, closed: bool) {
        let Some(frame) = self.stack.pop() else { return };
        match frame.role {
            FeedElementRole::Value => self.end_value(),
            FeedElementRole::Person(rank) => {
                if let Some(value) = self.values.pop() {
                    self.builder.end_person(rank, &value.to_trimmed_text());
                    self.spare_buffers.push(value.into_buffer());
                }
            }
            FeedElementRole::Markup => {
                if closed && let Some(value) = self.values.last_mut() {
                    value.close_tag(frame.name);
                }
            }
            FeedElementRole::Entry
                if matches!(
                    ElementName::from_local(namespaces::split_qualified_name(frame.name).1),
                    ElementName::Item | ElementName::Entry
                ) =>
            {
                self.builder.end_entry();
            }
            _ => {}
        }
        let [prefixes, bases, languages] = frame.outer_scope_lens;
        self.namespace_prefixes.truncate(prefixes);
        self.base_urls.truncate(bases);
        self.languages.truncate(languages);
    }

    fn end_value(&mut self) {
        let Some(value) = self.values.pop() else { return };
        let base = if value.field.allows_markup() {
            self.base_urls.last().cloned()
        } else {
            self.current_base()
        };
        if let Some(sentence) = self.builder.take_value(&value, base.as_deref()) {
            self.warnings.warn_at(self.text, self.position, sentence);
        }
        self.spare_buffers.push(value.into_buffer());
    }
}
