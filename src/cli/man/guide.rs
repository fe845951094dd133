//! The manual pages that explain a task. Their text is a section of the README, so that the two agree.

use super::roff::{escape_text, render_document};
use crate::markup::parse_markdown;

const README: &str = include_str!("../../../README.md");

/// A manual page of section 7, whose text is a section of the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GuidePage {
    /// The name of the page after `newsreader-`.
    pub(super) name: &'static str,
    /// The purpose of the page, in a few words.
    pub(super) purpose: &'static str,
    /// The heading of the section, with its signs.
    pub(super) heading: &'static str,
}

/// The page about moving in.
pub(super) const MOVING_IN: GuidePage = GuidePage {
    name: "moving-in",
    purpose: "moving in from another news reader",
    heading: "### Moving in",
};

/// The page about scripts.
pub(super) const SCRIPTING: GuidePage = GuidePage {
    name: "scripting",
    purpose: "using newsreader in scripts",
    heading: "## In scripts",
};

/// The page about the shared archive.
pub(super) const ARCHIVE: GuidePage = GuidePage {
    name: "archive",
    purpose: "sharing articles in an archive on PostgreSQL",
    heading: "### The archive of a team",
};

impl GuidePage {
    /// Renders the page in the format of `man`.
    pub(super) fn render(self) -> String {
        let name = format!("newsreader-{}", self.name);
        let title = self.heading.trim_start_matches('#').trim().to_uppercase();
        let body = render_document(&parse_markdown(&find_section(README, self.heading)));
        format!(
            ".TH {} 7 \"\" \"newsreader {}\"\n.SH NAME\n{} \\- {}\n.SH {}\n{body}.SH SEE ALSO\n\
             .BR newsreader (1)\n",
            escape_text(&name.to_uppercase()),
            env!("CARGO_PKG_VERSION"),
            escape_text(&name),
            escape_text(self.purpose),
            escape_text(&title),
        )
    }
}

/// Returns the lines below a heading, up to the next one of its level or a higher one. Lines of code that
/// begin with `#` are no headings.
fn find_section(markdown: &str, heading: &str) -> String {
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let (mut section, mut is_inside, mut is_code) = (String::new(), false, false);
    for line in markdown.lines() {
        is_code ^= line.starts_with("```");
        let is_heading = !is_code && (1..=level(heading)).contains(&level(line));
        if is_inside && !is_heading {
            section.push_str(line);
            section.push('\n');
        }
        if is_heading {
            is_inside = line == heading;
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guide_pages_have_the_sections_of_the_readme() {
        let pages = [
            (
                MOVING_IN,
                ["newsreader import newsboat \\-\\-dry\\-run", "From newsboat come the feeds"],
            ),
            (ARCHIVE, ["newsreader archive init", "Backups and replicas"]),
            (SCRIPTING, ["#!/bin/sh\nset \\-e\nnewsreader refresh", ".TP\n10\n"]),
        ];
        for (page, parts) in pages {
            let text = page.render();
            let name = escape_text(&format!("newsreader-{}", page.name));
            assert!(text.contains(&format!(".SH NAME\n{name} \\- ")), "{text}");
            for part in parts {
                assert!(text.contains(part), "{part}\n{text}");
            }
            assert!(!text.contains("\n#") || page == SCRIPTING, "no heading of Markdown is left");
            assert!(text.lines().all(|line| !line.starts_with('\'')), "{text}");
        }
    }

    #[test]
    fn find_section_ends_at_a_heading_of_its_level() {
        let markdown = "# a\none\n## b\ntwo\n```\n# c\n```\n### d\nthree\n## e\nfour\n# f\nfive\n";
        assert_eq!(find_section(markdown, "## b"), "two\n```\n# c\n```\n### d\nthree\n");
        assert_eq!(find_section(markdown, "# f"), "five\n");
        assert_eq!(find_section(markdown, "# none"), "");
    }
}
