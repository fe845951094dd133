//! What takes as long as others take: each has a thread of its own, which reports as a message and ends.

use std::{sync::Arc, thread};

use super::{
    Workers,
    deliver::{to_file, to_program},
    discover::discover,
    lists::{read_list, write_list},
    original::{original, page},
    readable::readable,
    workers::guarded,
    writer::WriteAsk,
};
use crate::{
    app::{Delivery, Message, StoreWrite},
    markup::Format,
    model::{EntryId, Failure},
    store::Reader,
};

impl Workers {
    /// Looking at a site may take a minute: a thread of its own waits for it.
    pub(super) fn discover(&self, address: String) -> bool {
        let (sources, messages) = (self.sources.clone(), self.own_messages.clone());
        let look = move || {
            let found = guarded(&address, || discover(&sources, &address));
            let _ = messages.send(Message::Discovered(address, found));
        };
        start("discover", look)
    }

    pub(super) fn import(&self, path: String) -> bool {
        let (write, messages, written) =
            (self.asks.write.clone(), self.own_messages.clone(), Arc::clone(&self.written));
        let read = move || match read_list(&path) {
            Ok((feeds, refused)) => {
                for failure in refused {
                    let _ = messages.send(Message::Failed(failure));
                }
                written.ask();
                let _ = write.send(WriteAsk::Write(StoreWrite::Follow(feeds)));
            }
            Err(failure) => drop(messages.send(Message::Failed(failure))),
        };
        start("import", read)
    }

    pub(super) fn export(&self, path: String) -> bool {
        let (location, messages) = (self.location.clone(), self.own_messages.clone());
        let write = move || {
            let feeds = Reader::open(&location).and_then(|reader| reader.feeds());
            let done = feeds.map_err(Failure::from).and_then(|feeds| write_list(&path, &feeds));
            let message =
                done.map_or_else(Message::Failed, |()| Message::Said(format!("The feeds are in {path}")));
            let _ = messages.send(message);
        };
        start("export", write)
    }

    /// A page takes as long as its server does: a thread of its own waits for it.
    pub(super) fn fetch_original(&self, id: EntryId, url: String, given: bool) -> bool {
        let (sources, messages) = (self.sources.clone(), self.own_messages.clone());
        let (write, written) = (self.asks.write.clone(), Arc::clone(&self.written));
        let fetch = move || match guarded(&url, || page(&sources, &url, given)) {
            Ok(page) => {
                written.ask();
                let _ = write.send(WriteAsk::Write(StoreWrite::Original(id, original(page))));
            }
            Err(failure) => drop(messages.send(Message::NoOriginal(id, failure))),
        };
        start("full text", fetch)
    }

    pub(super) fn deliver(&self, id: EntryId, delivery: Delivery) -> bool {
        let (location, messages) = (self.location.clone(), self.own_messages.clone());
        let (tidy, print) = (self.reading.tidy.clone(), self.reading.print.clone());
        let hand_over = move || {
            let done = Reader::open(&location)
                .map_err(Failure::from)
                .and_then(|reader| readable(&reader, &tidy, id))
                .and_then(|(document, heading)| match delivery {
                    Delivery::Clipboard => Ok(Message::Copied(document.export(&heading, Format::Markdown))),
                    Delivery::File(path) => {
                        let text = document.export(&heading, Format::of_name(&path));
                        to_file(&path, &text).map(|()| Message::Said(format!("The article is in {path}")))
                    }
                    Delivery::Pager => Ok(Message::Paged(document.export(&heading, Format::Text))),
                    Delivery::Print => to_program(&print, &document.export(&heading, Format::Text))
                        .map(|()| Message::Said("The article is printed".to_owned())),
                });
            let _ = messages.send(done.unwrap_or_else(Message::Failed));
        };
        start("deliver", hand_over)
    }

    /// The multiplexer answers within milliseconds, or not at all.
    pub(super) fn name_terminal(&self) -> bool {
        let (desktop, messages) = (Arc::clone(&self.desktop), self.own_messages.clone());
        let ask = move || drop(messages.send(Message::TerminalNamed(desktop.terminal())));
        start("terminal", ask)
    }

    /// Starting a browser may take a second: a thread of its own waits for it.
    pub(super) fn open(&self, url: String) -> bool {
        let (desktop, messages) = (Arc::clone(&self.desktop), self.own_messages.clone());
        let opened = move || {
            if let Err(failure) = desktop.open(&url) {
                let _ = messages.send(Message::Failed(failure));
            }
        };
        start("browser", opened)
    }
}

/// Starts a thread; whether the machine had one left.
fn start(name: &str, body: impl FnOnce() + Send + 'static) -> bool {
    thread::Builder::new().name(format!("job {name}")).spawn(body).is_ok()
}
