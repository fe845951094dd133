//! The bundled samples: the documents in `seeds/`, each named after its special feature.

use chrono::{DateTime, Utc};

use crate::{
    documents,
    model::{Actor, AppliedChange, Change, FeedKind},
    store::{EntryUpsert, IngestBatch, StoreError, WriteConnection},
};

macro_rules! samples {
    ($($name:literal,)+) => {
        /// File name and content of every sample document, sorted by name.
        pub const SAMPLES: &[(&str, &[u8])] = &[$(($name, include_bytes!(concat!("../../seeds/", $name))),)+];
    };
}

samples! {
    "2026-03-14-date-in-the-file-name.txt",
    "2026-10-07-markdown-without-front-matter.md",
    "a-poem-in-short-lines.txt",
    "arabic.txt",
    "byte-order-mark-and-blank-space.txt",
    "carriage-return-line-ends.txt",
    "chinese-simplified.txt",
    "chinese-traditional.txt",
    "dated-plain-text.txt",
    "decomposed-accents.txt",
    "emoji-families-flags-skin-tones.txt",
    "escape-sequences.txt",
    "french-narrow-blanks.txt",
    "german-compound-words.txt",
    "greek.txt",
    "hard-wrapped-at-72-columns.txt",
    "headline-in-quotation-marks.txt",
    "headline-over-200-columns.txt",
    "headline-with-abbreviations.txt",
    "hebrew-english-and-numbers.txt",
    "hebrew.txt",
    "hindi.txt",
    "html-clean.html",
    "html-untidy-and-hostile.html",
    "html-windows-1252.html",
    "japanese.txt",
    "korean.txt",
    "legacy-windows-1252.txt",
    "long-single-paragraph.txt",
    "mail-multipart.eml",
    "mail-plain-latin1.eml",
    "markdown-long-read.md",
    "markdown-toml-front-matter.md",
    "no-newline-at-the-end.txt",
    "only-one-line.txt",
    "persian.txt",
    "quoted-mail-lines.txt",
    "russian.txt",
    "shift-jis.txt",
    "tabs-and-a-listing.txt",
    "thai-without-blanks.txt",
    "turkish-dotted-and-dotless-i.txt",
    "utf-16-big-endian.txt",
    "utf-16-little-endian.txt",
    "very-long-words-and-addresses.txt",
    "vietnamese-stacked-accents.txt",
}

/// Parses sample documents into entries to store; a document that cannot be parsed is left out.
pub fn parse_samples(samples: &[(&str, &[u8])]) -> Vec<EntryUpsert> {
    let parse_sample = |(name, bytes): &(&str, &[u8])| {
        let parsed = documents::parse_file(name, bytes, None).ok()?;
        Some(EntryUpsert::new(parsed.entry, bytes.len() as u64, None))
    };
    samples.iter().filter_map(parse_sample).collect()
}

/// Stores the sample documents in the feed "Samples", all or none: a library with the feed alone is
/// not new and would never have them.
pub fn store_samples(
    store: &mut WriteConnection,
    upserts: Vec<EntryUpsert>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    store.in_transaction(|store| {
        let feed = store.add_feed(FeedKind::Samples, "samples:", "Samples")?.feed;
        let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
        store.ingest_batch(&batch, now).map(drop)
    })
}

/// Hides the samples, as a change that can be undone. Returns `None` if they are hidden already or
/// were never stored.
///
/// Called when the user subscribes to something, because the samples are no longer needed then.
pub fn hide_samples(
    store: &mut WriteConnection,
    (actor, now): (&Actor, DateTime<Utc>),
) -> Result<Option<AppliedChange>, StoreError> {
    match store.find_samples_feed()? {
        Some(samples) => {
            let change = Change::set_unsubscribed(samples, true);
            store.apply_change_by(actor, &change, now).map(Some)
        }
        None => Ok(None),
    }
}
