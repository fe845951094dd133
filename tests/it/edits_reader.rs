//! The edits of an article in the reader.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use chrono::TimeDelta;
use newsreader::{
    app::{ArticleEdit, DiffRequest, DiffSubject, Effect, LoadedDiff, Message, StoreWrite},
    diff::DiffWordCounts,
    library::{DiffMarks, diff_document},
    markup::{CancelFlag, Flow},
    model::EntryId,
};

use crate::{
    edits::EditedFeed,
    support::{Stage, now, stage},
};

const FIRST: &str = "<p>The ferry across the sound left at nine.</p><p>It rained all day.</p>\
    <p>Nobody was hurt.</p><p>Dogs travel free.</p><p>The pier is new.</p>";
const SECOND: &str = "<p>The old ferry across the sound left at ten.</p><p>It rained all day.</p>\
    <p>Nobody was hurt.</p><p>Dogs travel free.</p><p>The pier is new.</p><p>The end.</p>";

/// The differences between the versions of an article that was edited twice, as the reader loads them.
fn loaded_diff(versions: (usize, usize), marks: DiffMarks) -> LoadedDiff {
    static CREATED: AtomicU32 = AtomicU32::new(0);
    let name = format!("edits-reader-{}", CREATED.fetch_add(1, Ordering::Relaxed));
    let mut feed = EditedFeed::new(&name);
    for text in [FIRST, SECOND] {
        feed.edit(&format!("<![CDATA[{text}]]>"));
    }
    let mut article = feed.versions();
    for version in &mut article.versions {
        version.at = Some(now().at - TimeDelta::days(2));
    }
    let diff = article.diff(versions.0, versions.1, &[]);
    let document = diff_document(&article, versions, &diff, (marks, now()));
    let flow = if marks == DiffMarks::Signs {
        Flow::for_screen_reader(document.document, &CancelFlag::default())
    } else {
        Flow::new(document.document)
    };
    LoadedDiff {
        flow: Arc::new(flow),
        change_count: document.change_count,
        subject: DiffSubject::Versions {
            from: versions.0,
            to: versions.1,
            newest: article.newest(),
        },
    }
}

/// The edits of an article that was edited twice, the second time since it was read.
fn two_edits() -> ArticleEdit {
    ArticleEdit {
        at: now().at - TimeDelta::days(2),
        words: DiffWordCounts { added: 4, removed: 1 },
        from: 2,
        newest: 3,
        is_unseen: true,
    }
}

/// A reader with an article that was edited since it was read.
fn edited_stage(width: u16, height: u16) -> Stage {
    let mut stage = stage(&["Ferry", "Bridge"]);
    stage.edits.insert(EntryId(1), two_edits());
    stage.entries[0].state.read = true;
    stage.size(width, height).send(Message::FullTextChanged(EntryId(1)))
}

fn shown_diff(stage: Stage, versions: (usize, usize)) -> Stage {
    let request = DiffRequest { entry: EntryId(1), versions: Some(versions) };
    let diff = loaded_diff(versions, DiffMarks::Styles);
    stage.send(Message::DiffLoaded(request, Ok(Box::new(diff))))
}

#[test]
fn words_at_the_top_stay_there_when_the_article_in_view_is_edited() {
    let paragraphs: Vec<String> = (1..=60).map(|number| format!("Paragraph {number}.")).collect();
    let text = paragraphs.join("\n\n");
    let first_paragraph = |stage: &Stage| {
        let screen = stage.screen();
        let line =
            screen.lines().find_map(|line| line.find("Paragraph").map(|at| line[at..].trim_end()));
        line.unwrap_or_else(|| panic!("{screen}")).to_owned()
    };
    let mut read = stage(&["Ferry"]).body(1, &text).size(80, 24).keys("right space space");
    let top = first_paragraph(&read);
    assert_ne!(top, "Paragraph 1.");
    read.edits.insert(EntryId(1), two_edits());
    let edited = read.body(1, &format!("One that is new.\n\nAnother one.\n\n{text}"));
    assert_eq!(first_paragraph(&edited), top);
    let told = edited.screen();
    assert!(told.contains("has just edited this article · $ shows what changed"), "{told}");
}

