//! The load threads: one for the rows of lists and the sidebar, some for articles.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{ports::ReadingOptions, requests::LoadRequest, write_barrier::WriteBarrier};
use crate::{
    app::{FullTextInfo, LoadedArticle, Message, SidebarData},
    library::{ReadableEntry, catch_panic, clock::local_today, local_day_start},
    markup::Flow,
    model::{EntryId, Failure, TextSource},
    store::{ReadConnection, StoreError},
    text::url,
};

/// Runs until all senders of requests are dropped.
pub(super) fn run_load_thread(
    reader: &ReadConnection,
    requests: &Receiver<LoadRequest>,
    messages: &Sender<Message>,
    write_barrier: &WriteBarrier,
) {
    for request in requests {
        let message = match request {
            LoadRequest::Rows { ids, after } => {
                write_barrier.wait_for(after);
                Message::RowsLoaded(reader.load_entries(&ids).map_err(Into::into))
            }
            LoadRequest::Sidebar { after } => {
                write_barrier.wait_for(after);
                Message::SidebarLoaded(load_sidebar(reader).map_err(Into::into))
            }
        };
        if messages.send(message).is_err() {
            return;
        }
    }
}

/// Loads articles until all senders of requests are dropped. Several threads share `requests`, so
/// that an article that takes seconds does not keep the others closed.
pub(super) fn run_article_thread(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    requests: &Receiver<EntryId>,
    messages: &Sender<Message>,
) {
    for id in requests {
        let loaded = catch_panic("The article", || load_article(reader, reading, id));
        if messages.send(Message::ArticleLoaded(id, loaded)).is_err() {
            return;
        }
    }
}

/// Loads an article, laid out for any width; in words instead of marks for screen readers.
fn load_article(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    id: EntryId,
) -> Result<LoadedArticle, Failure> {
    let ReadableEntry { document, full_text, .. } =
        ReadableEntry::load(reader, &reading.boilerplate, id)?;
    let word_count = document.word_count();
    let shown_document =
        if reading.screen_reader { document.for_screen_reader() } else { document };
    let full_text = full_text.map(|full_text| {
        let shown = if full_text.shown { TextSource::Page } else { TextSource::Feed };
        let host = url::host(&full_text.url).trim_start_matches("www.").to_owned();
        FullTextInfo { shown, host }
    });
    Ok(LoadedArticle {
        flow: Arc::new(Flow::new(shown_document)),
        word_count,
        position: reader.load_reading_position(id)?,
        full_text,
    })
}

fn load_sidebar(reader: &ReadConnection) -> Result<SidebarData, StoreError> {
    Ok(SidebarData {
        feeds: reader.list_feeds()?,
        starred_count: reader.count_starred()?,
        unread_today: reader.count_unread_since(local_day_start(local_today()))?,
        saved_filters: reader.load_preferences()?.saved_filters,
    })
}
