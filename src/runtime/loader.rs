//! The load threads: one for the rows of lists and the sidebar, some for articles.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{
    article_loads::ArticleLoad, lazy_reader::LazyReader, ports::ReadingOptions,
    requests::LoadRequest, write_barrier::WriteBarrier,
};
use crate::{
    app::{
        ArticleEdit, FullTextInfo, JournalPage, JournalRequest, LoadedArticle, Message,
        SidebarData, describe_recorded_change,
    },
    documents,
    library::{
        ArticleVersions, MIN_MARKED_BYTES, StoredArticle, WorkMarks, WorkStart, catch_panic,
        clock::{local_now, local_today},
        describe_story_sources, local_day_start,
    },
    markup::{Block, BoilerplateRule, CancelFlag, Flow, RichText},
    model::{EntryId, Failure, TextSource},
    store::{ReadConnection, StoreError},
    text::url,
};

/// Runs until all senders of requests are dropped.
pub(super) fn run_load_thread(
    reader: &LazyReader,
    requests: &Receiver<LoadRequest>,
    messages: &Sender<Message>,
    write_barrier: &WriteBarrier,
    marks: &WorkMarks,
) {
    for request in requests {
        let message = match request {
            LoadRequest::FinishArticles(entries) => {
                for entry in entries {
                    marks.finish(&article_subject(entry));
                }
                continue;
            }
            LoadRequest::Rows { ids, after } => {
                write_barrier.wait_for(after);
                let rows =
                    reader.get().and_then(|reader| reader.load_entries_with_stories(&ids, &ids));
                Message::RowsLoaded(rows.map_err(Into::into))
            }
            LoadRequest::Sidebar { after } => {
                write_barrier.wait_for(after);
                Message::SidebarLoaded(reader.get().and_then(load_sidebar).map_err(Into::into))
            }
            LoadRequest::Journal { request, after } => {
                write_barrier.wait_for(after);
                let page = reader.get().and_then(|reader| load_journal(reader, request));
                Message::JournalLoaded(request, page.map_err(Into::into))
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
    reader: &LazyReader,
    reading: &ReadingOptions,
    loads: &Receiver<ArticleLoad>,
    messages: &Sender<Message>,
    marks: &WorkMarks,
) {
    for load in loads {
        if load.cancel.is_cancelled() {
            continue;
        }
        let message = match reader.get() {
            Ok(reader) => load_marked_article(reader, reading, &load, marks),
            Err(error) => Message::ArticleLoaded(load.request, Err(error.into())),
        };
        if load.cancel.is_cancelled() {
            marks.abandon(&article_subject(load.request.entry));
        } else if messages.send(message).is_err() {
            return;
        }
    }
}

/// Returns the name by which the article of an entry is marked while it is opened.
pub(super) fn article_subject(entry: EntryId) -> String {
    format!("article {entry}")
}

/// Loads an article, and leaves a mark if it is large; [`LoadRequest::FinishArticles`] removes it
/// once the article was drawn. An article whose opening did not finish in an earlier run is not
/// loaded.
fn load_marked_article(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    load: &ArticleLoad,
    marks: &WorkMarks,
) -> Message {
    let request = load.request;
    let stored = match catch_panic("The article", || StoredArticle::load(reader, request.entry)) {
        Ok(stored) => stored,
        Err(failure) => return Message::ArticleLoaded(request, Err(failure)),
    };
    let text_bytes = stored.text_bytes();
    if text_bytes >= MIN_MARKED_BYTES {
        let subject = article_subject(request.entry);
        if marks.begin(&subject, &text_bytes.to_string()) == WorkStart::Withheld {
            return Message::ArticleWithheld(request);
        }
    }
    let prepare = || prepare_article(reader, reading, stored, &load.cancel);
    Message::ArticleLoaded(request, catch_panic("The article", prepare))
}

/// Prepares an article for layout in any width; in words instead of marks for screen readers. The
/// article is incomplete once `cancel` is set.
fn prepare_article(
    reader: &ReadConnection,
    reading: &ReadingOptions,
    stored: StoredArticle,
    cancel: &CancelFlag,
) -> Result<LoadedArticle, Failure> {
    let id = stored.entry.id;
    let mut document = stored.render(&reading.boilerplate, cancel);
    let word_count = document.word_count();
    let sources = describe_story_sources(reader, id, &reading.boilerplate)?;
    let has_story = sources.is_some();
    if let Some(sources) = sources {
        document.blocks.insert(0, Block::Caption(RichText::plain(sources)));
    }
    if let Some(link) = &stored.entry.link {
        documents::append_article_link(&mut document, link);
    }
    let build_flow =
        if reading.screen_reader { Flow::for_screen_reader } else { Flow::new_unless_cancelled };
    let has_damaged_full_text = stored.has_damaged_full_text;
    let full_text = stored.full_text.map(|full_text| {
        let shown = if full_text.shown { TextSource::Page } else { TextSource::Feed };
        let host = url::host(&full_text.url).trim_start_matches("www.").to_owned();
        FullTextInfo { shown, host }
    });
    let edit = if reader.has_versions(id)? {
        newest_edit(&ArticleVersions::load(reader, id)?, &reading.boilerplate)
    } else {
        None
    };
    Ok(LoadedArticle {
        flow: Arc::new(build_flow(document, cancel)),
        word_count,
        position: reader.load_reading_position(id)?,
        full_text,
        has_damaged_full_text,
        has_story,
        edit,
    })
}

/// Returns the newest edit of an article, or all since the user has read it.
fn newest_edit(article: &ArticleVersions, boilerplate: &[BoilerplateRule]) -> Option<ArticleEdit> {
    let (from, newest) = article.compared_by_default();
    let at = article.versions.last()?.at?;
    let words = article.diff(from, newest, boilerplate).count_words();
    let is_unseen = article.read_before_edit().is_some();
    Some(ArticleEdit { at, words, from, newest, is_unseen })
}

/// Loads the contents of the sidebar. The counts are stored, so that this takes as long for a million
/// articles as for a few.
pub fn load_sidebar(reader: &ReadConnection) -> Result<SidebarData, StoreError> {
    let day_start = local_day_start(local_today());
    Ok(SidebarData {
        feeds: reader.list_feeds()?,
        accounts: reader.list_accounts_with_waiting()?,
        starred_count: reader.count_starred()?,
        unread_today: reader.count_unread_since(day_start)?,
        folded: reader.count_folded(day_start)?,
        views: reader.list_views()?,
        tags: reader.list_tags()?,
    })
}

/// Loads rows of the journal with their sentences.
fn load_journal(
    reader: &ReadConnection,
    request: JournalRequest,
) -> Result<JournalPage, StoreError> {
    let (mut rows, now) = (Vec::new(), local_now());
    let has_more =
        reader.for_each_recorded_change(request.before, request.limit, &mut |change| {
            rows.push(describe_recorded_change(&change, now));
        })?;
    Ok(JournalPage { rows, has_more })
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
        let reader = LazyReader::new(location.clone());
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
        run_article_thread(
            &reader,
            &ReadingOptions::default(),
            &loads,
            &messages,
            &WorkMarks::new(&location),
        );
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
