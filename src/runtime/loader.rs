//! The thread that loads rows, articles and what the sidebar shows.

use std::sync::Arc;

use chrono::Local;
use crossbeam_channel::{Receiver, Sender};

use super::{
    lister::day_start,
    readable::Readable,
    workers::{Reading, guarded},
    written::Written,
};
use crate::{
    app::{Article, Message, SidebarFacts},
    markup::Flow,
    model::{EntryId, Failure},
    store::{Reader, StoreError},
    text::address,
};

/// What the thread is asked; the number says how many changes must be in the library first.
pub(super) enum LoadAsk {
    Rows(Vec<EntryId>, u64),
    Article(EntryId),
    Sidebar(u64),
}

/// Runs until nobody can ask any more.
pub(super) fn run(
    reader: &Reader,
    reading: &Reading,
    asks: &Receiver<LoadAsk>,
    messages: &Sender<Message>,
    written: &Written,
) {
    for ask in asks {
        let message = match ask {
            LoadAsk::Rows(ids, after) => {
                written.wait_for(after);
                Message::Rows(reader.rows(&ids).map_err(Into::into))
            }
            LoadAsk::Article(id) => {
                Message::Article(id, guarded("The article", || article(reader, reading, id)))
            }
            LoadAsk::Sidebar(after) => {
                written.wait_for(after);
                Message::Sidebar(sidebar(reader).map_err(Into::into))
            }
        };
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn article(reader: &Reader, reading: &Reading, id: EntryId) -> Result<Article, Failure> {
    let Readable { document, original, .. } = Readable::load(reader, &reading.tidy, id)?;
    let words = document.words();
    let document = if reading.spoken { document.spoken() } else { document };
    let full_text = original
        .map(|original| (original.shown, address::host(&original.url).trim_start_matches("www.").to_owned()));
    Ok(Article { flow: Arc::new(Flow::new(document)), words, place: reader.place(id)?, full_text })
}

#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn sidebar(reader: &Reader) -> Result<SidebarFacts, StoreError> {
    let today = day_start(Local::now().date_naive());
    Ok(SidebarFacts {
        feeds: reader.feeds()?,
        starred: reader.starred()?,
        today: reader.unread_since(today)?,
        saved: reader.start_state()?.saved_filters,
    })
}
