//! `newsreader archive` on the command line.

use crate::support::program::{home_with_library, run, run_with, stderr};

#[test]
fn archive_without_a_setting_says_which_one_is_missing() {
    let home = home_with_library();
    let output = run(home.path(), &["archive", "status"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("NEWSREADER_ARCHIVE"), "{}", stderr(&output));
}

#[test]
fn archive_with_a_wrong_address_names_the_fault_and_no_password() {
    let home = home_with_library();
    let address = [("NEWSREADER_ARCHIVE", "postgres://ann:hunter2@db.example.org/news")];
    let output = run_with(home.path(), &["archive", "status"], &address);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("archive_password"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
    let variables = [
        ("NEWSREADER_ARCHIVE", "postgres://ann@db.example.org/news"),
        ("NEWSREADER_ARCHIVE_PASSWORD", "hunter2"),
    ];
    let output = run_with(home.path(), &["archive", "status"], &variables);
    assert!(stderr(&output).contains("env:NAME"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("hunter2"), "{}", stderr(&output));
}

#[cfg(not(feature = "archive"))]
#[test]
fn archive_in_a_program_without_it_says_how_to_get_it() {
    let home = home_with_library();
    let address = [("NEWSREADER_ARCHIVE", "postgres://ann@127.0.0.1:1/news")];
    let output = run_with(home.path(), &["archive", "status"], &address);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--features archive"), "{}", stderr(&output));
}

#[cfg(feature = "archive")]
#[test]
fn archive_that_cannot_be_reached_is_named() {
    let home = home_with_library();
    let address = [("NEWSREADER_ARCHIVE", "postgres://ann@127.0.0.1:1/news")];
    let output = run_with(home.path(), &["archive", "status"], &address);
    assert_eq!(output.status.code(), Some(1));
    let sentence = "127.0.0.1:1 cannot be reached";
    assert_eq!(stderr(&output).matches(sentence).count(), 1, "{}", stderr(&output));
    let refresh = run_with(home.path(), &["refresh"], &address);
    assert_eq!(refresh.status.code(), Some(1), "what others have published was not taken");
    assert!(stderr(&refresh).contains(sentence), "{}", stderr(&refresh));
}

#[cfg(feature = "archive")]
#[test]
#[ignore = "needs PostgreSQL"]
fn archive_commands_print_what_their_schemas_say() {
    use crate::{
        archive_postgres::PostgresGround,
        support::{json_schema::validate, program::stdout},
    };
    let Some(ground) = PostgresGround::new() else { return };
    let home = home_with_library();
    let address = ground.url("owner");
    let variables = [
        ("NEWSREADER_ARCHIVE", &*address),
        ("NEWSREADER_ARCHIVE_PASSWORD", "env:ARCHIVE_SECRET"),
        ("ARCHIVE_SECRET", "secret"),
    ];
    for (name, args) in [
        ("archive-status", &["init"][..]),
        ("archive-status", &["status"]),
        ("done", &["grant", "ann"]),
        ("done", &["grant", "ann", "--revoke"]),
        ("archive-users", &["users"]),
        ("archive-prune", &["prune", "--before", "2020-01-01"]),
        ("archive-verify", &["verify"]),
    ] {
        let words = [&["archive"], args].concat();
        let text = run_with(home.path(), &words, &variables);
        assert_eq!(text.status.code(), Some(0), "{words:?}: {}", stderr(&text));
        let output = run_with(home.path(), &[&words[..], &["--json"]].concat(), &variables);
        let schema = std::fs::read_to_string(format!("assets/schemas/{name}.json")).unwrap();
        let document = serde_json::from_str(&stdout(&output)).unwrap();
        validate(&serde_json::from_str(&schema).unwrap(), &document)
            .unwrap_or_else(|error| panic!("{words:?}: {error}"));
    }
    let users = stdout(&run_with(home.path(), &["archive", "users"], &variables));
    assert!(users.contains("bob\tcan log in\t0 marks"), "{users}");
    assert!(!users.contains("ann"), "{users}");
}
