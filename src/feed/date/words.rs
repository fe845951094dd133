//! The words of dates: months, zones, halves of the day.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

/// What a word in a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateWord {
    /// A month, 1 to 12.
    Month(u32),
    /// A zone.
    Zone(TimeZoneRule),
    /// A word by which a date is known to be in Korean time: sites there name no zone.
    KoreanMeridiem,
    /// The letter that begins the number of a week.
    WeekDesignator,
    /// One that says nothing.
    Filler,
    /// None of these.
    Unknown,
}

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeZoneRule {
    /// Seconds east of Greenwich in winter.
    standard_offset: i32,
    daylight_saving: DaylightSaving,
}

/// The zone of sites in Korea, which name none.
pub(super) const KOREA_ZONE: TimeZoneRule = TimeZoneRule::fixed(9 * 3600);

/// When a zone has summer time: an hour more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DaylightSaving {
    Never,
    /// From the last Sunday in March to the last in October (Directive 2000/84/EC).
    EuropeanUnion,
    /// From the second Sunday in March to the first in November (Energy Policy Act of 2005).
    UnitedStates,
}

impl TimeZoneRule {
    /// So many seconds east of Greenwich, all year.
    pub(super) const fn fixed(standard: i32) -> TimeZoneRule {
        TimeZoneRule { standard_offset: standard, daylight_saving: DaylightSaving::Never }
    }

    /// Seconds east of Greenwich at a local time.
    pub(super) fn offset_at(self, local: NaiveDateTime) -> i32 {
        let summer = match self.daylight_saving {
            DaylightSaving::Never => None,
            DaylightSaving::EuropeanUnion => {
                last_sunday_of(local.year(), 3).zip(last_sunday_of(local.year(), 10))
            }
            DaylightSaving::UnitedStates => {
                let sunday = |month, n| {
                    NaiveDate::from_weekday_of_month_opt(local.year(), month, Weekday::Sun, n)
                };
                sunday(3, 2).zip(sunday(11, 1))
            }
        };
        let summer = summer.is_some_and(|(from, to)| {
            let turn = |day: NaiveDate| day.and_hms_opt(2, 0, 0);
            turn(from).is_some_and(|from| local >= from) && turn(to).is_some_and(|to| local < to)
        });
        self.standard_offset + if summer { 3600 } else { 0 }
    }
}

fn last_sunday_of(year: i32, month: u32) -> Option<NaiveDate> {
    let sunday = |n| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, n);
    sunday(5).or_else(|| sunday(4))
}

/// What `word` is, in small letters without accents.
pub(super) fn classify_word(word: &str) -> DateWord {
    match word {
        "오전" | "오후" => return DateWord::KoreanMeridiem,
        "w" => return DateWord::WeekDesignator,
        "st" | "nd" | "rd" | "th" | "at" | "of" | "the" | "de" | "del" | "di" | "den" | "der"
        | "le" | "um" | "uhr" | "kl" | "om" | "о" | "г" | "в" | "r" | "t" | "上午" | "下午"
        | "am" | "pm" => {
            return DateWord::Filler;
        }
        _ => {}
    }
    parse_month(word)
        .map(DateWord::Month)
        .or_else(|| (word.len() > 1).then(|| parse_zone_name(word)).flatten().map(DateWord::Zone))
        .unwrap_or(DateWord::Unknown)
}

/// Whether a word puts an hour into the second half of the day; `None` if it says nothing of that.
pub(super) fn parse_meridiem(word: &str) -> Option<bool> {
    match word {
        "am" | "오전" | "上午" | "午前" => Some(false),
        "pm" | "오후" | "下午" | "午後" => Some(true),
        _ => None,
    }
}

/// How the names of months begin: English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian,
/// Hungarian, Polish, Czech, Turkish, Greek, Russian, Ukrainian.
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

/// The month whose name `word` begins like; the longest beginning counts.
fn parse_month(word: &str) -> Option<u32> {
    let names = (1..)
        .zip(MONTH_PREFIXES)
        .flat_map(|(number, names)| names.iter().map(move |name| (number, *name)));
    let fitting = names.filter(|(_, name)| word.starts_with(name));
    fitting.max_by_key(|(_, name)| name.len()).map(|(number, _)| number)
}

