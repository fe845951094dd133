//! Conditions as SQL. Values are never part of the text.

use postgres::{GenericClient, types::ToSql};

use super::publish::quote_word;
use crate::archive::{ArchivedMark, FarCondition};

/// A condition in SQL on an article `a`, and its values.
#[derive(Default)]
pub(super) struct SqlCondition {
    /// The condition. Its first value is `$1`.
    pub(super) sql: String,
    values: Vec<Box<dyn ToSql + Sync>>,
}

impl SqlCondition {
    /// Returns the values.
    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| &**value).collect()
    }

    /// Converts a condition. The ids of feeds are looked up, because PostgreSQL joins words and feeds in its
    /// indexes only if both are values.
    pub(super) fn new(
        client: &mut impl GenericClient,
        condition: &FarCondition,
    ) -> Result<SqlCondition, postgres::Error> {
        let mut converted = SqlCondition::default();
        converted.sql = converted.convert(client, condition)?;
        Ok(converted)
    }

    /// Adds the values of a further condition, and returns it in SQL.
    pub(super) fn add(
        &mut self,
        client: &mut impl GenericClient,
        condition: &FarCondition,
    ) -> Result<String, postgres::Error> {
        self.convert(client, condition)
    }

    fn push(&mut self, value: impl ToSql + Sync + 'static) -> usize {
        self.values.push(Box::new(value));
        self.values.len()
    }

    fn convert(
        &mut self,
        client: &mut impl GenericClient,
        condition: &FarCondition,
    ) -> Result<String, postgres::Error> {
        if let Some(words) = to_tsquery(condition) {
            return Ok(format!("a.words @@ ${}::text::tsquery", self.push(words)));
        }
        Ok(match condition {
            FarCondition::All(conditions) => self.join(client, conditions, " AND ", "true")?,
            FarCondition::Any(conditions) => self.join(client, conditions, " OR ", "false")?,
            FarCondition::Not(condition) => format!("NOT ({})", self.convert(client, condition)?),
            FarCondition::Feeds(urls) => {
                let sql = "SELECT id FROM newsreader.feed WHERE url = ANY ($1)";
                let rows = client.query(sql, &[urls])?;
                let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
                format!("a.feed = ANY (${}::bigint[])", self.push(ids))
            }
            FarCondition::Published { instants, days } => {
                let [from, until] = [instants.start, instants.end].map(|at| self.push(at));
                let [first, end] = [days.start, days.end].map(|at| self.push(at));
                format!(
                    "CASE WHEN a.date_form = 1 THEN a.stated >= ${first} AND a.stated < ${end}
                     ELSE a.stated >= ${from} AND a.stated < ${until} END"
                )
            }
            FarCondition::Marked(marks) => {
                let names: Vec<String> = marks.iter().map(ArchivedMark::stored_name).collect();
                format!(
                    "EXISTS (SELECT 1 FROM newsreader.mark m WHERE m.owner IN (current_user, '')
                     AND m.article = a.id AND m.wanted AND m.mark = ANY (${}::text[]))",
                    self.push(names)
                )
            }
            FarCondition::PublishedBefore(date) => {
                format!("a.published < to_timestamp(${}::bigint)", self.push(*date))
            }
            FarCondition::ArrivedUntil(last) => format!("a.arrived <= ${}", self.push(*last)),
            FarCondition::Article(key) => {
                let [url, guid] =
                    [&key.feed, &key.guid].map(|text| self.push(text.replace('\0', "")));
                format!(
                    "a.id = (SELECT s.article FROM newsreader.seen s JOIN newsreader.feed f ON f.id = s.feed
                     WHERE f.url = ${url} AND s.guid_hash = sha256(convert_to(${guid}::text, 'UTF8')))"
                )
            }
            FarCondition::Word { .. } => "false".to_owned(),
        })
    }

    /// Joins conditions. Those on words become one, because the index of words is read once for each.
    fn join(
        &mut self,
        client: &mut impl GenericClient,
        conditions: &[FarCondition],
        operator: &str,
        of_none: &str,
    ) -> Result<String, postgres::Error> {
        let (words, others): (Vec<&FarCondition>, Vec<&FarCondition>) =
            conditions.iter().partition(|condition| to_tsquery(condition).is_some());
        let mut parts = Vec::new();
        if !words.is_empty() {
            let words = words.into_iter().cloned().collect();
            let joined = if operator == " OR " {
                FarCondition::Any(words)
            } else {
                FarCondition::All(words)
            };
            parts.push(self.convert(client, &joined)?);
        }
        for condition in others {
            parts.push(format!("({})", self.convert(client, condition)?));
        }
        Ok(if parts.is_empty() { of_none.to_owned() } else { parts.join(operator) })
    }
}

/// Returns a condition on words alone as the text of a `tsquery`; `None` for any other.
fn to_tsquery(condition: &FarCondition) -> Option<String> {
    let join = |conditions: &[FarCondition], operator| {
        let parts: Option<Vec<String>> = conditions.iter().map(to_tsquery).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| format!("({})", parts.join(operator)))
    };
    match condition {
        FarCondition::Word { word, is_prefix } => {
            Some(format!("{}{}", quote_word(word), if *is_prefix { ":*" } else { "" }))
        }
        FarCondition::All(conditions) => join(conditions, " & "),
        FarCondition::Any(conditions) => join(conditions, " | "),
        FarCondition::Not(condition) => to_tsquery(condition).map(|words| format!("!{words}")),
        _ => None,
    }
}
