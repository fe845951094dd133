//! Benchmarks of the path from a key to the screen: fold, search, update, draw. Parsing and
//! wrapping are in the bench `documents`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{fmt::Write, sync::Arc};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use divan::{Bencher, counter::BytesCount};
use newsreader::{
    app::{App, AppSetup, Effect, LoadedArticle, Message, Size},
    command::{Key, KeyCode, Keymap},
    index::{EntryLookup, UnindexedEntries, UnindexedEntry},
    markup::{Flow, parse_plain_text},
    model::{
        Entry, EntryId, EntryState, FeedId, ListGrouping, PublicationDate, SearchResults,
        SearchSummary, StoryFold, StoryId, StorySummary, View, ViewScope,
    },
    query::{self, EntryAttributes, FoldedText, PlainText},
    settings,
    text::{LocalNow, fold},
    ui::{self, Glyphs, ScreenStyle, Theme},
};
use ratatui::{Terminal, backend::TestBackend};

fn main() {
    divan::main();
}

const WORDS: [&str; 24] = [
    "harbour", "bridge", "winter", "compiler", "council", "drought", "valley", "railway",
    "library", "glacier", "market", "orchard", "signal", "museum", "protest", "vaccine", "archive",
    "reactor", "storm", "budget", "union", "river", "été", "東京",
];

/// Returns at least `bytes` bytes of paragraphs of 60 words; the same seed gives the same text.
fn prose(bytes: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut text = String::new();
    while text.len() < bytes {
        for _ in 0..60 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let word = WORDS[usize::try_from(state % WORDS.len() as u64).unwrap()];
            write!(text, "{word} ").unwrap();
        }
        text.push_str("end.\n\n");
    }
    text
}

#[divan::bench]
fn fold_1_mb(bencher: Bencher) {
    let text = prose(1 << 20, 1);
    bencher.counter(BytesCount::new(text.len())).bench(|| fold(&text));
}

#[divan::bench(args = ["b", "bri", "bridge wint", "\"bridge winter\"", "nosuchword"])]
fn search_20_000_unindexed_entries(bencher: Bencher, typed: &str) {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let mut entries = UnindexedEntries::default();
    for id in 0..20_000_u64 {
        entries.upsert(UnindexedEntry {
            id: EntryId(id.cast_signed()),
            feed: FeedId(1),
            state: EntryState::default(),
            tag_ids: Vec::new(),
            published: 0,
            published_day: day,
            arrived_day: day,
            text: FoldedText::new("A title", "", &prose(1_000, id), "", ""),
            attributes: EntryAttributes::default(),
        });
    }
    let query = query::parse(typed, day);
    let lookup = EntryLookup { plain_text: &|_| PlainText::default(), is_in_story: &|_, _| false };
    bencher.bench_local(|| entries.search(&query, &ViewScope::All, day, &lookup));
}

/// Number of the articles of each story in a list grouped by story.
const STORY_SIZE: i64 = 4;

/// Returns an app with a list of `count` rows and an open article. Grouped by story, every row stands for
/// a story.
fn app_with_entries(count: i64, size: Size, grouping: ListGrouping) -> (App, LocalNow) {
    let by_story = grouping == ListGrouping::Story;
    let mut views = View::first_views();
    for view in &mut views {
        view.grouping = grouping;
    }
    let now = LocalNow {
        at: DateTime::<Utc>::UNIX_EPOCH,
        zone: FixedOffset::east_opt(0).unwrap().into(),
    };
    let (mut app, effects) = App::new(AppSetup {
        settings: settings::merge_layers(Vec::new()).0,
        type_keymap: Keymap::type_preset(),
        vim_keymap: Keymap::vim_preset(),
        themes: Vec::new(),
        collections: Vec::new,
        session: newsreader::model::SessionState::default(),
        views,
        initial_scope: Some(ViewScope::All),
        failures: Vec::new(),
        warning: None,
        size,
        now,
    });
    let entry = |id: i64| Entry {
        id: EntryId(id),
        other_feeds: Vec::new(),
        feed: FeedId(1),
        title: prose(60, id.cast_unsigned()).chars().take(70).collect(),
        link: None,
        author: None,
        site: None,
        published: PublicationDate::Instant(now.at),
        state: EntryState::default(),
        tags: Vec::new(),
        categories: Vec::new(),
        dropped_at: None,
        queued_seconds: None,
        story: by_story.then_some(StorySummary { story: StoryId(id), other_feeds: 3, unread: 2 }),
    };
    let folded = count..count * STORY_SIZE;
    let fold = StoryFold {
        folded: Arc::new(folded.map(EntryId).collect()),
        article_count: usize::try_from(count * STORY_SIZE).unwrap(),
        ..StoryFold::default()
    };
    let ids = Arc::new((1..=count).map(EntryId).collect());
    let rows = (1..=count.min(400)).map(entry).collect();
    let results = SearchResults {
        ids,
        rows,
        stored_count: count.cast_unsigned(),
        scope_count: count.cast_unsigned(),
        selected_index: 0,
        is_partial: false,
        total: None,
        progress: None,
        summary: SearchSummary::default(),
        stories: by_story.then_some(fold),
    };
    for effect in effects {
        if let Effect::Search(request, _) = effect {
            let _ = app.update(Message::ResultsLoaded(request, Ok(results.clone())), now);
        }
    }
    for effect in app.request_missing() {
        if let Effect::LoadArticle(request) = effect {
            let id = request.entry.0.cast_unsigned();
            let flow = Arc::new(Flow::new(parse_plain_text(&prose(3_000, id))));
            let position = newsreader::model::ReadingPosition::default();
            let article = LoadedArticle {
                flow,
                word_count: 500,
                position,
                full_text: None,
                has_damaged_full_text: false,
                has_story: false,
                edit: None,
            };
            let _ = app.update(Message::ArticleLoaded(request, Ok(article)), now);
        }
    }
    (app, now)
}

/// Handles a key and draws the frame that it causes, with a million rows.
fn bench_key_and_frame(bencher: Bencher, (width, height): (u16, u16), grouping: ListGrouping) {
    let (mut app, now) = app_with_entries(1_000_000, Size::new(width, height), grouping);
    let style = ScreenStyle { theme: Theme::built_in("sixteen").unwrap(), glyphs: Glyphs::UNICODE };
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut down = false;
    bencher.bench_local(|| {
        down = !down;
        let code = if down { KeyCode::Down } else { KeyCode::Up };
        let _ = app.update(Message::Key(Key::without_modifiers(code)), now);
        terminal.draw(|frame| ui::draw_app(&app, &style, now, frame)).unwrap();
    });
}

#[divan::bench(args = [(80, 24), (120, 40), (300, 100)])]
fn key_and_frame(bencher: Bencher, size: (u16, u16)) {
    bench_key_and_frame(bencher, size, ListGrouping::None);
}

/// To be compared with `key_and_frame`.
#[divan::bench(args = [(80, 24), (120, 40), (300, 100)])]
fn key_and_frame_grouped_by_story(bencher: Bencher, size: (u16, u16)) {
    bench_key_and_frame(bencher, size, ListGrouping::Story);
}
