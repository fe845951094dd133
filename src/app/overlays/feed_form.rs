//! The form in which a feed is edited.

use super::{FeedTable, FormField, FormFields, is_file_path};
use crate::{
    app::TextInput,
    model::{Feed, FeedDefinition, FeedEdit, FeedId, FeedKind, SubscriptionField},
    text::{
        redact_user_info,
        url::{self, WebUrlError},
    },
};

/// The form in which a feed is edited.
#[derive(Debug)]
pub struct FeedForm {
    /// Id of the feed.
    pub feed_id: FeedId,
    /// Name of the feed.
    pub title: String,
    /// The fields.
    pub form: FormFields,
    before: FeedDefinition,
    /// The table that the form was opened from.
    feed_table: Option<FeedTable>,
}

/// Returns the text of a field for a feed.
fn text_of(field: FormField, feed: &FeedDefinition) -> String {
    match field {
        FormField::Address => feed.url.clone(),
        FormField::Setting(field) => feed.subscription.get_field(field),
        FormField::FolderName | FormField::View(_) | FormField::Rule(_) | FormField::Account(_) => {
            String::new()
        }
    }
}

impl FeedForm {
    /// Creates the form for `feed`.
    pub fn new(feed: &Feed, feed_table: Option<FeedTable>) -> FeedForm {
        let before = feed.definition();
        // Network options are for web feeds only.
        let is_web = feed.kind == FeedKind::Web;
        let mut shown: Vec<FormField> = SubscriptionField::ALL
            .into_iter()
            .filter(|field| is_web || *field as usize <= SubscriptionField::Muted as usize)
            .map(FormField::Setting)
            .collect();
        if is_web {
            shown.insert(1, FormField::Address);
        }
        FeedForm {
            feed_id: feed.id,
            title: feed.display_name().to_owned(),
            form: FormFields::new(shown.into_iter().map(|field| (field, text_of(field, &before)))),
            before,
            feed_table,
        }
    }

    /// Leaves the field about the shared archive out, whose choice stays as it is.
    pub(in crate::app) fn hide_archive(&mut self) {
        let archive = FormField::Setting(SubscriptionField::Archive);
        self.form.fields.retain(|(field, _)| *field != archive);
    }

    /// Returns whether a field differs from the feed.
    pub(in crate::app) fn is_changed(&self) -> bool {
        let is_edited =
            |(field, line): &(FormField, TextInput)| line.text() != text_of(*field, &self.before);
        self.form.fields.iter().any(is_edited)
    }

    /// Returns the edit; shows the mistake and returns `None` if a field is wrong. `feeds` are the
    /// feeds of the user.
    pub fn validate(&mut self, feeds: &[Feed]) -> Option<FeedEdit> {
        let mut subscription = self.before.subscription.clone();
        let mut address = self.before.url.clone();
        for index in 0..self.form.fields.len() {
            let (field, line) = &self.form.fields[index];
            let text = line.text().trim().to_owned();
            let checked = match field {
                FormField::Address => self.check_address(&text, feeds).map(|()| address = text),
                FormField::Setting(setting) => subscription.set_field(*setting, &text),
                FormField::FolderName
                | FormField::View(_)
                | FormField::Rule(_)
                | FormField::Account(_) => Ok(()),
            };
            if let Err(mistake) = checked {
                self.form.reject(index, mistake);
                return None;
            }
        }
        Some(FeedEdit { feed: self.feed_id, before: self.before.clone(), address, subscription })
    }

    /// Checks an address as far as that is possible without looking at files: a path is checked
    /// when the edit is made.
    fn check_address(&self, address: &str, feeds: &[Feed]) -> Result<(), String> {
        if address == self.before.url || is_file_path(address) {
            return Ok(());
        }
        let has_scheme = address.contains("://");
        let url = if has_scheme { address.to_owned() } else { format!("https://{address}") };
        let is_site = |url: &url::Url| {
            has_scheme || url.host_str().is_some_and(|host| host.contains(['.', ':']))
        };
        let checked = url::check_web_url(&url)
            .and_then(|url| if is_site(&url) { Ok(()) } else { Err(WebUrlError::NotAnAddress) });
        checked.map_err(|reason| format!("“{}” {reason}", redact_user_info(address)))?;
        let is_other = |feed: &&Feed| feed.id != self.feed_id && feed.url == url;
        match feeds.iter().find(is_other) {
            Some(other) => Err(format!("{} has this address already", other.display_name())),
            None => Ok(()),
        }
    }

    /// Takes the table that the form was opened from.
    pub(in crate::app) fn take_table(&mut self) -> Option<FeedTable> {
        self.feed_table.take()
    }
}
