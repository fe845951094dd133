//! The requests of an owner.

use chrono::NaiveDate;
use postgres::{Client, Row};

use super::{
    connection::{connect, failed},
    months::make_months_ahead,
    publish::stored_digest,
    rows::{COLUMNS, JOINS, read_article},
    schema::{check_version, migrate, quoted_group},
};
use crate::{
    archive::{
        ArchiveAddress, ArchiveError, ArchiveReport, ArchiveRequest, ArchiveStatus, ArchiveUser,
        ArchiveVerification, PrunedMonths,
    },
    model::StoredPassword,
};

/// Number of articles that a check reads at a time.
const VERIFIED_AT_ONCE: i64 = 50;

/// Carries out a request.
pub(in crate::archive) fn administer(
    address: &ArchiveAddress,
    password: Option<&StoredPassword>,
    request: &ArchiveRequest,
) -> Result<ArchiveReport, ArchiveError> {
    let mut client = connect(address, password)?;
    if *request == ArchiveRequest::Initialize {
        migrate(&mut client)?;
        make_months_ahead(&mut client).map_err(failed("make the months ahead"))?;
    }
    let version = check_version(&mut client, address)?;
    match request {
        ArchiveRequest::Initialize | ArchiveRequest::Status => {
            let status = describe(&mut client, version).map_err(failed("describe itself"))?;
            Ok(ArchiveReport::Status(status))
        }
        ArchiveRequest::ListUsers => {
            list_users(&mut client).map(ArchiveReport::Users).map_err(failed("list its users"))
        }
        ArchiveRequest::Grant { user, create } => grant(&mut client, user, *create),
        ArchiveRequest::Revoke { user } => revoke(&mut client, user),
        ArchiveRequest::Prune { before, dry_run } => prune(&mut client, *before, *dry_run)
            .map(ArchiveReport::Pruned)
            .map_err(failed("drop old months")),
        ArchiveRequest::Verify => {
            verify(&mut client).map(ArchiveReport::Verified).map_err(failed("read its articles"))
        }
    }
}

/// The partitions of articles, as a table `p` of the object's id `oid` and the name.
const PARTITIONS: &str = "(SELECT c.oid, c.relname::text AS name, c.reltuples FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'newsreader.article'::regclass) p";

fn describe(client: &mut Client, version: i32) -> Result<ArchiveStatus, postgres::Error> {
    let sql = format!(
        "SELECT current_setting('server_version'), (SELECT count(*) FROM newsreader.feed),
         (SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM {PARTITIONS}),
         (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'newsreader' AND c.relkind = 'r'),
         (SELECT count(*) FROM {PARTITIONS}),
         (SELECT count(*) FROM newsreader.feed WHERE lease_until > now()),
         (SELECT pg_has_role(nspowner, 'MEMBER') FROM pg_catalog.pg_namespace WHERE nspname = 'newsreader')"
    );
    let row = client.query_one(&sql, &[])?;
    Ok(ArchiveStatus {
        version,
        server: row.get(0),
        feeds: count(&row, 1),
        articles: count(&row, 2),
        bytes: count(&row, 3),
        months: count(&row, 4),
        leases: count(&row, 5),
        is_owner: row.get(6),
    })
}

fn count(row: &Row, column: usize) -> u64 {
    u64::try_from(row.get::<_, i64>(column)).unwrap_or(0)
}

fn list_users(client: &mut Client) -> Result<Vec<ArchiveUser>, postgres::Error> {
    let group = quoted_group(client)?;
    // Who is not the owner sees the marks of one user only.
    let sql = "SELECT r.rolname::text, r.rolcanlogin,
               CASE WHEN r.rolname = current_user OR row_security_active('newsreader.mark') = false
                   THEN (SELECT count(*) FROM newsreader.mark k WHERE k.owner = r.rolname) END
               FROM pg_catalog.pg_auth_members m
               JOIN pg_catalog.pg_roles g ON g.oid = m.roleid JOIN pg_catalog.pg_roles r ON r.oid = m.member
               WHERE quote_ident(g.rolname) = $1 ORDER BY r.rolname";
    let to_user = |row: Row| ArchiveUser {
        name: row.get(0),
        can_log_in: row.get(1),
        marks: row.get::<_, Option<i64>>(2).and_then(|marks| u64::try_from(marks).ok()),
    };
    Ok(client.query(sql, &[&group])?.into_iter().map(to_user).collect())
}

