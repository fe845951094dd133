//! The thread that loads rows, articles and what the sidebar shows.

use std::sync::Arc;

use chrono::Local;
use crossbeam_channel::{Receiver, Sender};

use super::{
    readable::ReadableEntry,
    search::local_day_start,
    workers::{ReadingOptions, catch_panic},
    write_barrier::WriteBarrier,
};
use crate::{
    app::{LoadedArticle, Message, SidebarData},
    markup::Flow,
    model::{EntryId, Failure},
    store::{ReadConnection, StoreError},
    text::url,
};

/// What the thread is asked; the number says how many changes must be in the library first.
pub(super) enum LoadRequest {
    Rows(Vec<EntryId>, u64),
    Article(EntryId),
    Sidebar(u64),
}

/// Runs until nobody can ask any more.
pub(super) fn run_load_thread(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    asks: &Receiver<LoadRequest>,
    messages: &Sender<Message>,
    written: &WriteBarrier,
) {
    for ask in asks {
        let message = match ask {
            LoadRequest::Rows(ids, after) => {
                written.wait_until(after);
                Message::RowsLoaded(reader.load_entries(&ids).map_err(Into::into))
            }
            LoadRequest::Article(id) => Message::ArticleLoaded(
                id,
                catch_panic("The article", || load_article(reader, reading, id)),
            ),
            LoadRequest::Sidebar(after) => {
                written.wait_until(after);
                Message::SidebarLoaded(load_sidebar(reader).map_err(Into::into))
            }
        };
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn load_article(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    id: EntryId,
) -> Result<LoadedArticle, Failure> {
    let ReadableEntry { document, full_text: original, .. } =
        ReadableEntry::load(reader, &reading.boilerplate, id)?;
    let words = document.word_count();
    let document = if reading.screen_reader { document.for_screen_reader() } else { document };
    let full_text = original.map(|original| {
        (original.shown, url::host(&original.url).trim_start_matches("www.").to_owned())
    });
    Ok(LoadedArticle {
        flow: Arc::new(Flow::new(document)),
        word_count: words,
        position: reader.load_reading_position(id)?,
        full_text,
    })
}

#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn load_sidebar(reader: &ReadConnection) -> Result<SidebarData, StoreError> {
    let today = local_day_start(Local::now().date_naive());
    Ok(SidebarData {
        feeds: reader.list_feeds()?,
        starred_count: reader.count_starred()?,
        unread_today: reader.count_unread_since(today)?,
        saved_filters: reader.load_preferences()?.saved_filters,
    })
}
