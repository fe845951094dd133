//! Full stops that end an abbreviation, and no sentence.

/// Abbreviations before names.
const BEFORE_NAMES: [&str; 38] = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Sr", "Jr", "Gen", "Col", "Lt", "Capt", "Cmdr", "Sgt",
    "Maj", "Adm", "Rep", "Sen", "Gov", "Rev", "Hon", "Pres", "Messrs", "Mme", "Mlle", "Mt", "Ft",
    "Jos", "Wm", "vs", "Hr", "Fr", "Abs", "bzw", "ca", "Sra", "Dra", "Govt",
];

/// Words that are abbreviations only before a number.
const BEFORE_NUMBERS: [&str; 21] = [
    "No", "no", "Nos", "Nr", "Art", "Fig", "Vol", "p", "pp", "Jan", "Feb", "Mar", "Apr", "Jun",
    "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
];

/// States and provinces as American agencies write them. Some are words as well: they are abbreviations after the
/// comma behind a town, and at the beginning of a text.
const STATES: [&str; 36] = [
    "Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Ky",
    "La", "Md", "Mass", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ont", "Ore",
    "Pa", "Que", "Sask", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wyo",
];

/// German month names: after `3.`, they show that the number is an ordinal.
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// Returns whether the full stop between `before` and `after` is that of an abbreviation, an initial or an ordinal, so
/// that it ends no sentence: `Mr. Fox`, `the U.S. Senate`, `No. 5`, `Louisville, Ky. (AP)`, `am 3. Oktober`.
pub fn is_abbreviation(before: &str, after: &str) -> bool {
    let word = last_word(before);
    let precedes_number = || after.starts_with(|c: char| c.is_ascii_digit());
    let precedes_month = || GERMAN_MONTHS.iter().any(|month| after.starts_with(month));
    let is_ordinal =
        word.len() <= 2 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_acronym(word)
        || BEFORE_NAMES.contains(&word)
        || (BEFORE_NUMBERS.contains(&word) && precedes_number())
        || (is_ordinal && precedes_month())
        || (STATES.contains(&word) && !after.is_empty() && follows_town(before, word))
}

/// Returns whether `before` ends with an acronym of several letters, whose last full stop belongs to it: `the U.S`.
pub fn ends_with_acronym(before: &str) -> bool {
    let word = last_word(before);
    word.contains('.') && is_acronym(word)
}

/// Returns whether `word`, at the end of `before`, follows a comma or nothing.
fn follows_town(before: &str, word: &str) -> bool {
    let town = before.strip_suffix(word).unwrap_or(before).trim_end();
    town.is_empty() || town.ends_with(',')
}

/// Returns whether `word`, without its last full stop, is an acronym or an initial: `U.S`, `a.m`,
/// `Ph.D`, `J`.
fn is_acronym(word: &str) -> bool {
    let is_short = |part: &str| {
        !part.is_empty() && part.chars().count() <= 2 && part.chars().all(char::is_alphabetic)
    };
    let is_initial =
        word.chars().count() == 1 && word.chars().all(|c| c.is_lowercase() || c.is_uppercase());
    is_initial || (word.contains('.') && word.split('.').all(is_short))
}

/// Returns the last word of `text`, without the punctuation in front of the word.
fn last_word(text: &str) -> &str {
    let start = text
        .rfind([' ', '-', '\u{a0}', '/'])
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    text[start..].trim_start_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_abbreviations_after_a_town_and_at_the_beginning() {
        for (before, after) in [
            ("Calif", "Air Board approves"),
            ("LOUISVILLE, Ky", "(AP) — The"),
            ("Close to MLB, Va", "is ready"),
        ] {
            assert!(is_abbreviation(before, after), "{before}");
        }
        for (before, after) in [("She sang la la La", "He left."), ("In Reno, Nev", "")] {
            assert!(!is_abbreviation(before, after), "{before}");
        }
    }

    #[test]
    fn months_and_numbers_are_abbreviations_before_numbers() {
        assert!(is_abbreviation("on Oct", "3 it rained"));
        assert!(is_abbreviation("Am 3", "Oktober"));
        assert!(!is_abbreviation("She said no", "Then yes."));
        assert!(!is_abbreviation("It began in Oct", "Nobody came"));
    }
}
