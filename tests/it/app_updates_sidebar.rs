//! The sidebar: folders, views, tags, hidden feeds, marking read.

use newsreader::{
    app::{Effect, Message, Pane, RequestId, SidebarData, SidebarRow, StoreWrite},
    model::{
        Change, CopyListing, Feed, FeedId, ListGrouping, SessionState, SessionUpdate, SortOrder,
        TagCount, View, ViewCount, ViewId, ViewScope,
    },
};

use crate::support::{Stage, settings, stage, stage_with};

/// Feeds as `(name, folder, unread)`.
fn with_feeds(stage: Stage, feeds: &[(&str, Option<&str>, u64)]) -> Stage {
    stage.with_feeds(|stored: &mut Vec<Feed>| {
        let template = stored[0].clone();
        let feed = |((name, folder, unread), id): (&(&str, Option<&str>, u64), i64)| {
            let mut feed = Feed { id: FeedId(id), ..template.clone() };
            (*name).clone_into(&mut feed.title);
            feed.subscription.folder = folder.map(str::to_owned);
            feed.unread_count = *unread;
            feed
        };
        *stored = feeds.iter().zip(1..).map(feed).collect();
    })
}

/// An open sidebar with a folder of two feeds and one feed below it.
fn sidebar() -> Stage {
    let feeds = [("Ars", Some("Tech"), 4), ("LWN", Some("Tech"), 0), ("Post", None, 2)];
    with_feeds(stage(&["a", "b"]), &feeds).keys("left")
}

fn tech() -> ViewScope {
    ViewScope::Folder("Tech".to_owned())
}

#[test]
fn open_of_folder_shows_it_unfolded() {
    let opened = sidebar().keys("down down down down down right");
    assert_eq!((opened.app.scope(), opened.app.ui.focus), (&tech(), Pane::List));
    assert!(opened.keys("left").screen().contains("Ars"));
}

#[test]
fn space_folds_the_folder_and_unfolds_it() {
    let folder = sidebar().keys("down down down down down");
    assert!(folder.screen().contains("Space fold/unfold"), "{}", folder.screen());
    let closed = folder.keys("space");
    assert!(!closed.screen().contains("Ars") && closed.screen().contains("Tech"));
    assert_eq!(closed.app.ui.focus, Pane::Sidebar);
    assert!(closed.keys("space").screen().contains("Ars"));
}

#[test]
fn space_opens_what_is_no_folder() {
    let opened = sidebar().keys("down space");
    assert_eq!((opened.app.scope(), opened.app.ui.focus), (&ViewScope::Starred, Pane::List));
}

#[test]
fn sidebar_opens_with_its_top_in_view() {
    let feeds: Vec<(String, u64)> = (0..40).map(|n| (format!("Feed {n:02}"), 1)).collect();
    let feeds: Vec<_> = feeds.iter().map(|(name, unread)| (name.as_str(), None, *unread)).collect();
    let show = |name: &str| {
        let listed = with_feeds(stage(&["a"]), &feeds).keys("ctrl-x g").text(name).keys("enter");
        listed.keys("left")
    };
    let near = show("Feed 03");
    assert_eq!(near.app.sidebar.top_index(), 0);
    let far = show("Feed 30");
    let top = far.app.sidebar.top_index();
    assert!(top > 0 && far.screen().contains("Feed 30"), "{}", far.screen());
    let taller = far.size(80, 60);
    assert_eq!(taller.app.sidebar.top_index(), 0, "a resize shows the top again");
}

/// A view with the query "rust" below the built-in ones.
fn rust_view() -> View {
    View { id: ViewId(7), ..View::new("Systems", "rust", &View::first_views()) }
}

fn with_views(stage: Stage, views: Vec<View>) -> Stage {
    let data = SidebarData { views, ..stage.app.sidebar.data().clone() };
    stage.send(Message::SidebarLoaded(Ok(data)))
}

fn with_rust_view(stage: Stage) -> Stage {
    with_views(stage, View::first_views().into_iter().chain([rust_view()]).collect())
}

#[test]
fn view_stands_below_the_built_in_ones_and_searches_everything() {
    let stage = with_rust_view(sidebar());
    assert_eq!(stage.app.sidebar.rows()[5], SidebarRow::View(Box::new(rust_view()), None));
    let chosen = stage.keys("end up").keys("home down down down down down");
    assert_eq!(chosen.app.scope(), &ViewScope::All);
    assert_eq!(chosen.app.filter_bar.text(), "rust");
    let left = chosen.keys("down");
    assert_eq!((left.app.scope(), left.app.filter_bar.text()), (&tech(), ""));
}

#[test]
fn typed_filter_stays_while_the_scope_changes() {
    let typed = with_rust_view(sidebar()).keys("right").text("b").keys("left down");
    assert_eq!((typed.app.scope(), typed.app.filter_bar.text()), (&ViewScope::Starred, "b"));
}

