//! User names and passwords of feeds: stored with the subscription, not in the URL, which is shown and
//! exported.

use rusqlite::{Connection, params};

use crate::{
    model::{FetchOptions, StoredPassword},
    text::url,
};

/// Splits the user name and password off `url`, and adds them to `options` unless these name some.
pub fn split_credentials(url: &str, options: &FetchOptions) -> (String, FetchOptions) {
    let mut options = options.clone();
    let found = url::parse_web_url(url).as_ref().and_then(url::user_info);
    let has_own = options.user.is_some() || options.password_source.is_some();
    if let Some((user, password)) = found.filter(|_| !has_own) {
        options.user = Some(user);
        options.stored_password = Some(StoredPassword::new(password));
    }
    (url::without_user_info(url).into_owned(), options)
}

/// Moves user names and passwords out of the URLs of feeds, and removes them from everything that was
/// derived from these: titles, failures, links, the journal.
///
/// A feed whose URL another feed has without them keeps its own.
pub(super) fn move_url_credentials(db: &Connection) -> rusqlite::Result<()> {
    for (id, old_url, fetch) in feeds_with_user_info(db)? {
        let options: FetchOptions = serde_json::from_str(&fetch).unwrap_or_default();
        let (new_url, options) = split_credentials(&old_url, &options);
        let fetch = serde_json::to_string(&options).expect("strings serialize to JSON");
        let Some(user_info) = written_user_info(&old_url, &new_url) else { continue };
        let sql = "UPDATE OR IGNORE feeds SET url = ?2, fetch = ?3 WHERE id = ?1";
        if db.execute(sql, params![id, new_url, fetch])? > 0 {
            remove_everywhere(db, id, &format!("//{user_info}@"))?;
        }
    }
    Ok(())
}

fn feeds_with_user_info(db: &Connection) -> rusqlite::Result<Vec<(i64, String, String)>> {
    let sql = "SELECT id, url, fetch FROM feeds WHERE url LIKE 'http%://%@%'";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // A row with a damaged text stays as it is.
    Ok(rows.filter_map(Result::ok).collect())
}

/// Returns the user name and password as they are written in `old_url`; `None` if it has none.
fn written_user_info<'a>(old_url: &'a str, new_url: &str) -> Option<&'a str> {
    let length = old_url.len().checked_sub(new_url.len() + "@".len())?;
    let start = old_url.find("//")? + "//".len();
    old_url.get(start..start + length)
}

/// Removes `secret`, which stands between two slashes and a host, from all texts that concern a feed.
fn remove_everywhere(db: &Connection, feed: i64, secret: &str) -> rusqlite::Result<()> {
    for sql in [
        "UPDATE feeds SET title = replace(title, ?2, '//'), site = replace(site, ?2, '//'),
         name = replace(name, ?2, '//'), failing = replace(failing, ?2, '//'),
         moved = replace(moved, ?2, '//') WHERE id = ?1",
        "UPDATE entries SET link = replace(link, ?2, '//') WHERE feed = ?1 AND instr(link, ?2) > 0",
        "UPDATE originals SET url = replace(url, ?2, '//')
         WHERE entry IN (SELECT id FROM entries WHERE feed = ?1) AND instr(url, ?2) > 0",
    ] {
        db.execute(sql, params![feed, secret])?;
    }
    let sql = "UPDATE journal SET change = replace(change, ?1, '//') WHERE instr(change, ?1) > 0";
    db.execute(sql, [secret])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_credentials_prefers_the_options_of_the_user() {
        let split = |url: &str, options: &FetchOptions| {
            let (url, options) = split_credentials(url, options);
            let password = options.stored_password.map(|password| password.expose().to_owned());
            (url, options.user, password)
        };
        let (none, text) = (FetchOptions::default(), |text: &str| Some(text.to_owned()));
        let host = "http://host/a@b".to_owned();
        assert_eq!(
            split("http://a%40b:p%3Aw@host/a@b", &none),
            (host.clone(), text("a@b"), text("p:w"))
        );
        assert_eq!(split("http://ann@host/a@b", &none), (host.clone(), text("ann"), text("")));
        assert_eq!(split("http://host/a@b", &none), (host.clone(), None, None));
        assert_eq!(split("file:///a@b", &none), ("file:///a@b".to_owned(), None, None));
        let bo = FetchOptions { user: text("bo"), ..none };
        assert_eq!(split("http://ann:pw@host/a@b", &bo), (host, text("bo"), None));
    }

    #[test]
    fn move_url_credentials_leaves_none_behind() {
        let db = Connection::open_in_memory().unwrap();
        for sql in &crate::store::schema::MIGRATIONS[..7] {
            db.execute_batch(sql).unwrap();
        }
        db.execute_batch(
            r#"INSERT INTO feeds (kind, url, title, failing, moved, site) VALUES
               ('web', 'http://ann:p%40w@host/feed', 'http://ann:p%40w@host/feed',
                'no feed (http://ann:p%40w@host/feed)', 'http://ann:p%40w@host/new', 'http://host/'),
               ('web', 'http://host/other', 'Other', NULL, NULL, NULL),
               ('web', 'http://bo:x@host/other', 'Bo', NULL, NULL, NULL);
               INSERT INTO entries (feed, guid, digest, size, modified, title, link, tags, published, day_only)
               VALUES (1, 'g', 0, 0, 0, 'T', 'http://ann:p%40w@host/1', '', 0, 0);
               INSERT INTO originals (entry, at, url, html) VALUES (1, 0, 'http://ann:p%40w@host/1', '');
               INSERT INTO journal (at, change) VALUES
               (0, '{"Moved":{"feed":1,"from":"http://ann:p%40w@host/a","to":"http://ann:p%40w@host/feed"}}');"#,
        )
        .unwrap();
        move_url_credentials(&db).unwrap();
        let text_of = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(text_of("SELECT url FROM feeds WHERE id = 1"), "http://host/feed");
        let fetch: FetchOptions =
            serde_json::from_str(&text_of("SELECT fetch FROM feeds WHERE id = 1")).unwrap();
        assert_eq!(fetch.user.as_deref(), Some("ann"));
        assert_eq!(fetch.stored_password, Some(StoredPassword::new("p@w".to_owned())));
        for sql in [
            "SELECT url || title || failing || moved || site FROM feeds WHERE id = 1",
            "SELECT link FROM entries",
            "SELECT url FROM originals",
            "SELECT change FROM journal",
        ] {
            let text = text_of(sql);
            assert!(text.contains("http://host/") && !text.contains("p%40w"), "{text}");
        }
        let kept = text_of("SELECT url FROM feeds WHERE id = 3");
        assert_eq!(kept, "http://bo:x@host/other", "two accounts at one address");
    }
}
