//! Exchanging marks. Row-level security lets a user see and write the marks of that user, and those that all share.

use std::collections::BTreeMap;

use postgres::{Client, Transaction};

use crate::archive::{
    ArchivedMark, ArticleKey, MarkChange, MarkExchange, memory_archive::MARKS_PER_REQUEST,
};

/// The changes as a table with the articles that the archive has.
const INPUT: &str = "unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::boolean[])
    AS n (url, guid, mark, wanted, is_shared)
    JOIN newsreader.feed f ON f.url = n.url
    JOIN newsreader.seen s ON s.feed = f.id AND s.guid_hash = sha256(convert_to(n.guid, 'UTF8'))";

/// Stores changes, and returns those since a cursor.
pub(super) fn exchange(
    client: &mut Client,
    cursor: i64,
    changes: &[MarkChange],
) -> Result<MarkExchange, postgres::Error> {
    let mut exchange = MarkExchange { cursor, ..MarkExchange::default() };
    let mut transaction = client.transaction()?;
    if !changes.is_empty() {
        exchange.unknown_articles = store_changes(&mut transaction, changes)?;
    }
    // The owner of the archive sees the marks of all, and exchanges only those of the owner.
    let sql = "SELECT m.changed, f.url, s.guid, m.mark, m.wanted FROM newsreader.mark m
               JOIN newsreader.seen s ON s.article = m.article JOIN newsreader.feed f ON f.id = s.feed
               WHERE m.owner IN (current_user, '') AND m.changed > $1 ORDER BY m.changed LIMIT $2";
    let limit = i64::try_from(MARKS_PER_REQUEST).unwrap_or(i64::MAX);
    let rows = transaction.query(sql, &[&cursor, &limit])?;
    exchange.has_more = rows.len() == MARKS_PER_REQUEST;
    for row in rows {
        exchange.cursor = row.get(0);
        let article = ArticleKey { feed: row.get(1), guid: row.get(2) };
        let mark = ArchivedMark::from_stored_name(row.get(3));
        let wanted = row.get(4);
        exchange.changes.extend(mark.map(|mark| MarkChange { article, mark, wanted }));
    }
    transaction.commit()?;
    Ok(exchange)
}

/// Stores changes; returns how many are of articles that the archive does not have.
fn store_changes(
    transaction: &mut Transaction<'_>,
    changes: &[MarkChange],
) -> Result<usize, postgres::Error> {
    // The last one of a mark counts.
    let last: BTreeMap<(&ArticleKey, &ArchivedMark), bool> =
        changes.iter().map(|change| ((&change.article, &change.mark), change.wanted)).collect();
    let without_nul = |text: &str| text.replace('\0', "");
    let urls: Vec<String> = last.keys().map(|(key, _)| without_nul(&key.feed)).collect();
    let guids: Vec<String> = last.keys().map(|(key, _)| without_nul(&key.guid)).collect();
    let marks: Vec<String> =
        last.keys().map(|(_, mark)| without_nul(&mark.stored_name())).collect();
    let wanted: Vec<bool> = last.values().copied().collect();
    let shared: Vec<bool> = last.keys().map(|(_, mark)| mark.is_shared()).collect();
    let values: [&(dyn postgres::types::ToSql + Sync); 5] =
        [&urls, &guids, &marks, &wanted, &shared];
    // As for arrivals: numbers become visible in their order.
    transaction.execute("SELECT pg_advisory_xact_lock(7236723, 3)", &[])?;
    let count = format!(
        "SELECT count(*) FROM {INPUT} WHERE cardinality($3) + cardinality($4) + cardinality($5) > 0"
    );
    let known: i64 = transaction.query_one(&count, &values)?.get(0);
    let sql = format!(
        "INSERT INTO newsreader.mark AS m (owner, article, mark, wanted)
         SELECT CASE WHEN n.is_shared THEN '' ELSE current_user END, s.article, n.mark, n.wanted FROM {INPUT}
         ON CONFLICT (owner, article, mark) DO UPDATE
         SET wanted = excluded.wanted, changed = nextval('newsreader.change')
         WHERE m.wanted <> excluded.wanted"
    );
    transaction.execute(&sql, &values)?;
    Ok(last.len().saturating_sub(usize::try_from(known).unwrap_or(0)))
}
