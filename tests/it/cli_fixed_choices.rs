//! Names that flags and environment variables choose for one run.

use std::fs;

use crate::support::program::{home_with_library, run, run_with, stderr, stdout};

#[test]
fn wrong_name_on_the_command_line_is_wrong_usage_of_every_command() {
    let home = home_with_library();
    let settings = home.path().join("mine.toml");
    fs::write(&settings, "theme = \"ink\"\n").unwrap();
    let missing = home.path().join("mien.toml");
    let missing = missing.to_str().unwrap();
    let cases = [
        (&["--theme", "papr"][..], "--theme: there is no theme `papr`; did you mean `paper`?"),
        (&["--keys", "emacs"], "--keys: there is no key preset `emacs` (known: type, vim)"),
        (&["--keys", "vi"], "--keys: there is no key preset `vi`; did you mean `vim`?"),
        (&["--settings", missing], "mine.toml?"),
    ];
    for (flags, sentence) in cases {
        for command in [&[][..], &["list"], &["search", "rust"], &["doctor"], &["read", "1"]] {
            let output = run(home.path(), &[flags, command].concat());
            assert_eq!(output.status.code(), Some(2), "{flags:?} {command:?}");
            assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
            assert_eq!(stdout(&output), "");
        }
    }
    for variable in ["NEWSREADER_THEME", "NEWSREADER_KEYS"] {
        let output = run_with(home.path(), &["list"], &[(variable, "papr")]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with(&format!("newsreader: {variable}: there is no ")));
        let man = run_with(home.path(), &["man"], &[(variable, "papr")]);
        assert!(man.status.success());
    }
}

#[test]
fn theme_of_the_user_is_a_valid_name() {
    let home = home_with_library();
    let themes = home.path().join("config/newsreader/themes");
    fs::create_dir_all(&themes).unwrap();
    fs::write(themes.join("mine.toml"), "star = { fg = \"red\" }\n").unwrap();
    assert!(run(home.path(), &["--theme", "mine", "list"]).status.success());
}

#[test]
fn mistyped_subcommand_is_wrong_usage() {
    let home = home_with_library();
    let output = run(home.path(), &["serach", "rust"]);
    assert_eq!(output.status.code(), Some(2));
    let sentence =
        "“serach” is not a subcommand, a file or a folder; did you mean `newsreader search`?";
    assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
}
