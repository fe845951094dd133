//! How a feed is followed, as options of the command line.

use clap::Args as ClapArgs;

use crate::model::{Subscription, SubscriptionField as Field};

/// How a feed is followed. What is not named stays as it is; an empty text takes away.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct SubscriptionOptions {
    /// Your own name for it.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The folder it is in; `A / B` is a folder in a folder.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<String>,

    /// Words of your own for it, parted by commas.
    #[arg(long, value_name = "TAGS")]
    pub tags: Option<String>,

    /// Time between two refreshes: 30m, 6h, 2d, or `default`.
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,

    /// Do not refresh it (`--paused false` takes that back).
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub paused: Option<bool>,

    /// Let its articles come in read.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub muted: Option<bool>,

    /// What to call ourselves there.
    #[arg(long, value_name = "TEXT")]
    pub user_agent: Option<String>,

    /// One more header for it, `Name: value`; can be given several times.
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,

    /// The user name it asks for.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,

    /// Where the password is: `env:NAME`, or `file:PATH` of a file that only you can read.
    #[arg(long, value_name = "PLACE")]
    pub password: Option<String>,

    /// The largest document to read, in MiB [default: 16].
    #[arg(long, value_name = "N")]
    pub max_mib: Option<u32>,

    /// Read its articles from their pages: feed (when asked), always, or never.
    #[arg(long, value_name = "WHEN", value_parser = ["feed", "always", "never"])]
    pub full_text: Option<String>,
}

impl SubscriptionOptions {
    /// `subscription` with what these options change in it.
    pub fn apply_to(&self, mut subscription: Subscription) -> anyhow::Result<Subscription> {
        let yes = |yes: Option<bool>| yes.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let headers = (!self.headers.is_empty()).then(|| self.headers.join(" | "));
        let given = [
            (Field::Name, self.name.clone()),
            (Field::Folder, self.folder.clone()),
            (Field::Tags, self.tags.clone()),
            (Field::RefreshInterval, self.every.clone()),
            (Field::Paused, yes(self.paused)),
            (Field::Muted, yes(self.muted)),
            (Field::UserAgent, self.user_agent.clone()),
            (Field::Headers, headers),
            (Field::User, self.user.clone()),
            (Field::PasswordSource, self.password.clone()),
            (Field::MaxMib, self.max_mib.map(|mib| mib.to_string())),
            (Field::FullText, self.full_text.clone()),
        ];
        for (field, text) in given {
            if let Some(text) = text {
                subscription.set_field(field, &text).map_err(anyhow::Error::msg)?;
            }
        }
        Ok(subscription)
    }
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
