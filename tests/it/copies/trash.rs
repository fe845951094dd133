//! Copies in the trash, and what the user removed when another feed brings it.

use super::*;

#[test]
fn removed_article_does_not_come_back_through_another_feed() {
    let mut library = CopyLibrary::new("removed");
    library.arrive(1, BRIDGE);
    let now = library.now;
    library.apply(&Change::remove_entries(&ids(&[1]), now));
    library.arrive(2, BRIDGE);
    assert_eq!(library.all(), [0; 0]);
    library.apply(&Change::restore_entries(&ids(&[1])));
    assert_eq!(library.all(), [1]);
    library.check_counts();
}

#[test]
fn dropped_article_comes_back_through_another_feed_only_into_the_trash() {
    let mut library = CopyLibrary::new("dropped");
    library.arrive(1, BRIDGE);
    let now = library.now;
    library.apply(&Change::remove_entries(&ids(&[1]), now));
    library.store.empty_trash_step(now).unwrap();
    library.arrive(2, BRIDGE);
    library.arrive(3, BRIDGE);
    assert_eq!((library.all(), library.search("is:removed")), (vec![], vec![2]));
    assert_eq!(library.reader.list_trash().unwrap().len(), 2);
    library.check_counts();
    library.apply(&Change::restore_entries(&ids(&[2])));
    assert_eq!((library.all(), library.search("is:copy")), (vec![2], vec![3]));
    library.check_counts();
}

#[test]
fn dropped_article_of_a_rule_leaves_its_place_to_the_next() {
    let mut library = CopyLibrary::new("dropped-by-rule");
    library.arrive(1, BRIDGE);
    library.apply_rule("Quiet", "remove", vec![RuleMark::Removed]);
    let now = library.now;
    library.store.empty_trash_step(now).unwrap();
    library.arrive(2, BRIDGE);
    library.arrive(3, BRIDGE);
    assert_eq!((library.all(), library.search("is:copy")), (vec![2], vec![3]));
    library.check_counts();
}

#[test]
fn url_of_several_dropped_articles_of_a_feed_is_none_of_theirs() {
    let mut library = CopyLibrary::new("dropped-landing");
    for guid in ["a", "b"] {
        library.arrive_as(1, upsert(guid, BRIDGE, "One."));
    }
    let now = library.now;
    library.apply(&Change::remove_entries(&ids(&[1, 2]), now));
    library.store.empty_trash_step(now).unwrap();
    library.arrive(2, BRIDGE);
    library.arrive_as(1, upsert("c", BRIDGE, "Three."));
    assert_eq!((library.all(), library.search("is:copy")), (vec![3], vec![4]));
    library.check_counts();
}

#[test]
fn article_that_a_rule_has_hidden_and_the_user_removed_stays_removed() {
    let mut library = CopyLibrary::new("hidden-and-removed");
    library.arrive(1, BRIDGE);
    library.apply_rule("Quiet", "hide", vec![RuleMark::Tagged(TagName::hidden(), TagMark::On)]);
    let now = library.now;
    library.apply(&Change::remove_entries(&ids(&[1]), now));
    library.arrive(2, BRIDGE);
    assert_eq!((library.all(), library.search("is:removed")), (vec![], vec![1]));
    library.check_counts();
}
