//! The rules as a list, with the number of their acts.

use std::collections::HashMap;

use super::RuleLoader;
use crate::{
    model::ListedRule,
    store::{ReadConnection, StoreError},
};

/// Lists the rules of the file and its mistakes, in its order.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn list_rules(
    loader: &RuleLoader,
    reader: &ReadConnection,
) -> Result<Vec<ListedRule>, StoreError> {
    let counts: HashMap<String, u64> = reader.count_rule_acts()?.into_iter().collect();
    let mut rows = loader.load().rows;
    for row in &mut rows {
        let count = row.name().and_then(|name| counts.get(name));
        row.act_count = count.copied().unwrap_or_default();
    }
    Ok(rows)
}
