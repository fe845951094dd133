//! The plan of keeping tags and the labels of a server alike. Pure: nothing here asks a server or the
//! library.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    greader::MAX_IDS_PER_REQUEST,
    model::{RemoteId, TagName, WantedLabel},
    remote::IdList,
};

/// Maximum number of labels that are kept alike: each is a request in every sync.
pub(super) const MAX_LABELS: usize = 50;

/// The articles of a label on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelList {
    /// The label, as a tag.
    pub(super) tag: TagName,
    /// The articles.
    pub(super) list: IdList,
}

/// The labels of a server, with their articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ServerLabels {
    pub(super) lists: Vec<LabelList>,
    /// The keys of labels whose articles are not known.
    pub(super) unknown: HashSet<String>,
}

impl ServerLabels {
    /// Returns the articles that have a label.
    pub(super) fn items(&self) -> impl Iterator<Item = &RemoteId> {
        self.lists.iter().flat_map(|label| &label.list.ids)
    }
}

/// Articles that get a label, or lose it, in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelBatch {
    /// The label, as the server writes it.
    pub(super) label: String,
    /// True if the articles are to have it.
    pub(super) wanted: bool,
    /// The articles.
    pub(super) ids: Vec<RemoteId>,
    /// The changes that the server knows of once it has carried out the request.
    pub(super) settled: Vec<WantedLabel>,
}

/// Distributes the tags of the outbox over requests, one label in each. A label that the server has is
/// written as it is there; one that it has in several spellings is taken off in each. A tag with the name
/// of a folder stays here, because the server could not tell the two apart.
pub(super) fn plan_label_requests(
    outbox: Vec<WantedLabel>,
    labels: &[String],
    folders: &HashSet<&str>,
) -> Vec<LabelBatch> {
    let mut by_tag: BTreeMap<(TagName, bool), Vec<WantedLabel>> = BTreeMap::new();
    for change in outbox {
        by_tag.entry((change.tag.clone(), change.wanted)).or_default().push(change);
    }
    let mut batches = Vec::new();
    for ((tag, wanted), changes) in by_tag {
        let spellings = spellings_of(&tag, labels, wanted);
        if spellings.iter().any(|label| folders.contains(label)) {
            continue;
        }
        for part in changes.chunks(MAX_IDS_PER_REQUEST) {
            for (label, is_last) in with_last(&spellings) {
                batches.push(LabelBatch {
                    label: label.to_owned(),
                    wanted,
                    ids: part.iter().map(|change| change.item.clone()).collect(),
                    settled: if is_last { part.to_vec() } else { Vec::new() },
                });
            }
        }
    }
    batches
}

/// Returns the labels of the server that a tag means: the first one where articles are to get it, and its
/// own name where there is none.
fn spellings_of<'l>(tag: &'l TagName, labels: &'l [String], wanted: bool) -> Vec<&'l str> {
    let key = tag.key();
    let known = labels.iter().map(String::as_str).filter(|label| label.to_lowercase() == key);
    let known: Vec<&str> = known.take(if wanted { 1 } else { usize::MAX }).collect();
    if known.is_empty() { vec![tag.as_str()] } else { known }
}

/// Pairs each item with whether it is the last.
fn with_last<'i>(items: &'i [&'i str]) -> impl Iterator<Item = (&'i str, bool)> {
    items.iter().enumerate().map(|(index, item)| (*item, index + 1 == items.len()))
}

/// The tags of the articles of an account in the library.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LocalLabels {
    /// The tags of the user on articles of feeds that the server lists.
    pub(super) tagged: Vec<(RemoteId, TagName)>,
    /// The tags that the server has not been told yet.
    pub(super) outbox: Vec<WantedLabel>,
}

