//! The words after `newsreader` that are no subcommand: paths to read, or an address to look at.

use std::path::PathBuf;

use clap::CommandFactory;

use super::{args::CliArgs, exit_status::UsageError, output};
use crate::{
    library::{UserAddress, parse_user_address},
    text::nearest_word,
};

/// The things to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedItems {
    /// Files and folders; without any, the library.
    Paths(Vec<PathBuf>),
    /// The address of a site or feed, as it was typed.
    Address(String),
}

/// Finds out what `words` name.
///
/// # Errors
///
/// Returns an error for a word that is neither a path nor an address, which may be a mistyped
/// subcommand, and for an address among other words.
pub fn find_opened_items(words: &[PathBuf]) -> anyhow::Result<OpenedItems> {
    let mut paths = Vec::new();
    for word in words {
        let Some(text) = word.to_str() else {
            paths.push(word.clone());
            continue;
        };
        match parse_user_address(text) {
            Ok(UserAddress::Path(path)) => paths.push(path),
            Ok(UserAddress::Url(_) | UserAddress::Program(_)) if words.len() == 1 => {
                return Ok(OpenedItems::Address(text.to_owned()));
            }
            Ok(_) => {
                let sentence = format!(
                    "{text} is an address, which can only be opened alone; \
                     subscribe to several with `newsreader add`"
                );
                return Err(UsageError(sentence).into());
            }
            Err(_) if is_word(text) => return Err(UsageError(describe_unknown_word(text)).into()),
            Err(failure) => return Err(output::to_error(failure)),
        }
    }
    Ok(OpenedItems::Paths(paths))
}

/// Returns true for a text that may be meant as a subcommand.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// Describes a word that names nothing, with the nearest subcommand or what is possible.
fn describe_unknown_word(word: &str) -> String {
    let command = CliArgs::command();
    let mut names = Vec::new();
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        names.push((name.to_owned(), name.to_owned()));
        let inner = subcommand.get_subcommands().map(clap::Command::get_name);
        names.extend(inner.map(|inner| (inner.to_owned(), format!("{name} {inner}"))));
    }
    let nearest = nearest_word(&word.to_lowercase(), names.iter().map(|(name, _)| name.as_str()));
    let start = format!("“{word}” is not a subcommand, a file or a folder");
    if let Some((_, command)) = names.iter().find(|(name, _)| Some(name.as_str()) == nearest) {
        return format!("{start}; did you mean `newsreader {command}`?");
    }
    let subcommands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let subcommands = subcommands.join(", ");
    format!("{start}, nor an address such as example.org; the subcommands are {subcommands}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_opened_items_tells_paths_and_addresses_apart() {
        let find = |words: &[&str]| {
            find_opened_items(&words.iter().map(PathBuf::from).collect::<Vec<_>>())
        };
        let folder = std::env::temp_dir().canonicalize().expect("a folder for temporary files");
        let name = folder.to_str().expect("its name is UTF-8");
        let paths = OpenedItems::Paths(vec![folder.clone(), folder.clone()]);
        assert_eq!(find(&[name, &format!("file://{name}")]).expect("paths"), paths);
        for address in ["https://example.org/a b", "example.org", "localhost:8080", "exec:news"] {
            let expected = OpenedItems::Address(address.to_owned());
            assert_eq!(find(&[address]).expect("an address"), expected);
        }
        assert_eq!(find(&[]).expect("the library"), OpenedItems::Paths(Vec::new()));
        assert!(find(&[name, "example.org"]).is_err());
    }

    #[test]
    fn unknown_word_is_answered_with_the_nearest_subcommand() {
        let subcommands = "the subcommands are list, search, similar, count, listen, read, diff, ";
        for (words, sentence) in [
            (&["serach", "rust"][..], "did you mean `newsreader search`?"),
            (&["Lst"], "did you mean `newsreader list`?"),
            (&["discover", "example.org"], "did you mean `newsreader feed discover`?"),
            (&["xylophone"], subcommands),
        ] {
            let words: Vec<PathBuf> = words.iter().map(PathBuf::from).collect();
            let error = find_opened_items(&words).expect_err("it names nothing").to_string();
            let start = format!("“{}” is not a subcommand, a file or a folder", words[0].display());
            assert!(error.starts_with(&start) && error.contains(sentence), "{error}");
        }
    }
}
