//! What each element of each format means, and in which company.

use super::{
    namespaces::{ElementName, Namespace},
    xml_tokenizer::XmlTag,
};

/// What an open element is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedElementRole {
    /// The document, or something around its parts that says nothing itself.
    Wrapper,
    /// The feed: `channel`, `feed`.
    Feed,
    /// An entry: `item`, `entry`.
    Entry,
    /// The picture of the feed.
    Image,
    /// Where an entry was taken from (RFC 4287 §4.2.11).
    Source,
    /// Somebody.
    Person(SourceRank),
    /// A value that is being read.
    Value,
    /// Markup within a value.
    Markup,
    /// Markup within a value that takes none: its text counts, it does not.
    Transparent,
    /// Nothing to us, nor what is in it.
    Ignored,
}

/// Of several ways to say the same, the one with the lowest number counts.
pub(super) type SourceRank = u8;

/// A value that an element holds as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedField {
    Title(SourceRank),
    Summary(SourceRank),
    Content,
    Link,
    OriginalLink,
    OriginalEnclosure,
    Id(SourceRank),
    Published,
    Updated,
    Created,
    PersonName,
    PersonEmail,
    Tag,
    Tags,
    Comments,
    Language,
    Image(SourceRank),
    Icon,
    TtlMinutes,
    SkipHour,
    SkipDay,
    UpdatePeriod,
    UpdateFrequency,
}

impl FeedField {
    /// Whether markup belongs to the value.
    pub(super) fn allows_markup(self) -> bool {
        matches!(
            self,
            FeedField::Title(_) | FeedField::Summary(_) | FeedField::Content | FeedField::Tag
        )
    }
}

/// What to do about an element that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementAction {
    /// Go into it.
    Enter(FeedElementRole),
    /// Read its text.
    ReadValue(FeedField),
    /// Read its text, unless its attributes have the value.
    Link,
    Enclosure,
    MediaContent,
    Thumbnail,
    Category,
    PodcastCategory,
    PodcastImage,
}

/// What `name` means inside `parent`.
pub(super) fn element_action(
    space: Namespace,
    name: ElementName,
    parent: FeedElementRole,
    tag: &XmlTag<'_>,
) -> ElementAction {
    match parent {
        FeedElementRole::Image => image_child_action(name),
        FeedElementRole::Person(_) => person_child_action(name),
        FeedElementRole::Source => source_child_action(space, name),
        FeedElementRole::Wrapper | FeedElementRole::Feed | FeedElementRole::Entry => {
            namespace_action(space, name, parent, tag)
        }
        FeedElementRole::Transparent => ElementAction::Enter(FeedElementRole::Transparent),
        FeedElementRole::Value | FeedElementRole::Markup | FeedElementRole::Ignored => {
            ElementAction::Enter(FeedElementRole::Ignored)
        }
    }
}

fn namespace_action(
    space: Namespace,
    name: ElementName,
    parent: FeedElementRole,
    tag: &XmlTag<'_>,
) -> ElementAction {
    let known = match space {
        Namespace::Plain | Namespace::Atom => rss_or_atom_action(name, parent),
        Namespace::Rdf => rdf_action(name),
        Namespace::DublinCore => dublin_core_action(name),
        Namespace::Content => {
            (name == ElementName::Encoded).then_some(ElementAction::ReadValue(FeedField::Content))
        }
        Namespace::Media => media_rss_action(name),
        Namespace::Podcast => podcast_action(name),
        Namespace::FeedBurner => feedburner_action(name),
        Namespace::Syndication => syndication_action(name),
        Namespace::Xhtml => xhtml_action(name, tag),
        Namespace::Xml | Namespace::Other => None,
    };
    known.unwrap_or(ElementAction::Enter(if parent == FeedElementRole::Wrapper {
        FeedElementRole::Wrapper
    } else {
        FeedElementRole::Ignored
    }))
}

/// RSS 0.9x and 2.0, Atom 0.3 and 1.0, CDF.
fn rss_or_atom_action(name: ElementName, parent: FeedElementRole) -> Option<ElementAction> {
    use ElementAction::{Enter, ReadValue};
    Some(match name {
        ElementName::Rss | ElementName::Rdf => Enter(FeedElementRole::Wrapper),
        ElementName::Channel | ElementName::Feed => Enter(FeedElementRole::Feed),
        ElementName::Item | ElementName::Entry => Enter(FeedElementRole::Entry),
        ElementName::Title => ReadValue(FeedField::Title(0)),
        ElementName::Link => ElementAction::Link,
        ElementName::Description
        | ElementName::Summary
        | ElementName::Abstract
        | ElementName::Subtitle
        | ElementName::Tagline => ReadValue(FeedField::Summary(0)),
        ElementName::Content | ElementName::FullItem | ElementName::Body | ElementName::Encoded => {
            ReadValue(FeedField::Content)
        }
        ElementName::Guid | ElementName::Id => ReadValue(FeedField::Id(0)),
        ElementName::PubDate | ElementName::Published | ElementName::Issued => {
            ReadValue(FeedField::Published)
        }
        ElementName::LastBuildDate | ElementName::Updated | ElementName::Modified => {
            ReadValue(FeedField::Updated)
        }
        ElementName::Created => ReadValue(FeedField::Created),
        ElementName::Author | ElementName::ManagingEditor => Enter(FeedElementRole::Person(0)),
        ElementName::WebMaster => Enter(FeedElementRole::Person(3)),
        ElementName::Category => ElementAction::Category,
        ElementName::Comments => ReadValue(FeedField::Comments),
        ElementName::Enclosure => ElementAction::Enclosure,
        ElementName::Language => ReadValue(FeedField::Language),
        ElementName::Image => Enter(FeedElementRole::Image),
        ElementName::Logo => ReadValue(FeedField::Image(0)),
        ElementName::Icon => ReadValue(FeedField::Icon),
        ElementName::Tags => ReadValue(FeedField::Tags),
        ElementName::Ttl => ReadValue(FeedField::TtlMinutes),
        ElementName::Hour => ReadValue(FeedField::SkipHour),
        ElementName::Day => ReadValue(FeedField::SkipDay),
        ElementName::SkipHours | ElementName::SkipDays => Enter(parent),
        ElementName::Source if parent == FeedElementRole::Entry => Enter(FeedElementRole::Source),
        _ => return None,
    })
}

