//! What takes as long as others take: each has a thread of its own, which reports as a message and ends.

use std::{sync::Arc, thread};

use super::{
    Workers,
    discover::discover_feeds,
    export_article::{pipe_to_program, write_new_file},
    full_text::{fetch_page, full_text_of},
    readable::load_readable,
    subscription_files::{read_subscription_file, write_subscription_file},
    workers::catch_panic,
    writer::WriteRequest,
};
use crate::{
    app::{ExportTarget, Message, StoreWrite},
    markup::ExportFormat,
    model::{EntryId, Failure},
    store::ReadConnection,
};

impl Workers {
    /// Looking at a site may take a minute: a thread of its own waits for it.
    pub(super) fn start_discovery(&self, address: String) -> bool {
        let (sources, messages) = (self.sources.clone(), self.message_sender.clone());
        let look = move || {
            let found = catch_panic(&address, || discover_feeds(&sources, &address));
            let _ = messages.send(Message::FeedsDiscovered(address, found));
        };
        spawn_job("discover", look)
    }

    pub(super) fn start_import(&self, path: String) -> bool {
        let (write, messages, written) = (
            self.requests.write.clone(),
            self.message_sender.clone(),
            Arc::clone(&self.write_barrier),
        );
        let read = move || match read_subscription_file(&path) {
            Ok((feeds, refused)) => {
                for failure in refused {
                    let _ = messages.send(Message::OperationFailed(failure));
                }
                written.add_request();
                let _ = write.send(WriteRequest::Write(StoreWrite::Subscribe(feeds)));
            }
            Err(failure) => drop(messages.send(Message::OperationFailed(failure))),
        };
        spawn_job("import", read)
    }

    pub(super) fn start_export(&self, path: String) -> bool {
        let (location, messages) = (self.location.clone(), self.message_sender.clone());
        let write = move || {
            let feeds = ReadConnection::open(&location).and_then(|reader| reader.list_feeds());
            let done = feeds
                .map_err(Failure::from)
                .and_then(|feeds| write_subscription_file(&path, &feeds));
            let message = done.map_or_else(Message::OperationFailed, |()| {
                Message::Notified(format!("The feeds are in {path}"))
            });
            let _ = messages.send(message);
        };
        spawn_job("export", write)
    }

    /// A page takes as long as its server does: a thread of its own waits for it.
    pub(super) fn start_full_text_fetch(&self, id: EntryId, url: String, given: bool) -> bool {
        let (sources, messages) = (self.sources.clone(), self.message_sender.clone());
        let (write, written) = (self.requests.write.clone(), Arc::clone(&self.write_barrier));
        let fetch = move || match catch_panic(&url, || fetch_page(&sources, &url, given)) {
            Ok(page) => {
                written.add_request();
                let _ = write
                    .send(WriteRequest::Write(StoreWrite::SaveFullText(id, full_text_of(page))));
            }
            Err(failure) => drop(messages.send(Message::FullTextFailed(id, failure))),
        };
        spawn_job("full text", fetch)
    }

    pub(super) fn start_article_export(&self, id: EntryId, delivery: ExportTarget) -> bool {
        let (location, messages) = (self.location.clone(), self.message_sender.clone());
        let (tidy, print) = (self.reading.boilerplate.clone(), self.reading.print_command.clone());
        let hand_over = move || {
            let done = ReadConnection::open(&location)
                .map_err(Failure::from)
                .and_then(|reader| load_readable(&reader, &tidy, id))
                .and_then(|(document, heading)| match delivery {
                    ExportTarget::Clipboard => Ok(Message::ClipboardTextReady(
                        document.export(&heading, ExportFormat::Markdown),
                    )),
                    ExportTarget::File(path) => {
                        let text = document.export(&heading, ExportFormat::from_file_name(&path));
                        write_new_file(&path, &text)
                            .map(|()| Message::Notified(format!("The article is in {path}")))
                    }
                    ExportTarget::Pager => Ok(Message::PagerTextReady(
                        document.export(&heading, ExportFormat::PlainText),
                    )),
                    ExportTarget::Printer => {
                        pipe_to_program(&print, &document.export(&heading, ExportFormat::PlainText))
                            .map(|()| Message::Notified("The article is printed".to_owned()))
                    }
                });
            let _ = messages.send(done.unwrap_or_else(Message::OperationFailed));
        };
        spawn_job("deliver", hand_over)
    }

    /// The multiplexer answers within milliseconds, or not at all.
    pub(super) fn start_terminal_query(&self) -> bool {
        let (desktop, messages) = (Arc::clone(&self.desktop), self.message_sender.clone());
        let ask = move || drop(messages.send(Message::TerminalDetected(desktop.terminal_name())));
        spawn_job("terminal", ask)
    }

    /// Starting a browser may take a second: a thread of its own waits for it.
    pub(super) fn start_browser(&self, url: String) -> bool {
        let (desktop, messages) = (Arc::clone(&self.desktop), self.message_sender.clone());
        let opened = move || {
            if let Err(failure) = desktop.open_url(&url) {
                let _ = messages.send(Message::OperationFailed(failure));
            }
        };
        spawn_job("browser", opened)
    }
}

/// Starts a thread; whether the machine had one left.
fn spawn_job(name: &str, body: impl FnOnce() + Send + 'static) -> bool {
    thread::Builder::new().name(format!("job {name}")).spawn(body).is_ok()
}
