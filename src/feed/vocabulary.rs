//! What each element of each format means, and in which company.

use super::{
    events::Tag,
    names::{Name, Space},
};

/// What an open element is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The document, or something around its parts that says nothing itself.
    Around,
    /// The feed: `channel`, `feed`.
    Feed,
    /// An entry: `item`, `entry`.
    Entry,
    /// The picture of the feed.
    Picture,
    /// Where an entry was taken from (RFC 4287 §4.2.11).
    Source,
    /// Somebody.
    Person(Rank),
    /// A value that is being read.
    Value,
    /// Markup within a value.
    Markup,
    /// Markup within a value that takes none: its text counts, it does not.
    Through,
    /// Nothing to us, nor what is in it.
    Ignored,
}

/// Of several ways to say the same, the one with the lowest number counts.
pub(super) type Rank = u8;

/// A value that an element holds as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title(Rank),
    Summary(Rank),
    Content,
    Link,
    OriginalLink,
    OriginalFile,
    Id(Rank),
    Published,
    Updated,
    Created,
    PersonName,
    PersonEmail,
    Tag,
    Tags,
    Comments,
    Language,
    Image(Rank),
    Icon,
    Minutes,
    SkipHour,
    SkipDay,
    Period,
    Frequency,
}

impl Field {
    /// Whether markup belongs to the value.
    pub(super) fn takes_markup(self) -> bool {
        matches!(self, Field::Title(_) | Field::Summary(_) | Field::Content | Field::Tag)
    }
}

/// What to do about an element that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Go into it.
    Within(Role),
    /// Read its text.
    Read(Field),
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
pub(super) fn meaning(space: Space, name: Name, parent: Role, tag: &Tag<'_>) -> Meaning {
    match parent {
        Role::Picture => picture(name),
        Role::Person(_) => person(name),
        Role::Source => source(space, name),
        Role::Around | Role::Feed | Role::Entry => of_space(space, name, parent, tag),
        Role::Through => Meaning::Within(Role::Through),
        Role::Value | Role::Markup | Role::Ignored => Meaning::Within(Role::Ignored),
    }
}

fn of_space(space: Space, name: Name, parent: Role, tag: &Tag<'_>) -> Meaning {
    let known = match space {
        Space::Plain | Space::Atom => plain(name, parent),
        Space::Rdf => rdf(name),
        Space::Dublin => dublin(name),
        Space::Content => (name == Name::Encoded).then_some(Meaning::Read(Field::Content)),
        Space::Media => media(name),
        Space::Podcast => podcast(name),
        Space::FeedBurner => feedburner(name),
        Space::Syndication => syndication(name),
        Space::Xhtml => xhtml(name, tag),
        Space::Xml | Space::Other => None,
    };
    known.unwrap_or(Meaning::Within(if parent == Role::Around { Role::Around } else { Role::Ignored }))
}

/// RSS 0.9x and 2.0, Atom 0.3 and 1.0, CDF.
fn plain(name: Name, parent: Role) -> Option<Meaning> {
    use Meaning::{Read, Within};
    Some(match name {
        Name::Rss | Name::Rdf => Within(Role::Around),
        Name::Channel | Name::Feed => Within(Role::Feed),
        Name::Item | Name::Entry => Within(Role::Entry),
        Name::Title => Read(Field::Title(0)),
        Name::Link => Meaning::Link,
        Name::Description | Name::Summary | Name::Abstract | Name::Subtitle | Name::Tagline => {
            Read(Field::Summary(0))
        }
        Name::Content | Name::FullItem | Name::Body | Name::Encoded => Read(Field::Content),
        Name::Guid | Name::Id => Read(Field::Id(0)),
        Name::PubDate | Name::Published | Name::Issued => Read(Field::Published),
        Name::LastBuildDate | Name::Updated | Name::Modified => Read(Field::Updated),
        Name::Created => Read(Field::Created),
        Name::Author | Name::ManagingEditor => Within(Role::Person(0)),
        Name::WebMaster => Within(Role::Person(3)),
        Name::Category => Meaning::Category,
        Name::Comments => Read(Field::Comments),
        Name::Enclosure => Meaning::Enclosure,
        Name::Language => Read(Field::Language),
        Name::Image => Within(Role::Picture),
        Name::Logo => Read(Field::Image(0)),
        Name::Icon => Read(Field::Icon),
        Name::Tags => Read(Field::Tags),
        Name::Ttl => Read(Field::Minutes),
        Name::Hour => Read(Field::SkipHour),
        Name::Day => Read(Field::SkipDay),
        Name::SkipHours | Name::SkipDays => Within(parent),
        Name::Source if parent == Role::Entry => Within(Role::Source),
        _ => return None,
    })
}

