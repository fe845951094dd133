//! The fields of a subscription as text, shared by the feed form and the command line.

use super::{ArchiveSharing, FullTextPolicy, LetterM, Subscription, TimeSpan};

/// The text in place of the value of a secret header.
const MASK: &str = "•••";

/// The text in place of a stored password.
const STORED: &str = "stored";

/// Parts of the names of headers whose value is a secret.
const SECRET_HEADERS: [&str; 8] =
    ["auth", "cookie", "token", "key", "secret", "session", "password", "signature"];

/// A field of a subscription that the user can edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionField {
    /// The name that the user gave the feed.
    Name,
    /// The folder of the feed.
    Folder,
    /// Tags that the user gave the feed.
    Tags,
    /// Time between two refreshes.
    RefreshInterval,
    /// Refreshing is paused.
    Paused,
    /// New entries are stored as read.
    Muted,
    /// The `User-Agent` header to send.
    UserAgent,
    /// Additional headers.
    Headers,
    /// The user name for HTTP authentication.
    User,
    /// The source of the password.
    PasswordSource,
    /// Maximum size of the document, in MiB.
    MaxMib,
    /// When to fetch the full text of articles.
    FullText,
    /// The choice of the feed for a shared archive.
    Archive,
}

impl SubscriptionField {
    /// All fields, most used first.
    pub const ALL: [SubscriptionField; 13] = [
        SubscriptionField::Name,
        SubscriptionField::Folder,
        SubscriptionField::Tags,
        SubscriptionField::RefreshInterval,
        SubscriptionField::Paused,
        SubscriptionField::Muted,
        SubscriptionField::UserAgent,
        SubscriptionField::Headers,
        SubscriptionField::User,
        SubscriptionField::PasswordSource,
        SubscriptionField::MaxMib,
        SubscriptionField::FullText,
        SubscriptionField::Archive,
    ];

    /// Returns the label of the field in a form.
    pub fn label(self) -> &'static str {
        match self {
            SubscriptionField::Name => "Name",
            SubscriptionField::Folder => "Folder",
            SubscriptionField::Tags => "Tags",
            SubscriptionField::RefreshInterval => "Refresh every",
            SubscriptionField::Paused => "Paused",
            SubscriptionField::Muted => "Muted",
            SubscriptionField::UserAgent => "User agent",
            SubscriptionField::Headers => "Headers",
            SubscriptionField::User => "User",
            SubscriptionField::PasswordSource => "Password",
            SubscriptionField::MaxMib => "Max size, MiB",
            SubscriptionField::FullText => "Full text",
            SubscriptionField::Archive => "Archive",
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            SubscriptionField::Paused | SubscriptionField::Muted => &["no", "yes"],
            SubscriptionField::FullText => &["feed", "always", "never"],
            SubscriptionField::Archive => &["public", "share", "never"],
            SubscriptionField::Name
            | SubscriptionField::Folder
            | SubscriptionField::Tags
            | SubscriptionField::RefreshInterval
            | SubscriptionField::UserAgent
            | SubscriptionField::Headers
            | SubscriptionField::User
            | SubscriptionField::PasswordSource
            | SubscriptionField::MaxMib => &[],
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            SubscriptionField::Name => "your name for the feed; empty uses the publisher's",
            SubscriptionField::Folder => "A / B nests folder B in folder A",
            SubscriptionField::Tags => "your tags, separated by commas",
            SubscriptionField::RefreshInterval => "30m, 6h, 2d or 1w; empty uses the default",
            SubscriptionField::Paused => "stop refreshing this feed; Space changes it",
            SubscriptionField::Muted => "mark new articles as read; Space changes it",
            SubscriptionField::UserAgent => "User-Agent header to send",
            SubscriptionField::Headers => "Name: value, separated by |",
            SubscriptionField::User => "user name for the login",
            SubscriptionField::PasswordSource => "env:NAME, or file:PATH that only you can read",
            SubscriptionField::MaxMib => "1 to 1024; empty is 16",
            SubscriptionField::FullText => "feed (on request), always or never; Space changes it",
            SubscriptionField::Archive => "public, share (URL and articles go to all) or never",
        }
    }
}

