//! The load threads: one for the rows of lists and the sidebar, some for articles.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{
    article_loads::ArticleLoad, ports::ReadingOptions, requests::LoadRequest,
    write_barrier::WriteBarrier,
};
use crate::{
    app::{FullTextInfo, LoadedArticle, Message, SidebarData},
    library::{StoredArticle, catch_panic, clock::local_today, local_day_start},
    markup::{CancelFlag, Flow},
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

/// Loads articles until all senders of requests are dropped. Several threads share `loads`, so that
/// an article that takes seconds does not keep the others closed. A load that is cancelled has no
/// result.
pub(super) fn run_article_thread(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    loads: &Receiver<ArticleLoad>,
    messages: &Sender<Message>,
) {
    for ArticleLoad { request, cancel } in loads {
        if cancel.is_cancelled() {
            continue;
        }
        let load = || load_article(reader, reading, request.entry, &cancel);
        let loaded = catch_panic("The article", load);
        if !cancel.is_cancelled() && messages.send(Message::ArticleLoaded(request, loaded)).is_err()
        {
            return;
        }
    }
}

/// Loads an article, laid out for any width; in words instead of marks for screen readers. The
/// article is incomplete once `cancel` is set.
fn load_article(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    id: EntryId,
    cancel: &CancelFlag,
) -> Result<LoadedArticle, Failure> {
    let stored = StoredArticle::load(reader, id)?;
    let document = stored.render(&reading.boilerplate, cancel);
    let word_count = document.word_count();
    let shown_document =
        if reading.screen_reader { document.for_screen_reader() } else { document };
    let full_text = stored.full_text.map(|full_text| {
        let shown = if full_text.shown { TextSource::Page } else { TextSource::Feed };
        let host = url::host(&full_text.url).trim_start_matches("www.").to_owned();
        FullTextInfo { shown, host }
    });
    Ok(LoadedArticle {
        flow: Arc::new(Flow::new_unless_cancelled(shown_document, cancel)),
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

#[cfg(test)]
mod tests {
    use crossbeam_channel::unbounded;

    use super::*;
    use crate::{
        app::{ArticleRequest, RequestId},
        store::{LibraryLocation, WriteConnection},
    };

    #[test]
    fn cancelled_load_has_no_result() {
        let location = LibraryLocation::Memory("loader".to_owned());
        let _store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let ((sender, loads), (messages, results)) = (unbounded(), unbounded());
        for number in 1..=2 {
            let request = ArticleRequest { id: RequestId(number), entry: EntryId(7) };
            let cancel = CancelFlag::default();
            sender.send(ArticleLoad { request, cancel: cancel.clone() }).unwrap();
            if number == 1 {
                cancel.cancel();
            }
        }
        drop(sender);
        run_article_thread(&reader, &ReadingOptions::default(), &loads, &messages);
        let ids: Vec<u64> = results
            .try_iter()
            .map(|message| match message {
                Message::ArticleLoaded(request, _) => request.id.0,
                other => unreachable!("{other:?}"),
            })
            .collect();
        assert_eq!(ids, [2]);
    }
}
