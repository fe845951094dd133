//! Answers every call to a sync server with arbitrary bytes: what is made of them keeps the limits, and
//! its texts hold no character that a terminal would act on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    greader::{ItemStream, Session, parse_item_id},
    model::{RemoteId, RemoteMark, ServerLogin, StoredPassword},
    net::{Fetch, FetchError, FetchLimits, FetchRequest, FetchResponse},
    remote::{MAX_ITEMS, ServerError},
    text::sanitize,
};

/// A server that gives the same answer to every call but those that others depend on.
struct Server<'a>(&'a [u8]);

impl Fetch for Server<'_> {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        let body = match &request.url {
            url if url.ends_with("/accounts/ClientLogin") => b"Auth=ann/1".as_slice(),
            url if url.ends_with("/token") => b"token",
            _ => self.0,
        };
        Ok(FetchResponse::from_body(&request.url, body.to_vec(), false))
    }
}

fuzz_target!(|answer: &[u8]| {
    for url in ["https://example.org", "https://example.org/api/greader.php"] {
        let password = StoredPassword::new("secret".to_owned());
        let login = ServerLogin { url: url.to_owned(), user: "ann".to_owned(), password };
        let server = Server(answer);
        let mut session = Session::log_in(&server, login).expect("the login is accepted");
        if let Ok(feeds) = session.list_subscriptions() {
            for name in feeds.iter().flat_map(|feed| feed.folder.iter().chain([&feed.title])) {
                assert!(name.len() <= 1000 && !name.contains(char::is_control));
            }
        }
        let listed = session.list_ids(ItemStream::Unread, 100).unwrap_or_default();
        assert!(listed.ids.iter().all(|id| parse_item_id(id.as_str()) == *id));
        let ids: Vec<RemoteId> = (0..3).map(|number| parse_item_id(&number.to_string())).collect();
        let mut items = Vec::new();
        let fetched = session.fetch_items(&ids, |found| -> Result<(), ServerError> {
            items.extend(found);
            Ok(())
        });
        assert!(fetched.is_ok() || items.is_empty());
        assert!(items.len() <= MAX_ITEMS);
        for item in items {
            assert!(!item.title.contains(char::is_control));
            assert_eq!(sanitize::to_text_block(&item.html), item.html);
        }
        let _ = session.set_mark(&ids, RemoteMark::Starred, true);
    }
});
