//! The full text of an article, from the page of its original.

use super::{App, Effect, Effects, Pane, StoreWrite};
use crate::{
    model::{Entry, EntryId, FullTextPolicy},
    text::url,
};

impl App {
    /// Fetches the full text of the selected article; once it is there, changes between it and what the feed brought.
    pub(super) fn toggle_full_text(&mut self) -> Effects {
        let Some(shown) = self.article_pane.view() else {
            return self.notify("There is no article.");
        };
        let id = shown.entry_id();
        if let Some((full, host)) = shown.full_text() {
            let text = if full {
                "As it came".to_owned()
            } else {
                format!("The article from {}", if host.is_empty() { "the page" } else { host })
            };
            self.notices.show_info(text, self.current_time.at);
            return StoreWrite::ShowFullText(id, !full).into();
        }
        let Some(entry) = self.entry_list.selected_entry().filter(|entry| entry.id == id) else {
            return Effects::none();
        };
        match (entry.link.clone(), self.full_text_policy(entry)) {
            (_, FullTextPolicy::Never) => {
                self.notify("This feed's pages are not fetched (its full text is set to never).")
            }
            (None, _) => self.notify("This article has no address."),
            (Some(link), _) => {
                let given = self.is_on_feed_host(entry, &link);
                self.notices.show_info("Fetching the full text…", self.current_time.at);
                self.start_full_text_fetch(id, link, given)
            }
        }
    }

    /// What a feed always wants in full is fetched as soon as it is opened, once: passing over the list fetches nothing.
    pub(super) fn fetch_automatic_full_text(&mut self) -> Effects {
        if self.ui.focus != Pane::Article {
            return Effects::none();
        }
        let entry = self.entry_list.selected_entry();
        let Some((entry, shown)) = entry.zip(self.article_pane.view()) else {
            return Effects::none();
        };
        let wanted = entry.id == shown.entry_id()
            && shown.full_text().is_none()
            && !self.jobs.is_without_full_text(entry.id);
        match (&entry.link, self.full_text_policy(entry)) {
            (Some(link), FullTextPolicy::Always) if wanted => {
                let (id, link, given) = (entry.id, link.clone(), self.is_on_feed_host(entry, link));
                self.start_full_text_fetch(id, link, given)
            }
            _ => Effects::none(),
        }
    }

    fn start_full_text_fetch(&mut self, id: EntryId, link: String, given: bool) -> Effects {
        if self.jobs.start_full_text(id) {
            Effect::FetchFullText(id, link, given).into()
        } else {
            Effects::none()
        }
    }

    /// Whether an address is of the host that its feed was given at.
    pub(super) fn is_on_feed_host(&self, entry: &Entry, link: &str) -> bool {
        let feed = self.sidebar.feed(entry.feed);
        feed.is_some_and(|feed| url::host(&feed.url) == url::host(link))
    }

    fn full_text_policy(&self, entry: &Entry) -> FullTextPolicy {
        self.sidebar
            .feed(entry.feed)
            .map_or(FullTextPolicy::OnRequest, |feed| feed.subscription.fetch.full_text)
    }
}
