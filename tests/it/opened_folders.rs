//! Folders that are read without subscribing to them: their stars and read marks are kept.

use std::{fs, path::Path};

use crate::support::program::{command, home_with_news, run, stderr, stdout};

/// Runs the program on the folder `news`, as in a pipe.
fn list_news(home: &Path) -> String {
    stdout(&run(home, &[home.join("news").to_str().unwrap()]))
}

/// Returns the folders of the libraries of opened folders.
fn libraries(home: &Path) -> Vec<std::path::PathBuf> {
    let root = home.join("state/newsreader/folders");
    fs::read_dir(root).unwrap().map(|folder| folder.unwrap().path()).collect()
}

#[test]
fn opened_folder_keeps_stars_in_a_library_of_its_own() {
    let home = home_with_news();
    let home = home.path();
    assert_eq!(list_news(home).lines().count(), 2);
    let [library] = &libraries(home)[..] else { panic!("one library") };
    let library = library.to_str().unwrap();
    assert!(run(home, &["--library", library, "star", "1"]).status.success());
    assert_eq!(list_news(home).lines().count(), 2);
    let starred = stdout(&run(home, &["--library", library, "list", "is:star"]));
    assert_eq!(starred, "1\t2026-01-28\tnews\tThe bridge reopens\n");
    let subscribed = stdout(&run(home, &["list", "in:news"]));
    assert_eq!(subscribed, "", "the user's own library does not have the folder");
}

#[cfg(unix)]
#[test]
fn library_of_opened_folder_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = home_with_news();
    list_news(home.path());
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let [library] = &libraries(home.path())[..] else { panic!("one library") };
    assert_eq!(mode(library), 0o700);
    assert_eq!(mode(&library.join("library.db")), 0o600);
}

#[test]
fn unchanged_files_of_opened_folder_are_not_read_again() {
    let home = home_with_news();
    let file = home.path().join("news/a.txt");
    let text = fs::read_to_string(&file).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    list_news(home.path());
    // The same size and time of modification: only a program that reads the file sees the change.
    fs::write(&file, text.replace("bridge", "BRIDGE")).unwrap();
    fs::File::options().append(true).open(&file).unwrap().set_modified(modified).unwrap();
    assert!(list_news(home.path()).contains("The bridge reopens"));
    fs::File::options()
        .append(true)
        .open(&file)
        .unwrap()
        .set_modified(modified.checked_add(std::time::Duration::from_secs(9)).unwrap())
        .unwrap();
    assert!(list_news(home.path()).contains("The BRIDGE reopens"));
}

#[test]
fn opened_folder_uses_the_library_that_is_given() {
    let home = home_with_news();
    let home = home.path();
    let (news, own) = (home.join("news"), home.join("own"));
    let args = [news.to_str().unwrap(), "--library", own.to_str().unwrap()];
    assert_eq!(stdout(&run(home, &args)).lines().count(), 2);
    assert!(own.join("library.db").exists());
    assert!(!home.join("state").exists());
}

#[test]
fn opened_folder_is_read_although_its_library_cannot_be_made() {
    let home = home_with_news();
    let home = home.path();
    fs::write(home.join("state"), "a file where a folder should be").unwrap();
    let output = run(home, &[home.join("news").to_str().unwrap()]);
    assert_eq!(stdout(&output).lines().count(), 2);
    assert!(stderr(&output).contains("Stars and read marks are not kept: "), "{output:?}");
}

#[test]
fn doctor_says_where_the_libraries_of_folders_are() {
    let home = home_with_news();
    let root = home.path().join("state/newsreader/folders");
    let line = format!("ok libraries of folders that were read: {}\n", root.display());
    assert!(!stdout(&run(home.path(), &["doctor"])).contains(&line));
    list_news(home.path());
    let doctor = command(home.path(), &["doctor"]).output().unwrap();
    assert!(stdout(&doctor).contains(&line), "{}", stdout(&doctor));
}
