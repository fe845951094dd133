//! Dialogs that name a file: completion of paths, failures, overwriting.

use newsreader::{
    app::{Effect, ExportTarget, Message, Overlay},
    model::{EntryId, ExistingFile, Failure, FailureKind, PathCompletion},
};

use crate::support::{Stage, failure, stage};

fn completed(stage: Stage, typed: &str, path: &str, candidates: &[&str]) -> Stage {
    let candidates = candidates.iter().map(|name| (*name).to_owned()).collect();
    let completion = PathCompletion { path: path.to_owned(), candidates };
    stage.send(Message::PathCompleted(typed.to_owned(), completion))
}

fn finished(stage: Stage, path: &str, result: Result<Option<String>, Failure>) -> Stage {
    stage.send(Message::PathFinished(path.to_owned(), result))
}

#[test]
fn wrong_path_keeps_dialog_and_says_why() {
    for (keys, path) in [
        ("ctrl-x I", "~/slow"),
        ("ctrl-x a", "~/slow"),
        ("ctrl-x W ctrl-u", "/nowhere/feeds.opml"),
        ("ctrl-x w ctrl-u", "/nowhere/a.md"),
    ] {
        let sent = stage(&["a"]).keys(keys).text(path).keys("enter");
        assert!(sent.app.overlay.is_some(), "{keys}: the dialog waits");
        let failed = finished(sent, path, Err(failure("There is no such file")));
        let screen = failed.screen();
        assert!(screen.contains("There is no such file") && screen.contains(path), "{screen}");
        let corrected = failed.text("x");
        assert!(!corrected.screen().contains("There is no such file"));
        let sent = corrected.keys("enter");
        assert_eq!(sent.effects.len(), 1, "{keys}: {:?}", sent.effects);
        let done = finished(sent, &format!("{path}x"), Ok(Some("It is done".to_owned())));
        assert!(done.app.overlay.is_none() && done.screen().contains("It is done"));
    }
}

#[test]
fn export_to_existing_file_offers_to_overwrite() {
    let export = |stage: &Stage| stage.effects.clone();
    let sent = stage(&["A bridge"]).keys("right w enter");
    let path = "~/a-bridge.md".to_owned();
    let target = |existing| ExportTarget::File(path.clone(), existing);
    assert_eq!(
        export(&sent),
        [Effect::ExportArticles(vec![EntryId(1)], target(ExistingFile::Keep))]
    );
    let exists = Failure::new(FailureKind::FileExists, "it exists");
    let asked = finished(sent, &path, Err(exists));
    assert!(asked.screen().contains("exists \u{b7} Enter again overwrites"), "{}", asked.screen());
    let replaced = asked.keys("enter");
    assert_eq!(
        export(&replaced),
        [Effect::ExportArticles(vec![EntryId(1)], target(ExistingFile::Replace))]
    );
    let other = stage(&["a"]).keys("ctrl-x W enter");
    let exists = Failure::new(FailureKind::FileExists, "it exists");
    let edited = finished(other, "~/newsreader.opml", Err(exists)).text("2").keys("enter");
    let path = "~/newsreader.opml2".to_owned();
    assert_eq!(export(&edited), [Effect::ExportFeeds(path, ExistingFile::Keep)]);
}

#[test]
fn tab_completes_path_and_shows_candidates() {
    for keys in ["ctrl-x I", "ctrl-x a"] {
        let asked = stage(&["a"]).keys(keys).text("~/fe").keys("tab");
        assert_eq!(asked.effects, [Effect::CompletePath("~/fe".to_owned())], "{keys}");
        let several = completed(asked, "~/fe", "~/feeds", &["feeds/", "feeds.opml"]);
        let screen = several.screen();
        assert!(screen.contains("~/feeds ") && screen.contains("feeds/  feeds.opml"), "{screen}");
        let edited = several.text("z");
        let late = completed(edited, "~/fe", "~/feeds", &[]);
        assert!(late.screen().contains("~/feedsz"), "a late answer changes nothing");
        let none = completed(late, "~/feedsz", "~/feedsz", &[]);
        assert!(none.screen().contains("No file or folder begins with that"), "{}", none.screen());
    }
    let address = stage(&["a"]).keys("ctrl-x a").text("post.example").keys("tab");
    assert_eq!(address.effects, [], "an address has options instead");
}

#[test]
fn failure_after_dialog_was_closed_is_a_notice() {
    let closed = stage(&["a"]).keys("ctrl-x I").text("~/slow").keys("enter esc");
    let failed = finished(closed, "~/slow", Err(failure("Cannot import it")));
    assert!(failed.screen().contains("! Cannot import it"), "{}", failed.screen());
    let other = failed.keys("ctrl-x I").text("~/other").keys("enter");
    let late = finished(other, "~/slow", Ok(None));
    assert!(matches!(late.app.overlay, Some(Overlay::PathPrompt(_))), "that of another path stays");
}
