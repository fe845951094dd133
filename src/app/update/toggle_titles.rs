//! The titles of commands that switch something, from the state.

use super::feeds;
use crate::{
    app::{App, ArticleAct, ArticleView, CommandTitles, Pane},
    command::Command,
    model::{CopyListing, Entry, SortOrder, TagName, TextSource},
    settings::KeyPreset,
};

impl App {
    /// Returns the titles of the commands that switch something.
    pub fn command_titles(&self) -> CommandTitles {
        let mut titles = CommandTitles::default();
        self.add_mark_titles(&mut titles);
        self.add_list_titles(&mut titles);
        self.add_article_titles(&mut titles);
        self.add_feed_titles(&mut titles);
        self.leave_out_idle_commands(&mut titles);
        titles
    }

    /// Leaves out the commands that have nothing to act on now.
    fn leave_out_idle_commands(&self, titles: &mut CommandTitles) {
        let has_marked_rows = self.entry_list.has_marked_rows();
        let is_in_trash = self.entry_list.selected_entry().is_some_and(|e| e.state.removed);
        let has_filter = !self.filter_bar.text().trim().is_empty();
        let has_story = self.has_story();
        let is_grouped = self.entry_list.is_grouped_by_story();
        for (command, has_object) in [
            (Command::ToggleStory, is_grouped),
            (Command::ShowAdditions, has_story),
            (Command::ShowCombined, has_story),
            (Command::ShowStory, has_story),
            (Command::LeaveStory, has_story),
            (Command::JoinStory, has_marked_rows),
            (Command::StopDownloads, self.jobs.download_progress().is_some()),
            (Command::StopRefresh, self.jobs.refresh_progress().is_some()),
            (Command::ClearMarks, has_marked_rows),
            (Command::RestoreArticle, has_marked_rows || is_in_trash),
            (Command::NextHit, has_filter),
            (Command::PreviousHit, has_filter),
            (Command::TakeFromArchive, self.entry_list.has_far_articles()),
            (Command::HideSamples, self.sidebar.samples_feed().is_some()),
        ] {
            if !has_object {
                titles.leave_out(command);
            }
        }
    }

    /// Returns whether the selected article shares its story with others, as far as is known.
    fn has_story(&self) -> bool {
        self.entry_list.selected_entry().is_some_and(|entry| {
            let view = self.article_pane.view_of(entry.id);
            entry.story.is_some() || view.is_some_and(ArticleView::has_story)
        })
    }

    /// Adds the titles of marks: of the marked rows, or else of the selected article.
    fn add_mark_titles(&self, titles: &mut CommandTitles) {
        let marked = self.ui.focus == Pane::List && self.entry_list.has_marked_rows();
        let entry = self.entry_list.selected_entry();
        let is_tagged = |name: TagName| entry.is_some_and(|entry: &Entry| entry.has_tag(&name));
        for (command, off, is_on, names) in [
            (
                Command::ToggleStar,
                ArticleAct::Unstar,
                entry.is_some_and(|entry| entry.state.starred),
                ["unstar", "star"],
            ),
            (
                Command::ToggleRead,
                ArticleAct::MarkUnread,
                entry.is_some_and(|entry| entry.state.read),
                ["mark unread", "mark read"],
            ),
            (
                Command::ToggleLater,
                ArticleAct::TakeOffLater,
                is_tagged(TagName::later()),
                ["not later", "later"],
            ),
            (
                Command::ToggleQueued,
                ArticleAct::TakeOffQueue,
                is_tagged(TagName::queue()),
                ["take off queue", "queue"],
            ),
            (
                Command::TogglePlayed,
                ArticleAct::MarkUnplayed,
                is_tagged(TagName::played()),
                ["mark unplayed", "mark played"],
            ),
            (
                Command::ToggleHidden,
                ArticleAct::Unhide,
                entry.is_some_and(|entry| entry.state.hidden),
                ["unhide", "hide"],
            ),
        ] {
            let is_on = if marked { self.entry_list.act_of(command) == Some(off) } else { is_on };
            titles.set(command, is_on, names);
        }
    }

    fn add_list_titles(&self, titles: &mut CommandTitles) {
        let list = self.entry_list.definition();
        let are_copies_shown = self.ui.copies == CopyListing::Show;
        let hides_feeds = self.sidebar.hides_read_feeds();
        titles.set(Command::ToggleHideRead, list.unread_only, ["show read", "hide read"]);
        titles.set(Command::ToggleCopies, are_copies_shown, ["fold copies", "show copies"]);
        let is_ranked = list.order == SortOrder::Relevance;
        titles.set(Command::ToggleOrder, is_ranked, ["newest first", "best first"]);
        let names = ["show read feeds", "hide read feeds"];
        titles.set(Command::ToggleReadFeeds, hides_feeds, names);
        titles.set(
            Command::ToggleDensity,
            self.rows_per_entry() == 2,
            ["one-line rows", "two-line rows"],
        );
        let is_vim = self.ui.key_preset == KeyPreset::Vim;
        titles.set(Command::SwitchKeys, is_vim, ["typing filters", "vim keys"]);
    }

    fn add_article_titles(&self, titles: &mut CommandTitles) {
        let pane = &self.article_pane;
        let full_text = pane.view().and_then(ArticleView::full_text);
        let is_full = full_text.is_some_and(|text| text.shown == TextSource::Page);
        titles.set(Command::FullText, is_full, ["text of the feed", "full text"]);
        let names = ["no pictures", "pictures"];
        titles.set(Command::TogglePictures, pane.images.are_enabled(), names);
        titles.set(Command::ToggleRuler, pane.has_ruler(), ["no ruler", "reading ruler"]);
        titles.set(Command::ToggleWide, self.ui.wide_article, ["article pane", "wide article"]);
    }

    fn add_feed_titles(&self, titles: &mut CommandTitles) {
        let entry_feed =
            self.entry_list.selected_entry().and_then(|entry| self.sidebar.feed(entry.feed));
        let feed = feeds::feed_in_focus(self.ui.focus, &self.sidebar, entry_feed);
        let subscription = feed.map(|feed| &feed.subscription);
        let is_paused = subscription.is_some_and(|subscription| subscription.paused);
        titles.set(Command::PauseFeed, is_paused, ["resume feed", "pause feed"]);
        let is_muted = subscription.is_some_and(|subscription| subscription.muted);
        titles.set(Command::MuteFeed, is_muted, ["unmute feed", "mute feed"]);
    }
}
