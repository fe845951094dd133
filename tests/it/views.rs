//! Views in the library: what changes of them do, and what undo restores.

use chrono::{DateTime, Utc};
use newsreader::{
    model::{BuiltInView, Change, ListGrouping, SortOrder, View, ViewId},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};
use proptest::prelude::*;

const NOW: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

fn library(name: &str) -> (WriteConnection, ReadConnection) {
    let location = LibraryLocation::Memory(name.to_owned());
    let writer = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    (writer, reader)
}

/// A step of the user's; the numbers choose a view or a place, counted round.
#[derive(Debug, Clone)]
enum Step {
    Add(u8, ListGrouping),
    Move(usize, usize),
    Edit(usize, u8, SortOrder),
    Hide(usize),
    Remove(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    let grouping = prop::sample::select(ListGrouping::ALL.to_vec());
    let order = prop::sample::select(SortOrder::ALL.to_vec());
    prop_oneof![
        (0..9u8, grouping).prop_map(|(name, grouping)| Step::Add(name, grouping)),
        (0..20usize, 0..20usize).prop_map(|(view, place)| Step::Move(view, place)),
        (0..20usize, 0..9u8, order).prop_map(|(view, name, order)| Step::Edit(view, name, order)),
        (0..20usize).prop_map(Step::Hide),
        (0..20usize).prop_map(Step::Remove),
    ]
}

fn to_change(step: &Step, views: &[View]) -> Change {
    let pick = |index: &usize| views[index % views.len()].clone();
    let edit = |index: &usize, edit: &dyn Fn(&mut View)| {
        let (before, mut after) = (pick(index), pick(index));
        edit(&mut after);
        Change::edit_view(before, after)
    };
    match step {
        Step::Add(name, grouping) => {
            let view = View::new(&format!("View {name}"), &format!("query{name}"), views);
            Change::add_view(View { grouping: *grouping, ..view })
        }
        Step::Move(view, place) => edit(view, &|view| view.position = place % views.len()),
        Step::Edit(view, name, order) => edit(view, &|view| {
            view.name = format!("View {name}");
            view.order = *order;
        }),
        Step::Hide(view) => edit(view, &|view| view.hidden = !view.hidden),
        Step::Remove(view) => Change::remove_view(pick(view)),
    }
}

proptest! {
    #[test]
    fn undo_of_all_changes_restores_the_first_views(steps in prop::collection::vec(any_step(), 1..24)) {
        let (mut writer, reader) = library("undo-views");
        let first = reader.list_views().unwrap();
        let mut states = vec![first.clone()];
        for step in &steps {
            let views = reader.list_views().unwrap();
            writer.apply_change(&to_change(step, &views), NOW).unwrap();
            let views = reader.list_views().unwrap();
            if views != *states.last().unwrap() {
                states.push(views.clone());
            }
            let built_in = views.iter().filter(|view| view.built_in.is_some()).count();
            prop_assert_eq!(built_in, BuiltInView::ALL.len());
        }
        for state in states.iter().rev().skip(1) {
            prop_assert!(writer.undo().unwrap().is_some());
            prop_assert_eq!(&reader.list_views().unwrap(), state);
        }
        prop_assert_eq!(writer.undo().unwrap(), None);
        for state in states.iter().skip(1) {
            prop_assert!(writer.redo().unwrap().is_some());
            prop_assert_eq!(&reader.list_views().unwrap(), state);
        }
    }
}

#[test]
fn view_with_the_name_or_query_of_another_is_not_added() {
    let (mut writer, reader) = library("twice");
    let add = |writer: &mut WriteConnection, name: &str, query: &str| {
        let views = reader.list_views().unwrap();
        writer.apply_change(&Change::add_view(View::new(name, query, &views)), NOW).unwrap().change
    };
    let Change::View { before: None, after: Some(added) } = add(&mut writer, "Rust", "rust") else {
        panic!("the view is added")
    };
    assert_ne!(added.id, ViewId(0));
    let nothing = Change::View { before: None, after: None };
    assert_eq!(add(&mut writer, "Rust", "rust -game"), nothing);
    assert_eq!(add(&mut writer, "Games", "rust"), nothing);
    assert_eq!(reader.list_views().unwrap().len(), 7);
    let gone = Change::edit_view(View { id: ViewId(99), ..*added.clone() }, *added);
    assert_eq!(writer.apply_change(&gone, NOW).unwrap().change, nothing);
}
