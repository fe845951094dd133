//! What the project promises about itself, counted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use newsreader::{
    command::{COMMANDS, KeyContext, Keymap},
    runtime::SAMPLES,
};

#[test]
fn every_command_can_be_reached_by_a_key() {
    let keymap = Keymap::type_preset();
    for spec in COMMANDS {
        let bound = keymap.iter().any(|(_, _, command)| command == spec.command);
        assert!(bound, "{} has no key", spec.name);
    }
}

#[test]
fn the_readme_names_the_keys_as_they_are() {
    let readme = fs::read_to_string("README.md").unwrap();
    let keymap = Keymap::type_preset();
    let contexts = [
        KeyContext::List,
        KeyContext::EmptyFilter,
        KeyContext::Article,
        KeyContext::Filter,
        KeyContext::Global,
    ];
    let mut rows = 0;
    let keys = readme.split("## Keys").nth(1).unwrap();
    for row in keys.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, keys, ..] = cells[..] else { panic!("{row}") };
        let spec = COMMANDS.iter().find(|spec| format!("`{}`", spec.name) == name);
        let spec = spec.unwrap_or_else(|| panic!("the README names {name}, which is no command"));
        let mut known: Vec<String> = contexts
            .iter()
            .flat_map(|context| keymap.key_hints_for(spec.command, &[*context]))
            .collect();
        known.extend(
            keymap
                .key_hints_for(spec.command, &[KeyContext::Menu])
                .iter()
                .map(|key| format!("^X {key}")),
        );
        for key in keys.split(", ") {
            assert!(
                known.iter().any(|known| format!("`{known}`") == key),
                "{name}: {key} is not among {known:?}"
            );
        }
        rows += 1;
    }
    assert!(rows >= 25, "the README's key table has {rows} rows");
}

#[test]
fn the_sample_library_is_the_folder_of_seeds() {
    let entries = fs::read_dir("seeds").unwrap().map(|file| file.unwrap());
    // The folder in it holds feed documents, which the tests of feeds read.
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut files: Vec<String> =
        files.map(|file| file.file_name().into_string().unwrap()).collect();
    files.sort();
    let embedded: Vec<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(embedded, files);
    assert!(files.len() >= 31);
}

#[test]
fn no_file_is_too_long_to_hold_in_the_head() {
    for folder in ["src", "tests"] {
        for file in sources(Path::new(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn no_source_has_a_note_to_self() {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("dbg", "!(")];
    for folder in ["src", "tests"] {
        for file in sources(Path::new(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for mark in marks {
                assert!(!text.contains(mark), "{} has {mark}", file.display());
            }
        }
    }
}

#[test]
fn the_top_level_is_what_it_should_be() {
    let known = [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "deny.toml",
        "Cargo.lock",
        "Cargo.toml",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
    ];
    let folders = ["src", "seeds", "assets", "tests", "target"];
    for entry in fs::read_dir(".").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let expected = name.starts_with('.') || known.contains(&name.as_str());
        assert!(expected || folders.contains(&name.as_str()), "{name} at the top level");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| !path.ends_with("target"));
    let mut files: Vec<_> =
        entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files
}
