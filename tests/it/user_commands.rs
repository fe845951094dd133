//! Commands of the user's own, the browser, and the settings that the app itself follows.

use newsreader::{
    app::{Effect, Message},
    model::{RefreshProgress, RefreshSummary, SessionState},
    settings::{Settings, SettingsLayer, merge_layers},
};

use crate::support::{Stage, failure, stage, stage_with, stage_with_failures};

fn settings(text: &str) -> Settings {
    let (mut settings, failures) = merge_layers(vec![SettingsLayer::from_toml("a test", text)]);
    assert_eq!(failures, []);
    settings.refresh.every = 0;
    settings
}

fn stage_with_settings(titles: &[&str], text: &str) -> Stage {
    stage_with(titles, settings(text), SessionState::default())
}

const COMMANDS: &str = "[commands]\n\
    note = [\"note\", \"{title}: {url}\", \"{file}\"]\n\
    mpv = { run = [\"mpv\", \"{url}\"], terminal = true }\n";

#[test]
fn command_of_the_user_gets_the_selected_article() {
    let stage = stage_with_settings(&["-a title", "b"], COMMANDS).keys(":").text("run note");
    let [Effect::RunProgram(id, run)] = &stage.keys("enter").effects[..] else { panic!() };
    assert_eq!(id.0, 1);
    assert_eq!(
        run.command_line("/tmp/text"),
        ["note", " -a title: https://example.org/1", "/tmp/text"]
    );
    assert!(run.reads_text() && run.needs_file() && !run.takes_terminal());
}

#[test]
fn command_with_the_terminal_reads_the_keyboard() {
    let stage = stage_with_settings(&["a"], COMMANDS).keys(":").text("run mpv").keys("enter");
    let [Effect::RunProgram(_, run)] = &stage.effects[..] else { panic!() };
    assert!(run.takes_terminal() && !run.reads_text());
}

#[test]
fn url_is_handed_over_without_user_information() {
    let mut stage = stage_with_settings(&["a"], COMMANDS);
    stage.entries[0].link = Some("https://ann:word@example.org/ä b".to_owned());
    let stage = stage.keys("ctrl-x h ctrl-x h").keys(":").text("run mpv").keys("enter");
    let [Effect::RunProgram(_, run)] = &stage.effects[..] else { panic!() };
    assert_eq!(run.command_line(""), ["mpv", "https://example.org/%C3%A4%20b"]);
}

#[test]
fn command_that_needs_a_url_says_so_where_there_is_none() {
    let mut stage = stage_with_settings(&["a"], COMMANDS);
    stage.entries[0].link = None;
    let stage = stage.keys("ctrl-x h ctrl-x h").keys(":").text("run mpv").keys("enter");
    assert_eq!(stage.effects, []);
    assert!(stage.screen().contains("This article has no URL for mpv"), "{}", stage.screen());
}

#[test]
fn failed_browser_offers_to_copy_the_url_of_the_article() {
    let failed = |url: &str| {
        let failure = failure("Cannot open it: the desktop has no browser");
        stage(&["a"]).send(Message::UrlNotOpened(url.to_owned(), failure)).screen()
    };
    let own = failed("https://example.org/1");
    assert!(own.contains("! Cannot open it: the desktop has no browser · Alt-y copies the URL"));
    assert!(!failed("https://other.example/").contains("copies"));
}

#[test]
fn key_of_a_notice_stays_where_its_text_is_cut() {
    let path = "a/long/path/that/does/not/fit/here/".repeat(3);
    let sentence = &format!("Cannot open https://example.org/{path}: no browser");
    let url = "https://example.org/1".to_owned();
    let stage = stage(&["a"]).send(Message::UrlNotOpened(url, failure(sentence)));
    let wide = stage.screen();
    assert!(wide.contains("no browser\n   Alt-y copies the URL"), "{wide}");
    let narrow = stage.size(40, 15).screen();
    assert!(narrow.contains('…') && narrow.contains("Alt-y"), "{narrow}");
}

#[test]
fn article_in_view_is_marked_read_after_the_time_of_the_settings() {
    let is_read_after = |value: &str, seconds: i64| {
        let settings = format!("[article]\nmark_read_after = {value}\n");
        let stage = stage_with_settings(&["a", "b"], &settings).size(120, 40).keys("down");
        !stage.wait(seconds).writes().is_empty()
    };
    assert!(!is_read_after("2", 1) && is_read_after("2", 2));
    assert!(!is_read_after("\"10s\"", 9) && is_read_after("\"10s\"", 10));
    assert!(!is_read_after("false", 100_000) && !is_read_after("0", 100_000));
}

#[test]
fn problems_of_the_start_are_shown_until_a_key_and_all_are_listed() {
    let problems = ["settings.toml, line 2: one", "keymap.toml, line 3: two", "mine.toml: three"];
    let stage = stage_with_failures(&["a"], problems.map(failure).to_vec()).size(120, 40);
    let summary = RefreshSummary { new_entries: 2, ..RefreshSummary::default() };
    let refreshed = RefreshProgress::Finished(summary);
    let stage = stage.send(Message::RefreshProgressed(refreshed)).wait(60);
    let notice = "! 3 problems at startup · ^X e lists them";
    assert!(stage.screen().contains(notice), "{}", stage.screen());
    let stage = stage.keys("ctrl-x e");
    assert!(!stage.screen().contains(notice));
    let listed: Vec<usize> =
        problems.iter().map(|problem| stage.screen().find(problem).unwrap()).collect();
    assert!(listed.is_sorted(), "{}", stage.screen());
}
