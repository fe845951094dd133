//! The keys of each overlay, which the last row of the screen shows.

use crate::{
    app::{
        AccountForm, AddFeedDialog, AddFeedStage, FeedTable, PathPrompt, PathPurpose, PathStage,
        Picker, PickerAction, PickerKind, RuleForm, TagPrompt,
    },
    command::Command,
};

/// Commands whose keys are shown side by side, and a label.
pub(super) type Hint = (&'static [Command], &'static str);

pub(super) const CLOSE: Hint = (&[Command::Back], "close");

const CHOOSE: Hint = (&[Command::MoveUp, Command::MoveDown], "choose");

const UNDO_REDO: Hint = (&[Command::Undo, Command::Redo], "undo, redo one");

const COMPLETE: Hint = (&[Command::NextPane], "complete");

const CANCEL: Hint = (&[Command::Back], "cancel");

const LOGIN: Hint = (&[Command::NextPane], "login, headers");

const SAVE_PAGE: Hint = (&[Command::SavePage], "save page");

const NEXT_FIELD: Hint = (&[Command::NextPane], "next field");

const LOOK_UP: Hint = (&[Command::Open], "look up");

const SAVE_THIS_PAGE: Hint = (&[Command::SavePage], "save this page");

const TRY_AGAIN: Hint = (&[Command::Open], "try again");

const SERVER_HINTS: &[Hint] = &[(&[Command::Open], "let the server look"), CANCEL, SAVE_THIS_PAGE];

const CHOOSE_ACCOUNT: Hint = (&[Command::MoveUp, Command::MoveDown], "account");

const FOUND_HINTS: &[Hint] = &[
    (&[Command::Open], "add"),
    (&[Command::NextPane], "tick"),
    (&[Command::MoveUp, Command::MoveDown], "choose"),
    CANCEL,
    SAVE_PAGE,
];

const FORM_HINTS: &[Hint] =
    &[(&[Command::Open], "save"), CANCEL, (&[Command::MoveUp, Command::MoveDown], "field")];

/// The keys of the table that a narrow screen shows too come first.
const TABLE_HINTS: &[Hint] = &[
    (&[Command::EditFeed], "edit"),
    (&[Command::Unsubscribe], "unsubscribe"),
    (&[Command::RefreshFeed], "refresh"),
    (&[Command::Help], "keys"),
    (&[Command::PauseFeed], "pause"),
    (&[Command::SortList], "sort"),
    (&[Command::FocusFilter], "filter"),
    (&[Command::Back], "close"),
    (&[Command::AddFeed], "add"),
    (&[Command::MuteFeed], "mute"),
    (&[Command::OpenSite], "site"),
    (&[Command::Undo], "undo"),
    (&[Command::ImportFeeds, Command::ExportFeeds], "OPML"),
];

const TABLE_FILTER_HINTS: &[Hint] = &[(&[Command::Open], "keep"), (&[Command::Back], "clear")];

/// Returns the keys of a picker.
pub(super) fn picker_hints(picker: &Picker) -> &'static [Hint] {
    match picker.kind {
        PickerKind::Help if picker.shows_help_page() => {
            &[(&[Command::MoveUp, Command::MoveDown, Command::PageDown], "scroll"), CLOSE]
        }
        PickerKind::Errors | PickerKind::History => &[CHOOSE, CLOSE],
        PickerKind::Help if picker.selected_action() == Some(&PickerAction::NoAction) => {
            &[CHOOSE, CLOSE]
        }
        PickerKind::Help | PickerKind::Palette => &[CHOOSE, (&[Command::Open], "run"), CLOSE],
        PickerKind::Links => &[CHOOSE, (&[Command::Open], "open"), CLOSE],
        PickerKind::Headings | PickerKind::Scopes => &[CHOOSE, (&[Command::Open], "go"), CLOSE],
        PickerKind::BidiModes => &[CHOOSE, (&[Command::Open], "use"), CLOSE],
        PickerKind::Groupings => &[CHOOSE, (&[Command::Open], "group"), CLOSE],
        PickerKind::SnoozeTimes => &[CHOOSE, (&[Command::Open], "hide until then"), CLOSE],
        PickerKind::SortOrders => &[CHOOSE, (&[Command::Open], "sort"), CLOSE],
        PickerKind::Targets => &[CHOOSE, (&[Command::Open], "go on"), CLOSE],
        PickerKind::Acts => &[CHOOSE, (&[Command::Open], "do it"), CLOSE],
        PickerKind::AccountRemovals => &[CHOOSE, (&[Command::Open], "remove"), CANCEL],
        PickerKind::Terms(_) => &[CHOOSE, (&[Command::Open], "add to the filter"), CLOSE],
    }
}

