//! The user's time zone, with the days on which its clocks are changed.

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};

/// Number of changes of the clock that a zone knows: those of a year back, and of three to come.
const MAX_CHANGES: usize = 8;

/// The time before now in which changes are looked for.
const DAYS_BEFORE: i64 = 400;

/// The time after now in which changes are looked for.
const DAYS_AFTER: i64 = 1_100;

/// Days between two looks: the shortest time between two changes was that of Ramadan in Morocco.
const STEP_DAYS: usize = 14;

/// A time zone: its offset from UTC, and the changes of it around now, as for summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalZone {
    /// The offset before the first change.
    first: FixedOffset,
    /// The changes, the earliest first; `None` behind the last.
    changes: [Option<OffsetChange>; MAX_CHANGES],
}

/// A change of a zone's offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OffsetChange {
    /// The first instant of the new offset.
    at: DateTime<Utc>,
    offset: FixedOffset,
}

impl From<FixedOffset> for LocalZone {
    fn from(first: FixedOffset) -> LocalZone {
        LocalZone { first, changes: [None; MAX_CHANGES] }
    }
}

impl LocalZone {
    /// Finds the changes of a zone from about a year before `now` to three years after it; `offset_at`
    /// knows its offset at any instant.
    pub fn around(
        now: DateTime<Utc>,
        offset_at: impl Fn(DateTime<Utc>) -> FixedOffset,
    ) -> LocalZone {
        let looks = (-DAYS_BEFORE..=DAYS_AFTER).step_by(STEP_DAYS);
        let mut looks = looks.filter_map(|days| now.checked_add_signed(TimeDelta::days(days)));
        let Some(mut before) = looks.next() else { return LocalZone::from(offset_at(now)) };
        let mut zone = LocalZone::from(offset_at(before));
        let mut free = zone.changes.iter_mut();
        for after in looks {
            if offset_at(before) != offset_at(after)
                && let Some(change) = free.next()
            {
                *change = Some(find_change((before, after), &offset_at));
            }
            before = after;
        }
        zone
    }

    /// Returns the offsets with the first instant of each; the first offset has none.
    fn spans(&self) -> impl DoubleEndedIterator<Item = (Option<DateTime<Utc>>, FixedOffset)> {
        let changes = self.changes.iter().flatten().map(|change| (Some(change.at), change.offset));
        std::iter::once((None, self.first)).chain(changes)
    }

    /// Returns the instant of a local time; `None` beyond all calendars. Clocks are set forward: a time
    /// that does not exist is the first full hour after it that does. One that occurs twice is the
    /// earlier.
    pub fn instant_of(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        first_instant_of(self, local)
    }
}

/// Returns the instant of a time in a zone, as [`LocalZone::instant_of`] does.
pub fn first_instant_of<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    (0..4).find_map(|hour| {
        let at = local.checked_add_signed(TimeDelta::hours(hour))?;
        at.and_local_timezone(zone.clone()).earliest().map(|at| at.to_utc())
    })
}

/// Finds the second of a change between two instants by halving.
fn find_change(
    (mut before, mut after): (DateTime<Utc>, DateTime<Utc>),
    offset_at: impl Fn(DateTime<Utc>) -> FixedOffset,
) -> OffsetChange {
    let (old, offset) = (offset_at(before), offset_at(after));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset_at(middle) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    OffsetChange { at: after, offset }
}

impl TimeZone for LocalZone {
    type Offset = FixedOffset;

    fn from_offset(offset: &FixedOffset) -> LocalZone {
        LocalZone::from(*offset)
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        let holds = |offset: &FixedOffset| {
            let utc = local.checked_sub_offset(*offset);
            utc.is_some_and(|utc| self.offset_from_utc_datetime(&utc) == *offset)
        };
        let mut offsets: Vec<FixedOffset> =
            self.spans().map(|(_, offset)| offset).filter(holds).collect();
        // The earlier of two instants is the one with the greater offset.
        offsets.sort_unstable_by_key(|offset| -offset.local_minus_utc());
        offsets.dedup();
        match offsets[..] {
            [] => MappedLocalTime::None,
            [offset] => MappedLocalTime::Single(offset),
            [earlier, .., later] => MappedLocalTime::Ambiguous(earlier, later),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        let utc = utc.and_utc();
        let holds = |(at, _): &(Option<DateTime<Utc>>, FixedOffset)| at.is_none_or(|at| at <= utc);
        self.spans().rev().find(holds).map_or_else(|| Utc.fix(), |(_, offset)| offset)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDateTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    /// Returns the offset in central Europe: summer time begins and ends at 1:00 UTC on a Sunday.
    fn offset_of_berlin(at: DateTime<Utc>) -> FixedOffset {
        let is_summer = [
            ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
            ("2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"),
            ("2028-03-26T01:00:00Z", "2028-10-29T01:00:00Z"),
        ]
        .into_iter()
        .any(|(from, to)| (instant(from)..instant(to)).contains(&at));
        FixedOffset::east_opt(if is_summer { 7_200 } else { 3_600 }).unwrap()
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn berlin() -> LocalZone {
        LocalZone::around(instant("2026-11-30T20:00:00Z"), offset_of_berlin)
    }

    #[test]
    fn zone_finds_changes_to_the_second() {
        let zone = berlin();
        let changes: Vec<_> = zone.changes.iter().flatten().map(|change| change.at).collect();
        assert_eq!(changes.len(), 6);
        assert_eq!(changes[2], instant("2027-03-28T01:00:00Z"));
        assert_eq!(changes[3], instant("2027-10-31T01:00:00Z"));
        let fixed = LocalZone::around(instant("2026-11-30T20:00:00Z"), |_| zone.first);
        assert_eq!(fixed, LocalZone::from(zone.first));
    }

    #[test]
    fn local_time_keeps_its_hour_beyond_a_change() {
        let zone = berlin();
        let instant_of = |local: &str| zone.instant_of(local.parse().unwrap());
        for (local, utc) in [
            ("2027-03-27T09:00:00", "2027-03-27T08:00:00Z"),
            ("2027-03-28T09:00:00", "2027-03-28T07:00:00Z"),
            ("2027-10-30T09:00:00", "2027-10-30T07:00:00Z"),
            ("2027-10-31T09:00:00", "2027-10-31T08:00:00Z"),
            // The hour that is left out, and the one that occurs twice.
            ("2027-03-28T02:30:00", "2027-03-28T01:30:00Z"),
            ("2027-10-31T02:30:00", "2027-10-31T00:30:00Z"),
        ] {
            assert_eq!(instant_of(local), Some(instant(utc)), "{local}");
        }
    }

    proptest! {
        #[test]
        fn local_time_of_instant_leads_back_to_it(hours in 0_i64..20_000) {
            let zone = berlin();
            let at = instant("2026-01-01T00:30:00Z") + TimeDelta::hours(hours);
            let local: NaiveDateTime = at.with_timezone(&zone).naive_local();
            prop_assert_eq!(local, at.with_timezone(&offset_of_berlin(at)).naive_local());
            let mapped = local.and_local_timezone(zone);
            prop_assert!([mapped.earliest(), mapped.latest()].iter().flatten().any(|found| *found == at));
        }
    }
}
