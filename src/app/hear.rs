//! What answers and news from outside do.

use super::{
    App, Effect, Effects, Ending, Message, Pane, RefreshEvent, RefreshSummary, Saving, SidebarFacts, Size,
    Step, TerminalRequest,
};
use crate::{
    model::{Change, Done, Failure, FeedKind},
    picture::Material,
};

/// Shown while nothing but the samples is followed.
const SAMPLES: &str =
    "These are samples. Paste an address, or press ^X a, to begin your own; ^X 0 puts them away.";

impl App {
    pub(super) fn hear(&mut self, message: Message) -> Effects {
        match message {
            Message::Listed(ticket, Ok(listing)) => {
                self.entries.listed(ticket, listing);
                Effects::none()
            }
            Message::Indexed => self.entries.ask_again(),
            Message::Rows(Ok(rows)) => {
                self.entries.take_rows(rows);
                Effects::none()
            }
            Message::Article(id, article) => {
                let entry = self.entries.selected().cloned();
                self.reader.arrived(id, article, entry.as_ref());
                Effects::none()
            }
            Message::Sidebar(Ok(facts)) => self.sidebar_loaded(facts),
            Message::Changed(step, Ok(done)) => self.changed(step, done),
            Message::Changed(_, Err(failure)) => self.change_failed(failure),
            Message::Discovered(address, found) => self.discovered(&address, found),
            Message::Said(text) => self.say(text),
            Message::TerminalNamed(name) => {
                self.terminal_named(&name);
                Effects::none()
            }
            Message::Picture(key, picture) => {
                let (drawing, sent) = match picture {
                    Ok((drawing, sent)) => (Ok(drawing), Some(sent).filter(|sent| *sent != Material::None)),
                    Err(failure) => (Err(failure), None),
                };
                self.reader.pictures.arrived(&key, drawing);
                sent.map(|sent| Effect::Terminal(TerminalRequest::Send(sent))).into()
            }
            Message::Renewed(id) => {
                self.jobs.fetched(id, true);
                self.reader.renew(id)
            }
            Message::NoOriginal(id, failure) => {
                self.jobs.fetched(id, false);
                self.notices.fail(failure, self.moment.at);
                Effects::none()
            }
            Message::Paged(text) => TerminalRequest::Page(text).into(),
            Message::Copied(text) => {
                self.notices.say("Copied the article", self.moment.at);
                TerminalRequest::Copy(text).into()
            }
            Message::Saving(saving) => self.saving(saving),
            Message::Refresh(event) => self.refreshed(event),
            Message::WorkerDied(name) => {
                self.ending = Some(Ending::Died(name));
                Effects::none()
            }
            Message::Failed(failure)
            | Message::Listed(_, Err(failure))
            | Message::Rows(Err(failure))
            | Message::Sidebar(Err(failure)) => self.failed(failure),
            _ => Effects::none(),
        }
    }

    pub(super) fn resized(&mut self, size: Size) -> Effects {
        self.look.size = size;
        Effects::none()
    }

    fn failed(&mut self, failure: Failure) -> Effects {
        self.notices.fail(failure, self.moment.at);
        Effects::none()
    }

    /// What was shown as done is not: the list is asked for again.
    fn change_failed(&mut self, failure: Failure) -> Effects {
        self.notices.fail(failure, self.moment.at);
        self.entries.ask_again()
    }

    fn sidebar_loaded(&mut self, facts: SidebarFacts) -> Effects {
        let samples = facts.feeds.iter().any(|feed| feed.kind == FeedKind::Samples);
        self.notices.set_banner(samples.then(|| SAMPLES.to_owned()));
        self.sidebar.take(facts);
        if self.look.focus != Pane::Sidebar {
            let scope = self.scope().clone();
            self.sidebar.select_scope(&scope);
        }
        Effects::none()
    }