/// Returns whether a role is a user; `None` if there is no such role.
fn find_role(client: &mut Client, user: &str) -> Result<Option<bool>, postgres::Error> {
    let group = quoted_group(client)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members m
                   JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
                   WHERE m.member = r.oid AND quote_ident(g.rolname) = $2)
               FROM pg_catalog.pg_roles r WHERE r.rolname = $1";
    Ok(client.query_opt(sql, &[&user, &group])?.map(|row| row.get(0)))
}

fn grant(client: &mut Client, user: &str, create: bool) -> Result<ArchiveReport, ArchiveError> {
    let failed = failed("admit the user");
    match find_role(client, user).map_err(&failed)? {
        Some(true) => return Ok(ArchiveReport::Changed(false)),
        None if !create => {
            return Err(ArchiveError::Failed {
                operation: "admit the user",
                reason: format!(
                    "the server has no role {user}; make it with PostgreSQL's `createuser --pwprompt`, or \
                     without a password by --create"
                ),
            });
        }
        found => {
            let role = quote_name(client, user).map_err(&failed)?;
            if found.is_none() {
                client.batch_execute(&format!("CREATE ROLE {role} LOGIN")).map_err(&failed)?;
            }
            let group = quoted_group(client).map_err(&failed)?;
            client.batch_execute(&format!("GRANT {group} TO {role}")).map_err(&failed)?;
        }
    }
    Ok(ArchiveReport::Changed(true))
}

fn revoke(client: &mut Client, user: &str) -> Result<ArchiveReport, ArchiveError> {
    let failed = failed("take the rights of the user away");
    if find_role(client, user).map_err(&failed)? != Some(true) {
        return Ok(ArchiveReport::Changed(false));
    }
    let role = quote_name(client, user).map_err(&failed)?;
    let group = quoted_group(client).map_err(&failed)?;
    client.batch_execute(&format!("REVOKE {group} FROM {role}")).map_err(&failed)?;
    Ok(ArchiveReport::Changed(true))
}

fn quote_name(client: &mut Client, name: &str) -> Result<String, postgres::Error> {
    client.query_one("SELECT quote_ident($1)", &[&name]).map(|row| row.get(0))
}

/// Drops the months that end before a day, each in a transaction of its own, the oldest first.
fn prune(
    client: &mut Client,
    before: NaiveDate,
    dry_run: bool,
) -> Result<PrunedMonths, postgres::Error> {
    let sql = format!(
        "SELECT name, pg_total_relation_size(oid) FROM {PARTITIONS}
         WHERE name ~ '^article_[0-9]{{4}}_[0-9]{{2}}$'
         AND to_date(substr(name, 9), 'YYYY_MM') + interval '1 month' <= to_date($1, 'YYYY-MM-DD') ORDER BY name"
    );
    let mut pruned = PrunedMonths::default();
    for row in client.query(&sql, &[&before.format("%Y-%m-%d").to_string()])? {
        let name: String = row.get(0);
        let counted = client.query_one(&format!("SELECT count(*) FROM newsreader.{name}"), &[])?;
        if !dry_run {
            let mut transaction = client.transaction()?;
            transaction.batch_execute(&format!(
                "DELETE FROM newsreader.mark m USING newsreader.{name} a WHERE m.article = a.id;
                 DROP TABLE newsreader.{name}"
            ))?;
            transaction.commit()?;
        }
        pruned.articles += count(&counted, 0);
        pruned.bytes += count(&row, 1);
        pruned.months.push(name.trim_start_matches("article_").replace('_', "-"));
    }
    Ok(pruned)
}

/// Reads every article in the order of arrival.
fn verify(client: &mut Client) -> Result<ArchiveVerification, postgres::Error> {
    let mut result = ArchiveVerification::default();
    let unregistered = "SELECT count(*) FROM newsreader.article a WHERE NOT EXISTS (
        SELECT 1 FROM newsreader.seen s WHERE s.article = a.id AND s.published = a.published AND s.feed = a.feed)";
    result.unregistered = count(&client.query_one(unregistered, &[])?, 0);
    let sql = format!(
        "SELECT {COLUMNS}, a.body, a.digest, a.arrived FROM newsreader.article a {JOINS}
         WHERE a.arrived > $1 ORDER BY a.arrived LIMIT $2"
    );
    let mut after = -1_i64;
    loop {
        let rows = client.query(&sql, &[&after, &VERIFIED_AT_ONCE])?;
        let Some(last) = rows.last() else { return Ok(result) };
        after = last.get("arrived");
        for row in &rows {
            let digest: i64 = row.get("digest");
            let (_, article) = read_article(row);
            let is_whole = article.is_some_and(|article| stored_digest(&article) == digest);
            result.articles += 1;
            result.damaged += u64::from(!is_whole);
        }
    }
}
