//! The words of dates: months, AM and PM, fillers. The names of zones are in [`super::time_zones`].

use super::time_zones::{TimeZoneRule, parse_zone_name};

/// The meaning of a word in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateWord {
    /// A month, 1 to 12.
    Month(u32),
    /// A time zone.
    Zone(TimeZoneRule),
    /// AM or PM in Korean; the date is in Korean time, because Korean sites write no zone.
    KoreanMeridiem,
    /// The `W` before the number of a week.
    WeekDesignator,
    /// A word without meaning for the date.
    Filler,
    /// Any other word.
    Unknown,
}

/// Returns the meaning of `word`, which is in lower case without accents.
pub(super) fn classify_word(word: &str) -> DateWord {
    match word {
        "오전" | "오후" => return DateWord::KoreanMeridiem,
        "w" => return DateWord::WeekDesignator,
        "a" | "on" | "st" | "nd" | "rd" | "th" | "at" | "of" | "the" | "de" | "del" | "di"
        | "den" | "der" | "le" | "um" | "uhr" | "kl" | "om" | "о" | "г" | "в" | "r" | "t"
        | "上午" | "下午" | "am" | "pm" => {
            return DateWord::Filler;
        }
        _ if is_english_weekday(word) => return DateWord::Filler,
        _ => {}
    }
    parse_month(word)
        .map(DateWord::Month)
        .or_else(|| (word.len() > 1).then(|| parse_zone_name(word)).flatten().map(DateWord::Zone))
        .unwrap_or(DateWord::Unknown)
}

/// Returns true for the English name of a day of the week, or for its first letters.
fn is_english_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word))
}

/// Returns false for a word that means AM, true for one that means PM, `None` for any other.
pub(super) fn parse_meridiem(word: &str) -> Option<bool> {
    match word {
        "am" | "오전" | "上午" | "午前" => Some(false),
        "pm" | "오후" | "下午" | "午後" => Some(true),
        _ => None,
    }
}

/// Prefixes of the names of months: English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Scandinavian, Hungarian, Polish, Czech, Turkish, Greek, Russian, Ukrainian.
const MONTH_PREFIXES: [&[&str]; 12] = [
    &["jan", "ene", "gen", "sty", "led", "oca", "ιαν", "янв", "січ"],
    &["feb", "fev", "lut", "uno", "sub", "φεβ", "фев", "лют"],
    &["mar", "mrt", "mrz", "maa", "bre", "μαρ", "μαω", "мар", "бер"],
    &["apr", "avr", "abr", "kwi", "dub", "nis", "απρ", "апр", "кві"],
    &["may", "mai", "maj", "mag", "mei", "kve", "μαι", "μαι", "мая", "маи", "май", "тра"],
    &["jun", "juin", "giu", "cze", "cerven", "haz", "ιουν", "ιον", "июн", "чер"],
    &["jul", "juil", "lug", "lip", "cervenec", "tem", "ιουλ", "ιολ", "июл", "лип"],
    &["aug", "ago", "aou", "sie", "srp", "agu", "αυγ", "авг", "сер"],
    &["sep", "set", "sze", "wrz", "zar", "eyl", "σεπ", "сен", "вер"],
    &["oct", "okt", "ott", "out", "paz", "rij", "eki", "οκτ", "окт", "жов"],
    &["nov", "lis", "kas", "νοε", "νοω", "ноя", "лис"],
    &["dec", "dez", "dic", "des", "gru", "pro", "ara", "δεκ", "дек", "гру"],
];

/// Chinese and Japanese names of the months, without the sign for month.
const CHINESE_MONTHS: [&str; 12] =
    ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// Returns the month with the longest prefix of `word`.
fn parse_month(word: &str) -> Option<u32> {
    if let Some(index) = CHINESE_MONTHS.iter().position(|month| *month == word) {
        return u32::try_from(index + 1).ok();
    }
    // Names of zones such as `Mars/Olympus`.
    if word.trim_end_matches('/').contains(['/', '_']) {
        return None;
    }
    let prefixes = (1..)
        .zip(MONTH_PREFIXES)
        .flat_map(|(month, prefixes)| prefixes.iter().map(move |prefix| (month, *prefix)));
    let matching = prefixes.filter(|(_, prefix)| word.starts_with(prefix));
    matching.max_by_key(|(_, prefix)| prefix.len()).map(|(month, _)| month)
}