impl Subscription {
    /// Returns a field as text that [`Subscription::set_field`] accepts.
    pub fn get_field(&self, field: SubscriptionField) -> String {
        let text_or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let format_yes_no = |value: bool| if value { "yes" } else { "no" }.to_owned();
        match field {
            SubscriptionField::Name => text_or_empty(&self.name),
            SubscriptionField::Folder => text_or_empty(&self.folder),
            SubscriptionField::Tags => self.tags.join(", "),
            SubscriptionField::RefreshInterval => {
                self.refresh_minutes.map(format_minutes).unwrap_or_default()
            }
            SubscriptionField::Paused => format_yes_no(self.paused),
            SubscriptionField::Muted => format_yes_no(self.muted),
            SubscriptionField::UserAgent => text_or_empty(&self.fetch.user_agent),
            SubscriptionField::Headers => {
                let masked = self.fetch.headers.iter().map(|header| mask_header(header));
                masked.collect::<Vec<_>>().join(" | ")
            }
            SubscriptionField::User => text_or_empty(&self.fetch.user),
            SubscriptionField::PasswordSource if self.fetch.stored_password.is_some() => {
                STORED.to_owned()
            }
            SubscriptionField::PasswordSource => text_or_empty(&self.fetch.password_source),
            SubscriptionField::MaxMib => {
                self.fetch.max_mib.map(|mib| mib.to_string()).unwrap_or_default()
            }
            SubscriptionField::FullText => match self.fetch.full_text {
                FullTextPolicy::OnRequest => "feed".to_owned(),
                FullTextPolicy::Always => "always".to_owned(),
                FullTextPolicy::Never => "never".to_owned(),
            },
            SubscriptionField::Archive => match self.fetch.sharing {
                ArchiveSharing::Public => "public".to_owned(),
                ArchiveSharing::Share => "share".to_owned(),
                ArchiveSharing::Never => "never".to_owned(),
            },
        }
    }

    /// Sets a field from text; an empty text clears it.
    ///
    /// # Errors
    ///
    /// Returns a message for the user if the text is not valid for the field.
    pub fn set_field(&mut self, field: SubscriptionField, text: &str) -> Result<(), String> {
        let text = text.trim();
        let non_empty = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match field {
            SubscriptionField::Name => self.name = non_empty(),
            SubscriptionField::Folder => self.folder = non_empty(),
            SubscriptionField::Tags => self.tags = parse_tags(text),
            SubscriptionField::RefreshInterval => self.refresh_minutes = parse_minutes(text)?,
            SubscriptionField::Paused => self.paused = parse_yes_no(text)?,
            SubscriptionField::Muted => self.muted = parse_yes_no(text)?,
            SubscriptionField::UserAgent => self.fetch.user_agent = non_empty(),
            SubscriptionField::Headers => {
                self.fetch.headers = parse_headers(text, &self.fetch.headers)?;
            }
            SubscriptionField::User => self.fetch.user = non_empty(),
            SubscriptionField::PasswordSource
                if text == STORED && self.fetch.stored_password.is_some() => {}
            SubscriptionField::PasswordSource => {
                self.fetch.password_source = parse_password_source(text)?;
                self.fetch.stored_password = None;
            }
            SubscriptionField::MaxMib => self.fetch.max_mib = parse_max_mib(text)?,
            SubscriptionField::FullText => self.fetch.full_text = parse_full_text_policy(text)?,
            SubscriptionField::Archive => self.fetch.sharing = parse_sharing(text)?,
        }
        Ok(())
    }
}

fn parse_tags(text: &str) -> Vec<String> {
    let tags = text.split(',').map(|tag| tag.split_whitespace().collect::<Vec<_>>().join(" "));
    tags.filter(|tag| !tag.is_empty()).collect()
}

