//! The full text of an article, from the page of its original.

use super::{App, Effect, Effects, Pane, StoreWrite};
use crate::{
    model::{Entry, EntryId, FullText},
    text::address,
};

impl App {
    /// Fetches the full text of the selected article; once it is there, changes between it and what the feed brought.
    pub(super) fn full_text(&mut self) -> Effects {
        let Some(shown) = self.reader.shown() else { return self.say("There is no article.") };
        let id = shown.id();
        if let Some((full, host)) = shown.full_text() {
            let text = if full {
                "As it came".to_owned()
            } else {
                format!("The article from {}", if host.is_empty() { "the page" } else { host })
            };
            self.notices.say(text, self.moment.at);
            return StoreWrite::ShowOriginal(id, !full).into();
        }
        let Some(entry) = self.entries.selected().filter(|entry| entry.id == id) else {
            return Effects::none();
        };
        match (entry.link.clone(), self.wish(entry)) {
            (_, FullText::Never) => {
                self.say("This feed's pages are not fetched (its full text is set to never).")
            }
            (None, _) => self.say("This article has no address."),
            (Some(link), _) => {
                let given = self.is_of_its_feed(entry, &link);
                self.notices.say("Fetching the full text…", self.moment.at);
                self.fetch(id, link, given)
            }
        }
    }

    /// What a feed always wants in full is fetched as soon as it is opened, once: passing over the list fetches nothing.
    pub(super) fn fetch_what_is_wanted_in_full(&mut self) -> Effects {
        if self.look.focus != Pane::Article {
            return Effects::none();
        }
        let entry = self.entries.selected();
        let Some((entry, shown)) = entry.zip(self.reader.shown()) else { return Effects::none() };
        let wanted = entry.id == shown.id() && shown.full_text().is_none() && !self.jobs.is_refused(entry.id);
        match (&entry.link, self.wish(entry)) {
            (Some(link), FullText::Always) if wanted => {
                let (id, link, given) = (entry.id, link.clone(), self.is_of_its_feed(entry, link));
                self.fetch(id, link, given)
            }
            _ => Effects::none(),
        }
    }

    fn fetch(&mut self, id: EntryId, link: String, given: bool) -> Effects {
        if self.jobs.fetch(id) { Effect::FetchOriginal(id, link, given).into() } else { Effects::none() }
    }

    /// Whether an address is of the host that its feed was given at.
    pub(super) fn is_of_its_feed(&self, entry: &Entry, link: &str) -> bool {
        let feed = self.sidebar.feed(entry.feed);
        feed.is_some_and(|feed| address::host(&feed.url) == address::host(link))
    }

    fn wish(&self, entry: &Entry) -> FullText {
        self.sidebar.feed(entry.feed).map_or(FullText::Feed, |feed| feed.subscription.fetch.full_text)
    }
}
