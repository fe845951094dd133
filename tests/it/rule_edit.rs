//! `newsreader rule edit`, and the largest file of rules.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::support::program::{home_with_library, run, stderr, stdout};

/// A home folder with the rules `Noise` and `Ships`, the first of which has comments.
fn home_with_rules() -> (TempDir, PathBuf) {
    let home = home_with_library();
    let path = home.path().join("config/newsreader/rules.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = "[[rule]]\nname = \"Noise\" # loud\nquery = \"ad\"\ntag = [\"x\", \"y\"]\nread = true\n\
                hide = true # for now\n\n[[rule]]\nname = \"Ships\"\nquery = \"ferry\"\nstar = true\n";
    fs::write(&path, text).unwrap();
    (home, path)
}

#[test]
fn rule_edit_changes_what_is_given_and_is_undone() {
    let (home, path) = home_with_rules();
    let before = fs::read_to_string(&path).unwrap();
    let edit = |options: &[&str]| {
        let output = run(home.path(), &[&["rule", "edit", "noise"], options].concat());
        assert!(output.status.success(), "{options:?}: {output:?}");
        stderr(&output)
    };
    let listed = || {
        let list = stdout(&run(home.path(), &["rule", "list"]));
        list.lines().next().unwrap().to_owned()
    };
    for (options, expected) in [
        (&["--query", "title:ad"][..], "Noise\ttitle:ad\ttag x, tag y, mark read, hide"),
        (&["--star", "--read=no"], "Noise\ttitle:ad\ttag x, tag y, star, hide"),
        (&["--tag", "z", "--tag", "Z"], "Noise\ttitle:ad\ttag z, star, hide"),
        (&["--hide-until", "2d"], "Noise\ttitle:ad\ttag z, star, hide for 2d"),
        (&["--tag", "", "--hide"], "Noise\ttitle:ad\tstar, hide"),
        (&["--off", "--hide=no"], "Noise\ttitle:ad\tstar\toff"),
        (&["--off=no", "--hide-until", "3d"], "Noise\ttitle:ad\tstar, hide for 3d"),
        (&["--hide-until", ""], "Noise\ttitle:ad\tstar"),
    ] {
        assert_eq!(edit(options), "Changed the rule “Noise”\n");
        assert_eq!(listed(), expected, "{options:?}");
    }
    assert!(fs::read_to_string(&path).unwrap().contains("hide = false # for now"));
    assert_eq!(edit(&["--name", " Loud "]), "Changed the rule “Noise”, now “Loud”\n");
    assert!(run(home.path(), &["undo", "9"]).status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn rule_edit_refuses_what_the_file_would_not_take() {
    let (home, path) = home_with_rules();
    let before = fs::read_to_string(&path).unwrap();
    for (options, sentence) in [
        (&["noise"][..], "nothing to change; name an option such as --query"),
        (&["noise", "--read"], "nothing to change"),
        (&["ships", "--star=no"], "name an action, such as --tag x or --hide"),
        (&["ships", "--star=maybe"], "say yes or no"),
        (&["ships", "--query", " "], "the query is empty"),
        (&["ships", "--tag", "a b"], "“a b” is no tag"),
        (&["ships", "--hide-until", "2020-01-01"], "a time to come is"),
        (&["ships", "--name", "NOISE"], "a rule is called “NOISE” already"),
        (&["ships", "--run", "note"], "no command"),
        (&["shops", "--star"], "no rule is called “shops”; did you mean “Ships”?"),
    ] {
        let output = run(home.path(), &[&["rule", "edit"], options].concat());
        assert_eq!(output.status.code(), Some(2), "{options:?}: {output:?}");
        assert!(stderr(&output).contains(sentence), "{options:?}: {}", stderr(&output));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    let renamed = run(home.path(), &["rule", "edit", "ships", "--name", "SHIPS"]);
    assert!(renamed.status.success(), "{}", stderr(&renamed));
}

#[test]
fn rules_file_may_have_a_megabyte_and_no_more() {
    let (home, path) = home_with_rules();
    let rules = fs::read_to_string(&path).unwrap();
    let added = "\n[[rule]]\nname = \"A\"\nquery = \"a\"\nstar = true\n";
    let fill = |size: usize| {
        let comment = "#".repeat(size - rules.len() - added.len() - 1);
        fs::write(&path, format!("{comment}\n{rules}")).unwrap();
        run(home.path(), &["rule", "add", "A", "--query", "a", "--star"])
    };
    let over = fill((1 << 20) + 1);
    assert_eq!(over.status.code(), Some(1));
    assert!(stderr(&over).contains("rules.toml would be larger than 1 MiB"), "{}", stderr(&over));
    assert!(!fs::read_to_string(&path).unwrap().contains("name = \"A\""));
    assert!(fill(1 << 20).status.success());
    assert_eq!(fs::metadata(&path).unwrap().len(), 1 << 20);
    assert!(run(home.path(), &["rule", "list"]).status.success());
}
