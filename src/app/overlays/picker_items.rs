//! The items of each kind of picker.

use super::{PickerAction, PickerItem, command_menu::menu_items, failure_label::failure_label};
use crate::{
    app::{ArticleView, BIDI_MODES, CommandTitles, EntryList, Sidebar, SidebarRow},
    command::{COMMANDS, Command, CommandSpec, KeyContext, Keymap},
    markup::{DocumentLink, SectionHeading},
    model::{Failure, Feed, ListGrouping, SortOrder, View, ViewScope},
    text::bidi::{BidiMode, has_rtl},
};

/// Sample for the ways of writing right-to-left text, where no loaded headline is right-to-left.
const RTL_SAMPLE: &str = "שלום (2026) world, مرحبا";

/// Rows on either side of the selection in which a right-to-left headline is looked for.
const RTL_SEARCH_ROWS: usize = 50;

/// Commands that people look for in a palette, first ones first; the others follow.
const SOUGHT_COMMANDS: [Command; 20] = [
    Command::AddFeed,
    Command::GoToFeed,
    Command::Refresh,
    Command::ToggleStar,
    Command::ToggleRead,
    Command::MarkListRead,
    Command::ToggleHideRead,
    Command::FullText,
    Command::OpenInBrowser,
    Command::ShowLinks,
    Command::Find,
    Command::SortList,
    Command::SaveView,
    Command::ManageFeeds,
    Command::ImportFeeds,
    Command::NextTheme,
    Command::ToggleWide,
    Command::SwitchKeys,
    Command::Help,
    Command::Quit,
];

/// Commands on the selected row of a table. Without it they only open the table, as the command of the
/// table itself does, which is found by their words.
const TABLE_COMMANDS: [Command; 4] =
    [Command::RunRule, Command::RemoveRule, Command::ShowRuleHits, Command::RemoveAccount];

/// Places whose keys are named, with the place, beside commands that have none where the user is.
const KEY_PLACES: [(KeyContext, &str); 4] = [
    (KeyContext::Article, "in the article"),
    (KeyContext::List, "in the list"),
    (KeyContext::Filter, "in the filter"),
    (KeyContext::Sidebar, "in the sidebar"),
];

/// Returns the user's own commands, which have these names, and then every other with its keys in
/// `contexts`, where the user is. Commands that only move or edit text, which have no letter in the menu,
/// are the last.
pub(in crate::app) fn command_items<'a>(
    keymap: &Keymap,
    contexts: &[KeyContext],
    titles: &CommandTitles,
    programs: impl Iterator<Item = &'a String>,
) -> Vec<PickerItem> {
    let item = |label: String, keywords: String, command: Command| {
        let detail = keys_text(keymap, contexts, command);
        PickerItem { label, detail, keywords, action: PickerAction::RunCommand(command) }
    };
    let own = (0..).zip(programs).map(|(index, name)| {
        let command = Command::RunProgram(index);
        item(format!("run {name}"), command_keywords(command.spec()), command)
    });
    let menu = menu_items(keymap, titles);
    let rank = |spec: &&CommandSpec| {
        let sought = SOUGHT_COMMANDS.iter().position(|command| *command == spec.command);
        let has_letter = menu.iter().any(|item| item.command == spec.command);
        (sought.unwrap_or(SOUGHT_COMMANDS.len()), !has_letter)
    };
    let mut specs: Vec<&CommandSpec> = COMMANDS.iter().collect();
    specs.sort_by_key(rank);
    let specs = specs.into_iter().filter(|spec| !TABLE_COMMANDS.contains(&spec.command));
    let built_in = specs.filter_map(|spec| {
        let title = titles.find(spec.command, keymap)?;
        // A switch is also found by the name of the other way.
        let keywords = format!("{} {}", spec.title, command_keywords(spec));
        Some(item(title, keywords, spec.command))
    });
    own.chain(built_in).collect()
}

/// Returns at most two keys of a command in `contexts` and those in the menu; if there are none, a key of
/// another place with its name.
fn keys_text(keymap: &Keymap, contexts: &[KeyContext], command: Command) -> String {
    let mut keys = keymap.key_hints_for(command, contexts);
    keys.truncate(2);
    keys.extend(keymap.menu_shortcut(command, contexts));
    let elsewhere = || {
        KEY_PLACES.iter().find_map(|(context, place)| {
            let key = keymap.key_hints_for(command, &[*context]).into_iter().next()?;
            Some(format!("{key} {place}"))
        })
    };
    if keys.is_empty() { elsewhere().unwrap_or_default() } else { keys.join("  ") }
}

/// Returns the words by which a command is found, besides its title.
fn command_keywords(spec: &CommandSpec) -> String {
    [&[spec.name], spec.synonyms, &[spec.doc]].concat().join(" ")
}

/// Returns the links and footnotes of an article.
pub(in crate::app) fn link_items(view: Option<&ArticleView>) -> Vec<PickerItem> {
    let links = view.map(ArticleView::links).unwrap_or_default();
    let texts = view.map(|view| view.flow().link_texts()).unwrap_or_default();
    let item = |(index, link): (usize, &DocumentLink)| {
        let words = texts.get(index).map(|text| text.trim()).unwrap_or_default();
        let (label, detail) = match words {
            "" => (link.url.as_str(), ""),
            words if words == link.url => (words, ""),
            words => (words, link.url.as_str()),
        };
        PickerItem {
            label: format!("{} {label}", index + 1),
            detail: detail.to_owned(),
            keywords: String::new(),
            action: PickerAction::OpenUrl(link.url.clone()),
        }
    };
    let footnotes = view.map(ArticleView::footnotes).unwrap_or_default();
    let footnote = |(text, block): (String, u32)| PickerItem {
        label: text,
        detail: "in this article".to_owned(),
        keywords: String::new(),
        action: PickerAction::JumpToBlock(block),
    };
    links.iter().enumerate().map(item).chain(footnotes.into_iter().map(footnote)).collect()
}