/// Hours east of Greenwich, by name: RFC 5322 §4.3, and names in use beyond it.
const ZONE_HOURS: [(&str, i32); 60] = [
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("etc/gmt", 0),
    ("etc/utc", 0),
    ("wet", 0),
    ("est", -5),
    ("edt", -4),
    ("et", -5),
    ("cst", -6),
    ("cdt", -5),
    ("ct", -6),
    ("mst", -7),
    ("mdt", -6),
    ("mt", -7),
    ("pst", -8),
    ("pdt", -7),
    ("pt", -8),
    ("ast", -4),
    ("adt", -3),
    ("at", -4),
    ("akst", -9),
    ("akdt", -8),
    ("hst", -10),
    ("bst", 1),
    ("west", 1),
    ("cet", 1),
    ("met", 1),
    ("mez", 1),
    ("cest", 2),
    ("mest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("eest", 3),
    ("sast", 2),
    ("cat", 2),
    ("eat", 3),
    ("msk", 3),
    ("msd", 4),
    ("trt", 3),
    ("gst", 4),
    ("pkt", 5),
    ("wib", 7),
    ("ict", 7),
    ("hkt", 8),
    ("sgt", 8),
    ("awst", 8),
    ("pht", 8),
    ("jst", 9),
    ("kst", 9),
    ("aest", 10),
    ("aedt", 11),
    ("nzst", 12),
    ("nzdt", 13),
    ("brt", -3),
    ("art", -3),
    ("clt", -4),
    ("cot", -5),
    ("pet", -5),
];

/// Zones of half an hour, in minutes.
const HALF_HOUR_ZONES: [(&str, i32); 6] =
    [("ist", 330), ("nst", -210), ("ndt", -150), ("acst", 570), ("acdt", 630), ("npt", 345)];

/// Places of the IANA database that feeds name, with their winter hours.
const IANA_ZONES: [(&str, i32, DaylightSaving); 24] = [
    ("america/new_york", -5, DaylightSaving::UnitedStates),
    ("america/toronto", -5, DaylightSaving::UnitedStates),
    ("america/chicago", -6, DaylightSaving::UnitedStates),
    ("america/denver", -7, DaylightSaving::UnitedStates),
    ("america/los_angeles", -8, DaylightSaving::UnitedStates),
    ("america/vancouver", -8, DaylightSaving::UnitedStates),
    ("america/sao_paulo", -3, DaylightSaving::Never),
    ("europe/london", 0, DaylightSaving::EuropeanUnion),
    ("europe/dublin", 0, DaylightSaving::EuropeanUnion),
    ("europe/lisbon", 0, DaylightSaving::EuropeanUnion),
    ("europe/athens", 2, DaylightSaving::EuropeanUnion),
    ("europe/helsinki", 2, DaylightSaving::EuropeanUnion),
    ("europe/kiev", 2, DaylightSaving::EuropeanUnion),
    ("europe/kyiv", 2, DaylightSaving::EuropeanUnion),
    ("europe/bucharest", 2, DaylightSaving::EuropeanUnion),
    ("europe/moscow", 3, DaylightSaving::Never),
    ("europe/istanbul", 3, DaylightSaving::Never),
    ("asia/tokyo", 9, DaylightSaving::Never),
    ("asia/seoul", 9, DaylightSaving::Never),
    ("asia/shanghai", 8, DaylightSaving::Never),
    ("asia/hong_kong", 8, DaylightSaving::Never),
    ("asia/singapore", 8, DaylightSaving::Never),
    ("asia/dubai", 4, DaylightSaving::Never),
    ("australia/brisbane", 10, DaylightSaving::Never),
];

/// The zone of this name. Single letters but `z` are of no use: they were used both ways (RFC 5322 §4.3).
pub(super) fn parse_zone_name(word: &str) -> Option<TimeZoneRule> {
    if word.len() == 1 && word.is_ascii() && word != "t" {
        return Some(TimeZoneRule::fixed(0));
    }
    let hours = ZONE_HOURS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, hours)| TimeZoneRule::fixed(hours * 3600));
    let halves = || {
        HALF_HOUR_ZONES
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, minutes)| TimeZoneRule::fixed(minutes * 60))
    };
    hours.or_else(halves).or_else(|| parse_iana_zone(word))
}

fn parse_iana_zone(word: &str) -> Option<TimeZoneRule> {
    let known = IANA_ZONES.iter().find(|(name, ..)| *name == word);
    let zone = |(_, hours, summer): &(&str, i32, DaylightSaving)| TimeZoneRule {
        standard_offset: hours * 3600,
        daylight_saving: *summer,
    };
    // Most of Europe has one time.
    let central = || {
        word.starts_with("europe/").then_some(TimeZoneRule {
            standard_offset: 3600,
            daylight_saving: DaylightSaving::EuropeanUnion,
        })
    };
    known.map(zone).or_else(central)
}