/// Returns the keys of the dialog that adds a feed.
pub(super) fn add_feed_hints(dialog: &AddFeedDialog) -> &'static [Hint] {
    match dialog.stage {
        AddFeedStage::Typing | AddFeedStage::Completing(_) | AddFeedStage::Failed(_)
            if dialog.focused_path().is_some() =>
        {
            &[(&[Command::Open], "add"), (&[Command::NextPane], "complete"), CANCEL]
        }
        AddFeedStage::Failed(_) if dialog.feed_for_server().is_some() => SERVER_HINTS,
        AddFeedStage::Typing | AddFeedStage::Completing(_) => {
            match (dialog.is_account_focused(), dialog.shows_request_options()) {
                (true, false) => &[CHOOSE_ACCOUNT, LOOK_UP, CANCEL, LOGIN],
                (true, true) => &[CHOOSE_ACCOUNT, LOOK_UP, CANCEL, NEXT_FIELD],
                (false, false) => &[LOOK_UP, CANCEL, SAVE_PAGE, LOGIN],
                (false, true) => &[LOOK_UP, NEXT_FIELD, CANCEL, SAVE_PAGE],
            }
        }
        AddFeedStage::Discovering => &[CANCEL],
        AddFeedStage::Failed(_) if dialog.shows_request_options() => {
            &[SAVE_THIS_PAGE, TRY_AGAIN, CANCEL, NEXT_FIELD]
        }
        AddFeedStage::Failed(_) => &[SAVE_THIS_PAGE, TRY_AGAIN, CANCEL, LOGIN],
        AddFeedStage::Choosing(_) => FOUND_HINTS,
    }
}

/// Returns the keys of a form.
pub(super) fn form_hints() -> &'static [Hint] {
    FORM_HINTS
}

/// Returns the keys of the form of a rule; a word that can be completed comes first.
pub(super) fn rule_form_hints(form: &RuleForm) -> &'static [Hint] {
    if form.completions().is_empty() {
        FORM_HINTS
    } else {
        &[COMPLETE, (&[Command::Open], "save"), CANCEL]
    }
}

/// Returns the keys of the table of rules.
pub(super) fn rule_table_hints() -> &'static [Hint] {
    &[
        (&[Command::Open], "edit"),
        (&[Command::RunRule], "run"),
        CLOSE,
        (&[Command::RemoveRule], "remove"),
        (&[Command::ShowRuleHits], "articles"),
        (&[Command::AddRule], "new"),
        (&[Command::Undo], "undo"),
    ]
}

/// Returns the keys of the table of accounts.
pub(super) fn account_table_hints() -> &'static [Hint] {
    &[
        (&[Command::AddAccount], "add"),
        (&[Command::SyncAccount], "sync"),
        (&[Command::Open], "edit"),
        (&[Command::RemoveAccount], "remove"),
        CLOSE,
    ]
}

/// Returns the keys of the form of an account.
pub(super) fn account_form_hints(form: &AccountForm) -> &'static [Hint] {
    if form.is_waiting() { &[CANCEL] } else { FORM_HINTS }
}

/// Returns the keys of the table.
pub(super) fn feed_table_hints(table: &FeedTable) -> &'static [Hint] {
    if table.is_filtering { TABLE_FILTER_HINTS } else { TABLE_HINTS }
}

/// Returns the keys of the journal.
pub(super) fn journal_hints(is_redo: bool) -> &'static [Hint] {
    if is_redo {
        &[CHOOSE, (&[Command::Open], "redo up to it"), UNDO_REDO, CLOSE]
    } else {
        &[CHOOSE, (&[Command::Open], "undo back to it"), UNDO_REDO, CLOSE]
    }
}

/// Returns the keys of the prompt for tags, or for a day.
pub(super) fn tag_prompt_hints(prompt: &TagPrompt) -> &'static [Hint] {
    if prompt.asks_for_day() {
        &[(&[Command::Open], "hide until then"), COMPLETE, CANCEL]
    } else {
        &[(&[Command::Open], "change the tags"), COMPLETE, CANCEL]
    }
}

/// Returns the keys of the prompt for a path.
pub(super) fn path_prompt_hints(prompt: &PathPrompt) -> &'static [Hint] {
    match (&prompt.stage, &prompt.purpose) {
        (PathStage::Working, _) => &[CANCEL],
        (PathStage::Exists, _) => &[(&[Command::Open], "overwrite"), CANCEL],
        (_, PathPurpose::ImportFeeds) => &[(&[Command::Open], "import"), COMPLETE, CANCEL],
        (_, PathPurpose::ExportFeeds) => &[(&[Command::Open], "export"), COMPLETE, CANCEL],
        (_, PathPurpose::ExportArticles(_)) => &[(&[Command::Open], "save"), COMPLETE, CANCEL],
    }
}
