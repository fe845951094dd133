//! The names of time zones in dates: abbreviations, long names as Windows and Java write them, and
//! names of the IANA time zone database.
//!
//! Where an abbreviation has several meanings, the one that news feeds give it is here: `IST` is
//! India, `BST` Britain, `CST` the United States, `AMT` the Amazon.

use DaylightSaving::{Australia, EuropeanUnion, Never, NewZealand, UnitedStates};
use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

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
    TimeZoneRule { standard_offset: 3600, daylight_saving: EuropeanUnion };

/// The period of daylight saving time of a zone; it adds one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DaylightSaving {
    Never,
    /// From the last Sunday in March to the last in October (Directive 2000/84/EC).
    EuropeanUnion,
    /// From the second Sunday in March to the first in November (Energy Policy Act of 2005).
    UnitedStates,
    /// From the first Sunday in October to the first in April, across the new year.
    Australia,
    /// From the last Sunday in September to the first in April, across the new year.
    NewZealand,
    /// Half an hour less from 9 December 2007 to 1 May 2016.
    Venezuela,
}

impl DaylightSaving {
    /// Returns the seconds to add to the standard offset at a local time.
    ///
    /// Clocks change at 2:00 local time, which is exact in the United States.
    fn extra_seconds(self, local: NaiveDateTime) -> i32 {
        let year = local.year();
        let is_between = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
            let at = |day: Option<NaiveDate>| day.and_then(|day| day.and_hms_opt(2, 0, 0));
            at(from).is_some_and(|from| local >= from) && at(to).is_some_and(|to| local < to)
        };
        let is_summer = match self {
            Never => false,
            EuropeanUnion => is_between(last_sunday_of(year, 3), last_sunday_of(year, 10)),
            UnitedStates => is_between(nth_sunday_of(year, 3, 2), nth_sunday_of(year, 11, 1)),
            Australia => !is_between(nth_sunday_of(year, 4, 1), nth_sunday_of(year, 10, 1)),
            NewZealand => !is_between(nth_sunday_of(year, 4, 1), last_sunday_of(year, 9)),
            DaylightSaving::Venezuela => {
                let from = NaiveDate::from_ymd_opt(2007, 12, 9);
                let is_half = is_between(from, NaiveDate::from_ymd_opt(2016, 5, 1));
                return if is_half { -1800 } else { 0 };
            }
        };
        if is_summer { 3600 } else { 0 }
    }
}

impl TimeZoneRule {
    /// Creates a zone with the same offset all year, in seconds east of Greenwich.
    pub(super) const fn fixed(standard_offset: i32) -> TimeZoneRule {
        TimeZoneRule { standard_offset, daylight_saving: Never }
    }

    fn from_minutes(minutes: i32, daylight_saving: DaylightSaving) -> TimeZoneRule {
        TimeZoneRule { standard_offset: minutes * 60, daylight_saving }
    }

    /// Returns the offset at a local time in seconds east of Greenwich.
    pub(super) fn offset_at(self, local: NaiveDateTime) -> i32 {
        self.standard_offset + self.daylight_saving.extra_seconds(local)
    }
}

fn last_sunday_of(year: i32, month: u32) -> Option<NaiveDate> {
    nth_sunday_of(year, month, 5).or_else(|| nth_sunday_of(year, month, 4))
}

fn nth_sunday_of(year: i32, month: u32, n: u8) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, n)
}

/// Returns the zone with this name.
///
/// Single letters, the military zones, all mean UTC: RFC 822 defined them with the wrong sign, so
/// that both signs are in use (RFC 5322 §4.3). `t` is the separator before a time.
pub(super) fn parse_zone_name(word: &str) -> Option<TimeZoneRule> {
    if word.len() == 1 && word.is_ascii() && word != "t" {
        return Some(TimeZoneRule::fixed(0));
    }
    if word == "vet" {
        return Some(TimeZoneRule::from_minutes(-240, DaylightSaving::Venezuela));
    }
    let abbreviation = ABBREVIATIONS.iter().find(|(name, _)| *name == word);
    abbreviation
        .map(|(_, minutes)| TimeZoneRule::from_minutes(*minutes, Never))
        .or_else(|| parse_iana_zone(word))
}

