//! Keeping the user's tags and the labels of a server alike, where the server has labels.

use std::collections::HashSet;

use super::{
    label_plan::{
        LabelList, LocalLabels, MAX_LABELS, ServerLabels, plan_label_requests, plan_labels,
    },
    schedule::should_recheck,
    server::ServerSession,
    sync_run::{SyncError, SyncRun},
    writes::SyncWrite,
};
use crate::{
    greader::{LabelNames, Session},
    library::clock::utc_now,
    model::{RemoteFeed, TagName},
    remote::ServerError,
    store::OutboxPart,
};

/// Maximum number of articles of one label that are kept alike.
const MAX_LABELED: usize = 10_000;

/// Maximum number of tags in one transaction: a change of the user's waits for it.
const MAX_LABELS_PER_WRITE: usize = 1_000;

impl SyncRun<'_, '_> {
    /// Tells the server which tags the user has put on articles and taken off, and asks which articles
    /// have its labels; `None` for a server that has none, as far as is known.
    pub(super) fn exchange_labels(
        &mut self,
        server: &mut ServerSession<'_>,
        feeds: &[RemoteFeed],
        problems: &mut Vec<String>,
    ) -> Result<Option<ServerLabels>, SyncError> {
        let ServerSession::GoogleReader(session) = server else { return Ok(None) };
        let folders: HashSet<&str> =
            feeds.iter().filter_map(|feed| feed.folder.as_deref()).collect();
        let names = match self.find_labels(session, &folders) {
            Ok(Some(names)) => names,
            Ok(None) => return Ok(None),
            Err(SyncError::Server(error)) if error.is_about_one_call() => {
                problems.push(error.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let names = match self.send_labels(session, &names, &folders, problems)? {
            0 => names,
            // Labels may have come by that.
            _ => session.list_labels(&folders)?.names,
        };
        Ok(Some(list_labeled(session, &names, &folders, problems)?))
    }

    /// Returns the names of the server's labels; `None` if it has none, or if that is not known yet.
    fn find_labels(
        &mut self,
        session: &mut Session<'_>,
        folders: &HashSet<&str>,
    ) -> Result<Option<Vec<String>>, SyncError> {
        let state = &self.account.sync_state;
        if state.has_labels == Some(true) {
            return Ok(Some(session.list_labels(folders)?.names));
        }
        if state.has_labels == Some(false) {
            return Ok(None);
        }
        let tagged = self.load_labels()?.tagged;
        if tagged.is_empty() && !should_recheck(state, utc_now()) {
            return Ok(None);
        }
        let LabelNames { names, is_certain } = session.list_labels(folders)?;
        if !is_certain {
            let Some((item, tag)) = tagged.first() else { return Ok(None) };
            // Only an attempt tells.
            match session.set_label(std::slice::from_ref(item), tag.as_str(), true) {
                Ok(()) => {}
                Err(error) if error.is_about_one_call() => {
                    self.write(SyncWrite::HasLabels(self.account.id, false))?;
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.write(SyncWrite::HasLabels(self.account.id, true))?;
        Ok(Some(names))
    }

    fn load_labels(&self) -> Result<LocalLabels, SyncError> {
        let (reader, account) = (self.reader()?, self.account.id);
        Ok(LocalLabels {
            tagged: reader.list_tagged_items(account)?,
            outbox: reader.list_label_outbox(account, OutboxPart::All)?,
        })
    }

    /// Tells the server of tags. Returns the number of requests that it has carried out.
    fn send_labels(
        &mut self,
        session: &mut Session<'_>,
        names: &[String],
        folders: &HashSet<&str>,
        problems: &mut Vec<String>,
    ) -> Result<usize, SyncError> {
        let (mut sent, mut refused): (usize, Option<ServerError>) = (0, None);
        self.write(SyncWrite::Sending(self.account.id))?;
        let outbox = self.reader()?.list_label_outbox(self.account.id, OutboxPart::Tried)?;
        for batch in plan_label_requests(outbox, names, folders) {
            match session.set_label(&batch.ids, &batch.label, batch.wanted) {
                Ok(()) => {}
                Err(error) if error.is_about_one_call() => {
                    refused = Some(error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            sent += 1;
            self.summary.sent_marks += batch.settled.len();
            self.write(SyncWrite::LabelsSent(self.account.id, batch.settled))?;
        }
        problems.extend(refused.map(|error| error.to_string()));
        Ok(sent)
    }

    /// Gives articles the tags that the server's labels mean, and takes off those that it lacks.
    pub(super) fn apply_labels(&mut self, labels: &ServerLabels) -> Result<(), SyncError> {
        let plan = plan_labels(labels, &self.load_labels()?);
        for part in plan.chunks(MAX_LABELS_PER_WRITE) {
            let write = SyncWrite::Labels(self.account.id, part.to_vec());
            self.summary.received_marks += self.write(write)?.changed_marks;
        }
        Ok(())
    }
}

/// Asks for the articles of each label that can be a tag.
fn list_labeled(
    session: &mut Session<'_>,
    names: &[String],
    folders: &HashSet<&str>,
    problems: &mut Vec<String>,
) -> Result<ServerLabels, ServerError> {
    // A tag with the name of a folder was not sent.
    let mut unknown: HashSet<String> = folders.iter().map(|folder| folder.to_lowercase()).collect();
    let mut lists = Vec::new();
    let tags = names.iter().filter_map(|name| Some((name, tag_of_label(name)?)));
    for (name, tag) in tags {
        if lists.len() == MAX_LABELS {
            unknown.insert(tag.key());
            continue;
        }
        lists.push(LabelList { tag, list: session.list_labeled(name, MAX_LABELED)? });
    }
    if lists.len() == MAX_LABELS && names.len() > MAX_LABELS {
        problems.push(format!(
            "the server has more than {MAX_LABELS} labels; the others are not kept alike"
        ));
    }
    Ok(ServerLabels { lists, unknown })
}

/// Returns the tag that a label means; `None` for one of several words, and for a word to which the
/// program gives a meaning.
fn tag_of_label(name: &str) -> Option<TagName> {
    let tag = TagName::parse(name).ok()?;
    (!tag.is_hidden() && !tag.is_later()).then_some(tag)
}
