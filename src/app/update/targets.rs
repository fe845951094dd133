//! The targets of commands: the marked rows, or a choice of the listed articles, and what is done
//! with them.
//!
//! [`App::act_on`] is the way of every bulk act: it knows the limits, and asks before much is done.

use std::{collections::HashMap, sync::Arc};

use super::{full_text::start_full_text_fetches, tags};
use crate::{
    app::{
        Action, Actions, App, ArticleAct, Effect, EntryList, ExportTarget, Notice, Overlay, Pane,
        PathPrompt, Picker, PickerKind, ProgramRun, Question, StoreWrite, TargetScope, TermSense,
        TerminalRequest, act_items, row_term_items, snooze_items, target_scope_items,
        text_term_items,
    },
    command::Command,
    model::{Change, Entry, EntryId, EntryTraits, Failure, TagMark, TagName, ViewScope},
    query::add_term,
    text::{count_noun, group_thousands},
};

/// Maximum bytes of links for the clipboard; terminals reject longer texts.
const MAX_LINK_BYTES: usize = 74_000;

impl App {
    /// Carries out a command on the marked rows; `None` if none is marked, or if the command is not
    /// one on articles. An article that is being read is not in the list, and is the only target.
    pub(super) fn act_on_marked(&mut self, command: Command) -> Option<Actions> {
        if self.ui.focus != Pane::List || !self.entry_list.has_marked_rows() {
            return None;
        }
        let act = self.entry_list.act_of(command)?;
        Some(self.act_on(act, self.entry_list.marked_ids()))
    }

    /// Does something with articles. Asks before, if they are many.
    pub(super) fn act_on(&self, act: ArticleAct, ids: Vec<EntryId>) -> Actions {
        let count = ids.len();
        self.act_on_counted(act, ids, count)
    }

    /// Does something with articles of which so many will change.
    fn act_on_counted(&self, act: ArticleAct, ids: Vec<EntryId>, count: usize) -> Actions {
        let settings = &self.ui.settings;
        if ids.is_empty() {
            return Notice::info("There is no article to act on").into();
        }
        if let Some(most) = act.max_count().filter(|most| count > *most) {
            let sentence = act.sentence(count, settings);
            return Notice::info(format!("{sentence}: at most {most} at a time")).into();
        }
        if count <= act.asks_above() {
            return Action::Act(act, ids).into();
        }
        let text = format!("{}?", act.sentence(count, settings));
        Action::Open(Overlay::Question(Question::new(text, Action::Act(act, ids)))).into()
    }

