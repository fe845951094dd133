//! `newsreader read N`: one article as text, Markdown or HTML.

use anyhow::anyhow;

use super::{
    Args, Environment, Exit,
    args::WrittenAs,
    library::Library,
    output,
    reader::{settings, tidy},
};
use crate::{markup::Format, model::EntryId, runtime::readable, store::Reader};

/// Prints article `number`.
pub fn run(args: &Args, environment: &Environment, number: i64, written: WrittenAs) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    library.fill()?;
    let reader = Reader::open(&library.location)?;
    if reader.entry(EntryId(number))?.is_none() {
        return Err(anyhow!("there is no article {number}; `newsreader list` prints the numbers"));
    }
    let (settings, _) = settings(args, environment);
    let (document, heading) =
        readable(&reader, &tidy(&settings), EntryId(number)).map_err(|failure| anyhow!(failure.summary))?;
    let format = match written {
        WrittenAs::Text => Format::Text,
        WrittenAs::Markdown => Format::Markdown,
        WrittenAs::Html => Format::Html,
    };
    let document = if settings.accessible { document.spoken() } else { document };
    output::write(document.export(&heading, format).as_bytes())?;
    Ok(Exit::Done)
}
