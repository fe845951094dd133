//! The error of a command for a name that nothing in the library has.

use super::exit_status::UsageError;
use crate::text::nearest_name;

/// A kind of thing that the arguments of a command name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedThing {
    /// An account on a server.
    Account,
    /// A subscribed feed.
    Feed,
    /// A folder of feeds.
    Folder,
    /// A rule of the user's file.
    Rule,
    /// A tag in the library.
    Tag,
    /// A view of the sidebar.
    View,
}

impl NamedThing {
    /// Returns the error for a `name` that none of `known` is: with the nearest name, or else with the
    /// command that lists all. Its exit status is 2.
    pub fn unknown<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> UsageError {
        let (noun, listing) = match self {
            NamedThing::Account => ("account", "`newsreader account list` shows all accounts"),
            NamedThing::Feed => ("feed", "`newsreader feed list` shows all feeds"),
            NamedThing::Folder => ("folder", "`newsreader feed list` shows the folders"),
            NamedThing::Rule => ("rule", "`newsreader rule list` shows all rules"),
            NamedThing::Tag => ("tag", "`newsreader tag list` shows all tags"),
            NamedThing::View => ("view", "`newsreader view list` shows all views"),
        };
        let hint = match nearest_name(name, known) {
            Some(nearest) => format!("did you mean “{nearest}”?"),
            None => listing.to_owned(),
        };
        UsageError(format!("no {noun} is called “{name}”; {hint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::NamedThing;

    #[test]
    fn unknown_name_suggests_nearest_or_listing_command() {
        let known = ["Bridges", "Evening Post"];
        let unknown = |name| NamedThing::View.unknown(name, known).0;
        assert_eq!(unknown("bridge"), "no view is called “bridge”; did you mean “Bridges”?");
        assert_eq!(
            unknown("EVENING PST"),
            "no view is called “EVENING PST”; did you mean “Evening Post”?"
        );
        assert_eq!(unknown("x"), "no view is called “x”; `newsreader view list` shows all views");
    }
}