    /// Does something with articles, without asking.
    pub(super) fn perform_act(&mut self, act: ArticleAct, ids: Vec<EntryId>) -> Actions {
        match act {
            ArticleAct::MarkRead => self.entry_list.write_marks(Change::set_read(&ids, true)),
            ArticleAct::MarkUnread => self.entry_list.write_marks(Change::set_read(&ids, false)),
            ArticleAct::Star => self.entry_list.write_marks(Change::set_starred(&ids, true)),
            ArticleAct::Unstar => self.entry_list.write_marks(Change::set_starred(&ids, false)),
            ArticleAct::Tag => tags::open_prompt(&ids, &self.entry_list, &self.sidebar),
            ArticleAct::KeepForLater => {
                self.entry_list.tag_all(&ids, TagName::later(), TagMark::On)
            }
            ArticleAct::TakeOffLater => {
                self.entry_list.tag_all(&ids, TagName::later(), TagMark::Off)
            }
            ArticleAct::Enqueue => self.entry_list.tag_all(&ids, TagName::queue(), TagMark::On),
            ArticleAct::TakeOffQueue => {
                self.entry_list.tag_all(&ids, TagName::queue(), TagMark::Off)
            }
            ArticleAct::MarkPlayed => self.entry_list.tag_all(&ids, TagName::played(), TagMark::On),
            ArticleAct::MarkUnplayed => {
                self.entry_list.tag_all(&ids, TagName::played(), TagMark::Off)
            }
            ArticleAct::Download => Effect::Download(ids).into(),
            ArticleAct::Hide => self.entry_list.tag_all(&ids, TagName::hidden(), TagMark::On),
            ArticleAct::Unhide => self.entry_list.tag_all(&ids, TagName::hidden(), TagMark::Off),
            ArticleAct::Snooze => {
                let items = snooze_items(&Arc::new(ids), self.current_time);
                let picker = Picker::new(PickerKind::SnoozeTimes, items);
                Action::Open(Overlay::Picker(picker)).into()
            }
            ArticleAct::Remove => {
                let change = Change::remove_entries(&ids, self.current_time.at);
                self.entry_list.write_marks(change)
            }
            ArticleAct::Restore => self.entry_list.write_marks(Change::restore_entries(&ids)),
            ArticleAct::Export => {
                Action::Open(Overlay::PathPrompt(PathPrompt::export_articles(ids))).into()
            }
            ArticleAct::Copy => Effect::ExportArticles(ids, ExportTarget::Clipboard).into(),
            ArticleAct::Page => Effect::ExportArticles(ids, ExportTarget::Pager).into(),
            ArticleAct::Print => Effect::ExportArticles(ids, ExportTarget::Printer).into(),
            ArticleAct::CopyLinks
            | ArticleAct::OpenInBrowser
            | ArticleAct::FetchFullText
            | ArticleAct::RunProgram(_) => match self.entry_list.loaded_entries(&ids) {
                Some(entries) => self.act_on_entries(act, &entries),
                None => Effect::LoadTargets(act, ids).into(),
            },
        }
    }

    /// Does something with articles that needs their rows.
    pub(super) fn act_on_entries(&mut self, act: ArticleAct, entries: &[Entry]) -> Actions {
        match act {
            ArticleAct::CopyLinks => copy_links(entries),
            ArticleAct::OpenInBrowser => open_links(entries),
            ArticleAct::FetchFullText => {
                let feeds: HashMap<_, _> =
                    self.sidebar.data().feeds.iter().map(|feed| (feed.id, feed)).collect();
                start_full_text_fetches(entries, &feeds, &mut self.jobs)
            }
            ArticleAct::RunProgram(index) => self.run_program_on(index, entries),
            ArticleAct::MarkRead
            | ArticleAct::MarkUnread
            | ArticleAct::Star
            | ArticleAct::Unstar
            | ArticleAct::Tag
            | ArticleAct::KeepForLater
            | ArticleAct::TakeOffLater
            | ArticleAct::Enqueue
            | ArticleAct::TakeOffQueue
            | ArticleAct::MarkPlayed
            | ArticleAct::MarkUnplayed
            | ArticleAct::Download
            | ArticleAct::Hide
            | ArticleAct::Unhide
            | ArticleAct::Snooze
            | ArticleAct::Remove
            | ArticleAct::Restore
            | ArticleAct::Export
            | ArticleAct::Copy
            | ArticleAct::Page
            | ArticleAct::Print => Actions::none(),
        }
    }

    fn run_program_on(&self, index: u16, entries: &[Entry]) -> Actions {
        let Some((name, command)) = self.ui.settings.commands.iter().nth(usize::from(index)) else {
            return Actions::none();
        };
        let run = |entry: &Entry| {
            Some(Effect::RunProgram(entry.id, ProgramRun::new(name, command, entry)?))
        };
        let runs: Vec<Effect> = entries.iter().filter_map(run).collect();
        let text = format!("Running {name} on {}", count_noun(runs.len(), "article"));
        let without = entries.len() - runs.len();
        runs.into_iter().fold(Notice::about_urls(text, without).into(), Actions::and)
    }

