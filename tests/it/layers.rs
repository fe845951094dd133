//! The order of the modules, and the homes of the crates, as tables that are checked.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules that a service of the library may name.
const BELOW_LIBRARY: &[&str] = &[
    "model",
    "text",
    "diff",
    "query",
    "markup",
    "documents",
    "extract",
    "feed",
    "net",
    "remote",
    "greader",
    "fever",
    "archive",
    "opml",
    "index",
    "store",
    "story",
    "refresh",
];

/// The modules that the shell may name: everything that it joins.
const BELOW_RUNTIME: &[&str] = &[
    "model",
    "text",
    "diff",
    "query",
    "command",
    "markup",
    "documents",
    "extract",
    "feed",
    "net",
    "remote",
    "greader",
    "fever",
    "archive",
    "opml",
    "imports",
    "picture",
    "settings",
    "index",
    "store",
    "story",
    "refresh",
    "library",
    "app",
    "ui",
];

/// The modules that the command line may name. Only the file that starts the reader names `runtime`.
const BELOW_CLI: &[&str] = &[
    "model",
    "text",
    "diff",
    "query",
    "command",
    "markup",
    "documents",
    "extract",
    "feed",
    "net",
    "remote",
    "greader",
    "fever",
    "archive",
    "opml",
    "imports",
    "picture",
    "settings",
    "index",
    "store",
    "story",
    "refresh",
    "library",
    "app",
    "ui",
    "runtime",
];

/// Who may name whom. `src/lib.rs` tells the same in words.
pub const LAYERS: &[(&str, &[&str])] = &[
    ("app", &["model", "text", "diff", "markup", "query", "command", "picture", "settings"]),
    ("archive", &["model", "text", "query"]),
    ("cli", BELOW_CLI),
    ("command", &["text"]),
    ("diff", &["text"]),
    ("documents", &["model", "text", "markup", "extract", "feed"]),
    ("extract", &["text", "markup"]),
    ("feed", &["text", "markup"]),
    ("fever", &["model", "text", "net", "remote"]),
    ("greader", &["model", "text", "net", "remote"]),
    ("imports", &["model", "text", "query", "feed", "remote", "greader", "opml"]),
    ("index", &["model", "text", "query"]),
    ("library", BELOW_LIBRARY),
    ("markup", &["text"]),
    ("model", &[]),
    ("net", &["text"]),
    ("opml", &["text"]),
    ("picture", &["text"]),
    ("query", &["model", "text"]),
    ("refresh", &["model", "text", "diff", "net", "feed", "documents", "store"]),
    ("remote", &["model", "text", "net"]),
    ("runtime", BELOW_RUNTIME),
    ("settings", &["model", "text", "command"]),
    ("store", &["model", "text"]),
    ("story", &["model", "text"]),
    ("text", &[]),
    ("ui", &["model", "text", "diff", "markup", "query", "command", "picture", "app", "settings"]),
];

/// Crates that every module may name.
const SHARED_CRATES: &[&str] = &["chrono", "serde", "thiserror"];

/// Crates with the name of a module of `text`, by which other modules name that module and not the crate.
const TEXT_MODULES: &[&str] = &["base64", "url"];

