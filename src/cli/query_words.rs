//! Queries whose words begin with a hyphen: `newsreader search rust -game --limit 5`.
//!
//! The parser of the arguments would take `-game` for an option, or, if hyphens were allowed, also
//! `--limit` for a word. The arguments are put in order before they are parsed.

use std::ffi::{OsStr, OsString};

use clap::{Command, CommandFactory};

use super::args::CliArgs;

/// The subcommands whose words are a query.
const QUERY_SUBCOMMANDS: [&str; 4] = ["list", "search", "count", "export"];

/// Moves the words of a query behind its options and behind `--`. Other arguments stay as they are.
pub fn separate_query_words(args: Vec<OsString>) -> Vec<OsString> {
    // Without a subcommand, the first frame need not wait for what follows.
    if !args.iter().any(|arg| QUERY_SUBCOMMANDS.iter().any(|name| arg == name)) {
        return args;
    }
    let mut command = CliArgs::command();
    command.build();
    let Some(position) = find_subcommand(&command, &args) else { return args };
    let subcommand = args[position].to_str().filter(|name| QUERY_SUBCOMMANDS.contains(name));
    let Some(subcommand) = subcommand.and_then(|name| command.find_subcommand(name)) else {
        return args;
    };
    let (before, after) = args.split_at(position + 1);
    let (mut options, mut words) = (before.to_vec(), vec![OsString::from("--")]);
    let mut rest = after.iter().cloned();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            words.extend(rest.by_ref());
        } else if is_option(&arg) {
            let value = takes_next_arg(subcommand, &arg).then(|| rest.next()).flatten();
            options.push(arg);
            options.extend(value);
        } else {
            words.push(arg);
        }
    }
    options.extend(words);
    options
}

/// Returns the position of the first argument that is neither an option nor the value of one.
fn find_subcommand(command: &Command, args: &[OsString]) -> Option<usize> {
    let mut position = 1;
    loop {
        let arg = args.get(position)?;
        if !arg.as_encoded_bytes().starts_with(b"-") {
            return Some(position);
        }
        position += if takes_next_arg(command, arg) { 2 } else { 1 };
    }
}

/// Returns true for `--name`, `--name=value` and the short option of the help, which every subcommand
/// has; they have no other short options.
fn is_option(arg: &OsStr) -> bool {
    arg.as_encoded_bytes().starts_with(b"--") || arg == "-h"
}

/// Returns true if `arg` is an option of `command` whose value is the next argument.
fn takes_next_arg(command: &Command, arg: &OsStr) -> bool {
    let name = arg.to_str().and_then(|arg| arg.strip_prefix("--"));
    let option = command.get_arguments().find(|known| known.get_long() == name && name.is_some());
    option.is_some_and(|option| option.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separate_query_words_keeps_options_and_other_subcommands() {
        for (given, expected) in [
            ("search rust -game --limit 5", "search --limit 5 -- rust -game"),
            ("search -game --limit=5 rust --json", "search --limit=5 --json -- -game rust"),
            ("count -hurricane -h", "count -h -- -hurricane"),
            ("list -- -a --json", "list -- -a --json"),
            ("list -a --jsom b", "list --jsom -- -a b"),
            ("list --limit", "list --limit --"),
            ("--library list list -a --settings s", "--library list list --settings s -- -a"),
            ("--accessible search -a", "--accessible search -- -a"),
            ("star -a", "star -a"),
            ("help search", "help search"),
            ("--help", "--help"),
            ("", ""),
        ] {
            let to_args = |line: &str| -> Vec<OsString> {
                ["newsreader"]
                    .into_iter()
                    .chain(line.split_whitespace())
                    .map(OsString::from)
                    .collect()
            };
            assert_eq!(separate_query_words(to_args(given)), to_args(expected), "{given}");
        }
    }

    #[test]
    fn query_subcommands_have_no_short_option_but_help() {
        let mut command = CliArgs::command();
        command.build();
        for name in QUERY_SUBCOMMANDS {
            let subcommand = command.find_subcommand(name).expect("it is a subcommand");
            let short: Vec<char> =
                subcommand.get_arguments().filter_map(clap::Arg::get_short).collect();
            assert_eq!(short, ['h'], "{name}");
        }
    }
}
