//! The command line: output and exit codes.

use std::fs;

use crate::support::program::{home_with_news, run, stderr, stdout};

#[test]
fn help_lists_commands_and_options() {
    let home = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(stdout(&run(home.path(), &["--help"])));
}

#[test]
fn folder_is_added_listed_read_and_refreshed() {
    let home = home_with_news();
    let news = home.path().join("news");
    let added = run(home.path(), &["add", news.to_str().unwrap()]);
    assert_eq!(
        (stdout(&added).as_str(), stderr(&added).as_str()),
        ("2 new, 0 changed, 0 failed\n", "Subscribed to news\n")
    );
    let listed = stdout(&run(home.path(), &["list"]));
    assert_eq!(
        listed,
        "2\t2026-01-29\tnews\tRust turns ten\n1\t2026-01-28\tnews\tThe bridge reopens\n"
    );
    assert_eq!(stdout(&run(home.path(), &["list", "bridge", "on:2026-01-28"])).lines().count(), 1);
    assert_eq!(stdout(&run(home.path(), &["list", "!bridge"])).lines().count(), 1);
    let read = stdout(&run(home.path(), &["read", "1"]));
    assert_eq!(
        read,
        "news · 28 January 2026\n\nThe bridge reopens. It was shut for two years.\n\nMore.\n"
    );
    fs::write(news.join("c.txt"), "date 2026-02-01 A third.\n").unwrap();
    assert_eq!(stdout(&run(home.path(), &["refresh"])), "1 new, 0 changed, 0 failed\n");
    assert_eq!(stdout(&run(home.path(), &["refresh"])), "0 new, 0 changed, 0 failed\n");
}

#[test]
fn search_prints_lines_counts_or_json() {
    let home = home_with_news();
    run(home.path(), &["add", home.path().join("news").to_str().unwrap()]);
    let search = |args: &[&str]| stdout(&run(home.path(), &[&["search"], args].concat()));
    assert_eq!(search(&["bridge"]), "1\t2026-01-28\tnews\tThe bridge reopens\n");
    assert_eq!(
        search(&["bridge", "or", "rust", "--limit", "1"]),
        "2\t2026-01-29\tnews\tRust turns ten\n"
    );
    assert_eq!(search(&["ten", "or", "years", "--sort", "relevance"]).lines().count(), 2);
    let ids = |order: &str, query: &[&str]| -> Vec<String> {
        let lines = search(&[query, &["--sort", order]].concat());
        lines.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
    };
    for query in [&[][..], &["ten", "or", "years"]] {
        assert_eq!(ids("date", query), ["2", "1"]);
        assert_eq!(ids("oldest", query), ["1", "2"]);
        assert_eq!(ids("title", query), ["2", "1"], "Rust turns ten, The bridge reopens");
        assert_eq!(ids("feed", query), ["2", "1"], "the newest of a feed come first");
    }
    assert_eq!(search(&["--count", "zeppelin"]), "0\n");
    assert_eq!(search(&["--count"]), "2\n");
    assert_eq!(search(&["--histogram", "day"]), "2026-01-28\t1\n2026-01-29\t1\n");
    assert_eq!(search(&["--histogram", "month"]), "2026-01\t2\n");
    assert_eq!(search(&["--histogram", "year"]), "2026\t2\n");
    assert_eq!(search(&["--count", "--histogram", "week", "bridge"]), "1\n2026-01-26\t1\n");
    let found: serde_json::Value = serde_json::from_str(&search(&["--json", "rust"])).unwrap();
    let expected = serde_json::json!({"version": 1, "count": 1, "articles": [{
        "id": 2, "published": "2026-01-29", "feed": "news", "title": "Rust turns ten",
        "author": null, "link": null, "read": false, "starred": false, "tags": [],
        "categories": [], "copies": [], "file": "b.txt", "story": null,
    }]});
    assert_eq!(found, expected);
    let histogram: serde_json::Value =
        serde_json::from_str(&search(&["--json", "--histogram", "month", "rust"])).unwrap();
    assert_eq!(
        histogram,
        serde_json::json!({
            "version": 1, "count": 1, "histogram": [{"from": "2026-01-01", "count": 1}]
        })
    );
}

#[test]
fn path_argument_in_pipe_prints_plain_list() {
    let home = home_with_news();
    let listed = run(home.path(), &[home.path().join("news").to_str().unwrap()]);
    assert!(listed.status.success());
    assert_eq!(stdout(&listed).lines().count(), 2);
    assert!(!stdout(&listed).contains('\u{1b}'));
    assert!(!home.path().join("data").exists(), "reading a path stores nothing");
}