/// Crates that only these modules may name. None may name those that are there for their features.
const HOMES: &[(&str, &[&str])] = &[
    ("aho_corasick", &["query"]),
    ("anyhow", &["runtime", "cli"]),
    ("base64", &["text"]),
    ("bitpacking", &["index"]),
    ("chardetng", &["text"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("color_quant", &["picture"]),
    ("crc32fast", &["index"]),
    ("crossbeam_channel", &["runtime", "cli", "library"]),
    ("crossterm", &["runtime"]),
    ("dom_query", &["markup", "extract"]),
    ("dom_smoothie", &["extract"]),
    ("encoding_rs", &["text", "documents", "feed", "markup"]),
    ("etcetera", &["library", "cli"]),
    ("flate2", &["net", "imports"]),
    ("fst", &["index"]),
    ("gif", &["picture"]),
    ("hashbrown", &["index", "library", "story", "text"]),
    ("html5ever", &["markup"]),
    ("hypher", &["markup"]),
    ("icu_segmenter", &["text"]),
    ("idna_adapter", &[]),
    ("image_webp", &["picture"]),
    ("indicatif", &["cli"]),
    ("mail_parser", &["documents"]),
    ("md5", &["fever"]),
    ("memchr", &["text", "query", "markup", "documents", "feed", "index"]),
    ("notify_rust", &["runtime"]),
    ("nucleo_matcher", &["app"]),
    ("open", &["runtime"]),
    ("percent_encoding", &["text", "refresh"]),
    ("png", &["picture"]),
    ("postgres", &["archive"]),
    ("pulldown_cmark", &["markup"]),
    ("quick_xml", &["feed", "opml"]),
    ("ratatui", &["ui", "runtime", "cli", "app"]),
    ("regex", &["query"]),
    ("regex_syntax", &["query"]),
    ("rusqlite", &["store", "imports"]),
    ("rustls", &["net", "archive"]),
    ("rustls_platform_verifier", &["archive"]),
    ("rustix", &["runtime", "cli", "library"]),
    (
        "serde_json",
        &["store", "model", "archive", "extract", "feed", "remote", "imports", "library", "cli"],
    ),
    ("signal_hook", &["runtime"]),
    ("similar", &["diff"]),
    ("strsim", &["text"]),
    ("textwrap", &["markup"]),
    ("tokio_postgres_rustls", &["archive"]),
    ("toml_edit", &["settings"]),
    ("toml", &["text", "settings", "command", "documents", "extract", "ui"]),
    ("tui_input", &["app"]),
    ("unicode_bidi", &["text"]),
    ("unicode_bidi_mirroring", &["text"]),
    ("unicode_joining_type", &["text"]),
    ("unicode_normalization", &["text", "feed"]),
    ("unicode_segmentation", &["text", "markup", "ui"]),
    ("unicode_width", &["text"]),
    ("ureq", &["net"]),
    ("url", &["text"]),
    ("web_atoms", &["text"]),
    ("zip", &["imports", "library"]),
    ("zstd", &["net", "store", "archive"]),
    ("zune_jpeg", &["picture"]),
];

#[test]
fn modules_name_only_what_they_may() {
    let mut wrong = Vec::new();
    for (module, allowed) in LAYERS {
        for file in files(&Path::new("src").join(module)) {
            let text = fs::read_to_string(&file).unwrap();
            for name in names_after(&text, "crate::") {
                if name != *module && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{}: `{module}` names `{name}`", file.display()));
                }
            }
            for (name, homes) in HOMES {
                if names_crate(&text, name) && !homes.contains(module) {
                    wrong.push(format!("{}: `{module}` names the crate `{name}`", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_a_home() {
    let manifest: toml::Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let targets = manifest["target"].as_table().unwrap().values();
    let tables = targets.map(|target| &target["dependencies"]).chain([&manifest["dependencies"]]);
    let names = tables.flat_map(|table| table.as_table().unwrap().keys());
    let mut dependencies: Vec<String> = names.map(|name| name.replace('-', "_")).collect();
    dependencies.sort();
    let mut known: Vec<&str> = HOMES.iter().map(|(name, _)| *name).collect();
    known.extend(SHARED_CRATES);
    known.sort_unstable();
    assert_eq!(dependencies, known);
}

#[test]
fn a_crate_with_the_name_of_a_module_is_told_apart() {
    for text in ["use url::Url;", "pub use url::{Host, Url};", "let x = ::url::Url::parse(y);"] {
        assert!(names_crate(text, "url"), "{text}");
    }
    for text in ["use crate::text::url;\nurl::host(x)", "use crate::text::url::host;"] {
        assert!(!names_crate(text, "url"), "{text}");
    }
    assert!(names_crate("let x = png::Decoder::new(y);", "png"));
}

#[test]
fn the_app_knows_only_the_geometry_of_ratatui() {
    for file in files(Path::new("src/app")) {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| line.contains("ratatui::")) {
            assert!(line.contains("ratatui::layout::"), "{}: {line}", file.display());
        }
    }
}

#[test]
fn only_the_file_that_starts_the_reader_names_the_runtime_in_cli() {
    let naming: Vec<_> = files(Path::new("src/cli"))
        .into_iter()
        .filter(|file| {
            let text = fs::read_to_string(file).unwrap();
            names_after(&text, "crate::").iter().any(|name| name == "runtime")
        })
        .collect();
    assert_eq!(naming, [Path::new("src/cli/tui.rs")]);
}

#[test]
fn every_module_has_a_layer() {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let declared: Vec<_> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let layered: Vec<_> = LAYERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, layered);
}

#[test]
fn the_names_in_a_use_are_found() {
    let text = "use crate::{\n    model::Entry,\n    text::{width, cut},\n    ui,\n};\nlet x = crate::app::App;";
    assert_eq!(names_after(text, "crate::"), ["model", "text", "ui", "app"]);
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    files
}

fn names_crate(text: &str, name: &str) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let names = |path: &str| {
        text.match_indices(path).any(|(at, _)| !text[..at].chars().next_back().is_some_and(is_path))
    };
    if TEXT_MODULES.contains(&name) {
        names(&format!("use {name}::")) || names(&format!("::{name}::"))
    } else {
        names(&format!("{name}::")) || names(&format!("::{name}::"))
    }
}

/// `crate::a::x` gives `a`; `crate::{a::x, b}` gives `a` and `b`.
fn names_after(text: &str, marker: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(marker) {
        let rest = &text[at + marker.len()..];
        match rest.strip_prefix('{') {
            None => names.push(ident(rest)),
            Some(group) => names.extend(group_names(group)),
        }
    }
    names.retain(|name| !name.is_empty() && name.starts_with(|c: char| c.is_lowercase()));
    names
}

fn group_names(group: &str) -> Vec<String> {
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(ident(&group[start..index]));
                start = index + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn ident(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