/// Returns the headings of an article, indented by level.
pub(in crate::app) fn heading_items(view: Option<&ArticleView>) -> Vec<PickerItem> {
    let headings = view.map(|view| view.flow().headings()).unwrap_or_default();
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    let item = |heading: &SectionHeading| PickerItem {
        label: format!("{}{}", "  ".repeat(usize::from(heading.level - highest)), heading.title),
        detail: String::new(),
        keywords: String::new(),
        action: PickerAction::JumpToBlock(heading.block),
    };
    headings.iter().map(item).collect()
}

/// Returns the views, also hidden ones, the folders and the feeds.
pub(in crate::app) fn scope_items(sidebar: &Sidebar) -> Vec<PickerItem> {
    let item = |row: &SidebarRow| {
        let (label, count, scope) = match row {
            SidebarRow::Folder(name, count, _) => {
                (name.clone(), *count, ViewScope::Folder(name.clone()))
            }
            SidebarRow::Account(listed, count, _) => {
                let name = &listed.account.name;
                (name.clone(), *count, ViewScope::Account(name.clone()))
            }
            SidebarRow::Feed(feed) => {
                (feed.display_name().to_owned(), feed.unread_count, ViewScope::Feed(feed.id))
            }
            SidebarRow::View(view, count) => return Some(view_item(view, *count)),
            SidebarRow::TagGroup(_) | SidebarRow::Tag(_) | SidebarRow::Caption(_) => return None,
        };
        Some(PickerItem {
            label,
            detail: count.to_string(),
            keywords: String::new(),
            action: PickerAction::ShowScope(scope),
        })
    };
    sidebar.all_rows().iter().filter_map(item).collect()
}

fn view_item(view: &View, count: Option<u64>) -> PickerItem {
    let action = match view.scope() {
        Some(scope) => PickerAction::ShowScope(scope),
        None => PickerAction::ShowFilter(view.query.clone()),
    };
    PickerItem {
        label: view.name.clone(),
        detail: count.map_or_else(|| "view".to_owned(), |count| count.to_string()),
        keywords: format!("{} view", view.query),
        action,
    }
}

/// Returns a headline in each way of writing right-to-left text, to choose the one that looks right.
pub(in crate::app) fn bidi_items(list: &EntryList) -> Vec<PickerItem> {
    let first = list.selected_index().saturating_sub(RTL_SEARCH_ROWS);
    let rows = (first..first + 2 * RTL_SEARCH_ROWS).filter_map(|index| list.row(index));
    let titles = list.selected_entry().into_iter().chain(rows);
    let sample = titles.map(|entry| entry.title.clone()).find(|title| has_rtl(title));
    let sample = sample.unwrap_or_else(|| RTL_SAMPLE.to_owned());
    let item = |(mode, name, terminals): &(BidiMode, &str, &str)| PickerItem {
        label: sample.clone(),
        detail: format!("{name}: {terminals}"),
        keywords: String::new(),
        action: PickerAction::SetBidiMode(*mode),
    };
    BIDI_MODES.iter().map(item).collect()
}

/// Returns the orders of a list; the one that it has is marked.
pub(in crate::app) fn sort_items(current: SortOrder) -> Vec<PickerItem> {
    let item = |order: SortOrder| PickerItem {
        label: order.label().to_owned(),
        detail: if order == current { "current" } else { "" }.to_owned(),
        keywords: String::new(),
        action: PickerAction::SortList(order),
    };
    SortOrder::ALL.map(item).into()
}

/// Returns the groups that a list may have; those that it has are marked.
pub(in crate::app) fn grouping_items(current: ListGrouping) -> Vec<PickerItem> {
    let item = |grouping: ListGrouping| PickerItem {
        label: grouping.label().to_owned(),
        detail: if grouping == current { "current" } else { "" }.to_owned(),
        keywords: String::new(),
        action: PickerAction::GroupList(grouping),
    };
    ListGrouping::ALL.map(item).into()
}

/// Returns the failures of this run, and then those of feeds whose last refresh failed before it.
pub(in crate::app) fn failure_items<'a>(
    failures: impl Iterator<Item = &'a Failure>,
    feeds: &[Feed],
) -> Vec<PickerItem> {
    let mut all: Vec<Failure> = failures.cloned().collect();
    for feed in feeds.iter().filter(|feed| !feed.subscription.paused) {
        let failure = feed.health.to_failure(feed.display_name());
        all.extend(failure.filter(|failure| !all.contains(failure)));
    }
    let item = |Failure { summary, detail, .. }: Failure| PickerItem {
        label: failure_label(&summary),
        detail: if detail.is_empty() { summary } else { format!("{summary}. {detail}") },
        keywords: String::new(),
        action: PickerAction::NoAction,
    };
    all.into_iter().map(item).collect()
}
