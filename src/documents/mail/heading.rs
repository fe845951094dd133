//! The headers of a message that are shown: subject, senders and date.

use std::{borrow::Cow, collections::HashSet};

use mail_parser::{Addr, Address, Message};

use crate::{
    markup::escape_html,
    model::PublicationDate,
    text::{instant_from_seconds, sanitize},
};

/// The headers of a message that are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MessageHeading {
    pub(super) subject: Option<String>,
    pub(super) senders: Option<String>,
    pub(super) published: Option<PublicationDate>,
    pub(super) message_id: Option<String>,
}

impl MessageHeading {
    pub(super) fn new(message: &Message<'_>) -> MessageHeading {
        let subject = message.subject().map(collapse_whitespace);
        let senders = message.from().and_then(format_senders);
        let senders = senders.or_else(|| message.sender().and_then(format_senders));
        let published = message.date().filter(|date| date.is_valid()).and_then(|date| {
            instant_from_seconds(date.to_timestamp()).map(PublicationDate::Instant)
        });
        MessageHeading {
            subject: subject.filter(|subject| !subject.is_empty()),
            senders,
            published,
            message_id: message.message_id().map(collapse_whitespace),
        }
    }

    /// Returns a heading of HTML with a line for the senders and the date.
    pub(super) fn to_html(&self) -> String {
        let subject = self.subject.as_deref().unwrap_or("(no subject)");
        let date = self
            .published
            .map(|published| published.instant().format("%Y-%m-%d %H:%M").to_string());
        let details: Vec<String> = self.senders.iter().cloned().chain(date).collect();
        format!(
            "<h2>{}</h2><p><i>{}</i></p>",
            escape_html(subject),
            escape_html(&details.join(", "))
        )
    }
}

/// Returns the names of all senders, or their mail addresses.
fn format_senders(from: &Address<'_>) -> Option<String> {
    let mut seen = HashSet::new();
    let all = from.iter().filter_map(sender_name);
    let names: Vec<String> = all.filter(|name| seen.insert(name.clone())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns the name of a sender, which may be a comment, or else the address.
fn sender_name(sender: &Addr<'_>) -> Option<String> {
    let clean = |text: &Cow<'_, str>| {
        let text = collapse_whitespace(text);
        let text = text.trim_matches(['"', '\'', '<', '>']).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    sender.name.as_ref().and_then(clean).or_else(|| sender.address.as_ref().and_then(clean))
}

/// Removes control characters and joins the words with single spaces.
pub(super) fn collapse_whitespace(text: &str) -> String {
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