fn parse_yes_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" | "on" => Ok(true),
        "no" | "false" | "off" | "" => Ok(false),
        _ => Err(format!("“{text}” is not yes or no")),
    }
}

/// Parses headers. A masked value stands for that of the header of the same name in `before`.
fn parse_headers(text: &str, before: &[String]) -> Result<Vec<String>, String> {
    let headers = text.split('|').map(str::trim).filter(|header| !header.is_empty());
    let checked = headers.map(|header| match header.split_once(':') {
        Some((name, value)) if value.trim() == MASK => before
            .iter()
            .find(|known| header_name(known).eq_ignore_ascii_case(name.trim()))
            .cloned()
            .ok_or_else(|| format!("enter the value of “{}” anew", name.trim())),
        Some((name, _)) if !name.trim().is_empty() => Ok(header.to_owned()),
        _ => Err(format!("“{header}” is not a header; use “Name: value”")),
    });
    checked.collect()
}

/// Returns a header with a mask in place of a value that is a secret, as far as its name tells.
fn mask_header(header: &str) -> String {
    let name = header_name(header);
    let lower = name.to_ascii_lowercase();
    if SECRET_HEADERS.iter().any(|word| lower.contains(word)) {
        format!("{name}: {MASK}")
    } else {
        header.to_owned()
    }
}

fn header_name(header: &str) -> &str {
    header.split(':').next().unwrap_or_default().trim()
}

fn parse_password_source(text: &str) -> Result<Option<String>, String> {
    match text {
        "" => Ok(None),
        _ if text.starts_with("env:") || text.starts_with("file:") => Ok(Some(text.to_owned())),
        _ => {
            Err("passwords are not stored; enter their source as env:NAME or file:PATH".to_owned())
        }
    }
}

fn parse_full_text_policy(text: &str) -> Result<FullTextPolicy, String> {
    match text {
        "feed" | "" => Ok(FullTextPolicy::OnRequest),
        "always" => Ok(FullTextPolicy::Always),
        "never" => Ok(FullTextPolicy::Never),
        _ => Err(format!("“{text}” is not feed, always or never")),
    }
}

fn parse_sharing(text: &str) -> Result<ArchiveSharing, String> {
    match text {
        "public" | "" => Ok(ArchiveSharing::Public),
        "share" => Ok(ArchiveSharing::Share),
        "never" => Ok(ArchiveSharing::Never),
        _ => Err(format!("“{text}” is not public, share or never")),
    }
}

fn parse_max_mib(text: &str) -> Result<Option<u32>, String> {
    match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(mib) if (1..=1024).contains(&mib) => Ok(Some(mib)),
        _ => Err(format!("“{text}” is not a size in MiB; use 1 to 1024")),
    }
}

/// Parses an interval such as `30m`, `6h`, `2d` or `1w` into minutes; `None` for the default of the
/// settings.
fn parse_minutes(text: &str) -> Result<Option<u32>, String> {
    if text.is_empty() || text == "default" {
        return Ok(None);
    }
    let seconds = || Some(TimeSpan::parse(text, LetterM::Minute)?.seconds());
    let minutes = text.parse().ok().or_else(|| {
        let seconds = seconds().filter(|seconds| seconds % 60 == 0)?;
        u32::try_from(seconds / 60).ok()
    });
    match minutes {
        Some(minutes) if minutes > 0 => Ok(Some(minutes)),
        _ => Err(format!("“{text}” is not an interval; use 30m, 6h, 2d or 1w")),
    }
}