/// Returns the zone with summer time whose standard time has this abbreviation.
pub(super) fn posix_daylight_zone(standard: &str) -> Option<TimeZoneRule> {
    let (minutes, saving) = match standard {
        "nst" => (-210, UnitedStates),
        "ast" => (-240, UnitedStates),
        "est" => (-300, UnitedStates),
        "cst" => (-360, UnitedStates),
        "mst" => (-420, UnitedStates),
        "pst" => (-480, UnitedStates),
        "akst" => (-540, UnitedStates),
        "gmt" | "wet" => (0, EuropeanUnion),
        "cet" | "met" => (60, EuropeanUnion),
        "eet" => (120, EuropeanUnion),
        "aest" => (600, Australia),
        "nzst" => (720, NewZealand),
        _ => return None,
    };
    Some(TimeZoneRule::from_minutes(minutes, saving))
}

fn parse_iana_zone(word: &str) -> Option<TimeZoneRule> {
    if let Some((_, minutes, saving)) = IANA_ZONES.iter().find(|(name, ..)| *name == word) {
        return Some(TimeZoneRule::from_minutes(*minutes, *saving));
    }
    // Most of Europe has Central European Time; the exceptions are in the table.
    word.starts_with("europe/").then_some(CENTRAL_EUROPE_ZONE)
}

/// Returns the zone with a name of several words, without its last one, `time`: `eastern standard`.
///
/// `standard` and `daylight` or `summer` are taken literally; without them, the zone has the rule of
/// its place.
pub(super) fn parse_long_zone_name(words: &str) -> Option<TimeZoneRule> {
    let (name, season) = match words.rsplit_once(' ') {
        Some((name, season @ ("standard" | "winter" | "mean" | "daylight" | "summer"))) => {
            (name, season)
        }
        _ => (words, ""),
    };
    let (_, minutes, saving) = LONG_NAMES.iter().find(|(known, ..)| *known == name)?;
    Some(match season {
        "" => TimeZoneRule::from_minutes(*minutes, *saving),
        "daylight" | "summer" => TimeZoneRule::from_minutes(minutes + 60, Never),
        _ => TimeZoneRule::from_minutes(*minutes, Never),
    })
}

/// Abbreviations with their minutes east of Greenwich: those of RFC 5322 §4.3, and others in use.
#[rustfmt::skip]
const ABBREVIATIONS: [(&str, i32); 197] = [
    ("utc", 0), ("gmt", 0), ("ut", 0), ("z", 0), ("uct", 0), ("zulu", 0), ("etc/gmt", 0),
    ("etc/utc", 0), ("gb", 0), ("wet", 0), ("egst", 0), ("azost", 0), ("est", -300),
    ("edt", -240), ("et", -300), ("cst", -360), ("cdt", -300), ("ct", -360), ("mst", -420),
    ("mdt", -360), ("mt", -420), ("pst", -480), ("pdt", -420), ("pt", -480), ("ast", -240),
    ("adt", -180), ("at", -240), ("akst", -540), ("akdt", -480), ("akt", -540), ("hst", -600),
    ("hast", -600), ("hadt", -540), ("hdt", -540), ("nst", -210), ("ndt", -150), ("nt", -210),
    ("bst", 60), ("ist", 330), ("west", 60), ("cet", 60), ("met", 60), ("mez", 60), ("cest", 120),
    ("cedt", 120), ("mest", 120), ("mesz", 120), ("hnec", 60), ("heec", 120), ("eet", 120),
    ("eest", 180), ("eedt", 180), ("oez", 120), ("oesz", 180), ("fet", 180), ("msk", 180),
    ("msd", 240), ("trt", 180), ("get", 240), ("amst", -180), ("azt", 240), ("azst", 300),
    ("wat", 60), ("wast", 120), ("cat", 120), ("sast", 120), ("eat", 180), ("idt", 180),
    ("ret", 240), ("mut", 240), ("sct", 240), ("iot", 360), ("gst", 240), ("irst", 210),
    ("irdt", 270), ("aft", 270), ("pkt", 300), ("uzt", 300), ("tmt", 300), ("tjt", 300),
    ("mvt", 300), ("tft", 300), ("aqtt", 300), ("qyzt", 300), ("npt", 345), ("slst", 330),
    ("bdt", 360), ("btt", 360), ("kgt", 360), ("almt", 360), ("mmt", 390), ("cct", 390),
    ("wib", 420), ("ict", 420), ("cxt", 420), ("davt", 420), ("hovt", 420), ("wita", 480),
    ("wit", 540), ("bnt", 480), ("myt", 480), ("hkt", 480), ("sgt", 480), ("awst", 480),
    ("pht", 480), ("phst", 480), ("chot", 480), ("ulat", 480), ("cast", 480), ("acwst", 525),
    ("jst", 540), ("kst", 540), ("pwt", 540), ("tlt", 540), ("acst", 570), ("acdt", 630),
    ("aest", 600), ("aedt", 660), ("aet", 600), ("chst", 600), ("pgt", 600), ("chut", 600),
    ("lhst", 630), ("lhdt", 660), ("samt", 240), ("yekt", 300), ("omst", 360), ("novt", 420),
    ("krat", 420), ("irkt", 480), ("yakt", 540), ("vlat", 600), ("magt", 660), ("sakt", 660),
    ("srtt", 660), ("anat", 720), ("pett", 720), ("nct", 660), ("vut", 660), ("sbt", 660),
    ("nft", 660), ("kost", 660), ("nzst", 720), ("nzdt", 780), ("nzt", 720), ("fjt", 720),
    ("fjst", 780), ("tvt", 720), ("gilt", 720), ("mht", 720), ("wakt", 720), ("wft", 720),
    ("nrt", 720), ("chast", 765), ("chadt", 825), ("tot", 780), ("phot", 780), ("tkt", 780),
    ("lint", 840), ("ckt", -600), ("taht", -600), ("mart", -570), ("gamt", -540), ("nut", -660),
    ("sst", -660), ("brt", -180), ("brst", -120), ("art", -180), ("clt", -240), ("clst", -180),
    ("cot", -300), ("pet", -300), ("ect", -300), ("bot", -240), ("pyt", -180), ("pyst", -180),
    ("uyt", -180), ("uyst", -120), ("gyt", -240), ("srt", -180), ("gft", -180), ("fkt", -240),
    ("fkst", -180), ("fnt", -120), ("amt", -240), ("act", -300), ("galt", -360), ("east", -360),
    ("easst", -300), ("pmst", -180), ("pmdt", -120), ("rott", -180), ("wgt", -180),
    ("wgst", -120), ("egt", -60), ("azot", -60), ("cvt", -60),
];

