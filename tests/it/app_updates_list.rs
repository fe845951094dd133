//! Transitions of the entry list: its place, its width, its order.

use crate::support::stage;

fn numbered_titles(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("Article {number}")).collect()
}

#[test]
fn list_behind_article_keeps_its_place() {
    let titles = numbered_titles(60);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    for (width, height) in [(80, 24), (60, 20), (40, 15)] {
        let listed = stage(&titles).size(width, height).keys("page-down down down up up");
        let before = (listed.app.entry_list.top_index(), listed.app.entry_list.selected_index());
        assert!(before.1 > before.0, "the selection is within the screen");
        let back = listed.keys("right down left");
        let after = (back.app.entry_list.top_index(), back.app.entry_list.selected_index());
        assert_eq!(before, after, "{width}x{height}");
    }
}

#[test]
fn narrower_list_makes_room_for_preview_and_wider_list_takes_it() {
    let listed = stage(&["a", "b"]).size(80, 24);
    assert_eq!(listed.app.pane_layout().article, None);
    let narrower = listed.keys("ctrl-x <");
    let panes = narrower.app.pane_layout();
    assert!(panes.article.is_some() && panes.list.is_some_and(|list| list.width < 50));
    let wider = narrower.keys("ctrl-x > ctrl-x >");
    assert_eq!(wider.app.pane_layout().article, None);
    assert!(wider.keys("ctrl-x <").app.pane_layout().article.is_some());
}
