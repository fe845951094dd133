//! Work that did not finish in an earlier run: articles and files that may have ended the program.

use std::{fs, path::Path, time::Duration};

use newsreader::{
    app::{ArticleProblem, Effect},
    library::MIN_MARKED_BYTES,
    model::{EntryId, FeedHealth, RefreshScope},
    store::{LibraryLocation, ReadConnection},
};

use crate::workers::RunningApp;

/// A library, and a folder with one large and one small article.
struct Scene {
    folder: tempfile::TempDir,
    location: LibraryLocation,
}

impl Scene {
    fn new() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().join("library"));
        fs::create_dir(folder.path().join("news")).unwrap();
        let scene = Scene { folder, location };
        scene.write_article("large.txt", &"Many words. ".repeat(MIN_MARKED_BYTES / 8));
        scene.write_article("small.txt", "Few words.");
        scene
    }

    fn write_article(&self, name: &str, text: &str) {
        let path = self.folder.path().join("news").join(name);
        fs::write(path, format!(" date 2026-01-28 About {name}\n\n{text}\n")).unwrap();
    }

    fn marks(&self) -> Vec<String> {
        let marks = fs::read_dir(self.folder.path().join("library/unfinished"));
        let texts = marks.into_iter().flatten().map(|mark| fs::read(mark.unwrap().path()).unwrap());
        texts.map(|text| String::from_utf8(text).unwrap()).collect()
    }

    /// Leaves the mark of a run that ended in the middle of its work.
    fn leave_mark(&self, subject: &str, version: &str) {
        let folder = self.folder.path().join("library/unfinished");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("1-1"), format!("{version}\n{subject}")).unwrap();
    }

    fn start(&self) -> RunningApp {
        RunningApp::start(&self.location, &[])
    }

    /// Starts the reader with the articles of the folder.
    fn start_with_articles(&self, count: usize) -> RunningApp {
        let mut running = self.start();
        running.subscribe_folder(&self.folder.path().join("news"));
        running.run_until(|app| {
            app.entry_list.len() == count && app.jobs.refresh_progress().is_none()
        });
        running
    }
}

fn large_entry(location: &LibraryLocation) -> (EntryId, usize) {
    let reader = ReadConnection::open(location).unwrap();
    let bodies = (1..=2).map(|id| (EntryId(id), reader.load_body(EntryId(id)).unwrap().unwrap()));
    let (id, body) = bodies.max_by_key(|(_, body)| body.text.len()).unwrap();
    (id, body.text.len())
}

fn file_version(path: &Path) -> String {
    let metadata = path.metadata().unwrap();
    let modified: chrono::DateTime<chrono::Utc> = metadata.modified().unwrap().into();
    format!("{} {}", metadata.len(), modified.timestamp_millis())
}

#[test]
fn large_article_is_marked_until_it_was_drawn() {
    let scene = Scene::new();
    let mut running = scene.start_with_articles(2);
    let (large, bytes) = large_entry(&scene.location);
    running.run_until(|app| app.article_pane.view().is_some());
    if running.app.article_pane.view().unwrap().entry_id() != large {
        running.press_keys("down up down");
        running
            .run_until(|app| app.article_pane.view().is_some_and(|view| view.entry_id() == large));
    }
    assert_eq!(scene.marks(), [format!("{bytes}\narticle {large}")]);
    running.workers.finish_articles(vec![large]);
    // The load thread answers in order; an earlier sidebar may still be among the messages.
    while !scene.marks().is_empty() {
        let _ = running.workers.dispatch_effects(Effect::LoadSidebar.into());
        while !matches!(
            running.workers.messages().recv_timeout(Duration::from_secs(20)).unwrap(),
            newsreader::app::Message::SidebarLoaded(_)
        ) {}
    }
    assert_eq!(running.workers.shut_down(), None);
}

#[test]
fn quitting_leaves_no_mark() {
    let scene = Scene::new();
    let mut running = scene.start_with_articles(2);
    running.run_until(|app| app.article_pane.view().is_some());
    assert_eq!(running.workers.shut_down(), None);
    assert_eq!(scene.marks(), [""; 0]);
}

#[test]
fn article_that_ended_the_program_waits_for_its_key() {
    let scene = Scene::new();
    let running = scene.start_with_articles(2);
    let (large, bytes) = large_entry(&scene.location);
    assert_eq!(running.workers.shut_down(), None);
    scene.leave_mark(&format!("article {large}"), &bytes.to_string());
    let mut running = scene.start();
    running.run_until(|app| app.entry_list.len() == 2);
    if running.app.entry_list.selected_id() != Some(large) {
        running.press_keys("down");
    }
    running.run_until(|app| app.article_pane.problem() == Some(&ArticleProblem::Withheld));
    running.press_keys("enter");
    running.run_until(|app| app.article_pane.view().is_some_and(|view| view.entry_id() == large));
}

#[test]
fn file_that_ended_the_program_is_left_out_until_it_changes() {
    let scene = Scene::new();
    let path = scene.folder.path().join("news/large.txt");
    scene.leave_mark(&format!("file {}", path.display()), &file_version(&path));
    let mut running = scene.start_with_articles(1);
    running.run_until(|app| app.notices.failures().next().is_some());
    let failure = running.app.notices.failures().next().unwrap().summary.clone();
    let reason = "is left out until it changes: reading it did not finish last time";
    assert!(failure.contains("large.txt") && failure.contains(reason), "{failure}");
    let reader = ReadConnection::open(&scene.location).unwrap();
    assert!(matches!(reader.list_feeds().unwrap()[0].health, FeedHealth::Failing(_)));
    scene.write_article("large.txt", &"Other words. ".repeat(MIN_MARKED_BYTES / 8));
    let _ = running.workers.dispatch_effects(Effect::Refresh(RefreshScope::All).into());
    running.run_until(|app| app.entry_list.len() == 2);
}
