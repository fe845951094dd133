//! Searches in a library of which texts are absent: they find less than was asked for, and say so.

use super::output;
use crate::{library::clock::local_today, query, store::ReadConnection, text::count_noun};

/// Says on standard error how many texts a filter could not look into, because the library was restored
/// from a backup or repaired. Returns whether it could look into all.
pub fn report_absent_texts(reader: &ReadConnection, filter: &str) -> anyhow::Result<bool> {
    if !query::parse(filter, local_today()).expr.reads_text() {
        return Ok(true);
    }
    let absent = reader.count_absent_texts()?;
    if absent == 0 {
        return Ok(true);
    }
    let (articles, verb) =
        (count_noun(absent, "article"), if absent == 1 { "has" } else { "have" });
    output::write_stderr_line(&format!(
        "newsreader: {articles} {verb} no text since the library was restored or repaired, and may \
         be missing; `newsreader refresh` reads and fetches the texts again"
    ));
    Ok(false)
}
