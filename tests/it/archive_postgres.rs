//! The archive on a real PostgreSQL, which `tests/servers/postgres.sh` starts. Run with `--ignored`, and with the
//! variables that the script prints; without them the tests say that they were skipped.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use newsreader::{
    archive::{
        Archive, ArchiveAddress, ArchiveCursor, ArchiveError, ArchiveReport, ArchiveRequest,
        PublishedArticle, administer_archive, open_archive,
    },
    model::StoredPassword,
};
use postgres::{Client, NoTls};

use crate::archive::{ArchiveGround, SUITE, arrivals, article, publish};

/// Number of the databases that were made.
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// A server, on which each test has a database of its own.
pub struct PostgresGround {
    port: u16,
    authority: String,
    pub database: String,
}

impl PostgresGround {
    /// Makes an archive in a new database; `None` without a server.
    pub fn new() -> Option<PostgresGround> {
        let Some(port) = std::env::var("ARCHIVE_PORT").ok().and_then(|port| port.parse().ok())
        else {
            eprintln!("skipped: tests/servers/postgres.sh is not running");
            return None;
        };
        let authority = std::env::var("ARCHIVE_AUTHORITY").unwrap();
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let database = format!("test_{}_{number}", std::process::id());
        let ground = PostgresGround { port, authority, database };
        let sql = format!("CREATE DATABASE {} OWNER owner", ground.database);
        ground.client("postgres", "postgres").batch_execute(&sql).unwrap();
        ground.administer(&ArchiveRequest::Initialize).unwrap();
        for user in ["ann", "bob"] {
            let request = ArchiveRequest::Grant { user: user.to_owned(), create: false };
            assert_eq!(ground.administer(&request), Ok(ArchiveReport::Changed(true)));
        }
        Some(ground)
    }

    /// Connects with plain SQL.
    pub fn client(&self, user: &str, database: &str) -> Client {
        let parameters = format!(
            "host=127.0.0.1 port={} user={user} password=secret dbname={database}",
            self.port
        );
        Client::connect(&parameters, NoTls).unwrap()
    }

    fn address(&self, user: &str, end: &str) -> ArchiveAddress {
        let PostgresGround { port, database, .. } = self;
        ArchiveAddress::parse(
            &format!("postgres://{user}@{end}")
                .replace("SERVER", &format!("localhost:{port}/{database}")),
        )
        .unwrap()
    }

    /// Returns the address of the archive for a user, with the authority that vouches for the server.
    pub fn url(&self, user: &str) -> String {
        let PostgresGround { port, database, authority } = self;
        format!("postgres://{user}@localhost:{port}/{database}?sslrootcert={authority}")
    }

    fn verified(&self, user: &str) -> ArchiveAddress {
        ArchiveAddress::parse(&self.url(user)).unwrap()
    }

    pub fn administer(&self, request: &ArchiveRequest) -> Result<ArchiveReport, ArchiveError> {
        administer_archive(&self.verified("owner"), Some(&password()), request)
    }
}

impl ArchiveGround for PostgresGround {
    fn connect(&self, user: &str) -> Box<dyn Archive> {
        open_archive(&self.verified(user), Some(&password())).unwrap()
    }
}

impl Drop for PostgresGround {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.database);
        let mut client = self.client("postgres", "postgres");
        let dropped = client.batch_execute(&sql);
        let role = client.batch_execute(&format!("DROP ROLE IF EXISTS {}_readers", self.database));
        if !std::thread::panicking() {
            dropped.and(role).unwrap();
        }
    }
}

fn password() -> StoredPassword {
    StoredPassword::new("secret".to_owned())
}

