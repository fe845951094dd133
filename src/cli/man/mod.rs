//! `newsreader man`: the manual page, with all subcommands on it, and the pages that explain a task.

mod guide;
mod manual_page;
mod roff;

use std::{fmt::Write, io};

use clap::Command;
use clap_mangen::Man;

pub use self::manual_page::ManualPage;
use self::roff::escape_text;
use super::{exit_status::ExitStatus, output};

/// The exit statuses, with their meaning.
const EXIT_STATUSES: [(&str, &str); 5] = [
    ("0", "Success."),
    ("1", "Something failed, and standard error says what; or there is nothing to undo or redo."),
    ("2", "An argument is wrong, or a query has a mistake."),
    ("3", "The reader could not save some changes."),
    ("10", "There are no new articles (only of refresh --exit-code)."),
];

/// Prints a manual page in the format of `man`; `command` describes the arguments of the program.
pub fn run(page: ManualPage, command: Command) -> anyhow::Result<ExitStatus> {
    let text = match page {
        ManualPage::Newsreader => render_page(command)?,
        ManualPage::MovingIn => guide::MOVING_IN.render(),
        ManualPage::Archive => guide::ARCHIVE.render(),
        ManualPage::Scripting => guide::SCRIPTING.render(),
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Renders the page. [`Man::render`] would refer to a page for each subcommand.
fn render_page(mut command: Command) -> anyhow::Result<String> {
    command.build();
    let man = Man::new(command.clone());
    let mut page = render_with(|out| {
        man.render_title(out)?;
        man.render_name_section(out)?;
        man.render_synopsis_section(out)?;
        man.render_description_section(out)?;
        man.render_options_section(out)
    })?;
    page.push_str(".SH COMMANDS\n");
    for subcommand in command.get_subcommands().filter(|known| known.get_name() != "help") {
        push_subcommand(subcommand, &mut page)?;
    }
    page.push_str(".SH EXIT STATUS\n");
    for (status, meaning) in EXIT_STATUSES {
        writeln!(page, ".TP\n{status}\n{}", escape_text(meaning))?;
    }
    // The end of the help, without the heading of its first part.
    let help_end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = help_end.lines().skip(1).map(escape_text).collect::<Vec<_>>().join("\n");
    writeln!(page, ".SH EXAMPLES\n.nf\n{examples}\n.fi")?;
    page.push_str(".SH SEE ALSO\n");
    for (guide, end) in [(guide::MOVING_IN, ","), (guide::ARCHIVE, ","), (guide::SCRIPTING, "")] {
        writeln!(page, ".BR newsreader\\-{} (7){end}", escape_text(guide.name))?;
    }
    Ok(page)
}

/// Appends the part about a subcommand: its usage, its description and its own options. Of a group
/// of subcommands, appends those.
fn push_subcommand(command: &Command, page: &mut String) -> anyhow::Result<()> {
    if command.has_subcommands() {
        for subcommand in command.get_subcommands().filter(|known| known.get_name() != "help") {
            push_subcommand(subcommand, page)?;
        }
        return Ok(());
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").split_whitespace().collect::<Vec<_>>();
    writeln!(page, ".SS {}", escape_text(&usage.join(" ")))?;
    let own_options = Command::new("newsreader")
        .about(command.get_about().cloned().unwrap_or_default())
        .args(command.get_arguments().filter(|arg| !arg.is_global_set() && arg.get_id() != "help"))
        .disable_help_flag(true);
    let man = Man::new(own_options);
    let body = render_with(|out| {
        man.render_description_section(out)?;
        man.render_options_section(out)
    })?;
    let notes = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for line in body.lines().filter(|line| !line.starts_with(".SH")) {
        writeln!(page, "{line}")?;
    }
    for line in notes.lines() {
        writeln!(page, ".PP\n{}", escape_text(line))?;
    }
    Ok(())
}

/// Returns what `render` writes.
fn render_with(render: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<String> {
    let mut text = Vec::new();
    render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::render_page;
    use crate::cli::CliArgs;

    #[test]
    fn manual_page_describes_every_subcommand_on_one_page() {
        let page = render_page(CliArgs::command()).unwrap();
        for part in [
            ".SS newsreader list [OPTIONS] [QUERY]...",
            ".SS newsreader mark unread [OPTIONS] <N|\\-\\-query <QUERY>>",
            ".SS newsreader feed edit [OPTIONS] <FEED>",
            "\\-\\-follow",
            "\\-\\-exit\\-code",
            ".SH EXIT STATUS",
            "  newsreader read 42                 print article 42",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!page.contains("newsreader\\-list"), "subcommands have no pages of their own");
        assert!(page.ends_with(".BR newsreader\\-scripting (7)\n"));
        assert_eq!(page.matches("\\-\\-settings").count(), 2, "in the synopsis and the options");
    }
}