    /// Marks what the list shows as read. Asks before, if more than a few of them are unread.
    pub(super) fn mark_listed_read(&self) -> Actions {
        if self.entry_list.is_empty() {
            return Actions::none();
        }
        let list = self.entry_list.definition();
        let is_whole_scope = list.filter.trim().is_empty();
        let stated = || self.sidebar.stated_unread(&list.scope).filter(|_| is_whole_scope);
        let stated = stated().and_then(|count| usize::try_from(count).ok());
        let ids = self.entry_list.listed_ids();
        let unread = self.entry_list.loaded_entries(&ids);
        let unread = unread.map(|rows| rows.iter().filter(|row| !row.state.read).count());
        let count = unread.or(stated).unwrap_or(ids.len()).min(ids.len());
        self.act_on_counted(ArticleAct::MarkRead, ids, count)
    }

    /// Opens the picker of what to act on.
    pub(super) fn open_target_scopes(&self) -> Actions {
        let items = target_scope_items(&self.entry_list);
        if items.is_empty() {
            return Notice::info("The list is empty").into();
        }
        Action::Open(Overlay::Picker(Picker::new(PickerKind::Targets, items))).into()
    }

    /// Opens the picker of what to do with the articles of a scope.
    pub(super) fn choose_targets(&self, scope: TargetScope) -> Actions {
        match (scope.ids(&self.entry_list), scope) {
            (Some(ids), _) => self.open_acts(ids),
            (None, TargetScope::OlderThan { days }) => {
                let today = self.current_time.today();
                let day = today.checked_sub_days(chrono::Days::new(days)).unwrap_or(today);
                Effect::FindOlder(self.entry_list.listed_ids(), day).into()
            }
            (None, _) => self.open_acts(Vec::new()),
        }
    }

    /// Opens the picker of what to do with these articles, unless something else was opened since.
    pub(super) fn open_acts(&self, ids: Vec<EntryId>) -> Actions {
        if self.overlay.is_some() {
            return Actions::none();
        }
        if ids.is_empty() {
            return Notice::info("Nothing in the list is like that").into();
        }
        let items = act_items(ids, &self.entry_list, &self.ui.settings, self.current_time.today());
        Action::Open(Overlay::Picker(Picker::new(PickerKind::Acts, items))).into()
    }

    /// Opens the picker of terms that the selected article gives.
    pub(super) fn open_terms(&self, sense: TermSense) -> Actions {
        let Some(entry) = self.entry_list.selected_entry() else {
            return Notice::no_article().into();
        };
        let feed = self.sidebar.feed(entry.feed);
        let items = row_term_items(entry, feed, self.current_time.zone, sense);
        let picker = Picker::new(PickerKind::Terms(sense), items);
        Actions::from(Action::Open(Overlay::Picker(picker))).and(Effect::LoadTraits(entry.id))
    }

    /// Adds the terms that the text of an article gives to their picker, if it is still open.
    pub(super) fn show_text_terms(&mut self, id: EntryId, traits: Result<EntryTraits, Failure>) {
        let is_selected = self.entry_list.selected_id() == Some(id);
        match (&mut self.overlay, traits) {
            (Some(Overlay::Picker(picker)), Ok(traits)) if is_selected => {
                if let PickerKind::Terms(sense) = picker.kind {
                    picker.append_items(text_term_items(&traits, sense));
                }
            }
            (_, Err(failure)) => self.notices.show_failure(failure, self.current_time.at),
            (_, Ok(_)) => {}
        }
    }

    /// Adds a term to the filter.
    pub(super) fn add_filter_term(&self, term: &str) -> Actions {
        let text = add_term(self.filter_bar.text(), term, self.current_time.today());
        Actions::from(Action::Focus(Pane::List)).and(Action::SetFilter(text))
    }

    /// Returns the actions that mark a scope of the sidebar read. Asks before, if it has many unread
    /// articles.
    pub(super) fn mark_scope_read(&self, scope: ViewScope) -> Actions {
        let name = self.sidebar.scope_name(&scope);
        let count = self.sidebar.stated_unread(&scope).unwrap_or_default();
        let write = Action::WriteMarks(StoreWrite::MarkScopeRead { scope, name: name.clone() });
        if count <= ArticleAct::MarkRead.asks_above() as u64 {
            return write.into();
        }
        let text = format!("Mark {} articles in {name} as read?", group_thousands(count));
        Action::Open(Overlay::Question(Question::new(text, write))).into()
    }
}