#[test]
#[ignore = "needs PostgreSQL"]
fn archive_on_postgresql_passes_the_suite() {
    for (name, test) in SUITE {
        let Some(ground) = PostgresGround::new() else { return };
        eprintln!("{name}");
        test(&ground);
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn users_see_no_marks_of_others_and_define_nothing() {
    let Some(ground) = PostgresGround::new() else { return };
    let mut ann = ground.connect("ann");
    let one = article("a", 1, "One", "");
    publish(&mut *ann, std::slice::from_ref(&one));
    let read = newsreader::archive::MarkChange {
        article: one.article.key.clone(),
        mark: newsreader::archive::ArchivedMark::Read,
        wanted: true,
    };
    ann.states(0, &[read]).unwrap();
    let mut bob = ground.client("bob", &ground.database);
    let count: i64 = bob.query_one("SELECT count(*) FROM newsreader.mark", &[]).unwrap().get(0);
    assert_eq!(count, 0);
    let changed = bob.execute("UPDATE newsreader.mark SET wanted = false", &[]).unwrap();
    assert_eq!(changed, 0);
    for refused in [
        "INSERT INTO newsreader.mark (owner, article, mark, wanted) VALUES ('ann', 1, 'read', false)",
        "INSERT INTO newsreader.mark (owner, article, mark, wanted) VALUES ('', 1, 'read', false)",
        "DELETE FROM newsreader.article",
        "DELETE FROM newsreader.mark",
        "TRUNCATE newsreader.seen CASCADE",
        "DROP TABLE newsreader.article",
        "ALTER TABLE newsreader.mark DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE newsreader.own (x int)",
        "UPDATE newsreader.schema_version SET version = 9",
        "SELECT newsreader.ensure_month('1800-01-01')",
        "SELECT newsreader.ensure_month('2800-01-01')",
    ] {
        assert!(bob.batch_execute(refused).is_err(), "{refused}");
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn connection_is_verified_unless_the_address_says_otherwise() {
    let Some(ground) = PostgresGround::new() else { return };
    let open = |address: &ArchiveAddress| open_archive(address, Some(&password())).map(drop);
    let authority = &ground.authority;
    let by_number =
        format!("127.0.0.1:{}/{}?sslrootcert={authority}", ground.port, ground.database);
    for (address, is_accepted) in [
        (ground.verified("ann"), true),
        (ground.address("ann", "SERVER"), false),
        (ground.address("ann", &by_number), false),
        (ground.address("ann", &format!("{by_number}&sslmode=verify-ca")), true),
        (ground.address("ann", "SERVER?sslmode=verify-ca"), false),
        (ground.address("ann", "SERVER?sslmode=require"), true),
        (ground.address("ann", "SERVER?sslmode=disable"), true),
    ] {
        let opened = open(&address);
        assert_eq!(opened.is_ok(), is_accepted, "{address:?}: {opened:?}");
        if let Err(error) = opened {
            assert!(error.is_unreachable(), "{error}");
        }
    }
    let wrong = StoredPassword::new("wrong".to_owned());
    let refused = open_archive(&ground.verified("ann"), Some(&wrong)).map(drop).unwrap_err();
    assert!(matches!(refused, ArchiveError::Refused { .. }), "{refused}");
    let missing = open_archive(&ground.verified("ann"), None).map(drop).unwrap_err();
    assert!(missing.to_string().contains("archive_password"), "{missing}");
}

#[test]
#[ignore = "needs PostgreSQL"]
fn archive_of_another_version_is_refused_with_a_sentence() {
    let Some(ground) = PostgresGround::new() else { return };
    let open = || open_archive(&ground.verified("ann"), Some(&password())).map(drop);
    let mut owner = ground.client("owner", &ground.database);
    owner.batch_execute("UPDATE newsreader.schema_version SET version = 99").unwrap();
    assert_eq!(open(), Err(ArchiveError::ReaderTooOld { found: 99, known: 2 }));
    let again = ground.administer(&ArchiveRequest::Initialize);
    assert_eq!(again, Err(ArchiveError::ReaderTooOld { found: 99, known: 2 }));
    owner.batch_execute("UPDATE newsreader.schema_version SET version = 0").unwrap();
    assert_eq!(open(), Err(ArchiveError::ArchiveTooOld { found: 0, known: 2 }));
    owner.batch_execute("DROP SCHEMA newsreader CASCADE").unwrap();
    assert_eq!(open(), Err(ArchiveError::Missing(ground.database.clone())));
    assert!(ground.administer(&ArchiveRequest::Initialize).is_ok());
    let request = ArchiveRequest::Revoke { user: "ann".to_owned() };
    assert_eq!(ground.administer(&request), Ok(ArchiveReport::Changed(true)));
    let error = open().unwrap_err().to_string();
    assert!(error.contains("newsreader archive grant ann"), "{error}");
}

#[test]
#[ignore = "needs PostgreSQL"]
fn readers_that_publish_at_once_double_and_miss_nothing() {
    let Some(ground) = PostgresGround::new() else { return };
    let all: Vec<PublishedArticle> = (0..400)
        .map(|number| article("a", -number * 20, &number.to_string(), "the same bridge"))
        .collect();
    let read = std::thread::scope(|scope| {
        for user in ["ann", "bob", "ann", "bob"] {
            let (ground, all) = (&ground, &all);
            scope.spawn(move || {
                let mut archive = ground.connect(user);
                for part in all.chunks(40) {
                    publish(&mut *archive, part);
                }
            });
        }
        // A reader that follows along misses none, in whatever order they are stored.
        let mut archive = ground.connect("ann");
        let (mut titles, mut cursor) = (Vec::new(), 0);
        while titles.len() < all.len() {
            let arrived = archive.since(ArchiveCursor::After(cursor)).unwrap();
            cursor = arrived.cursor;
            titles.extend(arrived.articles.into_iter().map(|article| article.title));
        }
        titles
    });
    assert_eq!(read.iter().collect::<BTreeSet<_>>().len(), all.len());
    let stored = arrivals(&mut *ground.connect("ann"), ArchiveCursor::After(0));
    assert_eq!(stored, read);
    let Ok(ArchiveReport::Verified(verified)) = ground.administer(&ArchiveRequest::Verify) else {
        panic!("the archive can be read")
    };
    assert_eq!((verified.articles, verified.is_whole()), (400, true));
}

#[test]
#[ignore = "needs PostgreSQL"]
fn prune_drops_whole_months_and_they_do_not_come_back() {
    let Some(ground) = PostgresGround::new() else { return };
    let mut ann = ground.connect("ann");
    let all = [article("a", -2_000, "Old", "x"), article("a", 1, "New", "x")];
    publish(&mut *ann, &all);
    let before = chrono::NaiveDate::from_ymd_opt(2025, 12, 31).unwrap();
    let prune = |dry_run| ground.administer(&ArchiveRequest::Prune { before, dry_run });
    for dry_run in [true, false] {
        let Ok(ArchiveReport::Pruned(pruned)) = prune(dry_run) else { panic!("it is the owner") };
        assert_eq!((pruned.months, pruned.articles), (vec!["2025-10".to_owned()], 1));
    }
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::After(0)), ["New"]);
    publish(&mut *ann, &all);
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::After(0)), ["New"]);
    let asked = administer_archive(
        &ground.verified("ann"),
        Some(&password()),
        &ArchiveRequest::Prune {
            before: chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap(),
            dry_run: false,
        },
    );
    assert!(asked.is_err(), "only the owner drops months");
}
