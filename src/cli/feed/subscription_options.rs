//! The options of a subscription on the command line.
//!
//! Their help says the same as [`SubscriptionField::help`](crate::model::SubscriptionField::help),
//! which the feed form of the reader shows.

use clap::Args as ClapArgs;

use crate::{
    cli::{exit_status::UsageError, number::parse_number},
    library::make_source_absolute,
    model::{Subscription, SubscriptionField as Field},
};

/// The options of a subscription. An option that is not given keeps its value; an empty text clears
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq, ClapArgs)]
#[command(next_help_heading = "Subscription options")]
pub struct SubscriptionOptions {
    /// Your name for the feed; empty uses the publisher's.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Folder of the feed; “A / B” nests folder B in folder A.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<String>,

    /// Your tags, separated by commas.
    #[arg(long, value_name = "TAGS")]
    pub tags: Option<String>,

    /// Time between two refreshes: 30m, 6h, 2d or 1w; empty uses the default.
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,

    /// Stop refreshing this feed; `--paused false` resumes.
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        default_missing_value = "true",
        hide_possible_values = true
    )]
    pub paused: Option<bool>,

    /// Mark new articles as read; `--muted false` ends that.
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        default_missing_value = "true",
        hide_possible_values = true
    )]
    pub muted: Option<bool>,

    /// The options of the requests.
    #[command(flatten)]
    pub request: RequestOptions,

    /// Maximum size of the feed document in MiB, 1 to 1024 [default: 16].
    #[arg(long, value_name = "N", value_parser = parse_number::<u32>)]
    pub max_mib: Option<u32>,

    /// When to fetch the full text of articles: feed (on request), always or never.
    #[arg(
        long,
        value_name = "WHEN",
        value_parser = ["feed", "always", "never"],
        hide_possible_values = true
    )]
    pub full_text: Option<String>,

    /// Share the feed in the archive: share (all users of the archive get its address and articles, even if it is private),
    /// public (if anybody may read it; the default) or never. Articles that were published stay there.
    #[arg(
        long,
        value_name = "WHAT",
        value_parser = ["public", "share", "never"],
        hide_possible_values = true
    )]
    pub archive: Option<String>,
}

/// The options of the requests for a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, ClapArgs)]
#[command(next_help_heading = "Subscription options")]
pub struct RequestOptions {
    /// User-Agent header to send.
    #[arg(long, value_name = "TEXT")]
    pub user_agent: Option<String>,

    /// Additional header, “Name: value”; repeat the option for several.
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,

    /// User name for the login.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,

    /// Source of the password: env:NAME, or file:PATH that only you can read.
    #[arg(long, value_name = "PLACE")]
    pub password: Option<String>,
}

impl RequestOptions {
    /// Applies the options to `subscription` and returns it.
    ///
    /// # Errors
    ///
    /// Returns a message for the user if a value is not valid.
    pub fn apply_to(&self, subscription: Subscription) -> anyhow::Result<Subscription> {
        let headers = (!self.headers.is_empty()).then(|| self.headers.join(" | "));
        let fields = [
            (Field::UserAgent, self.user_agent.clone()),
            (Field::Headers, headers),
            (Field::User, self.user.clone()),
            (Field::PasswordSource, self.password.as_deref().map(make_source_absolute)),
        ];
        set_fields(subscription, fields)
    }
}

impl SubscriptionOptions {
    /// Applies the options to `subscription` and returns it.
    ///
    /// # Errors
    ///
    /// Returns a message for the user if a value is not valid.
    pub fn apply_to(&self, subscription: Subscription) -> anyhow::Result<Subscription> {
        let to_yes_no =
            |value: Option<bool>| value.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let fields = [
            (Field::Name, self.name.clone()),
            (Field::Folder, self.folder.clone()),
            (Field::Tags, self.tags.clone()),
            (Field::RefreshInterval, self.every.clone()),
            (Field::Paused, to_yes_no(self.paused)),
            (Field::Muted, to_yes_no(self.muted)),
            (Field::MaxMib, self.max_mib.map(|mib| mib.to_string())),
            (Field::FullText, self.full_text.clone()),
            (Field::Archive, self.archive.clone()),
        ];
        self.request.apply_to(set_fields(subscription, fields)?)
    }
}

/// Sets the fields that have a value.
fn set_fields(
    mut subscription: Subscription,
    fields: impl IntoIterator<Item = (Field, Option<String>)>,
) -> anyhow::Result<Subscription> {
    for (field, text) in fields {
        if let Some(text) = text {
            subscription.set_field(field, &text).map_err(UsageError)?;
        }
    }
    Ok(subscription)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscription_options_change_only_given_fields() {
        let before = Subscription {
            folder: Some("Tech".to_owned()),
            muted: true,
            ..Subscription::default()
        };
        let options = SubscriptionOptions {
            name: Some("LWN".to_owned()),
            tags: Some("linux, kernel ,".to_owned()),
            ..SubscriptionOptions::default()
        };
        let after = options.apply_to(before.clone()).unwrap();
        assert_eq!((after.name.as_deref(), after.folder.as_deref()), (Some("LWN"), Some("Tech")));
        assert_eq!(
            (after.tags, after.muted),
            (vec!["linux".to_owned(), "kernel".to_owned()], true)
        );
        let none =
            SubscriptionOptions { folder: Some(String::new()), ..SubscriptionOptions::default() };
        assert_eq!(none.apply_to(before).unwrap().folder, None);
    }
}
