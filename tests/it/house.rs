//! Rules of the project that can be counted: commands and keys, file sizes, names, prose, paths.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use newsreader::{
    command::{COMMANDS, KeyContext, Keymap},
    library::SAMPLES,
};

/// Public type names that may exist more than once.
const SHARED_TYPE_NAMES: &[&str] = &[];

/// Words that make a doc comment begin like a question.
const QUESTION_WORDS: [&str; 6] = ["What", "Whether", "How", "Where", "Which", "Who"];

#[test]
fn every_command_has_a_key() {
    let keymap = Keymap::type_preset();
    for spec in COMMANDS {
        let bound = keymap.iter().any(|(_, _, command)| command == spec.command);
        assert!(bound, "{} has no key", spec.name);
    }
}

#[test]
fn readme_key_table_matches_keymap() {
    let readme = fs::read_to_string("README.md").unwrap();
    let keymap = Keymap::type_preset();
    let contexts = [
        KeyContext::List,
        KeyContext::EmptyFilter,
        KeyContext::MarkedRows,
        KeyContext::Article,
        KeyContext::Filter,
        KeyContext::Sidebar,
        KeyContext::Global,
    ];
    let mut row_count = 0;
    let section = readme.split("## Keys").nth(1).unwrap();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, keys, ..] = cells[..] else { panic!("{row}") };
        let spec = COMMANDS.iter().find(|spec| format!("`{}`", spec.name) == name);
        let spec = spec.unwrap_or_else(|| panic!("the README names {name}, which is no command"));
        let mut bound: Vec<String> = contexts
            .iter()
            .flat_map(|context| keymap.key_hints_for(spec.command, &[*context]))
            .collect();
        let menu_keys = keymap.key_hints_for(spec.command, &[KeyContext::Menu]);
        bound.extend(menu_keys.iter().map(|key| format!("^X {key}")));
        for key in keys.split(", ") {
            assert!(
                bound.iter().any(|bound| format!("`{bound}`") == key),
                "{name}: {key} is not among {bound:?}"
            );
        }
        row_count += 1;
    }
    assert!(row_count >= 25, "the README's key table has {row_count} rows");
}

#[test]
fn sample_library_holds_every_seed() {
    let entries = fs::read_dir("seeds").unwrap().map(|file| file.unwrap());
    // The folder `seeds/feeds` holds feed documents for the tests of the feed parser.
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut files: Vec<String> =
        files.map(|file| file.file_name().into_string().unwrap()).collect();
    files.sort();
    let embedded: Vec<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(embedded, files);
    assert!(files.len() >= 31);
}

