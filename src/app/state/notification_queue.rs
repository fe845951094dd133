//! The notifications of rules that are to be sent: gathered, and at most one a minute.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    model::RuleNotification,
    text::{count_noun, sanitize, truncate},
};

/// Time for which notifications are gathered before they are sent: the feeds of a refresh answer one
/// after the other.
const GATHERING_TIME: TimeDelta = TimeDelta::seconds(2);

/// Minimum time between two notifications.
const INTERVAL: TimeDelta = TimeDelta::seconds(60);

/// Maximum columns of a notification; desktops cut longer ones.
const MAX_COLUMNS: usize = 200;

/// The notifications that wait.
#[derive(Debug, Default)]
pub(in crate::app) struct NotificationQueue {
    /// One for each rule.
    gathered: Vec<RuleNotification>,
    due_at: Option<DateTime<Utc>>,
    last_sent_at: Option<DateTime<Utc>>,
}

impl NotificationQueue {
    /// Adds notifications to those that wait.
    pub(in crate::app) fn add(&mut self, notifications: Vec<RuleNotification>, now: DateTime<Utc>) {
        if notifications.is_empty() {
            return;
        }
        gather(&mut self.gathered, notifications);
        let earliest = now + GATHERING_TIME;
        let allowed = self.last_sent_at.map_or(earliest, |sent| sent + INTERVAL);
        // A clock that was set back must not hold them up.
        self.due_at.get_or_insert(allowed.clamp(earliest, earliest + INTERVAL));
    }

    /// Returns the time until the notification is to be sent; `None` if none waits.
    pub(in crate::app) fn time_left(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.due_at.map(|at| at - now)
    }

    /// Takes the text of the notification if it is to be sent now.
    pub(in crate::app) fn take_due(&mut self, now: DateTime<Utc>) -> Option<String> {
        self.due_at.take_if(|at| *at <= now)?;
        self.last_sent_at = Some(now);
        notification_text(std::mem::take(&mut self.gathered))
    }
}

/// Returns one text about articles that match rules, without control characters; `None` if there are
/// none.
pub fn notification_text(notifications: Vec<RuleNotification>) -> Option<String> {
    let mut by_rule = Vec::new();
    gather(&mut by_rule, notifications);
    let text = match &by_rule[..] {
        [] => return None,
        [RuleNotification { rule, count: 1, title }] => format!("{rule}: {title}"),
        [RuleNotification { rule, count, .. }] => {
            let verb = if *count == 1 { "matches" } else { "match" };
            format!("{} {verb} {rule}", count_noun(*count, "new article"))
        }
        several => {
            let rules: Vec<String> =
                several.iter().map(|of| format!("{} ({})", of.rule, of.count)).collect();
            format!("New articles match {}", rules.join(", "))
        }
    };
    Some(truncate(&sanitize::to_text_line(&text), MAX_COLUMNS).into_owned())
}

/// Adds notifications to those of the same rules.
fn gather(by_rule: &mut Vec<RuleNotification>, notifications: Vec<RuleNotification>) {
    for added in notifications {
        match by_rule.iter_mut().find(|known| known.rule == added.rule) {
            Some(known) => known.count += added.count,
            None => by_rule.push(added),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(rule: &str, count: usize) -> RuleNotification {
        RuleNotification { rule: rule.to_owned(), count, title: "Ferries\n\x1b[1mstop".to_owned() }
    }

    #[test]
    fn text_names_one_article_and_counts_several() {
        for (notifications, text) in [
            (vec![], None),
            (vec![notification("Harbour", 1)], Some("Harbour: Ferries stop")),
            (
                vec![notification("Harbour", 1), notification("Harbour", 2)],
                Some("3 new articles match Harbour"),
            ),
            (
                vec![notification("Harbour", 3), notification("Sport", 1)],
                Some("New articles match Harbour (3), Sport (1)"),
            ),
        ] {
            assert_eq!(notification_text(notifications).as_deref(), text);
        }
    }

    #[test]
    fn queue_sends_at_most_one_notification_a_minute() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let mut queue = NotificationQueue::default();
        assert_eq!(queue.time_left(at(0)), None);
        queue.add(vec![notification("Harbour", 1)], at(0));
        queue.add(vec![notification("Harbour", 1)], at(1));
        assert_eq!(queue.take_due(at(1)), None, "more may follow");
        assert_eq!(queue.take_due(at(2)).unwrap(), "2 new articles match Harbour");
        assert_eq!(queue.time_left(at(3)), None);
        queue.add(vec![notification("Sport", 1)], at(10));
        assert_eq!(
            (queue.take_due(at(61)), queue.time_left(at(61))),
            (None, Some(TimeDelta::seconds(1)))
        );
        assert!(queue.take_due(at(62)).is_some());
        queue.add(vec![notification("Sport", 1)], at(-9_000));
        assert!(
            queue.time_left(at(-9_000)).unwrap() <= TimeDelta::seconds(62),
            "the clock was set back"
        );
    }
}
