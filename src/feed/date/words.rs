//! The words of dates: months, time zones, AM and PM.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

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

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeZoneRule {
    /// Seconds east of Greenwich in winter.
    standard_offset: i32,
    daylight_saving: DaylightSaving,
}

/// The time zone of Korean sites, which write no zone.
pub(super) const KOREA_ZONE: TimeZoneRule = TimeZoneRule::fixed(9 * 3600);

/// Central European Time.
const CENTRAL_EUROPE_ZONE: TimeZoneRule =
    TimeZoneRule { standard_offset: 3600, daylight_saving: DaylightSaving::EuropeanUnion };

/// The period of daylight saving time of a zone; it adds one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DaylightSaving {
    Never,
    /// From the last Sunday in March to the last in October (Directive 2000/84/EC).
    EuropeanUnion,
    /// From the second Sunday in March to the first in November (Energy Policy Act of 2005).
    UnitedStates,
}

impl DaylightSaving {
    /// Returns the start and the end of the period in `year`: 2:00 local time on both days.
    ///
    /// That is exact in the United States; European clocks change at 1:00 UTC.
    fn period(self, year: i32) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let (first_day, last_day) = match self {
            DaylightSaving::Never => return None,
            DaylightSaving::EuropeanUnion => (last_sunday_of(year, 3)?, last_sunday_of(year, 10)?),
            DaylightSaving::UnitedStates => {
                (nth_sunday_of(year, 3, 2)?, nth_sunday_of(year, 11, 1)?)
            }
        };
        Some((first_day.and_hms_opt(2, 0, 0)?, last_day.and_hms_opt(2, 0, 0)?))
    }
}

impl TimeZoneRule {
    /// Creates a zone with the same offset all year, in seconds east of Greenwich.
    pub(super) const fn fixed(standard_offset: i32) -> TimeZoneRule {
        TimeZoneRule { standard_offset, daylight_saving: DaylightSaving::Never }
    }

    /// Returns the offset at a local time in seconds east of Greenwich.
    pub(super) fn offset_at(self, local: NaiveDateTime) -> i32 {
        let period = self.daylight_saving.period(local.year());
        let is_summer_time = period.is_some_and(|(start, end)| (start..end).contains(&local));
        self.standard_offset + if is_summer_time { 3600 } else { 0 }
    }
}

fn last_sunday_of(year: i32, month: u32) -> Option<NaiveDate> {
    nth_sunday_of(year, month, 5).or_else(|| nth_sunday_of(year, month, 4))
}

fn nth_sunday_of(year: i32, month: u32, n: u8) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, n)
}

/// Returns the meaning of `word`, which is in lower case without accents.
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

/// Returns the month with the longest prefix of `word`.
fn parse_month(word: &str) -> Option<u32> {
    let prefixes = (1..)
        .zip(MONTH_PREFIXES)
        .flat_map(|(month, prefixes)| prefixes.iter().map(move |prefix| (month, *prefix)));
    let matching = prefixes.filter(|(_, prefix)| word.starts_with(prefix));
    matching.max_by_key(|(_, prefix)| prefix.len()).map(|(month, _)| month)
}

/// Zone names with their hours east of Greenwich: those of RFC 5322 §4.3, and others in use.
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

/// Zone names with their minutes east of Greenwich, if that is not a whole hour.
const ZONE_MINUTES: [(&str, i32); 6] =
    [("ist", 330), ("nst", -210), ("ndt", -150), ("acst", 570), ("acdt", 630), ("npt", 345)];

/// Zones of the IANA time zone database that occur in feeds, with their hours in winter.
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

/// Returns the zone with this name.
///
/// Single letters, the military zones, all mean UTC: RFC 822 defined them with the wrong sign, so
/// that both signs are in use (RFC 5322 §4.3). `t` is the separator before a time.
pub(super) fn parse_zone_name(word: &str) -> Option<TimeZoneRule> {
    if word.len() == 1 && word.is_ascii() && word != "t" {
        return Some(TimeZoneRule::fixed(0));
    }
    let find_offset = |table: &[(&str, i32)], unit_seconds: i32| {
        table.iter().find(|(name, _)| *name == word).map(|(_, offset)| offset * unit_seconds)
    };
    find_offset(&ZONE_HOURS, 3600)
        .or_else(|| find_offset(&ZONE_MINUTES, 60))
        .map(TimeZoneRule::fixed)
        .or_else(|| parse_iana_zone(word))
}

fn parse_iana_zone(word: &str) -> Option<TimeZoneRule> {
    if let Some((_, hours, daylight_saving)) = IANA_ZONES.iter().find(|(name, ..)| *name == word) {
        return Some(TimeZoneRule {
            standard_offset: hours * 3600,
            daylight_saving: *daylight_saving,
        });
    }
    // Most of Europe has Central European Time; the exceptions are in the table.
    word.starts_with("europe/").then_some(CENTRAL_EUROPE_ZONE)
}