fn rdf(name: Name) -> Option<Meaning> {
    match name {
        Name::Rdf => Some(Meaning::Within(Role::Around)),
        _ => None,
    }
}

fn dublin(name: Name) -> Option<Meaning> {
    use Meaning::{Read, Within};
    Some(match name {
        Name::Title => Read(Field::Title(1)),
        Name::Description | Name::Abstract => Read(Field::Summary(1)),
        Name::Creator | Name::Author => Within(Role::Person(1)),
        Name::Publisher => Within(Role::Person(4)),
        Name::Date | Name::Modified => Read(Field::Updated),
        Name::Issued => Read(Field::Published),
        Name::Created => Read(Field::Created),
        Name::Subject => Read(Field::Tag),
        Name::Language => Read(Field::Language),
        Name::Identifier => Read(Field::Id(2)),
        _ => return None,
    })
}

fn media(name: Name) -> Option<Meaning> {
    use Meaning::{Read, Within};
    Some(match name {
        Name::Title => Read(Field::Title(2)),
        Name::Description => Read(Field::Summary(3)),
        Name::Content | Name::PeerLink => Meaning::MediaContent,
        Name::Thumbnail => Meaning::Thumbnail,
        Name::Category => Meaning::Category,
        Name::Keywords => Read(Field::Tags),
        Name::Credit => Within(Role::Person(5)),
        Name::Group => Within(Role::Entry),
        _ => return None,
    })
}

fn podcast(name: Name) -> Option<Meaning> {
    use Meaning::{Read, Within};
    Some(match name {
        Name::Title => Read(Field::Title(2)),
        Name::Summary | Name::Description => Read(Field::Summary(2)),
        Name::Subtitle => Read(Field::Summary(4)),
        Name::Author => Within(Role::Person(2)),
        Name::Owner => Within(Role::Person(4)),
        Name::Category => Meaning::PodcastCategory,
        Name::Keywords => Read(Field::Tags),
        Name::Image | Name::Link => Meaning::PodcastImage,
        _ => return None,
    })
}

fn feedburner(name: Name) -> Option<Meaning> {
    match name {
        Name::OrigLink => Some(Meaning::Read(Field::OriginalLink)),
        Name::OrigEnclosureLink => Some(Meaning::Read(Field::OriginalFile)),
        _ => None,
    }
}

fn syndication(name: Name) -> Option<Meaning> {
    match name {
        Name::UpdatePeriod => Some(Meaning::Read(Field::Period)),
        Name::UpdateFrequency => Some(Meaning::Read(Field::Frequency)),
        _ => None,
    }
}

/// The text of an entry as XHTML in place.
fn xhtml(name: Name, _: &Tag<'_>) -> Option<Meaning> {
    matches!(name, Name::Body | Name::Div).then_some(Meaning::Read(Field::Content))
}

fn picture(name: Name) -> Meaning {
    match name {
        Name::Url => Meaning::Read(Field::Image(0)),
        _ => Meaning::Within(Role::Ignored),
    }
}

fn person(name: Name) -> Meaning {
    match name {
        Name::Name | Name::Title => Meaning::Read(Field::PersonName),
        Name::Email => Meaning::Read(Field::PersonEmail),
        Name::Uri | Name::Url => Meaning::Within(Role::Ignored),
        _ => Meaning::Within(Role::Through),
    }
}

/// Of a source, only its author is of use: an entry without one has that (RFC 4287 §4.2.1).
fn source(space: Space, name: Name) -> Meaning {
    match (space, name) {
        (Space::Plain | Space::Atom, Name::Author) => Meaning::Within(Role::Person(6)),
        _ => Meaning::Within(Role::Ignored),
    }
}
