//! No circles: within a module, no file imports, directly or through others, a file that imports it.
//!
//! An edge goes from a file to each file that it names in a `use` or in an inline path, through re-exports to the file
//! that defines the item. Unit tests do not count, nor does a re-export itself: a `mod.rs` that only declares and
//! re-exports has no edges.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::Path,
};

use crate::layers::{LAYERS, files};

/// The path of an item or module, segment by segment from the crate root.
type ItemPath = Vec<String>;

#[test]
fn no_file_is_in_a_circle_of_imports() {
    let modules = LAYERS.iter().map(|(name, _)| *name);
    let circles: Vec<String> =
        modules.flat_map(|name| circles(&ModuleFiles::read(name).edges())).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn circles_are_found_through_reexports_and_inline_paths() {
    let module = ModuleFiles::new(&[
        ("m", "mod a;\nmod b;\nmod c;\npub use a::A;\nuse crate::n::m;"),
        ("m::a", "use super::b;\npub struct A;\nfn f() { b::g() }"),
        ("m::b", "use crate::{m::{c::C}, n};\npub fn g() {}"),
        (
            "m::c",
            "pub struct C(super::A);\npub(in crate::m) struct D;\n#[cfg(test)]\nmod tests { use super::super::b; }",
        ),
    ]);
    let found = circles(&module.edges());
    assert_eq!(found, ["m::a names m::b", "m::b names m::c", "m::c names m::a"]);
    let through_globs = ModuleFiles::new(&[
        ("m", "mod a;\nmod b;\npub use a::*;\npub use b::*;"),
        ("m::a", "mod x;\npub use x::X;\npub(super) struct A;"),
        ("m::a::x", "use crate::m::B;\npub struct X;"),
        ("m::b", "use super::{A, X};\npub struct B;"),
    ]);
    let found = circles(&through_globs.edges());
    assert_eq!(found, ["m::a::x names m::b", "m::b names m::a::x"]);
    let straight = ModuleFiles::new(&[
        ("m", "mod a;\nmod b;\npub use a::A;"),
        ("m::a", "pub struct A;"),
        ("m::b", "use super::A;"),
    ]);
    assert_eq!(circles(&straight.edges()), Vec::<String>::new());
}

/// The files of a top-level module.
struct ModuleFiles {
    code_by_path: BTreeMap<ItemPath, String>,
    /// The target of each re-export, by the module and the name under which it is re-exported.
    reexports: HashMap<(ItemPath, String), ItemPath>,
}

impl ModuleFiles {
    fn read(module: &str) -> ModuleFiles {
        let sources: Vec<(String, String)> = files(&Path::new("src").join(module))
            .into_iter()
            .map(|file| {
                let path = file.strip_prefix("src").unwrap().with_extension("");
                let path = path.to_str().unwrap().replace('/', "::");
                let path = path.trim_end_matches("::mod").to_owned();
                (path, fs::read_to_string(&file).unwrap())
            })
            .collect();
        let sources: Vec<(&str, &str)> =
            sources.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        ModuleFiles::new(&sources)
    }

    fn new(sources: &[(&str, &str)]) -> ModuleFiles {
        let code_by_path: BTreeMap<ItemPath, String> =
            sources.iter().map(|(path, text)| (split_path(path), program_code(text))).collect();
        let mut module = ModuleFiles { code_by_path, reexports: HashMap::new() };
        let mut globs = Vec::new();
        for (path, code) in module.code_by_path.clone() {
            for tree in use_trees(&code).into_iter().filter(|tree| tree.is_reexport) {
                for item in tree.items() {
                    let target = module.absolute(&path, &item, &HashMap::new());
                    if let (Some(target), Some(name)) = (target, item.last()) {
                        if name == "*" {
                            globs.push((path.clone(), target[..target.len() - 1].to_vec()));
                        }
                        module.reexports.insert((path.clone(), name.clone()), target);
                    }
                }
            }
        }
        module.expand_globs(&globs);
        module
    }

    /// Adds, for each `pub use x::*` of a file, the names that `x` declares or re-exports.
    fn expand_globs(&mut self, globs: &[(ItemPath, ItemPath)]) {
        let named = self.reexports.clone();
        for (path, target) in globs {
            for ((_, name), item) in named.iter().filter(|((from, _), _)| from == target) {
                self.reexports.insert((path.clone(), name.clone()), item.clone());
            }
            for name in declared_names(&self.code_by_path[target]) {
                let item = target.iter().cloned().chain([name.clone()]).collect();
                self.reexports.insert((path.clone(), name), item);
            }
        }
    }

    /// The files that each file names.
    fn edges(&self) -> BTreeMap<ItemPath, BTreeSet<ItemPath>> {
        self.code_by_path
            .iter()
            .map(|(path, code)| (path.clone(), self.named(path, code)))
            .collect()
    }

    fn named(&self, path: &ItemPath, code: &str) -> BTreeSet<ItemPath> {
        let mut imported_modules = HashMap::new();
        let mut items = Vec::new();
        let trees = use_trees(code);
        for item in trees.iter().filter(|tree| !tree.is_reexport).flat_map(UseTree::items) {
            let Some(target) = self.absolute(path, &item, &imported_modules) else { continue };
            if self.code_by_path.contains_key(&target) {
                imported_modules.insert(target[target.len() - 1].clone(), target);
            } else {
                items.push(target);
            }
        }
        let body = trees.iter().fold(code.to_owned(), |code, tree| code.replace(&tree.text, ""));
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        for candidate in body.split(|c| !is_path(c)).filter(|word| word.contains("::")) {
            items.extend(self.absolute(path, &split_path(candidate), &imported_modules));
        }
        let mut named: BTreeSet<ItemPath> =
            items.iter().filter_map(|item| self.defining_file(item, 0)).collect();
        named.remove(path);
        named
    }

    /// The path from the crate root of `item`, as the file `path` names it; `None` if it is of another module.
    fn absolute(
        &self,
        path: &ItemPath,
        item: &ItemPath,
        imported_modules: &HashMap<String, ItemPath>,
    ) -> Option<ItemPath> {
        let (first, rest) = item.split_first()?;
        let child: ItemPath = path.iter().cloned().chain([first.clone()]).collect();
        let (base, rest): (ItemPath, &[String]) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (path.clone(), rest),
            "super" => {
                let levels = item.iter().take_while(|segment| *segment == "super").count();
                (path[..path.len().checked_sub(levels)?].to_vec(), &item[levels..])
            }
            name if imported_modules.contains_key(name) => (imported_modules[name].clone(), rest),
            _ if self.code_by_path.contains_key(&child) => (child, rest),
            _ => return None,
        };
        let absolute: ItemPath = base.into_iter().chain(rest.iter().cloned()).collect();
        (absolute.first() == path.first()).then_some(absolute)
    }

    /// The file that defines an item, through re-exports.
    fn defining_file(&self, item: &ItemPath, depth: usize) -> Option<ItemPath> {
        let length =
            (1..=item.len()).rev().find(|n| self.code_by_path.contains_key(&item[..*n]))?;
        let file = item[..length].to_vec();
        let reexport = item.get(length).and_then(|name| {
            let target = self.reexports.get(&(file.clone(), name.clone()))?;
            if depth < 8 { self.defining_file(target, depth + 1) } else { None }
        });
        Some(reexport.unwrap_or(file))
    }
}