#[test]
fn head_of_edited_article_says_when_and_how_much() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screen = edited_stage(width, height).keys("right").screen();
        assert!(screen.contains("edited Sat 09:30"), "{width}: {screen}");
    }
}

#[test]
fn edits_are_shown_in_place_of_the_article_at_every_size() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let asked = edited_stage(width, height).keys("right $");
        let request = DiffRequest { entry: EntryId(1), versions: Some((2, 3)) };
        assert_eq!(asked.effects, [Effect::LoadDiff(request)]);
        let shown = shown_diff(asked, (2, 3));
        insta::assert_snapshot!(format!("edits_{width}x{height}"), shown.screen());
    }
}

#[test]
fn edits_are_seen_once_they_are_shown_or_the_article_is_opened() {
    let seen = Effect::Write(StoreWrite::MarkOpened(EntryId(1)));
    let asked = edited_stage(80, 24).keys("alt-e");
    assert!(!asked.effects.contains(&seen), "{:?}", asked.effects);
    let shown = shown_diff(asked, (2, 3));
    assert!(shown.effects.contains(&seen), "{:?}", shown.effects);
    let again = shown_diff(shown.keys("$ $"), (2, 3));
    assert!(!again.effects.contains(&seen), "{:?}", again.effects);
    let opened = edited_stage(80, 24).keys("right");
    assert!(opened.effects.contains(&seen), "{:?}", opened.effects);
}

#[test]
fn keys_step_through_changes_and_versions_and_lead_back() {
    let shown = shown_diff(edited_stage(80, 24).keys("right $"), (2, 3));
    let stepped = shown.keys("]");
    assert!(stepped.screen().contains("Change 1 of 2"), "{}", stepped.screen());
    let stepped = stepped.keys("]");
    assert!(stepped.screen().contains("Change 2 of 2"), "{}", stepped.screen());
    let newest = stepped.keys(">");
    assert!(newest.screen().contains("This is the newest edit"), "{}", newest.screen());
    let older = newest.keys("<");
    let request = DiffRequest { entry: EntryId(1), versions: Some((1, 2)) };
    assert_eq!(older.effects, [Effect::LoadDiff(request)]);
    let older = shown_diff(older, (1, 2));
    assert!(older.screen().contains("Version 2 of 3"), "{}", older.screen());
    let oldest = older.keys("<");
    assert!(oldest.screen().contains("This is the oldest edit"), "{}", oldest.screen());
    let back = oldest.keys("esc");
    assert!(back.screen().contains("The text of article 1."), "{}", back.screen());
}

#[test]
fn edits_close_with_their_article_and_late_ones_are_dropped() {
    let shown = shown_diff(edited_stage(80, 24).keys("right $"), (2, 3));
    let next = shown.keys("n");
    assert!(next.screen().contains("The text of article 2."), "{}", next.screen());
    let late = shown_diff(next, (2, 3));
    assert!(late.screen().contains("The text of article 2."), "{}", late.screen());
}

#[test]
fn article_without_edits_says_so() {
    let stage = stage(&["Ferry"]).keys("right $");
    assert!(stage.effects.is_empty(), "{:?}", stage.effects);
    assert!(stage.screen().contains("has not edited this article"), "{}", stage.screen());
}

#[test]
fn edits_stay_in_view_when_the_article_is_loaded_again() {
    let shown = shown_diff(edited_stage(80, 24).keys("right $"), (2, 3));
    let reloaded = shown.send(Message::FullTextChanged(EntryId(1)));
    assert!(reloaded.screen().contains("Version 3 of 3"), "{}", reloaded.screen());
}

#[test]
fn screen_readers_get_signs_in_place_of_styles() {
    let diff = loaded_diff((2, 3), DiffMarks::Signs);
    let text: Vec<String> =
        diff.flow.block_indexes().map(|block| diff.flow.block_text(block).into_owned()).collect();
    let text = text.join("\n");
    assert!(text.contains("The {+old+} ferry across the sound left at [-nine-]{+ten+}."), "{text}");
}