#[test]
fn failing_command_prints_one_sentence_and_exits_with_1() {
    let home = home_with_news();
    for (args, sentence) in [
        (
            &["read", "99"][..],
            "newsreader: there is no article 99; `newsreader list` shows the numbers\n",
        ),
        (&["add", "/nowhere/at/all"][..], "newsreader: cannot read /nowhere/at/all: "),
        (&["/nowhere/at/all"][..], "newsreader: cannot read /nowhere/at/all: "),
    ] {
        let output = run(home.path(), args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(stderr(&output).starts_with(sentence), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
    }
}

#[test]
fn library_that_cannot_be_opened_fails_every_command() {
    let home = home_with_news();
    let file = home.path().join("news").join("no-library");
    fs::write(&file, "a file where a folder should be").unwrap();
    let library = file.to_str().unwrap();
    for command in [
        &["list"][..],
        &["search", "--count", "a"],
        &["read", "1"],
        &["refresh"],
        &["add", "/"],
        &["save", "https://a.example/"],
        &["feed", "list"],
        &["feed", "export"],
        &["index", "status"],
        &[],
    ] {
        let output = run(home.path(), &[&["--library", library], command].concat());
        assert_eq!(
            (output.status.code(), stdout(&output)),
            (Some(1), String::new()),
            "{command:?}"
        );
        assert!(stderr(&output).contains("no-library"), "{command:?}: {}", stderr(&output));
    }
}

#[test]
fn import_of_incomplete_lists_exits_with_1() {
    let home = home_with_news();
    let feed = "<outline xmlUrl='https://a.example/feed'/>";
    for (list, printed, sentence) in [
        ("<opml><head><title>T</title></head></opml>".to_owned(), "", "has no <body>"),
        (String::new(), "", "is empty"),
        (
            format!("<opml><body>{feed}<outline xmlUrl='htt"),
            "1 new, 0 already subscribed, 0 rejected\n",
            "ends before </opml>",
        ),
        (
            format!("<opml><body>{feed}</body></opml>"),
            "0 new, 1 already subscribed, 0 rejected\n",
            "",
        ),
    ] {
        let file = home.path().join("list.opml");
        fs::write(&file, &list).unwrap();
        let output = run(home.path(), &["feed", "import", file.to_str().unwrap()]);
        assert_eq!(output.status.success(), sentence.is_empty(), "{list}");
        assert_eq!(stdout(&output), printed, "{list}");
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
    }
}

#[test]
fn doctor_names_wrong_settings_with_their_lines() {
    let home = home_with_news();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let healthy = run(home.path(), &["doctor"]);
    assert!(healthy.status.success(), "{}", stdout(&healthy));
    let settings_line = "ok settings: colors 16, glyphs unicode, keys type\n";
    assert!(stdout(&healthy).contains(settings_line), "{}", stdout(&healthy));
    fs::write(config.join("settings.toml"), "keys = \"vim\"\nthem = \"ink\"\n").unwrap();
    fs::create_dir(config.join("themes")).unwrap();
    fs::write(config.join("themes/mine.toml"), "stars = { fg = \"red\" }\n").unwrap();
    fs::write(config.join("keymap.toml"), "[list]\n\"x\" = \"quitt\"\n").unwrap();
    fs::write(config.join("rules.toml"), "[[rule]]\nname = \"A\"\nstarr = true\n").unwrap();
    let unhealthy = run(home.path(), &["doctor"]);
    assert_eq!(unhealthy.status.code(), Some(1));
    let text = stdout(&unhealthy);
    assert!(
        text.contains("settings.toml, line 2: there is no setting `them`; did you mean `theme`?"),
        "{text}"
    );
    assert!(
        text.contains("mine.toml, line 1: there is no role `stars`; did you mean `star`?"),
        "{text}"
    );
    assert!(text.contains("rules.toml, line 3: there is no action `starr`"), "{text}");
    assert!(
        text.contains("keymap.toml, line 2: there is no command `quitt`; did you mean `quit`?"),
        "{text}"
    );
}

#[test]
fn configuration_files_of_more_than_a_megabyte_are_named_and_left_out() {
    let home = home_with_news();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(config.join("themes")).unwrap();
    let files = ["settings.toml", "keymap.toml", "themes/large.toml", "rules.toml"];
    for file in files {
        fs::write(config.join(file), "# comment\n".repeat(110_000)).unwrap();
    }
    let doctor = run(home.path(), &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    let refreshed = run(home.path(), &["refresh"]);
    let said = format!("{}{}", stdout(&doctor), stderr(&refreshed));
    for file in files {
        assert!(said.contains(&format!("{file}: it is larger than 1 MiB")), "{file}: {said}");
    }
    let chosen = config.join("settings.toml").display().to_string();
    let refused = run(home.path(), &["list", "--settings", &chosen]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("it is larger than 1 MiB"), "{}", stderr(&refused));
}

#[test]
fn completions_manual_and_version_are_printed() {
    let home = tempfile::tempdir().unwrap();
    for part in ["_newsreader", "unstar", "--follow", "--exit-code"] {
        assert!(stdout(&run(home.path(), &["completions", "bash"])).contains(part), "{part}");
    }
    assert!(stdout(&run(home.path(), &["man"])).starts_with(".ie"));
    assert!(stdout(&run(home.path(), &["--version"])).starts_with("newsreader "));
}

#[test]
fn list_of_new_library_shows_samples() {
    let home = tempfile::tempdir().unwrap();
    let listed = stdout(&run(home.path(), &["list", "qamishli", "base"]));
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(listed.contains("2026-01-28"));
    assert!(stdout(&run(home.path(), &["list"])).lines().count() >= 31);
}
