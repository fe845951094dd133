//! Access to values in nested TOML tables by paths such as `article.measure`.

use toml::{Table, Value};

/// Returns the paths of all values in a table, such as `theme` and `article.measure`.
pub(super) fn value_paths(table: &Table, prefix: &str) -> Vec<String> {
    let paths_of = |(key, value): (&String, &Value)| match value {
        Value::Table(inner) => value_paths(inner, &format!("{prefix}{key}.")),
        _ => vec![format!("{prefix}{key}")],
    };
    table.iter().flat_map(paths_of).collect()
}

/// Returns the value at a path such as `article.measure`.
pub(super) fn get_at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((first, rest)) => get_at(table.get(first)?.as_table()?, rest),
        None => table.get(path),
    }
}

/// Sets the value at a path such as `article.measure`, and creates the tables on the way.
pub(super) fn insert_at(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert_at(inner, rest, value);
            }
        }
        None => {
            table.insert(path.to_owned(), value);
        }
    }
}

/// Removes the value at a path such as `article.measure`.
pub(super) fn remove_at(table: &mut Table, path: &str) {
    match path.split_once('.') {
        Some((first, rest)) => {
            if let Some(Value::Table(inner)) = table.get_mut(first) {
                remove_at(inner, rest);
            }
        }
        None => {
            table.remove(path);
        }
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