/// Long names, without dots and the word `time`, with their minutes in winter: in English, as
/// browsers, Java and Windows write them.
#[rustfmt::skip]
const LONG_NAMES: [(&str, i32, DaylightSaving); 74] = [
    ("coordinated universal", 0, Never), ("universal", 0, Never), ("greenwich", 0, Never),
    ("gmt", 0, EuropeanUnion), ("british", 0, EuropeanUnion),
    ("western european", 0, EuropeanUnion), ("irish", 0, EuropeanUnion),
    ("central european", 60, EuropeanUnion), ("central europe", 60, EuropeanUnion),
    ("w europe", 60, EuropeanUnion), ("middle european", 60, EuropeanUnion),
    ("romance", 60, EuropeanUnion), ("eastern european", 120, EuropeanUnion),
    ("e europe", 120, EuropeanUnion), ("fle", 120, EuropeanUnion), ("gtb", 120, EuropeanUnion),
    ("moscow", 180, Never), ("russian", 180, Never), ("turkey", 180, Never),
    ("eastern", -300, UnitedStates), ("us eastern", -300, UnitedStates),
    ("central", -360, UnitedStates), ("mountain", -420, UnitedStates),
    ("us mountain", -420, Never), ("pacific", -480, UnitedStates),
    ("atlantic", -240, UnitedStates), ("alaskan", -540, UnitedStates),
    ("alaska", -540, UnitedStates), ("hawaiian", -600, Never), ("hawaii", -600, Never),
    ("newfoundland", -210, UnitedStates), ("sa pacific", -300, Never),
    ("e south america", -180, Never), ("argentina", -180, Never), ("venezuela", -240, Never),
    ("brasilia", -180, Never), ("israel", 120, Never), ("egypt", 120, Never),
    ("south africa", 120, Never), ("west africa", 60, Never), ("east africa", 180, Never),
    ("central africa", 120, Never), ("arab", 180, Never), ("arabic", 180, Never),
    ("arabian", 240, Never), ("gulf", 240, Never), ("iran", 210, Never), ("pakistan", 300, Never),
    ("india", 330, Never), ("indian", 330, Never), ("nepal", 345, Never),
    ("bangladesh", 360, Never), ("se asia", 420, Never), ("indochina", 420, Never),
    ("western indonesia", 420, Never), ("china", 480, Never), ("hong kong", 480, Never),
    ("singapore", 480, Never), ("malaysia", 480, Never), ("taipei", 480, Never),
    ("philippine", 480, Never), ("w australia", 480, Never), ("australian western", 480, Never),
    ("tokyo", 540, Never), ("japan", 540, Never), ("korea", 540, Never), ("korean", 540, Never),
    ("aus central", 570, Never), ("cen australia", 570, Australia),
    ("australian central", 570, Australia), ("e australia", 600, Never),
    ("aus eastern", 600, Australia), ("australian eastern", 600, Australia),
    ("new zealand", 720, NewZealand),
];