    fn changed(&mut self, step: Step, done: Option<Done>) -> Effects {
        let Some(done) = done else {
            return self.say(if step == Step::Redone { "Nothing to redo." } else { "Nothing to undo." });
        };
        let (ids, set) = done.states();
        self.entries.mark(ids, set);
        if let Some(text) = told(step, &done) {
            self.notices.say(text, self.moment.at);
        }
        let again = if done.change.is_of_feeds() { self.entries.ask_again() } else { Effects::none() };
        again.and(Effect::Sidebar)
    }

    fn saving(&mut self, saving: Saving) -> Effects {
        match saving {
            Saving::Works => {
                self.notices.set_saving(None);
                self.say("Everything is saved again.")
            }
            Saving::Waits(reason, count) => {
                let changes =
                    if count == 1 { "1 change is".to_owned() } else { format!("{count} changes are") };
                let text = format!("{reason}; {changes} kept until you quit, and tried again every 30 s.");
                self.notices.set_saving(Some(text));
                Effects::none()
            }
        }
    }

    fn refreshed(&mut self, event: RefreshEvent) -> Effects {
        match event {
            RefreshEvent::Started(total) => self.jobs.began(total),
            RefreshEvent::Progress(done) => self.jobs.reached(done),
            RefreshEvent::Arrived => return self.arrived(),
            RefreshEvent::Finished(summary) => return self.refresh_ended(summary),
        }
        Effects::none()
    }

    /// Nothing moves under a reader's hand; where there was no hand yet, the newest belongs on top.
    fn arrived(&mut self) -> Effects {
        let asked = if self.rest.touched { self.entries.ask_again() } else { self.entries.ask_from_top() };
        asked.and(Effect::Sidebar)
    }

    fn refresh_ended(&mut self, summary: RefreshSummary) -> Effects {
        self.jobs.ended();
        let failed = summary.failures.len();
        let quiet = summary.new == 0 && summary.changed == 0 && failed == 0;
        for failure in summary.failures {
            self.notices.remember(failure);
        }
        if summary.offline {
            self.notices.say("Offline: nothing was refreshed. What is stored can be read.", self.moment.at);
        } else if !quiet {
            let failed = if failed == 0 { String::new() } else { format!(" · {failed} failed, ^X e tells") };
            self.notices.say(format!("+{} new{failed}", summary.new), self.moment.at);
        }
        let forgotten = if summary.changed > 0 { self.reader.forget() } else { Effects::none() };
        forgotten.and(Effect::Sidebar)
    }
}

/// What is said of a change: nothing of one the user can see, everything of one that was taken back.
fn told(step: Step, done: &Done) -> Option<String> {
    let what = match &done.change {
        Change::Read { ids, read } => {
            let became = if *read { "read" } else { "unread" };
            match (&done.title, ids.len()) {
                (Some(title), _) if step != Step::Made => format!("{became}: {title}"),
                (None, count) if count > 1 => format!("{count} marked {became}"),
                _ => return None,
            }
        }
        Change::Starred { starred, .. } if step != Step::Made => {
            let became = if *starred { "starred" } else { "star taken off" };
            format!("{became}: {}", done.title.as_deref().unwrap_or_default())
        }
        Change::Gone { gone, .. } => {
            let became = match (gone, step) {
                (true, _) => "put away",
                (false, Step::Made) => "following",
                (false, _) => "back",
            };
            format!("{became}: {}", done.title.as_deref().unwrap_or_default())
        }
        Change::Subscription { .. } => format!("changed: {}", done.title.as_deref().unwrap_or_default()),
        Change::Many(changes) => {
            let what = match changes.first() {
                Some(Change::Gone { gone: false, .. }) => "followed",
                Some(Change::Gone { gone: true, .. }) => "put away",
                _ => "changed",
            };
            format!("{} feeds {what}", changes.len())
        }
        Change::Starred { .. } => return None,
    };
    Some(match step {
        Step::Made => format!("{what}. u or ^_ undoes."),
        Step::Undone => format!("Undone; {what}"),
        Step::Redone => format!("Done again; {what}"),
    })
}
