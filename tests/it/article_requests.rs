//! The requests of the reading pane for articles, and their results.

use std::sync::Arc;

use newsreader::{
    app::{ArticlePane, ArticleProblem, ArticleRequest, Effect, Effects, LoadedArticle},
    markup::{Flow, parse_plain_text},
    model::{EntryId, Failure, FailureKind, ReadingPosition},
};

use crate::support::{entry, stage};

/// A pane that shows the entry `id` and has requested it and the entries around it.
fn pane_at(id: i64) -> (ArticlePane, Vec<ArticleRequest>) {
    let mut pane = ArticlePane::default();
    let (loads, cancelled) = select(&mut pane, id);
    assert_eq!(cancelled, []);
    (pane, loads)
}

/// Selects the entry `id`; returns the requests that are made and those that are cancelled.
fn select(pane: &mut ArticlePane, id: i64) -> (Vec<ArticleRequest>, Vec<ArticleRequest>) {
    let _ = pane.show_entry(Some(&entry(id, "An article")));
    requests(pane.request_articles(&[EntryId(id + 1), EntryId(id - 1)]))
}

fn requests(effects: Effects) -> (Vec<ArticleRequest>, Vec<ArticleRequest>) {
    let (mut loads, mut cancelled) = (Vec::new(), Vec::new());
    for effect in effects {
        match effect {
            Effect::LoadArticle(request) => loads.push(request),
            Effect::CancelArticle(request) => cancelled.push(request),
            _ => {}
        }
    }
    (loads, cancelled)
}

fn entries(requests: &[ArticleRequest]) -> Vec<i64> {
    requests.iter().map(|request| request.entry.0).collect()
}

fn article(text: &str) -> LoadedArticle {
    LoadedArticle {
        flow: Arc::new(Flow::new(parse_plain_text(text))),
        word_count: 1,
        position: ReadingPosition::default(),
        full_text: None,
        has_damaged_full_text: false,
        has_story: false,
        edit: None,
    }
}

fn shown_text(pane: &ArticlePane) -> Option<String> {
    pane.view().map(|view| view.flow().block_text(0).into_owned())
}

#[test]
fn selection_that_moves_on_cancels_requests_of_distant_articles() {
    let (mut pane, loads) = pane_at(10);
    assert_eq!(entries(&loads), [10, 11, 9]);
    let (loads, cancelled) = select(&mut pane, 11);
    assert_eq!((entries(&loads), entries(&cancelled)), (vec![12], vec![9]));
    let (loads, cancelled) = select(&mut pane, 50);
    assert_eq!((entries(&loads), entries(&cancelled)), (vec![50, 51, 49], vec![10, 11, 12]));
}

#[test]
fn result_of_cancelled_request_is_dropped() {
    let (mut pane, first) = pane_at(10);
    select(&mut pane, 50);
    let (again, _) = select(&mut pane, 10);
    let selected = entry(10, "An article");
    pane.article_loaded(first[0], Ok(article("old")), Some(&selected));
    assert_eq!(shown_text(&pane), None);
    pane.article_loaded(again[0], Ok(article("new")), Some(&selected));
    assert_eq!(shown_text(&pane).as_deref(), Some("new"));
}

#[test]
fn reload_drops_result_of_text_before() {
    let (mut pane, first) = pane_at(10);
    let (again, cancelled) = requests(pane.reload_article(EntryId(10)));
    assert_eq!((entries(&again), cancelled), (vec![10], vec![first[0]]));
    let selected = entry(10, "An article");
    pane.article_loaded(again[0], Ok(article("new")), Some(&selected));
    pane.article_loaded(first[0], Ok(article("old")), Some(&selected));
    assert_eq!(shown_text(&pane).as_deref(), Some("new"));
}

#[test]
fn failed_article_is_requested_again_once_it_was_left() {
    let (mut pane, loads) = pane_at(10);
    let failure = Failure::new(FailureKind::Library, "The text is damaged");
    pane.article_loaded(loads[0], Err(failure.clone()), None);
    assert_eq!(pane.problem(), Some(&ArticleProblem::Failed(failure)));
    assert_eq!(requests(pane.request_articles(&[])).0, []);
    select(&mut pane, 50);
    assert_eq!(pane.problem(), None);
    assert_eq!(entries(&select(&mut pane, 10).0), [10, 11, 9]);
}

#[test]
fn withheld_article_is_opened_by_its_key_only() {
    let fact = "This article did not finish opening last time · ";
    let listed = stage(&["Heavy", "Light"]).withhold(1).size(120, 24);
    assert_eq!(listed.app.article_pane.problem(), Some(&ArticleProblem::Withheld));
    assert!(listed.screen().contains(&format!("{fact}→ opens it anyway")), "{}", listed.screen());
    let back = listed.keys("down up");
    assert_eq!(back.app.article_pane.problem(), Some(&ArticleProblem::Withheld));
    let opened = back.keys("enter");
    assert!(opened.app.article_pane.view().is_some_and(|view| view.entry_id() == EntryId(1)));
    assert_eq!(opened.app.article_pane.problem(), None);
}