/// Zones of the IANA time zone database that occur in feeds, with their minutes in winter.
#[rustfmt::skip]
const IANA_ZONES: [(&str, i32, DaylightSaving); 90] = [
    ("america/new_york", -300, UnitedStates), ("america/detroit", -300, UnitedStates),
    ("america/toronto", -300, UnitedStates), ("america/montreal", -300, UnitedStates),
    ("us/eastern", -300, UnitedStates), ("america/chicago", -360, UnitedStates),
    ("america/winnipeg", -360, UnitedStates), ("us/central", -360, UnitedStates),
    ("america/denver", -420, UnitedStates), ("america/edmonton", -420, UnitedStates),
    ("us/mountain", -420, UnitedStates), ("america/phoenix", -420, Never),
    ("america/los_angeles", -480, UnitedStates), ("america/vancouver", -480, UnitedStates),
    ("us/pacific", -480, UnitedStates), ("america/anchorage", -540, UnitedStates),
    ("america/halifax", -240, UnitedStates), ("america/st_johns", -210, UnitedStates),
    ("pacific/honolulu", -600, Never), ("america/mexico_city", -360, Never),
    ("america/bogota", -300, Never), ("america/lima", -300, Never),
    ("america/caracas", -240, Never), ("america/sao_paulo", -180, Never),
    ("america/buenos_aires", -180, Never), ("america/argentina/buenos_aires", -180, Never),
    ("america/montevideo", -180, Never), ("europe/london", 0, EuropeanUnion),
    ("europe/dublin", 0, EuropeanUnion), ("europe/lisbon", 0, EuropeanUnion),
    ("atlantic/reykjavik", 0, Never), ("europe/athens", 120, EuropeanUnion),
    ("europe/helsinki", 120, EuropeanUnion), ("europe/kiev", 120, EuropeanUnion),
    ("europe/kyiv", 120, EuropeanUnion), ("europe/bucharest", 120, EuropeanUnion),
    ("europe/sofia", 120, EuropeanUnion), ("europe/riga", 120, EuropeanUnion),
    ("europe/tallinn", 120, EuropeanUnion), ("europe/vilnius", 120, EuropeanUnion),
    ("europe/chisinau", 120, EuropeanUnion), ("europe/kaliningrad", 120, Never),
    ("europe/moscow", 180, Never), ("europe/minsk", 180, Never), ("europe/istanbul", 180, Never),
    ("europe/samara", 240, Never), ("africa/lagos", 60, Never), ("africa/algiers", 60, Never),
    ("africa/tunis", 60, Never), ("africa/johannesburg", 120, Never),
    ("africa/nairobi", 180, Never), ("africa/accra", 0, Never), ("asia/riyadh", 180, Never),
    ("asia/baghdad", 180, Never), ("asia/tehran", 210, Never), ("asia/dubai", 240, Never),
    ("asia/tbilisi", 240, Never), ("asia/yerevan", 240, Never), ("asia/baku", 240, Never),
    ("asia/karachi", 300, Never), ("asia/tashkent", 300, Never),
    ("asia/yekaterinburg", 300, Never), ("asia/kolkata", 330, Never),
    ("asia/calcutta", 330, Never), ("asia/kathmandu", 345, Never), ("asia/dhaka", 360, Never),
    ("asia/omsk", 360, Never), ("asia/bangkok", 420, Never), ("asia/jakarta", 420, Never),
    ("asia/ho_chi_minh", 420, Never), ("asia/saigon", 420, Never),
    ("asia/novosibirsk", 420, Never), ("asia/shanghai", 480, Never),
    ("asia/hong_kong", 480, Never), ("asia/singapore", 480, Never), ("asia/taipei", 480, Never),
    ("asia/manila", 480, Never), ("asia/kuala_lumpur", 480, Never), ("asia/tokyo", 540, Never),
    ("asia/seoul", 540, Never), ("asia/vladivostok", 600, Never), ("australia/perth", 480, Never),
    ("australia/darwin", 570, Never), ("australia/adelaide", 570, Australia),
    ("australia/brisbane", 600, Never), ("australia/sydney", 600, Australia),
    ("australia/melbourne", 600, Australia), ("australia/hobart", 600, Australia),
    ("australia/canberra", 600, Australia), ("pacific/auckland", 720, NewZealand),
];
