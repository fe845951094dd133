//! The XML feed parser: tracks the open elements of a document and hands values to the
//! [`FeedBuilder`].
//!
//! The tags come from [`super::xml_tokenizer`], the meaning of elements from [`super::elements`].
//! Start reading at [`FeedXmlParser::parse`].

use std::rc::Rc;

use super::{
    builder::FeedBuilder,
    elements::{ElementAction, FeedElementRole, FeedField, element_action},
    feed_document::FeedFormat,
    namespaces::{self, ElementName, Namespace},
    relative_urls,
    text_construct::{TextConstructBuilder, TextConstructType},
    warning::FeedWarnings,
    xml_tokenizer::{XmlTag, XmlToken, XmlTokenizer},
};

/// Maximum number of namespace prefixes in force: they are searched for every element.
const MAX_PREFIXES: usize = 100;

/// Maximum nesting depth; deeper elements are skipped.
pub(super) const MAX_DEPTH: usize = 256;

/// Maximum length of the name of a language, in bytes: each entry copies it. RFC 5646 §4.4.1 asks for 35
/// characters at least.
const MAX_LANGUAGE_BYTES: usize = 100;

/// An open element.
struct ElementFrame<'a> {
    name: &'a str,
    role: FeedElementRole,
    is_self_closing: bool,
    /// Number of prefixes, bases and languages in force outside the element.
    outer_scope_lens: [usize; 3],
}

/// The state of the parser while it reads a document.
pub(super) struct FeedXmlParser<'a> {
    text: &'a str,
    stack: Vec<ElementFrame<'a>>,
    /// Number of open elements beyond [`MAX_DEPTH`].
    skipped_depth: usize,
    /// Declared prefixes, innermost last; the default namespace has an empty prefix.
    namespace_prefixes: Vec<(&'a str, Namespace)>,
    /// `xml:base` URLs in force, innermost last.
    base_urls: Vec<Rc<str>>,
    /// `xml:lang` values in force, innermost last.
    languages: Vec<String>,
    /// Values under construction, innermost last.
    values: Vec<TextConstructBuilder>,
    /// Empty buffers of completed values, for reuse.
    spare_buffers: Vec<String>,
    /// Byte offset of the current token.
    position: usize,
    /// True if the outermost base is the URL of the document.
    has_location: bool,
    /// Number of bases that are in force for all of the current value.
    value_base_count: usize,
    /// True if the document ended before its outermost element.
    pub(super) is_cut_off: bool,
    pub(super) builder: FeedBuilder,
    pub(super) warnings: FeedWarnings,
}

