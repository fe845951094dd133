//! The elements of all XML feed formats: maps an element in its namespace and parent to the action
//! of the parser.
//!
//! Start reading at [`element_action`]. The names themselves are in [`super::namespaces`].

use super::namespaces::{ElementName, Namespace};

/// The role of an open element in the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedElementRole {
    /// The document element, or a container without content of its own.
    Wrapper,
    /// The feed: `channel`, `feed`.
    Feed,
    /// An entry: `item`, `entry`, or a group of media files in it.
    Entry,
    /// A file of Media RSS in an entry; in all else like the entry.
    MediaFile,
    /// The picture of the feed.
    Image,
    /// The feed from which an entry was copied (RFC 4287 §4.2.11).
    Source,
    /// A person.
    Person(SourceRank),
    /// A value that is read as text.
    Value,
    /// Markup inside a value.
    Markup,
    /// Markup inside a value without markup: its text counts, its tags do not.
    Transparent,
    /// An element that is ignored with everything in it.
    Ignored,
}

/// The precedence of an element among those that give the same value; the lowest rank wins.
///
/// - title: 0 RSS and Atom, 1 Dublin Core, 2 Media RSS and podcasts
/// - summary: 0 RSS and Atom, 1 Dublin Core, 2 podcast summary, 3 Media RSS, 4 podcast subtitle
/// - id: 0 `guid` and `id`, 1 `rdf:about`, 2 `dc:identifier`
/// - person: 0 `author` and `managingEditor`, 1 Dublin Core creator and author, 2 podcast author,
///   3 `webMaster`, 4 publisher and podcast owner, 5 Media RSS credit, 6 author of the source
/// - image: 0 `url` in `image`, and `logo`; 1 podcast image; 2 Media RSS thumbnail, and attributes
///   of `image`; 3 Media RSS content
pub(super) type SourceRank = u8;

/// A field of the feed or of an entry that is read from the text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FeedField {
    /// Title or headline.
    Title(SourceRank),
    /// Summary, or subtitle of the feed.
    Summary(SourceRank),
    /// Full text of an entry.
    Content,
    /// URL of the website or the article.
    Link,
    /// URL of a link whose attributes give its relation or media type.
    TypedLink,
    /// URL behind a FeedBurner redirect.
    OriginalLink,
    /// URL of the media file behind a FeedBurner redirect.
    OriginalEnclosure,
    /// Identifier.
    Id(SourceRank),
    /// Date of publication.
    Published,
    /// Date of the last change.
    Updated,
    /// Date of creation.
    Created,
    /// Name of the current person.
    PersonName,
    /// Email address of the current person.
    PersonEmail,
    /// One tag.
    Tag,
    /// Tags separated by commas.
    Tags,
    /// URL of the discussion.
    Comments,
    /// Language of the texts.
    Language,
    /// URL of a picture.
    Image(SourceRank),
    /// URL of a small icon.
    Icon,
    /// Description of the current media file.
    MediaDescription,
    /// Duration of the media file.
    Duration,
    /// New URL of the feed.
    NewFeedUrl,
    /// Minutes between updates (RSS 2.0 `ttl`).
    TtlMinutes,
    /// Hour of the day without updates.
    SkipHour,
    /// Day of the week without updates.
    SkipDay,
    /// Period of the syndication module.
    UpdatePeriod,
    /// Updates per period of the syndication module.
    UpdateFrequency,
}

impl FeedField {
    /// Returns true if the value may contain markup.
    pub(super) fn allows_markup(self) -> bool {
        matches!(
            self,
            FeedField::Title(_)
                | FeedField::Summary(_)
                | FeedField::Content
                | FeedField::Tag
                | FeedField::MediaDescription
        )
    }
}

/// The action of the parser at a start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementAction {
    /// Enter the element in this role.
    Enter(FeedElementRole),
    /// Read its text into a field.
    ReadValue(FeedField),
    /// Read the link from `href`, or else from the text.
    Link,
    /// Read a media file from the attributes.
    Enclosure,
    /// Read a file of Media RSS from the attributes, and enter the element.
    MediaContent,
    /// Read the URL of a thumbnail from the attributes.
    Thumbnail,
    /// Read the category from `term`, or else from the text.
    Category,
    /// Read the category from `text`, and enter the element: categories are nested.
    PodcastCategory,
    /// Read the URL of the picture from the attributes.
    PodcastImage,
    /// Read a chapter of the episode from the attributes.
    Chapter,
}

