//! Notifications of rules: gathered by the app, sent by the terminal, printed by a refresh in a shell.

use std::fs;

use newsreader::{
    app::{Effect, Message, TerminalRequest},
    model::{RuleNotification, SessionState},
    settings::NotificationSetting,
};

use crate::support::{
    Stage,
    program::{home_with_library, run, stderr, stdout},
    settings, stage, stage_with,
};

fn notified(rule: &str, count: usize) -> Message {
    let title = "A ferry".to_owned();
    Message::RulesNotified(vec![RuleNotification { rule: rule.to_owned(), count, title }])
}

fn sent(stage: &Stage) -> Vec<&str> {
    let text = |effect| match effect {
        &Effect::Terminal(TerminalRequest::Notify(ref text)) => Some(text.as_str()),
        _ => None,
    };
    stage.effects.iter().filter_map(text).collect()
}

#[test]
fn notifications_of_a_refresh_are_sent_as_one_and_the_next_a_minute_later() {
    let stage = stage(&["a"]).send(notified("Harbour", 1)).send(notified("Harbour", 2));
    assert_eq!(sent(&stage), [""; 0]);
    let stage = stage.wait(2);
    assert_eq!(sent(&stage), ["3 new articles match Harbour"]);
    let stage = stage.send(notified("Harbour", 1)).wait(5);
    assert_eq!(sent(&stage), [""; 0], "one was sent five seconds ago");
    assert!(stage.app.time_until_wake(stage.now.at).unwrap().as_secs() > 50);
    let stage = stage.wait(55);
    assert_eq!(sent(&stage), ["Harbour: A ferry"]);
    assert_eq!(stage.app.time_until_wake(stage.now.at), None, "an idle program sleeps");
}

#[test]
fn notification_goes_to_the_desktop_if_the_setting_names_it() {
    let mut settings = settings();
    settings.notifications = NotificationSetting::Desktop;
    let stage = stage_with(&[], settings, SessionState::default()).send(notified("Harbour", 1));
    let stage = stage.wait(2);
    assert_eq!(sent(&stage), [""; 0], "the terminal shows none");
    assert!(stage.effects.contains(&Effect::NotifyDesktop("Harbour: A ferry".to_owned())));
}

#[test]
fn notifications_that_are_switched_off_wait_for_nothing() {
    let mut settings = settings();
    settings.notifications = NotificationSetting::Off;
    let stage = stage_with(&[], settings, SessionState::default()).send(notified("Harbour", 1));
    assert_eq!(stage.app.time_until_wake(stage.now.at), None);
    assert_eq!(sent(&stage.wait(3)), [""; 0]);
}

#[test]
fn refresh_in_a_shell_prints_a_line_for_each_rule_that_notifies() {
    let home = home_with_library();
    let added = run(home.path(), &["rule", "add", "Harbour", "--query", "ferry", "--notify"]);
    assert!(added.status.success(), "{added:?}");
    assert_eq!(stdout(&run(home.path(), &["rule", "list"])), "Harbour\tferry\tnotify\n");
    let write = |name: &str, title: &str| {
        let text = format!(" date 2026-01-30 {title}. It sails.\n\nAt noon.\n");
        fs::write(home.path().join("news").join(name), text).unwrap();
    };
    write("c.txt", "The ferry\u{1b}]0;x\u{7} is back");
    let refreshed = run(home.path(), &["refresh"]);
    assert_eq!(stderr(&refreshed), "Harbour: The ferry is back\n");
    assert_eq!(stdout(&refreshed), "1 new, 0 changed, 0 failed\n");
    write("c.txt", "The ferry was sold");
    assert_eq!(stderr(&run(home.path(), &["refresh"])), "", "it was told of already");
    write("d.txt", "A ferry");
    write("e.txt", "Another ferry");
    let refreshed = run(home.path(), &["refresh", "--json"]);
    let json = stdout(&refreshed);
    assert!(json.contains("\"2 new articles match Harbour\""), "{json}");
}
