//! The command line: what it prints, and how it ends.

use std::fs;

use crate::support::program::{err, out, run};

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let news = home.path().join("news");
    fs::create_dir(&news).unwrap();
    fs::write(
        news.join("a.txt"),
        " date 2026-01-28 The bridge reopens. It was shut for two years.\n\nMore.\n",
    )
    .unwrap();
    fs::write(news.join("b.txt"), " date 2026-01-29 Rust\u{1b}[31m turns ten.\n\nA compiler.\n")
        .unwrap();
    home
}

#[test]
fn help_shows_what_there_is() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(out(&run(home.path(), &["--help"])));
}

#[test]
fn a_folder_is_added_listed_read_and_refreshed() {
    let home = home();
    let news = home.path().join("news");
    let added = run(home.path(), &["add", news.to_str().unwrap()]);
    assert_eq!(
        (out(&added).as_str(), err(&added).as_str()),
        ("2 new, 0 changed, 0 failed\n", "Following news\n")
    );
    let listed = out(&run(home.path(), &["list"]));
    assert_eq!(
        listed,
        "2\t2026-01-29\tnews\tRust turns ten\n1\t2026-01-28\tnews\tThe bridge reopens\n"
    );
    assert_eq!(out(&run(home.path(), &["list", "bridge", "on:2026-01-28"])).lines().count(), 1);
    assert_eq!(out(&run(home.path(), &["list", "!bridge"])).lines().count(), 1);
    let read = out(&run(home.path(), &["read", "1"]));
    assert_eq!(
        read,
        "The bridge reopens\nnews · 28 January 2026\n\nThe bridge reopens. It was shut for two years.\n\nMore.\n"
    );
    fs::write(news.join("c.txt"), "date 2026-02-01 A third.\n").unwrap();
    assert_eq!(out(&run(home.path(), &["refresh"])), "1 new, 0 changed, 0 failed\n");
    assert_eq!(out(&run(home.path(), &["refresh"])), "0 new, 0 changed, 0 failed\n");
}

#[test]
fn what_is_searched_comes_as_lines_figures_or_json() {
    let home = home();
    run(home.path(), &["add", home.path().join("news").to_str().unwrap()]);
    let search = |args: &[&str]| out(&run(home.path(), &[&["search"], args].concat()));
    assert_eq!(search(&["bridge"]), "1\t2026-01-28\tnews\tThe bridge reopens\n");
    assert_eq!(
        search(&["bridge", "or", "rust", "--limit", "1"]),
        "2\t2026-01-29\tnews\tRust turns ten\n"
    );
    assert_eq!(search(&["ten", "or", "years", "--sort", "relevance"]).lines().count(), 2);
    assert_eq!(search(&["--count", "zeppelin"]), "0\n");
    assert_eq!(search(&["--count"]), "2\n");
    assert_eq!(search(&["--histogram", "day"]), "2026-01-28\t1\n2026-01-29\t1\n");
    assert_eq!(search(&["--count", "--histogram", "week", "bridge"]), "1\n2026-01-26\t1\n");
    let found: serde_json::Value = serde_json::from_str(&search(&["--json", "rust"])).unwrap();
    let expected = serde_json::json!({"count": 1, "articles": [{
        "id": 2, "published": "2026-01-29", "feed": "news", "title": "Rust turns ten",
        "author": null, "link": null, "read": false, "starred": false,
    }]});
    assert_eq!(found, expected);
    let figures: serde_json::Value =
        serde_json::from_str(&search(&["--json", "--histogram", "month", "rust"])).unwrap();
    assert_eq!(
        figures,
        serde_json::json!({"count": 1, "histogram": [{"from": "2026-01-01", "count": 1}]})
    );
}

#[test]
fn a_pipe_gets_a_plain_list_without_escape_codes() {
    let home = home();
    let listed = run(home.path(), &[home.path().join("news").to_str().unwrap()]);
    assert!(listed.status.success());
    assert_eq!(out(&listed).lines().count(), 2);
    assert!(!out(&listed).contains('\u{1b}'));
    assert!(!home.path().join("data").exists(), "reading a path stores nothing");
}

#[test]
fn what_is_wrong_is_one_sentence_and_an_exit_code() {
    let home = home();
    for (args, sentence) in [
        (
            &["read", "99"][..],
            "newsreader: there is no article 99; `newsreader list` prints the numbers\n",
        ),
        (&["search", "rust on:2026-"][..], "newsreader: “on:2026-”: a date is "),
        (&["add", "/nowhere/at/all"][..], "newsreader: cannot follow /nowhere/at/all: "),
        (&["/nowhere/at/all"][..], "newsreader: cannot read /nowhere/at/all: "),
    ] {
        let output = run(home.path(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(err(&output).starts_with(sentence), "{}", err(&output));
        assert_eq!(err(&output).lines().count(), 1);
    }
}

#[test]
fn the_doctor_names_a_wrong_setting_with_its_line() {
    let home = home();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let healthy = run(home.path(), &["doctor"]);
    assert!(healthy.status.success(), "{}", out(&healthy));
    fs::write(config.join("settings.toml"), "keys = \"vim\"\nthem = \"ink\"\n").unwrap();
    fs::create_dir(config.join("themes")).unwrap();
    fs::write(config.join("themes/mine.toml"), "stars = { fg = \"red\" }\n").unwrap();
    fs::write(config.join("keymap.toml"), "[list]\n\"x\" = \"quitt\"\n").unwrap();
    let ill = run(home.path(), &["doctor"]);
    assert_eq!(ill.status.code(), Some(1));
    let text = out(&ill);
    assert!(
        text.contains("settings.toml, line 2: there is no setting `them`; did you mean `theme`?"),
        "{text}"
    );
    assert!(text.contains("mine.toml: there is no role `stars`; did you mean `star`?"), "{text}");
    assert!(
        text.contains("keymap.toml, line 2: there is no command `quitt`; did you mean `quit`?"),
        "{text}"
    );
}

#[test]
fn completions_and_the_manual_are_printed() {
    let home = tempfile::tempdir().unwrap();
    assert!(out(&run(home.path(), &["completions", "bash"])).contains("_newsreader"));
    assert!(out(&run(home.path(), &["man"])).starts_with(".ie"));
    assert!(out(&run(home.path(), &["--version"])).starts_with("newsreader "));
}

#[test]
fn the_samples_are_there_on_a_fresh_machine() {
    let home = tempfile::tempdir().unwrap();
    let listed = out(&run(home.path(), &["list", "qamishli", "base"]));
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(listed.contains("2026-01-28"));
    assert!(out(&run(home.path(), &["list"])).lines().count() >= 31);
}