/// Returns the action for the element `name` inside an element with the role `parent`.
pub(super) fn element_action(
    namespace: Namespace,
    name: ElementName,
    parent: FeedElementRole,
) -> ElementAction {
    match parent {
        FeedElementRole::Image => image_child_action(name),
        FeedElementRole::Person(_) => person_child_action(name),
        FeedElementRole::Source => source_child_action(namespace, name),
        FeedElementRole::Wrapper | FeedElementRole::Feed | FeedElementRole::Entry => {
            namespace_action(namespace, name, parent)
        }
        FeedElementRole::MediaFile => match (namespace, name) {
            (Namespace::Media, ElementName::Description) => {
                ElementAction::ReadValue(FeedField::MediaDescription)
            }
            _ => namespace_action(namespace, name, FeedElementRole::Entry),
        },
        FeedElementRole::Transparent => ElementAction::Enter(FeedElementRole::Transparent),
        FeedElementRole::Value | FeedElementRole::Markup | FeedElementRole::Ignored => {
            ElementAction::Enter(FeedElementRole::Ignored)
        }
    }
}

fn namespace_action(
    namespace: Namespace,
    name: ElementName,
    parent: FeedElementRole,
) -> ElementAction {
    let known = match namespace {
        Namespace::Plain | Namespace::Atom => rss_or_atom_action(name, parent),
        Namespace::Rdf => rdf_action(name),
        Namespace::DublinCore => dublin_core_action(name),
        Namespace::Content => {
            (name == ElementName::Encoded).then_some(ElementAction::ReadValue(FeedField::Content))
        }
        Namespace::Media => media_rss_action(name),
        Namespace::Podcast => podcast_action(name),
        Namespace::Chapters => chapters_action(name, parent),
        Namespace::FeedBurner => feedburner_action(name),
        Namespace::Syndication => syndication_action(name),
        Namespace::Xhtml => xhtml_action(name, parent),
        Namespace::Xml | Namespace::Other => None,
    };
    // An unknown element around the feed may contain it; an unknown element inside is skipped.
    known.unwrap_or(ElementAction::Enter(if parent == FeedElementRole::Wrapper {
        FeedElementRole::Wrapper
    } else {
        FeedElementRole::Ignored
    }))
}

/// Handles RSS 0.9x and 2.0, Atom 0.3 and 1.0, and CDF.
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
        ElementName::Duration => ReadValue(FeedField::Duration),
        ElementName::NewFeedUrl => ReadValue(FeedField::NewFeedUrl),
        ElementName::Image | ElementName::Link => ElementAction::PodcastImage,
        _ => return None,
    })
}

/// Handles Podlove Simple Chapters 1.2: a list of chapters in the entry of the episode.
fn chapters_action(name: ElementName, parent: FeedElementRole) -> Option<ElementAction> {
    match name {
        _ if parent != FeedElementRole::Entry => None,
        ElementName::Chapters => Some(ElementAction::Enter(parent)),
        ElementName::Chapter => Some(ElementAction::Chapter),
        _ => None,
    }
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

/// Handles an XHTML `body` or `div` that is the content of an entry. Around the feed they belong to
/// the page in which a program has wrapped it.
fn xhtml_action(name: ElementName, parent: FeedElementRole) -> Option<ElementAction> {
    let is_content = matches!(name, ElementName::Body | ElementName::Div);
    (is_content && parent != FeedElementRole::Wrapper)
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
        ElementName::Name | ElementName::Title => ElementAction::ReadValue(FeedField::PersonName),
        ElementName::Email => ElementAction::ReadValue(FeedField::PersonEmail),
        ElementName::Uri | ElementName::Url => ElementAction::Enter(FeedElementRole::Ignored),
        _ => ElementAction::Enter(FeedElementRole::Transparent),
    }
}

/// Reads only the author of a source: an entry without an author has that one (RFC 4287 §4.2.1).
fn source_child_action(namespace: Namespace, name: ElementName) -> ElementAction {
    match (namespace, name) {
        (Namespace::Plain | Namespace::Atom, ElementName::Author) => {
            ElementAction::Enter(FeedElementRole::Person(6))
        }
        _ => ElementAction::Enter(FeedElementRole::Ignored),
    }
}
