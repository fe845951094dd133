//! Acts that are taken back before the server of an account was told of them.

use newsreader::{model::Change, store::OutboxPart};

use crate::sync::{SyncLibrary, server_with};

#[test]
fn an_act_and_its_undo_leave_alone_what_others_did() {
    let server = server_with(5);
    let [mut one, mut two] = ["taken-1", "taken-2"].map(|name| SyncLibrary::new(name, &server));
    one.sync();
    two.sync();
    one.apply(&Change::set_starred(&[one.entry(1), one.entry(2)], true));
    one.apply(&Change::set_read(&[one.entry(3)], true));
    one.sync();
    let all: Vec<_> = (1..=5).map(|number| two.entry(number)).collect();
    two.apply(&Change::set_starred(&all, true));
    two.library.store.undo().unwrap().unwrap();
    two.apply(&Change::set_read(&all, true));
    two.apply(&Change::set_read(&all, false));
    assert_eq!((two.outbox_len(), two.sync().sent_marks), (0, 0));
    assert_eq!(server.marks(), (vec![3], vec![1, 2]));
    assert_eq!((two.marks(1), two.marks(3)), ((false, true), (true, false)));
}

#[test]
fn an_act_that_is_undone_and_redone_waits() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("redone", &server);
    library.sync();
    library.apply(&Change::set_starred(&[library.entry(1)], true));
    library.library.store.undo().unwrap().unwrap();
    library.library.store.redo().unwrap().unwrap();
    assert_eq!(library.sync().sent_marks, 1);
    assert_eq!(server.marks().1, [1]);
}

#[test]
fn an_act_of_which_the_server_may_know_is_taken_back_there() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("tried", &server);
    library.sync();
    library.apply(&Change::set_starred(&[library.entry(1)], true));
    library.library.store.begin_sending(library.account).unwrap();
    server.state().items.get_mut(&1).unwrap().starred = true;
    library.apply(&Change::set_starred(&[library.entry(2)], true));
    library.library.store.undo_last(2).unwrap();
    let waits = |part| library.library.reader.list_outbox(library.account, part).unwrap().len();
    assert_eq!((waits(OutboxPart::All), waits(OutboxPart::Tried)), (1, 1));
    assert_eq!(library.sync().sent_marks, 1);
    assert_eq!((server.marks().1, library.marks(1)), (vec![], (false, false)));
}