fn rdf_action(name: ElementName) -> Option<ElementAction> {
    match name {
        ElementName::Rdf => Some(ElementAction::Enter(FeedElementRole::Wrapper)),
        _ => None,
    }
}

fn dublin_core_action(name: ElementName) -> Option<ElementAction> {
    use ElementAction::{Enter, ReadValue};
    Some(match name {
        ElementName::Title => ReadValue(FeedField::Title(1)),
        ElementName::Description | ElementName::Abstract => ReadValue(FeedField::Summary(1)),
        ElementName::Creator | ElementName::Author => Enter(FeedElementRole::Person(1)),
        ElementName::Publisher => Enter(FeedElementRole::Person(4)),
        ElementName::Date | ElementName::Modified => ReadValue(FeedField::Updated),
        ElementName::Issued => ReadValue(FeedField::Published),
        ElementName::Created => ReadValue(FeedField::Created),
        ElementName::Subject => ReadValue(FeedField::Tag),
        ElementName::Language => ReadValue(FeedField::Language),
        ElementName::Identifier => ReadValue(FeedField::Id(2)),
        _ => return None,
    })
}

fn media_rss_action(name: ElementName) -> Option<ElementAction> {
    use ElementAction::{Enter, ReadValue};
    Some(match name {
        ElementName::Title => ReadValue(FeedField::Title(2)),
        ElementName::Description => ReadValue(FeedField::Summary(3)),
        ElementName::Content | ElementName::PeerLink => ElementAction::MediaContent,
        ElementName::Thumbnail => ElementAction::Thumbnail,
        ElementName::Category => ElementAction::Category,
        ElementName::Keywords => ReadValue(FeedField::Tags),
        ElementName::Credit => Enter(FeedElementRole::Person(5)),
        ElementName::Group => Enter(FeedElementRole::Entry),
        _ => return None,
    })
}

fn podcast_action(name: ElementName) -> Option<ElementAction> {
    use ElementAction::{Enter, ReadValue};
    Some(match name {
        ElementName::Title => ReadValue(FeedField::Title(2)),
        ElementName::Summary | ElementName::Description => ReadValue(FeedField::Summary(2)),
        ElementName::Subtitle => ReadValue(FeedField::Summary(4)),
        ElementName::Author => Enter(FeedElementRole::Person(2)),
        ElementName::Owner => Enter(FeedElementRole::Person(4)),
        ElementName::Category => ElementAction::PodcastCategory,
        ElementName::Keywords => ReadValue(FeedField::Tags),
        ElementName::Image | ElementName::Link => ElementAction::PodcastImage,
        _ => return None,
    })
}

fn feedburner_action(name: ElementName) -> Option<ElementAction> {
    match name {
        ElementName::OrigLink => Some(ElementAction::ReadValue(FeedField::OriginalLink)),
        ElementName::OrigEnclosureLink => {
            Some(ElementAction::ReadValue(FeedField::OriginalEnclosure))
        }
        _ => None,
    }
}

fn syndication_action(name: ElementName) -> Option<ElementAction> {
    match name {
        ElementName::UpdatePeriod => Some(ElementAction::ReadValue(FeedField::UpdatePeriod)),
        ElementName::UpdateFrequency => Some(ElementAction::ReadValue(FeedField::UpdateFrequency)),
        _ => None,
    }
}

/// The text of an entry as XHTML in place.
fn xhtml_action(name: ElementName, _: &XmlTag<'_>) -> Option<ElementAction> {
    matches!(name, ElementName::Body | ElementName::Div)
        .then_some(ElementAction::ReadValue(FeedField::Content))
}

fn image_child_action(name: ElementName) -> ElementAction {
    match name {
        ElementName::Url => ElementAction::ReadValue(FeedField::Image(0)),
        _ => ElementAction::Enter(FeedElementRole::Ignored),
    }
}

fn person_child_action(name: ElementName) -> ElementAction {
    match name {
        ElementName::ElementName | ElementName::Title => {
            ElementAction::ReadValue(FeedField::PersonName)
        }
        ElementName::Email => ElementAction::ReadValue(FeedField::PersonEmail),
        ElementName::Uri | ElementName::Url => ElementAction::Enter(FeedElementRole::Ignored),
        _ => ElementAction::Enter(FeedElementRole::Transparent),
    }
}

/// Of a source, only its author is of use: an entry without one has that (RFC 4287 §4.2.1).
fn source_child_action(space: Namespace, name: ElementName) -> ElementAction {
    match (space, name) {
        (Namespace::Plain | Namespace::Atom, ElementName::Author) => {
            ElementAction::Enter(FeedElementRole::Person(6))
        }
        _ => ElementAction::Enter(FeedElementRole::Ignored),
    }
}
