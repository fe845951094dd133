//! Measures which copies by text are found: texts are republished in several ways and compared with all others.

use newsreader::{
    model::{EntryId, FeedId},
    story::{ArrivingArticle, Shingles, StoryChoices, StoryText, StoryWindow, extract_terms},
};

use crate::{CountedWords, texts::Texts};

/// Number of texts that are republished.
const REPUBLISHED: usize = 600;

/// Minimum number of words of a text that is republished.
const MIN_WORDS: usize = 60;

/// What a publisher adds to every article.
const BOILERPLATE: [&str; 2] = [
    "Good morning and welcome. This article is brought to you by our partners, and all views are those of their \
     authors. Sign up for the newsletter and never miss a story again.",
    "Follow us on all channels for more of this. Reading articles here is free, but our reporters depend on your \
     support: become a member today. All rights reserved; no part may be copied without permission in writing. \
     Read more about this, and about what else happened today, on our front page.",
];

/// Makes the text of another publisher of a text.
type Republisher = fn(&str) -> String;

/// The text of an article, to be compared.
struct Comparable {
    article: ArrivingArticle,
    shingles: Shingles,
}

impl Comparable {
    fn new(number: usize, (title, body): (&str, &str), words: &CountedWords) -> Comparable {
        let text = StoryText { title, body };
        let id = i64::try_from(number).unwrap() + 1;
        let (terms, shingles) = (extract_terms(text, words), Shingles::new(text));
        let article = ArrivingArticle { entry: EntryId(id), feed: FeedId(id), published: 0, terms };
        Comparable { article, shingles }
    }
}

/// Prints the share of the variants of texts that are found to be copies, and the articles that are.
pub fn measure_copies(texts: &Texts) {
    let words = CountedWords::new(texts, texts.len());
    let mut window = StoryWindow::default();
    let mut articles: Vec<Comparable> = Vec::new();
    let (mut compared, mut found) = (0, Vec::new());
    for number in 0..texts.len() {
        let text = texts.article(number);
        let new = Comparable::new(number, (&text.title, &text.text), &words);
        let (copy_of, count) = find_copy(&mut window, &articles, &new);
        compared += count;
        found.extend(copy_of.map(|other| (other, number)));
        let neighbours = window.find_neighbours(&new.article);
        window.place(new.article.clone(), (neighbours, None), &StoryChoices::default());
        articles.push(new);
    }
    println!("{} articles: {compared} texts read, {} copies", articles.len(), found.len());
    for (first, second) in &found {
        let [first, second] = [first, second].map(|number| texts.article(*number));
        let beginning = |text: &str| text.chars().take(100).collect::<String>().replace('\n', " ");
        println!("  {} | {}", beginning(&first.text), beginning(&second.text));
    }
    let variants: [(&str, Republisher); 5] = [
        ("boilerplate added", |text| format!("{}\n{text}\n{}", BOILERPLATE[0], BOILERPLATE[1])),
        ("first 40 %", |text| keep_words(text, |at, count| at * 10 < count * 4)),
        ("two sentences", |text| text.split_inclusive(". ").take(2).collect()),
        ("a fifth gone", |text| keep_words(text, |at, _| at / 10 % 5 != 2)),
        ("5 % of the words changed", |text| change_words(text)),
    ];
    let long: Vec<usize> = (0..texts.len())
        .filter(|number| texts.article(*number).text.split_whitespace().count() >= MIN_WORDS)
        .take(REPUBLISHED)
        .collect();
    for (name, republish) in variants {
        let (mut hits, mut compared) = (0, 0);
        for number in &long {
            let text = texts.article(*number);
            let title = if name == "boilerplate added" { "" } else { &text.title };
            let variant = Comparable::new(texts.len(), (title, &republish(&text.text)), &words);
            let (copy_of, count) = find_copy(&mut window, &articles, &variant);
            compared += count;
            // Some texts are in the folder twice.
            let is_original =
                |other: usize| articles[other].shingles.is_copy_of(&articles[*number].shingles);
            hits += usize::from(copy_of.is_some_and(is_original));
        }
        let share = 100.0 * hits as f64 / long.len() as f64;
        println!("{name}: {hits} of {} found ({share:.1} %), {compared} texts read", long.len());
    }
}

/// Returns the number of the article of which another one is a copy, and how many texts were compared.
fn find_copy(
    window: &mut StoryWindow,
    articles: &[Comparable],
    new: &Comparable,
) -> (Option<usize>, usize) {
    let likely = window.find_neighbours(&new.article).likely_copies;
    let numbers: Vec<usize> =
        likely.iter().map(|entry| usize::try_from(entry.0).unwrap() - 1).collect();
    let at = numbers.iter().position(|number| articles[*number].shingles.is_copy_of(&new.shingles));
    (at.map(|at| numbers[at]), at.map_or(numbers.len(), |at| at + 1))
}

/// Keeps the words of a text for whose places, and the number of all, `is_kept` returns true.
fn keep_words(text: &str, is_kept: impl Fn(usize, usize) -> bool) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let kept = words.iter().enumerate().filter(|(at, _)| is_kept(*at, words.len()));
    kept.map(|(_, word)| *word).collect()
}

/// Changes every twentieth word.
fn change_words(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).enumerate();
    words.map(|(at, word)| if at % 20 == 7 { "otherwise " } else { word }).collect()
}