/// A `use` declaration.
struct UseTree {
    text: String,
    is_reexport: bool,
}

impl UseTree {
    /// The paths that it names.
    fn items(&self) -> Vec<ItemPath> {
        let (_, tree) = self.text.split_once("use ").unwrap();
        let paths = flatten_tree(tree.trim_end_matches(';'), "");
        let name = |path: &String| path.split(" as ").next().unwrap().trim().to_owned();
        paths.iter().map(name).map(|path| split_path(path.trim_end_matches("::self"))).collect()
    }
}

fn use_trees(code: &str) -> Vec<UseTree> {
    let mut trees = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let declaration = line.trim_start();
        let is_reexport = declaration.starts_with("pub") && declaration.contains(" use ");
        if is_reexport || declaration.starts_with("use ") {
            let end = code[at..].find(';').map_or(code.len(), |end| at + end + 1);
            trees.push(UseTree { text: code[at..end].to_owned(), is_reexport });
        }
        at += line.len();
    }
    trees
}

/// `a::{b, c::{d, e}}` gives `a::b`, `a::c::d` and `a::c::e`.
fn flatten_tree(tree: &str, prefix: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else { return vec![format!("{prefix}{tree}")] };
    let group = &group[..group.rfind('}').unwrap_or(group.len())];
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    let prefix = format!("{prefix}{}", head.trim());
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| flatten_tree(part, &prefix)).collect()
}

/// The names of the public items that a file declares.
fn declared_names(code: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = |line: &str| {
        let mut words = line.strip_prefix("pub")?.split(|c| !is_name(c)).skip_while(|word| {
            !["struct", "enum", "trait", "type", "fn", "const", "static"].contains(word)
        });
        words.nth(1).map(str::to_owned)
    };
    code.lines().filter_map(name).collect()
}

/// The code without comments, without visibilities such as `pub(in crate::app)`, and without the unit tests at its end.
fn program_code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    let without_visibility = |line: &str| match line.split_once("pub(in ") {
        Some((before, rest)) => format!("{before}pub {}", rest.split_once(") ").unwrap().1),
        None => line.to_owned(),
    };
    lines.map(|line| without_visibility(line) + "\n").collect()
}

fn split_path(path: &str) -> ItemPath {
    path.split("::").filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// The edges that are left when files that name none of the rest, or are named by none, are taken away again and again.
fn circles(edges: &BTreeMap<ItemPath, BTreeSet<ItemPath>>) -> Vec<String> {
    let mut left = edges.clone();
    loop {
        let named: BTreeSet<ItemPath> = left.values().flatten().cloned().collect();
        let free = |(path, names): &(&ItemPath, &BTreeSet<ItemPath>)| {
            names.is_empty() || !named.contains(*path)
        };
        let free: Vec<ItemPath> = left.iter().filter(free).map(|(path, _)| path.clone()).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|path, _| !free.contains(path));
        for names in left.values_mut() {
            names.retain(|name| !free.contains(name));
        }
    }
    let line =
        |path: &ItemPath, name: &ItemPath| format!("{} names {}", path.join("::"), name.join("::"));
    left.iter().flat_map(|(path, names)| names.iter().map(|name| line(path, name))).collect()
}
