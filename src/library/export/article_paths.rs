//! The names of exported files: one folder for each feed, one file for each article.

use std::collections::{HashMap, HashSet};

use crate::{
    library::readable::{ReadableArticle, ReadableArticles},
    model::{Feed, FeedId, PublicationDate},
    text::safe_file_name,
};

/// Maximum bytes of the name of a folder.
const MAX_FOLDER_BYTES: usize = 100;

/// Maximum bytes of a title in the name of a file. Date, number and extension are less than 50.
const MAX_TITLE_BYTES: usize = 150;

/// The folder of an article without a feed.
const NO_FEED: &str = "Articles";

/// The folders of the feeds.
pub(super) struct ArticlePaths(HashMap<FeedId, String>);

impl ArticlePaths {
    /// Names the folders of all feeds. Where two have the same name, as systems without capitals see it,
    /// the later one gets its number.
    pub(super) fn new(articles: &ReadableArticles<'_>) -> ArticlePaths {
        ArticlePaths::of_feeds(articles.feeds())
    }

    fn of_feeds<'f>(feeds: impl Iterator<Item = &'f Feed>) -> ArticlePaths {
        let mut feeds: Vec<&Feed> = feeds.collect();
        feeds.sort_by_key(|feed| feed.id);
        let mut taken = HashSet::from([NO_FEED.to_lowercase()]);
        let mut name_folder = |feed: &&Feed| {
            let name = safe_file_name(feed.display_name(), MAX_FOLDER_BYTES);
            let name = if name.is_empty() { "Feed".to_owned() } else { name };
            let numbered = format!("{name} {}", feed.id);
            let free = [name, numbered].into_iter().find(|name| taken.insert(name.to_lowercase()));
            // Only a feed that is called like another one with its number gets here.
            (feed.id, free.unwrap_or_else(|| format!("Feed {}.", feed.id)))
        };
        ArticlePaths(feeds.iter().map(&mut name_folder).collect())
    }

    /// Returns the name of the folder of an article.
    pub(super) fn folder(&self, article: &ReadableArticle<'_>) -> &str {
        self.0.get(&article.entry.feed).map_or(NO_FEED, String::as_str)
    }
}

/// Returns the name of the file of an article: its date if the source states one, its title, and its
/// number, which no other article has.
pub(super) fn article_file_name(article: &ReadableArticle<'_>, extension: &str) -> String {
    let entry = &article.entry;
    let day = match entry.published {
        PublicationDate::Day(day) => Some(day.to_string()),
        PublicationDate::Instant(at) => Some(at.date_naive().to_string()),
        PublicationDate::Arrival(_) => None,
    };
    let title =
        Some(safe_file_name(&entry.title, MAX_TITLE_BYTES)).filter(|title| !title.is_empty());
    let parts: Vec<String> = day.into_iter().chain(title).chain([entry.id.to_string()]).collect();
    format!("{}.{extension}", parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::FeedKind,
        store::{LibraryLocation, ReadConnection, WriteConnection},
    };

    #[test]
    fn feeds_of_one_name_get_folders_of_their_own() {
        let location = LibraryLocation::Memory("article-paths".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        for (url, name) in
            [("a", "Post"), ("b", "POST"), ("c", "../"), ("d", "Post 2"), ("e", "aux")]
        {
            store.add_feed(FeedKind::Web, &format!("https://{url}.example/"), name).unwrap();
        }
        let feeds = ReadConnection::open(&location).unwrap().list_feeds().unwrap();
        let paths = ArticlePaths::of_feeds(feeds.iter());
        let mut names: Vec<&str> = paths.0.values().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["Feed", "POST 2", "Post", "Post 2 4", "aux_"]);
    }
}