/// Plans the tags to put on articles or take off: those of the server, except where the outbox has
/// another word. A tag for which the server has no label is taken off, since whatever was put on here has
/// been sent. Absence from a list that is cut proves nothing, nor does that of a label that is not known.
pub(super) fn plan_labels(server: &ServerLabels, local: &LocalLabels) -> Vec<WantedLabel> {
    let ServerLabels { lists, unknown } = server;
    let waiting: HashSet<(&RemoteId, String)> =
        local.outbox.iter().map(|change| (&change.item, change.tag.key())).collect();
    let tagged: HashSet<(&RemoteId, String)> =
        local.tagged.iter().map(|(item, tag)| (item, tag.key())).collect();
    let by_key: HashMap<String, &LabelList> =
        lists.iter().map(|label| (label.tag.key(), label)).collect();
    let mut changes = Vec::new();
    let mut plan = |item: &RemoteId, tag: &TagName, wanted: bool| {
        if !waiting.contains(&(item, tag.key())) {
            changes.push(WantedLabel { item: item.clone(), tag: tag.clone(), wanted });
        }
    };
    for LabelList { tag, list } in lists {
        for item in list.ids.iter().filter(|item| !tagged.contains(&(*item, tag.key()))) {
            plan(item, tag, true);
        }
    }
    let listed: HashSet<(&RemoteId, String)> = lists
        .iter()
        .flat_map(|label| label.list.ids.iter().map(|item| (item, label.tag.key())))
        .collect();
    for (item, tag) in &local.tagged {
        let key = tag.key();
        let is_cut = by_key.get(&key).is_some_and(|label| label.list.is_cut);
        if !is_cut && !unknown.contains(&key) && !listed.contains(&(item, key)) {
            plan(item, tag, false);
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RemoteId {
        RemoteId(number.to_string())
    }

    fn tag(name: &str) -> TagName {
        TagName::parse(name).unwrap()
    }

    fn wanted(number: usize, name: &str, wanted: bool) -> WantedLabel {
        WantedLabel { item: id(number), tag: tag(name), wanted }
    }

    fn list(name: &str, ids: &[usize], is_cut: bool) -> LabelList {
        let ids = ids.iter().copied().map(id).collect();
        LabelList { tag: tag(name), list: IdList { ids, is_cut } }
    }

    fn tagged(tags: &[(usize, &str)]) -> LocalLabels {
        let tagged = tags.iter().map(|(number, name)| (id(*number), tag(name))).collect();
        LocalLabels { tagged, outbox: Vec::new() }
    }

    #[test]
    fn labels_of_the_server_come_and_go() {
        let local = tagged(&[(1, "Urgent"), (2, "urgent"), (3, "old")]);
        let lists = [list("urgent", &[1, 4], false)];
        let expected =
            [wanted(4, "urgent", true), wanted(2, "urgent", false), wanted(3, "old", false)];
        let server = ServerLabels { lists: lists.into(), unknown: HashSet::new() };
        assert_eq!(plan_labels(&server, &local), expected);
    }

    #[test]
    fn what_waits_and_what_is_not_known_stays() {
        let mut local = tagged(&[(1, "urgent"), (2, "later2"), (3, "urgent")]);
        local.outbox = vec![wanted(1, "Urgent", true), wanted(4, "urgent", false)];
        let unknown = HashSet::from(["later2".to_owned()]);
        let mut server = ServerLabels { lists: vec![list("urgent", &[4], false)], unknown };
        assert_eq!(plan_labels(&server, &local), [wanted(3, "urgent", false)]);
        server.lists[0].list.is_cut = true;
        assert_eq!(plan_labels(&server, &local), []);
    }

    #[test]
    fn one_request_has_one_label_as_the_server_writes_it() {
        let outbox = (0..300).map(|n| wanted(n, "urgent", true)).chain([
            wanted(1, "new", true),
            wanted(2, "new", false),
            wanted(3, "World", true),
            wanted(301, "urgent", false),
        ]);
        let labels = ["Urgent", "urgent"].map(str::to_owned);
        let batches = plan_label_requests(outbox.collect(), &labels, &HashSet::from(["World"]));
        let sizes: Vec<(&str, usize, usize)> = batches
            .iter()
            .map(|batch| (batch.label.as_str(), batch.ids.len(), batch.settled.len()))
            .collect();
        assert_eq!(
            sizes,
            [
                ("new", 1, 1),
                ("new", 1, 1),
                ("Urgent", 1, 0),
                ("urgent", 1, 1),
                ("Urgent", 250, 250),
                ("Urgent", 50, 50)
            ]
        );
    }
}
