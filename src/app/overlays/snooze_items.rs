//! The times until which an article can be hidden.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc, Weekday};

use super::{PickerAction, PickerItem};
use crate::{
    model::{Change, EntryId, TagMark, TagName},
    query::parse_future_day,
    text::LocalNow,
};

/// The hour at which the evening begins.
const EVENING_HOUR: u32 = 18;

/// Returns the times until which entries can be hidden, with their dates, and the way to any other.
pub(in crate::app) fn snooze_items(ids: &Arc<Vec<EntryId>>, now: LocalNow) -> Vec<PickerItem> {
    let is_weekend = matches!(now.today().weekday(), Weekday::Sat | Weekday::Sun);
    let weekend = if is_weekend { "next weekend" } else { "the weekend" };
    let day = |name: &str| now.start_of_day(parse_future_day(name, now.today())?);
    let times = [
        ("this evening", evening(now)),
        ("tomorrow", day("tomorrow")),
        (weekend, day("saturday")),
        ("next week", day("monday")),
    ];
    let known = times.into_iter().filter_map(|(label, at)| Some(snooze_item(ids, label, at?, now)));
    let other = PickerItem {
        label: "another time…".to_owned(),
        detail: "18:00, fri 9:00, 2d".to_owned(),
        keywords: "date day hour".to_owned(),
        action: PickerAction::OpenDayPrompt(Arc::clone(ids)),
    };
    known.chain([other]).collect()
}

/// Returns the beginning of this evening, if it is still to come.
fn evening(now: LocalNow) -> Option<DateTime<Utc>> {
    let at = now.instant_of(now.today().and_hms_opt(EVENING_HOUR, 0, 0)?)?;
    (at > now.at).then_some(at)
}

fn snooze_item(ids: &[EntryId], label: &str, at: DateTime<Utc>, now: LocalNow) -> PickerItem {
    let local = at.with_timezone(&now.zone);
    let format = if local.date_naive() == now.today() { "%H:%M" } else { "%a %-d %b" };
    let mark = TagMark::Until(at.timestamp());
    PickerItem {
        label: label.to_owned(),
        detail: local.format(format).to_string(),
        keywords: String::new(),
        action: PickerAction::ApplyChange(Change::set_tag(ids, TagName::hidden(), mark)),
    }
}