impl EntryList {
    /// Returns what a command does with the marked rows; `None` if it is not one on articles.
    ///
    /// A star is taken off, and a read article becomes unread, if no marked row in view needs the
    /// opposite.
    pub(super) fn act_of(&self, command: Command) -> Option<ArticleAct> {
        let marked = || self.loaded_rows().filter(|row| self.is_marked(row.id));
        let is_each =
            |test: &dyn Fn(&Entry) -> bool| marked().next().is_some() && marked().all(test);
        Some(match command {
            Command::ToggleStar if is_each(&|row| row.state.starred) => ArticleAct::Unstar,
            Command::ToggleStar => ArticleAct::Star,
            Command::ToggleRead if is_each(&|row| row.state.read) => ArticleAct::MarkUnread,
            Command::ToggleRead => ArticleAct::MarkRead,
            Command::TagArticle => ArticleAct::Tag,
            Command::ToggleLater if is_each(&|row| row.has_tag(&TagName::later())) => {
                ArticleAct::TakeOffLater
            }
            Command::ToggleLater => ArticleAct::KeepForLater,
            Command::ToggleQueued if is_each(&|row| row.has_tag(&TagName::queue())) => {
                ArticleAct::TakeOffQueue
            }
            Command::ToggleQueued => ArticleAct::Enqueue,
            Command::TogglePlayed if is_each(&|row| row.has_tag(&TagName::played())) => {
                ArticleAct::MarkUnplayed
            }
            Command::TogglePlayed => ArticleAct::MarkPlayed,
            Command::DownloadEpisode => ArticleAct::Download,
            Command::ToggleHidden if is_each(&|row| row.state.hidden) => ArticleAct::Unhide,
            Command::ToggleHidden => ArticleAct::Hide,
            Command::SnoozeArticle => ArticleAct::Snooze,
            Command::RemoveArticle => ArticleAct::Remove,
            Command::RestoreArticle => ArticleAct::Restore,
            Command::OpenInBrowser => ArticleAct::OpenInBrowser,
            Command::CopyLink => ArticleAct::CopyLinks,
            Command::FullText => ArticleAct::FetchFullText,
            Command::CopyArticle => ArticleAct::Copy,
            Command::ExportArticle => ArticleAct::Export,
            Command::PageArticle => ArticleAct::Page,
            Command::PrintArticle => ArticleAct::Print,
            Command::RunProgram(index) => ArticleAct::RunProgram(index),
            _ => return None,
        })
    }

    /// Puts a tag on any number of entries, or takes it off.
    fn tag_all(&mut self, ids: &[EntryId], name: TagName, mark: TagMark) -> Actions {
        self.write_marks(Change::set_tag(ids, name, mark))
    }

    /// Writes a change of marks of any number of entries, which the rows show once it is stored.
    pub(super) fn write_marks(&mut self, change: Change) -> Actions {
        self.unsaved_marks.push_unlisted();
        StoreWrite::ApplyChange(change).into()
    }
}

fn copy_links(entries: &[Entry]) -> Actions {
    let links: Vec<&str> = entries.iter().filter_map(|entry| entry.link.as_deref()).collect();
    let text = links.join("\n");
    if text.len() > MAX_LINK_BYTES {
        return Notice::info("These links are too long for the clipboard; mark fewer").into();
    }
    if links.is_empty() {
        return Notice::info("None of these articles has a URL").into();
    }
    let copied = format!("Copied {}", count_noun(links.len(), "link"));
    Actions::from(Notice::about_urls(copied, entries.len() - links.len()))
        .and(TerminalRequest::CopyText(text))
}

fn open_links(entries: &[Entry]) -> Actions {
    let links = entries.iter().filter_map(|entry| entry.link.clone());
    let opened: Vec<Effect> = links.map(Effect::OpenUrl).collect();
    let without = entries.len() - opened.len();
    let text = format!("Opening {}", count_noun(opened.len(), "link"));
    opened.into_iter().fold(Notice::about_urls(text, without).into(), Actions::and)
}