#[test]
fn source_files_have_at_most_600_lines() {
    for folder in ["src", "tests"] {
        for file in rust_files(Path::new(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", file.display());
        }
    }
}

/// Keys are the user's to bind: code names commands, and `ui` looks their keys up.
#[test]
fn no_text_names_a_key() {
    let key = regex::Regex::new(concat!(
        r"\^[A-Z_](?:[^A-Za-z]|$)|(?i:\b(?:alt|ctrl)-)|\bShift-",
        r"|\bF(?:[1-9]|1[0-2])\b|\bPg(?:Up|Dn)\b|\bEsc\b",
        r"|: [a-z](?:[.]| (?:adds|opens|closes|shows|hides|turns|finds|saves)\b)",
    ))
    .unwrap();
    let literal = regex::Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    let mut wrong = Vec::new();
    for file in rust_files(Path::new("src")) {
        // The table of commands and the keymaps are where keys are named.
        if file.starts_with("src/command") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let named = literal.find_iter(line).any(|text| key.is_match(text.as_str()));
            if named && !line.contains("NEWSREADER_TEST_PANIC") {
                wrong.push(format!("{}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn source_files_have_no_leftover_marks() {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("dbg", "!(")];
    for folder in ["src", "tests"] {
        for file in rust_files(Path::new(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for mark in marks {
                assert!(!text.contains(mark), "{} has {mark}", file.display());
            }
        }
    }
}

#[test]
fn top_level_holds_only_known_files() {
    let files = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "SECURITY.md",
        "_typos.toml",
        "clippy.toml",
        "deny.toml",
        "rust-toolchain.toml",
        "rustfmt.toml",
        "typos.toml",
    ];
    let folders = ["src", "seeds", "assets", "tests", "target"];
    for entry in fs::read_dir(".").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // Files of tools, such as `.clippy.toml`, `.rustfmt.toml` and `.gitignore`.
        let hidden = name.starts_with('.');
        let known = files.contains(&name.as_str()) || folders.contains(&name.as_str());
        assert!(hidden || known, "{name} at the top level");
    }
}

#[test]
fn public_type_names_are_unique() {
    let mut files_by_name: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in production_files() {
        let text = fs::read_to_string(&file).unwrap();
        for name in public_type_names(&without_test_modules(&text)) {
            files_by_name.entry(name).or_default().push(file.clone());
        }
    }
    assert!(SHARED_TYPE_NAMES.len() <= 10);
    assert!(files_by_name.len() > 300, "only {} types were found", files_by_name.len());
    files_by_name.retain(|name, files| files.len() > 1 && !SHARED_TYPE_NAMES.contains(&&**name));
    assert!(files_by_name.is_empty(), "{files_by_name:#?}");
}

#[test]
fn no_doc_comment_begins_with_a_question_word() {
    let (mut blocks, mut questions) = (0, Vec::new());
    for file in rust_files(Path::new("src")) {
        for line in doc_comment_first_lines(&fs::read_to_string(&file).unwrap()) {
            blocks += 1;
            let first_word = line.split(|c: char| !c.is_alphanumeric()).next();
            if first_word.is_some_and(|word| QUESTION_WORDS.contains(&word)) {
                questions.push(format!("{}: {line}", file.display()));
            }
        }
    }
    assert!(blocks > 1_000, "only {blocks} doc comments were found");
    assert!(questions.is_empty(), "{}", questions.join("\n"));
}

#[test]
fn no_source_names_a_path_outside_the_repository() {
    let marks = [concat!("../", "shared"), concat!("CARGO_MANIFEST_DIR", "\"), \"/..")];
    let mut files = vec![PathBuf::from("Cargo.toml")];
    for folder in ["src", "tests", ".ci", ".github"] {
        files.extend(files_below(Path::new(folder)));
    }
    for file in files {
        // Files that are not text, such as a library's database, cannot name a path in this way.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for mark in marks {
            assert!(!text.contains(mark), "{} names {mark}", file.display());
        }
    }
}

#[test]
fn public_type_names_skips_private_types_and_test_modules() {
    let text = "pub struct One;\npub(crate) enum Two {}\nstruct Private;\n    pub(super) trait Three {}\n\
                #[cfg(test)]\nmod tests {\n    pub struct Four;\n}\npub type Five = u8;\n";
    let names = public_type_names(&without_test_modules(text));
    assert_eq!(names, ["One", "Two", "Three", "Five"]);
}

#[test]
fn doc_comment_first_lines_returns_one_line_per_block() {
    let text = "//! A module.\n//!\n//! More.\n\n/// A type.\n/// More.\nstruct A;\n// Not a doc comment.\n";
    assert_eq!(doc_comment_first_lines(text), ["A module.", "A type."]);
}

/// Returns all files in `folder` at any depth, without build output.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| !path.ends_with("target"))
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = files_below(folder);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files
}

/// Returns the files in `src` that are not part of a test module.
fn production_files() -> Vec<PathBuf> {
    let mut files = rust_files(Path::new("src"));
    let test_modules: Vec<PathBuf> =
        files.iter().flat_map(|file| test_module_paths(file)).collect();
    files.retain(|file| {
        let module = file.with_extension("");
        !test_modules.iter().any(|test_module| module.starts_with(test_module))
    });
    files
}

/// Returns the paths, without extension, of the modules that `file` declares for tests only.
fn test_module_paths(file: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(file).unwrap();
    let is_root = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| file.ends_with(name));
    let folder = if is_root { file.parent().unwrap().to_owned() } else { file.with_extension("") };
    let declarations = text.lines().zip(text.lines().skip(1));
    declarations
        .filter(|(attribute, _)| attribute.trim() == "#[cfg(test)]")
        .filter_map(|(_, line)| line.trim().rsplit_once("mod ")?.1.strip_suffix(';'))
        .map(|name| folder.join(name))
        .collect()
}

/// Returns `text` without its `#[cfg(test)] mod … { … }` blocks.
fn without_test_modules(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_module =
            |next: &&str| next.trim_start().starts_with("mod ") && next.ends_with('{');
        if line.trim() == "#[cfg(test)]" && lines.peek().is_some_and(opens_module) {
            let end = line.replace("#[cfg(test)]", "}");
            lines.by_ref().find(|line| **line == *end);
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Returns the names of the types and traits that are declared `pub`, `pub(crate)` or the like.
fn public_type_names(text: &str) -> Vec<String> {
    let declared_name = |line: &str| -> Option<String> {
        let after_pub = line.trim_start().strip_prefix("pub")?;
        let item = match after_pub.strip_prefix('(') {
            Some(scope) => scope.split_once(") ")?.1,
            None => after_pub.strip_prefix(' ')?,
        };
        let (keyword, rest) = item.split_once(' ')?;
        let is_type = ["struct", "enum", "trait", "type", "union"].contains(&keyword);
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        (is_type && !name.is_empty()).then_some(name)
    };
    text.lines().filter_map(declared_name).collect()
}

/// Returns the first line of each doc comment.
fn doc_comment_first_lines(text: &str) -> Vec<&str> {
    let mut first_lines = Vec::new();
    let mut in_block = false;
    for line in text.lines().map(str::trim_start) {
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        if let Some(doc) = doc.filter(|_| !in_block) {
            first_lines.push(doc.trim_start());
        }
        in_block = doc.is_some();
    }
    first_lines
}
