//! `newsreader listen`: what other instances do is printed as it happens.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use serde_json::Value;

use crate::support::{
    json_schema::validate,
    program::{command, home_with_library, run},
};

/// A program that listens; its standard output is read line by line.
struct Listener {
    child: Child,
    lines: BufReader<ChildStdout>,
    schema: Value,
}

impl Listener {
    fn start(home: &Path, args: &[&str]) -> Listener {
        let mut child = command(home, &[&["listen"], args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let schema = fs::read_to_string("assets/schemas/event.json").unwrap();
        let mut listener =
            Listener { child, lines, schema: serde_json::from_str(&schema).unwrap() };
        assert_eq!(listener.next()["event"], "listening");
        listener
    }

    /// Waits for the next event.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let event: Value = serde_json::from_str(&line).unwrap();
        validate(&self.schema, &event).unwrap_or_else(|error| panic!("{line}: {error}"));
        event
    }
}

#[test]
fn listener_is_told_what_other_instances_do() {
    let home = home_with_library();
    let mut listener = Listener::start(home.path(), &[]);
    run(home.path(), &["star", "1"]);
    let event = listener.next();
    assert_eq!((&event["event"], &event["article"]["id"]), (&"starred".into(), &1.into()));
    assert_eq!(event["article"]["title"], "The bridge reopens");
    run(home.path(), &["tag", "--add", "urgent", "1"]);
    let event = listener.next();
    assert_eq!((&event["event"], &event["tag"]), (&"tagged".into(), &"urgent".into()));
    run(home.path(), &["undo"]);
    assert_eq!(listener.next()["event"], "untagged");
    fs::write(home.path().join("news/c.txt"), "date 2026-02-01 A third.\n").unwrap();
    run(home.path(), &["refresh"]);
    let event = listener.next();
    assert_eq!((&event["event"], &event["article"]["title"]), (&"new".into(), &"A third".into()));
    // The listener ends by itself once nobody reads it.
    drop(listener.lines);
    assert!(listener.child.wait().unwrap().success());
}

#[test]
fn listener_prints_only_the_events_that_are_asked_for() {
    let home = home_with_library();
    let mut listener = Listener::start(home.path(), &["--event", "unstarred,read"]);
    run(home.path(), &["star", "1"]);
    run(home.path(), &["mark", "read", "2"]);
    assert_eq!(listener.next()["event"], "read");
    run(home.path(), &["unstar", "1"]);
    assert_eq!(listener.next()["event"], "unstarred");
    drop(listener.lines);
    assert!(listener.child.wait().unwrap().success());
}
