//! The session state, which the program stores from one run to the next.

use std::collections::BTreeMap;

use super::{EntryId, ListArrangement, ListGrouping, SortOrder, ViewScope};

/// The state of the program that is stored between runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionState {
    /// The entry that was selected at the end.
    pub selected: Option<EntryId>,
    /// The scope that the list showed at the end.
    pub scope: Option<ViewScope>,
    /// Filters used before, oldest first.
    pub filter_history: Vec<String>,
    /// The user's own widths of the list, in thousandths of the screen.
    pub list_shares: BTreeMap<ListWidthClass, u16>,
    /// The orders and groups that the user chose for feeds and folders; others show the newest
    /// first, without groups. Those of views are in the views.
    pub arrangements: BTreeMap<ViewScope, ListArrangement>,
    /// Choices made in the program, over the settings.
    pub overrides: BTreeMap<OverriddenSetting, SettingOverride>,
    /// The user has seen the hint about right-to-left text.
    pub rtl_hint_shown: bool,
    /// The sidebar hides feeds without unread entries.
    pub hides_read_feeds: bool,
}

/// One change of the [`SessionState`], stored at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionUpdate {
    /// Another entry is selected.
    Selected(EntryId),
    /// The list shows another scope.
    Scope(ViewScope),
    /// A filter was used.
    FilterHistory(Vec<String>),
    /// The list has another width, in thousandths of the screen.
    ListShare(ListWidthClass, u16),
    /// A feed or folder has another order.
    Order(ViewScope, SortOrder),
    /// A feed or folder has other groups.
    Grouping(ViewScope, ListGrouping),
    /// The user chose something else than the setting.
    Override(OverriddenSetting, SettingOverride),
    /// The user has seen the hint about right-to-left text.
    RtlHintShown,
    /// The sidebar hides feeds without unread entries, or shows them.
    HidesReadFeeds(bool),
}

/// A class of screen widths; the list has a width of its own in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListWidthClass {
    /// Three panes.
    Wide,
    /// Two panes.
    Medium,
    /// The list and a preview.
    Narrow,
    /// One pane.
    Other,
}

/// A setting that the user can also change while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverriddenSetting {
    /// The theme.
    Theme,
    /// The preset of keys.
    Keys,
    /// Rows per entry.
    Density,
    /// The rows of an article that several feeds have brought.
    Copies,
    /// The mode in which right-to-left text is written.
    Bidi,
}

/// A choice made in the program, which holds until the setting itself changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingOverride {
    /// Name of the chosen value.
    pub choice: String,
    /// Value of the setting when the choice was made.
    pub setting: String,
}

impl SessionState {
    /// Returns the user's choice for a setting, unless the setting has changed since.
    pub fn choice(&self, which: OverriddenSetting, setting: &str) -> Option<&str> {
        let made = self.overrides.get(&which)?;
        (made.setting == setting).then_some(made.choice.as_str())
    }

    /// Forgets the user's choice for a setting in this run.
    pub fn forget_choice(&mut self, which: OverriddenSetting) {
        self.overrides.remove(&which);
    }

    /// Applies one change.
    pub fn apply(&mut self, update: SessionUpdate) {
        match update {
            SessionUpdate::Selected(id) => self.selected = Some(id),
            SessionUpdate::Scope(scope) => self.scope = Some(scope),
            SessionUpdate::FilterHistory(history) => self.filter_history = history,
            SessionUpdate::ListShare(class, share) => {
                self.list_shares.insert(class, share);
            }
            SessionUpdate::Order(scope, order) => {
                self.arrangements.entry(scope).or_default().order = order;
            }
            SessionUpdate::Grouping(scope, grouping) => {
                self.arrangements.entry(scope).or_default().grouping = grouping;
            }
            SessionUpdate::Override(which, made) => {
                self.overrides.insert(which, made);
            }
            SessionUpdate::RtlHintShown => self.rtl_hint_shown = true,
            SessionUpdate::HidesReadFeeds(hides) => self.hides_read_feeds = hides,
        }
    }
}

impl SessionUpdate {
    /// Creates the update for a choice made over a setting.
    pub fn choose(which: OverriddenSetting, choice: &str, setting: &str) -> SessionUpdate {
        let made = SettingOverride { choice: choice.to_owned(), setting: setting.to_owned() };
        SessionUpdate::Override(which, made)
    }
}
