//! Numbers in a text, and the words that make them a counter.

/// Maximum distance, in words, between a number and a word that makes it a counter.
const COUNTER_WORD_DISTANCE: usize = 3;

/// Returns the positions of the words that differ if all of them are numbers; otherwise `None`.
pub(super) fn changed_numbers(old: &str, new: &str) -> Option<Vec<usize>> {
    let (mut old, mut new) = (old.split_whitespace(), new.split_whitespace());
    let mut changed = Vec::new();
    for at in 0.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) if is_number(old) && is_number(new) => changed.push(at),
            _ => return None,
        }
    }
    Some(changed)
}

/// Returns true for a word with a digit, and for the words of a date or a time.
pub(super) fn is_number(word: &str) -> bool {
    let letters: String =
        word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    word.contains(char::is_numeric)
        || matches!(
            letters.as_str(),
            "am" | "pm"
                | "jan"
                | "january"
                | "feb"
                | "february"
                | "mar"
                | "march"
                | "apr"
                | "april"
                | "may"
                | "jun"
                | "june"
                | "jul"
                | "july"
                | "aug"
                | "august"
                | "sep"
                | "sept"
                | "september"
                | "oct"
                | "october"
                | "nov"
                | "november"
                | "dec"
                | "december"
                | "mon"
                | "monday"
                | "tue"
                | "tuesday"
                | "wed"
                | "wednesday"
                | "thu"
                | "thursday"
                | "fri"
                | "friday"
                | "sat"
                | "saturday"
                | "sun"
                | "sunday"
        )
}

/// Words beside the numbers that sites count on every page: of views, comments and likes, and of the
/// time since a publication. Words such as `votes`, `points` and `visitors` are in the news as well.
#[rustfmt::skip]
const COUNTER_WORDS: [&str; 58] = [
    "view", "views", "viewed", "visit", "visits", "visited", "read", "reads", "hit", "hits",
    "click", "clicks", "comment", "comments", "reply", "replies", "like", "likes", "download",
    "downloads", "rating", "rated", "ago", "updated", "aufrufe", "aufrufen", "gelesen",
    "kommentar", "kommentare", "kommentaren", "klicks", "antworten", "bewertungen", "vues", "vue",
    "lectures", "commentaires", "commentaire", "visitas", "vistas", "lecturas", "comentarios",
    "comentário", "comentários", "visualizações", "visualizzazioni", "visite", "letture",
    "commenti", "reacties", "weergaven", "bekeken", "просмотров", "просмотра", "комментариев",
    "комментария", "wyświetleń", "komentarzy",
];

pub(super) fn is_beside_counter_word(words: &[&str], at: usize) -> bool {
    let from = at.saturating_sub(COUNTER_WORD_DISTANCE);
    let to = words.len().min(at + COUNTER_WORD_DISTANCE + 1);
    words[from..to].iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        COUNTER_WORDS.contains(&word.as_str())
    })
}
