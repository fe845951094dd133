//! Numbers in a text, and the words that make them a counter.

/// Maximum distance, in words, between a number and a word that makes it a counter.
const COUNTER_WORD_DISTANCE: usize = 3;

/// Returns the positions of the words that differ if all of them are numbers; otherwise `None`.
pub(crate) fn changed_numbers(old: &str, new: &str) -> Option<Vec<usize>> {
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
pub(crate) fn is_number(word: &str) -> bool {
    word.contains(char::is_numeric) || DATE_WORDS.contains(&letters_of(word).as_str())
}

/// Returns the word without punctuation and case.
fn letters_of(word: &str) -> String {
    word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

#[rustfmt::skip]
const DATE_WORDS: [&str; 40] = [
    "am", "pm", "jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun",
    "june", "jul", "july", "aug", "august", "sep", "sept", "september", "oct", "october", "nov",
    "november", "dec", "december", "mon", "monday", "tue", "tuesday", "wed", "wednesday", "thu",
    "thursday", "fri", "friday", "sat", "saturday", "sun", "sunday",
];

/// Months of other languages, which make a date in a line of a counter.
#[rustfmt::skip]
const MONTHS: [&str; 48] = [
    "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember",
    "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
    "agosto", "septiembre", "octubre", "noviembre", "diciembre", "gennaio", "febbraio", "aprile",
    "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "januari", "februari",
    "maart", "mei", "augustus", "december", "января", "мая",
];

/// Words beside the numbers that sites count on every page, of views, comments and likes. None of
/// them is beside the numbers of the news.
#[rustfmt::skip]
const COUNTER_WORDS: [&str; 43] = [
    "views", "pageviews", "visited", "comment", "comments", "replies", "likes", "clicks",
    "downloads", "visits", "aufrufe", "aufrufen", "kommentar", "kommentare", "kommentaren",
    "klicks", "antworten", "bewertungen", "gelesen", "vues", "commentaires", "commentaire",
    "lectures", "vistas", "visitas", "lecturas", "comentarios", "comentário", "comentários",
    "visualizações", "visualizzazioni", "letture", "commenti", "reacties", "weergaven", "bekeken",
    "просмотров", "просмотра", "комментариев", "комментария", "wyświetleń", "komentarzy",
    "komentarze",
];

/// Words that make a line a counter if it has no words of the news: the same words are in sentences
/// such as "The storm hit 12 towns".
#[rustfmt::skip]
const LINE_COUNTER_WORDS: [&str; 60] = [
    "view", "viewed", "visit", "visitor", "visitors", "read", "reads", "readers", "hit", "hits",
    "click", "reply", "like", "liked", "download", "downloaded", "rating", "ratings", "rated",
    "vote", "votes", "point", "points", "share", "shares", "shared", "seen", "times", "plays",
    "stars", "followers", "favorites", "favourites", "boosts", "ago", "updated", "modified",
    "edited", "published", "posted", "aktualisiert", "geändert", "veröffentlicht", "stand", "mal",
    "vue", "visites", "publié", "visite", "hace", "actualizado", "publicado", "aggiornato",
    "pubblicato", "geleden", "bijgewerkt", "тому", "vor", "y", "jour",
];

/// Words that may be in the line of a counter.
#[rustfmt::skip]
const LINE_FILLERS: [&str; 80] = [
    "no", "a", "an", "one", "total", "last", "on", "at", "by", "the", "of", "was", "so", "far",
    "this", "page", "post", "article", "and", "just", "out", "second", "seconds", "sec", "minute",
    "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "day", "days", "week", "weeks", "month",
    "months", "year", "years", "zuletzt", "keine", "um", "uhr", "tag", "woche", "wochen", "monat",
    "monaten", "und", "il", "le", "mis", "à", "heures", "el", "horas", "días", "uur", "ayer",
    "gestern", "gisteren", "heute", "hier", "ieri", "minuten", "now", "stunde", "stunden", "tage",
    "tagen", "today", "yesterday", "jours", "gerade", "dagen", "dag", "heure", "ore", "fa",
];

/// Returns true if a text is nothing but a counter, a rating (`4.5 / 5`), or the age or date of the
/// article: numbers and the words of counters, at least one of them.
pub(crate) fn is_counter_line(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    let mut has_counter_word = false;
    for word in words {
        let letters = letters_of(word);
        let letters = letters.as_str();
        let counts = COUNTER_WORDS.contains(&letters) || LINE_COUNTER_WORDS.contains(&letters);
        has_counter_word |= counts;
        let is_known = counts
            || letters.is_empty()
            || DATE_WORDS.contains(&letters)
            || MONTHS.contains(&letters)
            || LINE_FILLERS.contains(&letters);
        if !is_known {
            return false;
        }
    }
    has_counter_word || is_rating(text)
}

/// Returns true for a number out of 5 or 10: `4.5 / 5`, `8/10`.
fn is_rating(text: &str) -> bool {
    let Some((value, most)) = text.split_once('/') else { return false };
    let value = value.trim().replace(',', ".").parse::<f32>();
    matches!(most.trim(), "5" | "10") && value.is_ok_and(|value| (0.0..=10.0).contains(&value))
}

/// Returns a headline without the counters at its ends: a number or a counter in brackets, and the
/// age of the article after a separator.
pub(crate) fn without_title_counter(title: &str) -> &str {
    let is_counter = |text: &str| is_counter_line(text) || is_plain_number(text);
    let mut rest = title.trim();
    let bracketed = rest.strip_prefix(['(', '[']).and_then(|rest| rest.split_once([')', ']']));
    if let Some((inside, after)) = bracketed
        && is_counter(inside)
        && !after.trim().is_empty()
    {
        rest = after.trim();
    }
    let bracketed = rest.strip_suffix([')', ']']).and_then(|rest| rest.rsplit_once(['(', '[']));
    if let Some((before, inside)) = bracketed
        && is_counter(inside)
    {
        rest = before.trim_end();
    }
    let separated = rest.rsplit_once([',', '|', '·', '•', '–', '—', '-']);
    match separated {
        Some((before, age)) if is_counter_line(age) => before.trim_end(),
        _ => rest,
    }
}

fn is_plain_number(text: &str) -> bool {
    text.contains(char::is_numeric) && !text.contains(char::is_alphabetic)
}

/// Returns true if two versions of a block differ only in the numbers of a counter.
pub(crate) fn is_counter_change(old: &str, new: &str) -> bool {
    let words: Vec<&str> = new.split_whitespace().collect();
    let beside_counter_words =
        |numbers: Vec<usize>| numbers.iter().all(|at| is_beside_counter_word(&words, *at));
    is_counter_line(old) && is_counter_line(new)
        || changed_numbers(old, new).is_some_and(beside_counter_words)
}

fn is_beside_counter_word(words: &[&str], at: usize) -> bool {
    let from = at.saturating_sub(COUNTER_WORD_DISTANCE);
    let to = words.len().min(at + COUNTER_WORD_DISTANCE + 1);
    words[from..to].iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        COUNTER_WORDS.contains(&word.as_str())
    })
}
