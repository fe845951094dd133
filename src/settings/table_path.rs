//! Access to values in nested TOML tables by paths such as `article.measure`.

use std::fmt;

use toml::{Table, Value};

/// The keys that lead to a value, from the outermost table to the value itself. A key may contain
/// dots: `[programs] "a.b" = …` has two keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TablePath(Vec<String>);

impl TablePath {
    /// Splits a path such as `article.measure` at its dots.
    pub(super) fn parse(path: &str) -> TablePath {
        TablePath(path.split('.').map(str::to_owned).collect())
    }

    /// Returns the key of the value itself.
    pub(super) fn key(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Returns the keys, from the outermost table to the value itself.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns the number of keys.
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the value is in the outermost table `name`.
    pub(super) fn is_in(&self, name: &str) -> bool {
        self.0.len() > 1 && self.0[0] == name
    }
}

/// Writes the keys as TOML does: with dots between them, and those with other characters than
/// letters, digits, `_` and `-` in quotation marks.
impl fmt::Display for TablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, key) in self.0.iter().enumerate() {
            let dot = if position > 0 { "." } else { "" };
            let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            if !key.is_empty() && key.chars().all(is_bare) {
                write!(f, "{dot}{key}")?;
            } else {
                write!(f, "{dot}{key:?}")?;
            }
        }
        Ok(())
    }
}

/// Returns the paths of all values in a table, such as `theme` and `article.measure`.
pub(super) fn value_paths(table: &Table) -> Vec<TablePath> {
    let mut paths = Vec::new();
    collect_paths(table, &mut Vec::new(), &mut paths);
    paths
}

fn collect_paths(table: &Table, outer: &mut Vec<String>, paths: &mut Vec<TablePath>) {
    for (key, value) in table {
        outer.push(key.clone());
        match value {
            Value::Table(inner) => collect_paths(inner, outer, paths),
            _ => paths.push(TablePath(outer.clone())),
        }
        outer.pop();
    }
}

/// Returns the value at a path.
pub(super) fn get_at<'t>(table: &'t Table, path: &TablePath) -> Option<&'t Value> {
    let (key, outer) = path.0.split_last()?;
    let inner = outer.iter().try_fold(table, |table, key| table.get(key)?.as_table())?;
    inner.get(key)
}

/// Sets the value at a path, and creates the tables on the way. Does nothing if a value is in the
/// place of one of them.
pub(super) fn insert_at(table: &mut Table, path: &TablePath, value: Value) {
    let Some((key, outer)) = path.0.split_last() else { return };
    let inner = outer.iter().try_fold(table, |table, key| {
        let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
        inner.as_table_mut()
    });
    if let Some(inner) = inner {
        inner.insert(key.clone(), value);
    }
}

/// Removes the value at a path.
pub(super) fn remove_at(table: &mut Table, path: &TablePath) {
    let Some((key, outer)) = path.0.split_last() else { return };
    let inner = outer.iter().try_fold(table, |table, key| table.get_mut(key)?.as_table_mut());
    if let Some(inner) = inner {
        inner.remove(key);
    }
}

/// Copies the values of `from` into `into`, table by table.
pub(super) fn merge_tables(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge_tables(into, from),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}