#[test]
fn go_to_feed_lists_views_also_hidden_ones() {
    let found = with_rust_view(sidebar()).keys("ctrl-x g").text("systems").keys("enter");
    assert_eq!((found.app.filter_bar.text(), found.app.ui.focus), ("rust", Pane::List));
    let hidden = View { hidden: true, ..rust_view() };
    let stage = with_views(sidebar(), vec![hidden]);
    assert!(!stage.screen().contains("Systems"), "{}", stage.screen());
    let found = stage.keys("ctrl-x g").text("systems").keys("enter");
    assert_eq!(found.app.filter_bar.text(), "rust");
}

#[test]
fn view_is_edited_in_a_form() {
    let stage = with_rust_view(sidebar()).keys("home down down down down down e");
    let screen = stage.screen();
    assert!(screen.contains("Query") && screen.contains("not grouped"), "{screen}");
    let edited = stage.text(" news").keys("tab ctrl-e").text(" -game").keys("tab space tab space");
    let saved = edited.keys("enter");
    let after = View {
        name: "Systems news".to_owned(),
        query: "rust -game".to_owned(),
        order: SortOrder::OldestFirst,
        grouping: ListGrouping::Day,
        ..rust_view()
    };
    let change = StoreWrite::ApplyChange(Change::edit_view(rust_view(), after));
    assert!(saved.writes().contains(&&change), "{:?}", saved.writes());
    assert!(saved.app.overlay.is_none());
    assert_eq!(saved.app.filter_bar.text(), "rust -game", "the list shows the view as it is now");
}

#[test]
fn mistakes_in_the_form_of_a_view_are_shown() {
    let form = || with_rust_view(sidebar()).keys("home down down down down down e");
    for (keys, text, mistake) in [
        ("ctrl-u", "Today", "Another view has this name"),
        ("tab ctrl-u", "(rust", "the parenthesis is not closed"),
        ("ctrl-u", "", "A view needs a name"),
    ] {
        let wrong = form().keys(keys).text(text).keys("enter");
        assert!(wrong.writes().is_empty() && wrong.app.overlay.is_some());
        assert!(wrong.screen().contains(mistake), "{}", wrong.screen());
    }
    let by_title = form().keys("tab tab space space space tab space enter");
    assert!(by_title.writes().is_empty(), "{:?}", by_title.writes());
    assert!(by_title.screen().contains("Groups by day need an order by date"));
}

#[test]
fn view_moves_among_the_views_in_sight() {
    let written = |before: &View, position| {
        let after = View { position, ..before.clone() };
        StoreWrite::ApplyChange(Change::edit_view(before.clone(), after))
    };
    let stage = with_rust_view(sidebar()).keys("home down down down down down");
    assert_eq!(stage.keys("K").writes(), [&written(&rust_view(), 5)]);
    let mut views = View::first_views();
    views[2..].iter_mut().for_each(|view| view.hidden = true);
    views.push(rust_view());
    let over_hidden = with_views(sidebar(), views).keys("home down down K");
    assert_eq!(over_hidden.writes(), [&written(&rust_view(), 1)]);
    let last = with_rust_view(sidebar()).keys("home down down down down down J");
    assert!(last.writes().is_empty(), "the last view stays where it is");
    let feed = sidebar().keys("end up J");
    assert!(feed.screen().contains("No view is selected"), "{}", feed.screen());
}

#[test]
fn built_in_view_is_hidden_and_that_of_the_user_removed() {
    let hidden = sidebar().keys("home down x");
    let starred = View::first_views().swap_remove(1);
    let after = View { hidden: true, ..starred.clone() };
    assert_eq!(hidden.writes(), [&StoreWrite::ApplyChange(Change::edit_view(starred, after))]);
    let removed = with_rust_view(sidebar()).keys("home down down down down down x");
    assert_eq!(removed.writes(), [&StoreWrite::ApplyChange(Change::remove_view(rust_view()))]);
}