/// Formats minutes in the largest unit that divides them: `2d`, `6h` or `45m`.
fn format_minutes(minutes: u32) -> String {
    match minutes {
        days if days.is_multiple_of(24 * 60) => format!("{}d", days / (24 * 60)),
        hours if hours.is_multiple_of(60) => format!("{}h", hours / 60),
        minutes => format!("{minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StoredPassword;

    #[test]
    fn subscription_field_round_trips_text() {
        let mut subscription = Subscription::default();
        let cases = [
            (SubscriptionField::Name, "LWN"),
            (SubscriptionField::Folder, "Tech / Linux"),
            (SubscriptionField::Tags, "linux, kernel work"),
            (SubscriptionField::RefreshInterval, "6h"),
            (SubscriptionField::RefreshInterval, "2d"),
            (SubscriptionField::RefreshInterval, "45m"),
            (SubscriptionField::Paused, "yes"),
            (SubscriptionField::Muted, "no"),
            (SubscriptionField::UserAgent, "reader/1"),
            (SubscriptionField::Headers, "X-Feature: 7 | Accept: */*"),
            (SubscriptionField::User, "anna"),
            (SubscriptionField::PasswordSource, "env:LWN"),
            (SubscriptionField::MaxMib, "32"),
            (SubscriptionField::FullText, "always"),
            (SubscriptionField::Archive, "share"),
        ];
        for (field, text) in cases {
            subscription.set_field(field, text).unwrap();
            assert_eq!(subscription.get_field(field), text, "{field:?}");
        }
        for field in SubscriptionField::ALL {
            subscription.set_field(field, "").unwrap();
        }
        assert_eq!(subscription, Subscription::default());
    }

    #[test]
    fn interval_has_the_units_of_settings() {
        let mut subscription = Subscription::default();
        for (text, minutes) in [("45", 45), ("90 min", 90), ("120s", 2), ("1w", 10_080)] {
            subscription.set_field(SubscriptionField::RefreshInterval, text).unwrap();
            assert_eq!(subscription.refresh_minutes, Some(minutes), "{text}");
        }
    }

    #[test]
    fn secrets_are_masked_and_kept_when_the_mask_is_set() {
        let mut subscription = Subscription::default();
        subscription.fetch.user = Some("anna".to_owned());
        subscription.fetch.stored_password = Some(StoredPassword::new("hunter2".to_owned()));
        subscription.fetch.headers =
            ["Authorization: Bearer 7", "Accept: */*", "X-Api-Key: 8"].map(str::to_owned).to_vec();
        assert!(!format!("{:?}", subscription.fetch.stored_password).contains("hunter2"));
        let before = subscription.clone();
        let headers = subscription.get_field(SubscriptionField::Headers);
        assert_eq!(headers, "Authorization: ••• | Accept: */* | X-Api-Key: •••");
        assert_eq!(subscription.get_field(SubscriptionField::PasswordSource), "stored");
        for field in SubscriptionField::ALL {
            let text = subscription.get_field(field);
            subscription.set_field(field, &text).unwrap();
        }
        assert_eq!(subscription, before);
        subscription.set_field(SubscriptionField::PasswordSource, "env:PW").unwrap();
        assert_eq!(subscription.fetch.stored_password, None);
        assert!(subscription.set_field(SubscriptionField::PasswordSource, "stored").is_err());
        assert!(subscription.set_field(SubscriptionField::Headers, "X-Other-Key: •••").is_err());
    }

    #[test]
    fn set_field_rejects_invalid_text() {
        let cases = [
            (SubscriptionField::RefreshInterval, "soon"),
            (SubscriptionField::RefreshInterval, "0"),
            (SubscriptionField::RefreshInterval, "99999999999d"),
            (SubscriptionField::RefreshInterval, "90s"),
            (SubscriptionField::Paused, "maybe"),
            (SubscriptionField::Headers, "no colon"),
            (SubscriptionField::PasswordSource, "hunter2"),
            (SubscriptionField::MaxMib, "-1"),
            (SubscriptionField::FullText, "sometimes"),
            (SubscriptionField::Archive, "yes"),
        ];
        for (field, text) in cases {
            assert!(Subscription::default().set_field(field, text).is_err(), "{text}");
        }
    }
}
