//! The slots of `newsreader list --format`.

use super::exit_status::UsageError;
use crate::{
    app::article_slots,
    model::{Entry, Feed},
    text::{RowTemplate, sanitize},
};

/// The names of the slots: those of the user's commands, and what a list knows besides.
const SLOTS: [&str; 9] =
    ["id", "title", "url", "feed", "author", "date", "tags", "read", "starred"];

/// Parses a template for the rows of a list.
///
/// # Errors
///
/// Returns the mistake in it.
pub fn parse_row_template(template: &str) -> Result<RowTemplate, UsageError> {
    RowTemplate::parse(template, &SLOTS)
        .map_err(|problem| UsageError(format!("--format: {problem}")))
}

/// Returns the row of an article.
pub fn fill_row_template(template: &RowTemplate, entry: &Entry, feed: Option<&Feed>) -> String {
    let slots = article_slots(entry);
    template.fill(&|name| match name {
        "title" => sanitize::to_text_line(&entry.title).into_owned(),
        "feed" => sanitize::to_text_line(entry.source_name(feed)).into_owned(),
        "read" => yes_or_no(entry.state.read).to_owned(),
        "starred" => yes_or_no(entry.state.starred).to_owned(),
        name => {
            let slot = format!("{{{name}}}");
            let found = slots.iter().find(|(known, _)| *known == slot);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        }
    })
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