#[test]
fn views_are_counted_when_something_has_changed() {
    let requests = |stage: &Stage| -> Vec<RequestId> {
        let id = |effect: &Effect| match effect {
            Effect::CountViews(id, views, _) if views.last() == Some(&rust_view()) => Some(*id),
            _ => None,
        };
        stage.effects.iter().filter_map(id).collect()
    };
    let row = |stage: &Stage| match &stage.app.sidebar.rows()[5] {
        SidebarRow::View(_, count) => (*count, stage.app.sidebar.has_current_view_counts()),
        other => panic!("{other:?}"),
    };
    let waiting = with_rust_view(sidebar());
    let [first] = requests(&waiting)[..] else { panic!("{:?}", waiting.effects) };
    assert_eq!(row(&waiting), (None, false), "an unknown count is blank");
    let count = |unread_count| vec![ViewCount { view: ViewId(7), unread_count }];
    let counted = waiting.send(Message::ViewsCounted(first, count(7)));
    assert_eq!(row(&counted), (Some(7), true));
    assert!(requests(&counted).is_empty());
    let changed = with_rust_view(counted);
    let [second] = requests(&changed)[..] else { panic!("{:?}", changed.effects) };
    assert_eq!(row(&changed), (Some(7), false), "the count of before is dimmed");
    let late = changed.send(Message::ViewsCounted(first, count(9)));
    assert_eq!(row(&late), (Some(7), false), "a late count is dropped");
    assert_eq!(row(&late.send(Message::ViewsCounted(second, count(6)))), (Some(6), true));
}

#[test]
fn hidden_read_feeds_are_counted_and_remembered() {
    let hidden = sidebar().keys("H");
    let screen = hidden.screen();
    assert!(!screen.contains("LWN") && screen.contains("1 read feed hidden"), "{screen}");
    let saved = StoreWrite::SaveSession(SessionUpdate::HidesReadFeeds(true));
    assert!(hidden.writes().contains(&&saved));
    assert!(hidden.keys("H").screen().contains("LWN"));
    let session = SessionState { hides_read_feeds: true, ..SessionState::default() };
    let next = with_feeds(stage_with(&["a"], settings(), session), &[("LWN", None, 0)]);
    assert!(next.keys("left").screen().contains("1 read feed hidden"));
}

#[test]
fn selected_feed_stays_while_read_feeds_are_hidden() {
    let read = sidebar().keys("down down down down down down down");
    assert_eq!(read.app.scope(), &ViewScope::Feed(FeedId(2)));
    assert!(read.keys("H").screen().contains("LWN"));
}

#[test]
fn next_unread_feed_skips_read_ones_and_begins_again() {
    let scope = |stage: &Stage| stage.app.scope().clone();
    let first = sidebar().keys("right").text("a").keys("ctrl-x U");
    assert_eq!((scope(&first), first.app.filter_bar.text()), (ViewScope::Feed(FeedId(1)), ""));
    let second = first.keys("ctrl-x U");
    assert_eq!(scope(&second), ViewScope::Feed(FeedId(3)), "LWN has nothing unread");
    let third = second.keys("left U");
    assert_eq!((scope(&third), third.app.ui.focus), (ViewScope::Feed(FeedId(1)), Pane::Sidebar));
    let none = with_feeds(third, &[("Ars", None, 4), ("LWN", None, 0)]).keys("U");
    assert!(none.screen().contains("No other feed has unread articles"), "{}", none.screen());
}

#[test]
fn mark_read_in_the_sidebar_marks_the_selected_row() {
    let folder = sidebar().keys("down down down down down A");
    let written = StoreWrite::MarkScopeRead { scope: tech(), name: "Tech".to_owned() };
    assert_eq!(folder.writes(), [&written]);
    let feed = folder.keys("down A");
    let written =
        StoreWrite::MarkScopeRead { scope: ViewScope::Feed(FeedId(1)), name: "Ars".to_owned() };
    assert_eq!(feed.writes(), [&written]);
}

#[test]
fn tags_are_counted_when_their_group_is_opened() {
    let group = sidebar().keys("end");
    assert!(matches!(group.app.sidebar.selected_row(), Some(SidebarRow::TagGroup(_))));
    let opened = group.keys("space");
    assert_eq!(opened.effects, [Effect::CountTags(CopyListing::Fold)]);
    assert!(opened.screen().contains("counting…"), "{}", opened.screen());
    let tags = vec![TagCount { tag: "kernel".to_owned(), entry_count: 12, color: None }];
    let counted = opened.send(Message::TagsCounted(tags.clone())).keys("down");
    assert_eq!(counted.app.filter_bar.text(), "tag:\"kernel\"");
    assert_eq!(counted.app.scope(), &ViewScope::All);
    let closed = counted.keys("up space").send(Message::TagsCounted(tags));
    assert!(!closed.screen().contains("kernel 12"), "a late answer opens nothing");
    assert!(matches!(closed.app.sidebar.rows().last(), Some(SidebarRow::TagGroup(_))));
}

#[test]
fn article_of_a_view_is_under_the_name_of_the_view() {
    let opened = with_rust_view(stage(&["rust", "go"])).text("rust").keys("right");
    assert!(opened.screen().starts_with(" ← Systems · 1 of 1"), "{}", opened.screen());
    let other = with_rust_view(stage(&["rust", "go"])).text("rus").keys("right");
    assert!(other.screen().starts_with(" ← Unread · 1 of 1"), "{}", other.screen());
}
