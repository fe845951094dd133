//! Files of articles in the JSON of the Google Reader API, as servers and Google Takeout hand them out.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::answers::{ItemDetails, ItemJson};
use crate::{
    remote::{
        AtMost, RemoteItem, clean_line, clean_name, clean_url, parse_answer, restore_title,
        text_or_number,
    },
    text::instant_from_seconds,
};

/// Maximum length of a file.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// Maximum number of articles of a file.
pub const MAX_FILE_ITEMS: usize = 500_000;

/// The beginning of the id of a list that this program has written.
pub const OWN_LIST: &str = "user/-/state/newsreader";

/// A list of articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemFile {
    /// The articles.
    pub items: Vec<FiledItem>,
    /// The file has more articles than are read.
    pub is_cut: bool,
}

/// An article of a file, with its feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FiledItem {
    /// The article.
    pub item: RemoteItem,
    /// The id that its publisher gave it, if the file has it.
    pub guid: Option<String>,
    /// The time of publication stands for its day: no time is known.
    pub is_day: bool,
    /// The labels of the user.
    pub labels: Vec<String>,
    /// The URL of the feed, if the file has it.
    pub feed_url: Option<String>,
    /// The title of the feed.
    pub feed_title: Option<String>,
    /// The folder of the feed; `None` if the file does not tell folders from labels.
    pub folder: Option<FiledFolder>,
}

/// The folder of a feed in a file that tells folders from labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FiledFolder {
    /// The feed is in no folder.
    None,
    /// The feed is in this folder.
    Named(String),
}

#[derive(Debug, Deserialize)]
struct ItemFileJson {
    #[serde(default, deserialize_with = "text_or_number")]
    id: Option<String>,
    items: AtMost<ItemJson, MAX_FILE_ITEMS>,
}

/// Parses a file; `None` if it is no list of articles.
pub fn parse_item_file(bytes: &[u8]) -> Option<ItemFile> {
    let file: ItemFileJson = parse_answer(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))?;
    let is_own = file.id.is_some_and(|id| id.starts_with(OWN_LIST));
    let is_cut = file.items.is_cut;
    let items = file.items.into_iter().map(|item| to_filed(item, is_own)).collect();
    Some(ItemFile { items, is_cut })
}

fn to_filed(mut json: ItemJson, is_own: bool) -> FiledItem {
    let ItemDetails { guid, published, is_day, labels, feed_url, feed_title, folder } =
        json.take_details();
    // Only FreshRSS writes guids, and titles as they are in its database.
    let is_freshrss = guid.is_some() && !is_own;
    let mut item = json.into_item(is_freshrss);
    item.published = published.and_then(instant_of);
    let read_name = |name: String| {
        if is_freshrss { clean_name(&restore_title(&name)) } else { clean_name(&name) }
    };
    let folder = match folder {
        Some(name) => Some(FiledFolder::Named(clean_name(&name))),
        // The labels of these files are those of articles.
        None if is_own || is_freshrss => Some(FiledFolder::None),
        None => None,
    };
    let of_stream = item.feed.strip_prefix("feed/").and_then(clean_feed_url);
    FiledItem {
        guid: guid.map(|guid| clean_line(&guid)).filter(|guid| !guid.is_empty()),
        is_day: is_day && is_own,
        labels: labels.into_iter().map(read_name).filter(|label| !label.is_empty()).collect(),
        feed_url: feed_url.as_deref().and_then(clean_feed_url).or(of_stream),
        feed_title: feed_title.map(read_name).filter(|title| !title.is_empty()),
        folder,
        item,
    }
}

/// Returns the URL of a feed of the web as the file has it.
fn clean_feed_url(url: &str) -> Option<String> {
    let url = clean_line(url);
    clean_url(&url).map(|_| url)
}

/// Returns the time of a number of seconds, or of milliseconds if it is too large for seconds.
fn instant_of(number: i64) -> Option<DateTime<Utc>> {
    const FIRST_MILLISECONDS: i64 = 100_000_000_000;
    instant_from_seconds(if number >= FIRST_MILLISECONDS { number / 1000 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_freshrss_inoreader_and_takeout_are_read() {
        let freshrss = r#"{"id":"user/-/state/org.freshrss/starred","items":[{"guid":"a&amp;1","title":"R&amp;D",
            "published":1762941600,"canonical":[{"href":"https://post.example/1"}],"origin":{"streamId":"feed/3",
            "title":"Post","feedUrl":"https://post.example/feed?a=1"},"content":{"content":"<p>x</p>"},
            "categories":["user/-/state/com.google/read","user/-/label/my tag","news"]}]}"#;
        let file = parse_item_file(freshrss.as_bytes()).unwrap();
        let [item] = &file.items[..] else { panic!("one article") };
        assert_eq!((item.item.title.as_str(), item.item.is_read), ("R&D", true));
        assert_eq!(item.feed_url.as_deref(), Some("https://post.example/feed?a=1"));
        assert_eq!(
            (&item.labels[..], &item.folder),
            (&["my tag".to_owned()][..], &Some(FiledFolder::None))
        );
        let inoreader = "\u{feff}{\"items\":[{\"updated\":1762941600000,\"title\":\"A\",\"origin\":\
            {\"streamId\":\"feed/https://a.example/rss\",\"title\":\"A\"},\"categories\":\
            [\"user/1005/label/Tech\",\"user/1005/state/com.google/starred\"]}]}";
        let file = parse_item_file(inoreader.as_bytes()).unwrap();
        let [item] = &file.items[..] else { panic!("one article") };
        assert_eq!(item.feed_url.as_deref(), Some("https://a.example/rss"));
        assert_eq!(item.item.published.unwrap().timestamp(), 1_762_941_600);
        assert!(item.item.is_starred && item.folder.is_none() && item.labels == ["Tech"]);
        for other in ["[]", "", "{}", "{\"items\":3}", "{\"items\":[{\"title\":"] {
            assert_eq!(parse_item_file(other.as_bytes()), None, "{other}");
        }
    }
}