impl<'a> FeedXmlParser<'a> {
    pub(super) fn new(
        text: &'a str,
        location: Option<&str>,
        warnings: FeedWarnings,
    ) -> FeedXmlParser<'a> {
        let location =
            location.filter(|location| super::link_url::resolve(location, None).is_some());
        FeedXmlParser {
            has_location: location.is_some(),
            value_base_count: 0,
            is_cut_off: false,
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
            warnings,
        }
    }

    /// Parses the document from byte `from` to its end, or until its budget is exceeded.
    pub(super) fn parse(&mut self, from: usize) {
        let mut tokens = XmlTokenizer::new(self.text, from);
        while !self.builder.budget.is_exceeded() {
            self.position = tokens.position();
            let open_name = self.stack.last().map(|frame| frame.name);
            match tokens.next_token(open_name, &mut self.warnings) {
                None => break,
                Some(XmlToken::StartTag(tag)) => self.handle_start_tag(tag),
                Some(XmlToken::EndTag(name)) => self.handle_end_tag(name),
                Some(XmlToken::Text(text)) => self.handle_text(&text),
                Some(XmlToken::Cdata(text)) => self.handle_text(text),
            }
        }
        self.is_cut_off = !self.stack.is_empty();
        if self.stack.iter().any(|frame| frame.role == FeedElementRole::Entry) {
            self.warnings.warn_at(
                self.text,
                self.position,
                "the document ends inside an entry; the incomplete entry was kept",
            );
        } else if let Some(outermost) = self.stack.first() {
            let message =
                format!("the document ends before </{}>; entries may be missing", outermost.name);
            self.warnings.warn_at(self.text, self.position, message);
        }
        while !self.stack.is_empty() {
            self.leave_element(false);
        }
    }

    /// Returns the base of URLs at the current position.
    ///
    /// `None` inside an entry without `xml:base`: its relative URLs are resolved later against the
    /// link of the entry or the website of the feed, because the feed document may be on another
    /// host.
    fn current_base(&self) -> Option<Rc<str>> {
        let has_xml_base = self.base_urls.len() > usize::from(self.has_location);
        self.base_urls.last().cloned().filter(|_| has_xml_base || !self.builder.is_in_entry())
    }

    fn handle_text(&mut self, text: &str) {
        let Some(frame) = self.stack.last() else { return };
        let is_value_text = matches!(
            frame.role,
            FeedElementRole::Value
                | FeedElementRole::Markup
                | FeedElementRole::Transparent
                | FeedElementRole::Person(_)
        );
        if is_value_text && let Some(value) = self.values.last_mut() {
            value.push_text(text);
        }
    }

    fn handle_start_tag(&mut self, tag: XmlTag<'a>) {
        if self.stack.len() >= MAX_DEPTH {
            if self.skipped_depth == 0 {
                self.warnings.warn_at(
                    self.text,
                    self.position,
                    format!("elements nested deeper than {MAX_DEPTH} levels were skipped"),
                );
            }
            self.skipped_depth += usize::from(!tag.is_self_closing);
            return;
        }
        let outer_scope_lens = self.read_declarations(&tag);
        let (prefix, local) = namespaces::split_qualified_name(tag.name);
        let (namespace, name) = (self.resolve_namespace(prefix), ElementName::from_local(local));
        self.close_unclosed_elements(namespace, name);
        let parent = self.stack.last().map_or(FeedElementRole::Wrapper, |frame| frame.role);
        let role = match parent {
            FeedElementRole::Value | FeedElementRole::Markup => self.enter_markup(&tag),
            _ => self.enter_element(&tag, namespace, name, parent),
        };
        self.stack.push(ElementFrame {
            name: tag.name,
            role,
            is_self_closing: tag.is_self_closing,
            outer_scope_lens,
        });
        if tag.is_self_closing {
            self.leave_element(false);
        }
    }

    /// Reads the namespace prefixes, the base URL and the language that a tag declares; returns the
    /// number of each that were in force before.
    fn read_declarations(&mut self, tag: &XmlTag<'a>) -> [usize; 3] {
        let outer_scope_lens =
            [self.namespace_prefixes.len(), self.base_urls.len(), self.languages.len()];
        // All of these attributes contain "xml"; most tags have none of them.
        if !tag.raw.contains("xml") {
            return outer_scope_lens;
        }
        for (name, value) in tag.attributes() {
            match name.split_once(':') {
                None if name == "xmlns" => self.declare_default_namespace(tag, &value),
                Some(("xmlns", prefix)) => {
                    self.declare_prefix(prefix, Namespace::from_uri(&value));
                }
                Some(("xml", "base")) => {
                    let outer = self.base_urls.last().map(AsRef::as_ref);
                    let base = self.builder.budget.resolve(value.trim(), outer);
                    self.base_urls.extend(base.map(Rc::from));
                }
                Some(("xml", "lang")) if value.len() <= MAX_LANGUAGE_BYTES => {
                    self.languages.push(value.trim().replace('_', "-"));
                }
                _ => {}
            }
        }
        outer_scope_lens
    }

    /// Declares the namespace of names without a prefix. An unknown one at the document element is
    /// taken for the namespace of the feed format.
    fn declare_default_namespace(&mut self, tag: &XmlTag<'a>, uri: &str) {
        let namespace = match Namespace::from_uri(uri) {
            Namespace::Other if self.stack.is_empty() || uri.trim().is_empty() => Namespace::Plain,
            // An unknown namespace at an element of RSS: the author declared it for the whole feed.
            Namespace::Other
                if matches!(
                    ElementName::from_local(tag.name),
                    ElementName::Channel | ElementName::Item | ElementName::Entry
                ) =>
            {
                Namespace::Plain
            }
            namespace => namespace,
        };
        self.declare_prefix("", namespace);
    }

    /// Adds a prefix to the scope of the current element.
    fn declare_prefix(&mut self, prefix: &'a str, namespace: Namespace) {
        if self.namespace_prefixes.len() < MAX_PREFIXES {
            self.namespace_prefixes.push((prefix, namespace));
        } else {
            let message = format!("more than {MAX_PREFIXES} namespaces; the rest was ignored");
            self.warnings.warn_at(self.text, self.position, message);
        }
    }

    fn resolve_namespace(&self, prefix: &str) -> Namespace {
        let declared = self.namespace_prefixes.iter().rev().find(|(known, _)| *known == prefix);
        declared.map_or_else(|| Namespace::from_prefix(prefix), |(_, namespace)| *namespace)
    }

    /// Adds an element inside a value to the value, if the value allows markup.
    fn enter_markup(&mut self, tag: &XmlTag<'a>) -> FeedElementRole {
        let html_name = self.html_name(tag.name);
        let own_base =
            self.base_urls.last().filter(|_| self.base_urls.len() > self.value_base_count);
        match self.values.last_mut() {
            Some(value) if value.field.allows_markup() => {
                match own_base {
                    Some(base) => {
                        let mut raw = tag.raw.to_owned();
                        relative_urls::resolve_html_urls(&mut raw, base, &self.builder.budget);
                        value.open_tag(&XmlTag::parse(&raw), html_name);
                    }
                    None => value.open_tag(tag, html_name),
                }
                FeedElementRole::Markup
            }
            _ => FeedElementRole::Transparent,
        }
    }

    /// Returns the name that an element inside a value has in HTML, which knows no prefixes; those
    /// of other vocabularies stay.
    fn html_name(&self, name: &'a str) -> &'a str {
        let (prefix, local) = namespaces::split_qualified_name(name);
        let is_html = match self.resolve_namespace(prefix) {
            Namespace::Xhtml => true,
            Namespace::Other if matches!(local, "math" | "svg") => true,
            Namespace::Other => matches!(prefix, "html" | "h") && !self.declares_prefix(prefix),
            _ => false,
        };
        if is_html { local } else { name }
    }

    fn declares_prefix(&self, prefix: &str) -> bool {
        self.namespace_prefixes.iter().any(|(known, _)| *known == prefix)
    }

    /// Performs the action of an element outside values; returns its role.
    fn enter_element(
        &mut self,
        tag: &XmlTag<'a>,
        namespace: Namespace,
        name: ElementName,
        parent: FeedElementRole,
    ) -> FeedElementRole {
        let base_url = self.current_base();
        let base = base_url.as_deref();
        match element_action(namespace, name, parent) {
            ElementAction::Enter(role) => self.enter_container(tag, namespace, name, role, parent),
            ElementAction::ReadValue(field) => self.begin_value(field, tag, namespace),
            ElementAction::Link => self.enter_link(tag, namespace, base),
            ElementAction::Enclosure
                if tag.attribute("url").or_else(|| tag.attribute("href")).is_none() =>
            {
                self.builder.begin_text_enclosure(tag);
                self.begin_value(FeedField::TypedLink, tag, namespace)
            }
            ElementAction::Enclosure => {
                self.builder.add_enclosure(tag, "length", base);
                FeedElementRole::Ignored
            }
            ElementAction::MediaContent => {
                self.builder.add_media_content(tag, base);
                FeedElementRole::MediaFile
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
                self.begin_value(FeedField::Tag, tag, namespace)
            }
            ElementAction::PodcastCategory => {
                if let Some(term) = tag.attribute("text") {
                    self.builder.add_tag(&term);
                }
                parent
            }
            ElementAction::Chapter => {
                self.builder.add_chapter(tag, base);
                FeedElementRole::Ignored
            }
            ElementAction::PodcastImage => {
                if let Some(href) = tag.attribute("href").or_else(|| tag.attribute("url")) {
                    self.builder.offer_image(1, &href, base);
                }
                FeedElementRole::Ignored
            }
        }
    }

    /// Reads a link: from `href`, or else from its text, which may have a relation and a media type
    /// too.
    fn enter_link(
        &mut self,
        tag: &XmlTag<'a>,
        namespace: Namespace,
        base: Option<&str>,
    ) -> FeedElementRole {
        if let Some(href) = tag.attribute_or_empty("href") {
            self.builder.add_link(&href, tag, base);
            return FeedElementRole::Ignored;
        }
        if tag.attribute("rel").is_none() && tag.attribute("type").is_none() {
            return self.begin_value(FeedField::Link, tag, namespace);
        }
        self.builder.begin_text_link(tag);
        self.begin_value(FeedField::TypedLink, tag, namespace)
    }

    /// Enters an element that contains others; returns its role.
    fn enter_container(
        &mut self,
        tag: &XmlTag<'a>,
        namespace: Namespace,
        name: ElementName,
        role: FeedElementRole,
        parent: FeedElementRole,
    ) -> FeedElementRole {
        let base_url = self.current_base();
        let base = base_url.as_deref();
        match role {
            FeedElementRole::Feed => {
                self.builder.detect_format(name, tag, namespace);
                self.builder.begin_feed(tag, self.languages.last(), base);
            }
            FeedElementRole::Entry if matches!(name, ElementName::Item | ElementName::Entry) => {
                if matches!(parent, FeedElementRole::Entry | FeedElementRole::MediaFile) {
                    return FeedElementRole::Ignored;
                }
                self.builder.detect_format(name, tag, namespace);
                self.builder.begin_entry(tag, self.languages.last(), base);
            }
            FeedElementRole::Wrapper if namespace == Namespace::Rdf => {
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

    /// Begins a value that is read from the text of an element; returns the role of the element.
    fn begin_value(
        &mut self,
        field: FeedField,
        tag: &XmlTag<'a>,
        namespace: Namespace,
    ) -> FeedElementRole {
        let is_atom = self.builder.is_atom();
        let construct_type = TextConstructType::from_attributes(field, tag, namespace, is_atom);
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
        self.value_base_count = self.base_urls.len();
        let buffer = self.spare_buffers.pop().unwrap_or_default();
        self.values.push(TextConstructBuilder::new(field, construct_type, buffer));
        FeedElementRole::Value
    }

    /// Closes values and entries whose end tag is missing, because the element `name` cannot be
    /// inside them.
    fn close_unclosed_elements(&mut self, namespace: Namespace, name: ElementName) {
        let is_core_namespace = matches!(
            namespace,
            Namespace::Plain | Namespace::Atom | Namespace::DublinCore | Namespace::Content
        );
        if !is_core_namespace || name == ElementName::Unknown {
            return;
        }
        while let Some(depth) = self.find_unclosed_element(name) {
            let open_name = self.stack[depth].name;
            self.warnings.warn_at(
                self.text,
                self.position,
                format!("<{open_name}> has no end tag; it was closed before the next element"),
            );
            while self.stack.len() > depth {
                self.leave_element(false);
            }
        }
    }

    /// Returns the stack index of the innermost value or entry if `name` cannot be inside it.
    fn find_unclosed_element(&self, name: ElementName) -> Option<usize> {
        let depth = self.stack.iter().rposition(|frame| {
            frame.role == FeedElementRole::Value || frame.role == FeedElementRole::Entry
        })?;
        let inside = &self.stack[depth + 1..];
        let is_unclosed = if self.stack[depth].role == FeedElementRole::Value {
            inside.iter().all(|frame| frame.role == FeedElementRole::Markup)
                && self.values.last().is_some_and(|value| value.is_ended_by(name))
        } else {
            inside.iter().all(|frame| frame.role == FeedElementRole::MediaFile)
                && matches!(name, ElementName::Item | ElementName::Entry)
        };
        is_unclosed.then_some(depth)
    }

    fn handle_end_tag(&mut self, name: &str) {
        if self.skipped_depth > 0 {
            self.skipped_depth -= 1;
            return;
        }
        let matching = self.stack.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name));
        let Some(depth) = matching else {
            // Usually a misspelled end tag: the next start tag closes the value that is still open.
            self.warnings.warn_at(
                self.text,
                self.position,
                format!("</{name}> has no start tag; it was ignored"),
            );
            return;
        };
        // Inside values, unclosed tags of HTML such as <br> are normal.
        let has_unclosed =
            self.stack[depth + 1..].iter().any(|frame| frame.role != FeedElementRole::Markup);
        if has_unclosed {
            let innermost = self.stack[self.stack.len() - 1].name;
            self.warnings.warn_at(
                self.text,
                self.position,
                format!("<{innermost}> has no end tag; it was closed with </{name}>"),
            );
        }
        while self.stack.len() > depth + 1 {
            self.leave_element(false);
        }
        self.leave_element(true);
    }

    /// Leaves the innermost element; `has_end_tag` is false if its end tag is missing or its start
    /// tag is self-closing.
    fn leave_element(&mut self, has_end_tag: bool) {
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
                // The namespaces that the element declares are still in force.
                let html_name = self.html_name(frame.name);
                if let Some(value) = self.values.last_mut().filter(|_| !frame.is_self_closing) {
                    value.close_tag(html_name, has_end_tag);
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
        let base = self.current_base();
        if let Some(warning) = self.builder.take_value(&value, base.as_deref()) {
            self.warnings.warn_at(self.text, self.position, warning);
        }
        self.spare_buffers.push(value.into_buffer());
    }
}
