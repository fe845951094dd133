//! A model of a server and two clients: whatever happens between them, in whatever order, they agree in
//! the end.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::plan::{
    LocalItems, MarkBatch, ServerLists, SyncPlan, plan_requests, plan_sync, split_by_server,
};
use crate::{
    model::{RemoteId, RemoteMark, WantedMark},
    remote::IdList,
    store::StoredItem,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Marks {
    read: bool,
    starred: bool,
}

impl Marks {
    fn set(&mut self, mark: RemoteMark, wanted: bool) {
        match mark {
            RemoteMark::Read => self.read = wanted,
            RemoteMark::Starred => self.starred = wanted,
        }
    }
}

type Articles = BTreeMap<RemoteId, Marks>;

/// A server whose lists have at most `limit` ids, the newest first. A mark that an article has is taken
/// off by the request to set it, as by Miniflux 2.2.
struct ModelServer {
    articles: Articles,
    limit: usize,
}

impl ModelServer {
    fn receive(&mut self, batch: &MarkBatch) {
        for id in &batch.ids {
            let marks = self.articles.get_mut(id).unwrap();
            let has_mark = match batch.mark {
                RemoteMark::Read => marks.read,
                RemoteMark::Starred => marks.starred,
            };
            marks.set(batch.mark, batch.wanted && !has_mark);
        }
    }

    fn list(&self, is_listed: impl Fn(&Marks) -> bool) -> IdList {
        let listed = self.articles.iter().rev().filter(|(_, marks)| is_listed(marks));
        let ids: Vec<RemoteId> = listed.map(|(id, _)| id.clone()).collect();
        let is_cut = ids.len() > self.limit;
        IdList { ids: ids.into_iter().take(self.limit).collect(), is_cut }
    }

    fn lists(&self) -> ServerLists {
        ServerLists {
            unread: self.list(|marks| !marks.read),
            starred: self.list(|marks| marks.starred),
            newest: self.list(|_| true).ids,
        }
    }
}

/// The next step of a client's sync.
#[derive(Debug, Clone, Default)]
enum Stage {
    #[default]
    Idle,
    Sending(Vec<MarkBatch>),
    Listing,
    Fetching(SyncPlan),
    Merging(SyncPlan),
}

#[derive(Default)]
struct ModelClient {
    articles: Articles,
    outbox: BTreeMap<(RemoteId, RemoteMark), bool>,
    stage: Stage,
}

impl ModelClient {
    fn act(&mut self, article: &RemoteId, mark: RemoteMark, wanted: bool) {
        if let Some(marks) = self.articles.get_mut(article) {
            marks.set(mark, wanted);
            self.outbox.insert((article.clone(), mark), wanted);
        }
    }

    fn waiting(&self) -> Vec<WantedMark> {
        let wanted = self.outbox.iter().map(|((item, mark), wanted)| (item, *mark, *wanted));
        wanted.map(|(item, mark, wanted)| WantedMark { item: item.clone(), mark, wanted }).collect()
    }

    fn local_items(&self) -> LocalItems {
        let stored = self.articles.iter().map(|(id, marks)| StoredItem {
            id: id.clone(),
            is_read: marks.read,
            is_starred: marks.starred,
            is_subscribed: true,
        });
        LocalItems { stored: stored.collect(), outbox: self.waiting(), absent: Vec::new() }
    }

    /// Takes one step. If it is cut, the server has done its part and the client does not know.
    fn step(&mut self, server: &mut ModelServer, is_cut: bool) {
        let next = match std::mem::take(&mut self.stage) {
            Stage::Idle => {
                let (known, new) = split_by_server(self.waiting(), &server.lists());
                for batch in plan_requests(&known, 250) {
                    self.delete_sent(&batch);
                }
                Stage::Sending(plan_requests(&new, 250))
            }
            Stage::Sending(mut batches) if !batches.is_empty() => {
                let batch = batches.remove(0);
                server.receive(&batch);
                if !is_cut {
                    self.delete_sent(&batch);
                }
                Stage::Sending(batches)
            }
            Stage::Sending(_) => Stage::Listing,
            Stage::Listing => Stage::Fetching(plan_sync(&server.lists(), &self.local_items())),
            Stage::Fetching(plan) => {
                for id in &plan.missing {
                    self.articles.entry(id.clone()).or_insert(server.articles[id]);
                }
                Stage::Merging(plan)
            }
            Stage::Merging(plan) => {
                self.merge(&plan);
                Stage::Idle
            }
        };
        self.stage = if is_cut { Stage::Idle } else { next };
    }

    /// Deletes what the server has confirmed, as `delete_sent_marks` does.
    fn delete_sent(&mut self, batch: &MarkBatch) {
        for id in &batch.ids {
            let key = (id.clone(), batch.mark);
            if self.outbox.get(&key) == Some(&batch.wanted) {
                self.outbox.remove(&key);
            }
        }
    }

    /// Gives articles the marks of the server, as `apply_synced_marks` does.
    fn merge(&mut self, plan: &SyncPlan) {
        for WantedMark { item, mark, wanted } in &plan.marks {
            if !self.outbox.contains_key(&(item.clone(), *mark)) {
                self.articles.get_mut(item).unwrap().set(*mark, *wanted);
            }
        }
    }

    fn sync(&mut self, server: &mut ModelServer) {
        self.stage = Stage::Idle;
        self.step(server, false);
        while !matches!(self.stage, Stage::Idle) {
            self.step(server, false);
        }
    }
}

#[derive(Debug, Clone)]
enum Event {
    Arrival(u8, bool),
    /// Somebody marks an article on the server.
    Remote(u8, RemoteMark, bool),
    /// The user marks an article in a client, connected or not.
    Local(usize, u8, RemoteMark, bool),
    /// A client's sync goes on.
    Step(usize),
    /// A client's sync is cut off in its step.
    Cut(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let mark = || prop_oneof![Just(RemoteMark::Read), Just(RemoteMark::Starred)];
    let event = prop_oneof![
        1 => (0..12u8, any::<bool>()).prop_map(|(article, read)| Event::Arrival(article, read)),
        2 => (0..12u8, mark(), any::<bool>()).prop_map(|(a, m, w)| Event::Remote(a, m, w)),
        3 => (0..2usize, 0..12u8, mark(), any::<bool>()).prop_map(|(c, a, m, w)| Event::Local(c, a, m, w)),
        6 => (0..2usize).prop_map(Event::Step),
        1 => (0..2usize).prop_map(Event::Cut),
    ];
    proptest::collection::vec(event, 0..80)
}

fn article(number: u8) -> RemoteId {
    RemoteId(format!("{number:02}"))
}

fn run(events: &[Event], limit: usize) -> (ModelServer, [ModelClient; 2]) {
    let mut server = ModelServer { articles: Articles::new(), limit };
    let mut clients = [ModelClient::default(), ModelClient::default()];
    for event in events {
        match event {
            Event::Arrival(number, read) => {
                let marks = Marks { read: *read, starred: false };
                server.articles.entry(article(*number)).or_insert(marks);
            }
            Event::Remote(number, mark, wanted) => {
                if let Some(marks) = server.articles.get_mut(&article(*number)) {
                    marks.set(*mark, *wanted);
                }
            }
            Event::Local(client, number, mark, wanted) => {
                clients[*client].act(&article(*number), *mark, *wanted);
            }
            Event::Step(client) => clients[*client].step(&mut server, false),
            Event::Cut(client) => clients[*client].step(&mut server, true),
        }
    }
    (server, clients)
}

proptest! {
    #[test]
    fn server_and_clients_agree_in_the_end(events in events()) {
        let (mut server, [mut one, mut two]) = run(&events, usize::MAX);
        one.sync(&mut server);
        two.sync(&mut server);
        one.sync(&mut server);
        prop_assert_eq!(&one.articles, &server.articles);
        prop_assert_eq!(&two.articles, &server.articles);
        prop_assert!(one.outbox.is_empty() && two.outbox.is_empty());
    }

    #[test]
    fn a_second_sync_has_nothing_to_do(events in events()) {
        let (mut server, [mut client, _]) = run(&events, usize::MAX);
        client.sync(&mut server);
        prop_assert_eq!(plan_requests(&client.waiting(), 250), []);
        prop_assert_eq!(plan_sync(&server.lists(), &client.local_items()), SyncPlan::default());
    }

    /// The user's last act counts, even if the sync was cut off after the server had it.
    #[test]
    fn what_the_user_did_last_arrives(events in events(), number in 0..12u8, wanted: bool) {
        let (mut server, [mut client, _]) = run(&events, usize::MAX);
        client.sync(&mut server);
        client.act(&article(number), RemoteMark::Read, wanted);
        client.step(&mut server, false);
        client.step(&mut server, true);
        client.sync(&mut server);
        if let Some(marks) = server.articles.get(&article(number)) {
            prop_assert_eq!(marks.read, wanted);
        }
    }

    /// With lists that are cut, nothing is marked that neither the user nor the server marked.
    #[test]
    fn cut_lists_mark_nothing(events in events(), limit in 1..6usize) {
        let (mut server, [mut client, _]) = run(&events, limit);
        client.sync(&mut server);
        client.sync(&mut server);
        for (id, marks) in &client.articles {
            let remote = &server.articles[id];
            // An older state may be left where the list does not reach; a newer one is never made up.
            if server.list(|marks| !marks.read).ids.contains(id) {
                prop_assert!(!marks.read);
            }
            if remote.read && !marks.read {
                prop_assert!(server.list(|marks| !marks.read).is_cut);
            }
        }
    }
}
