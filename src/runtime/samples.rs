//! The bundled sample library: the documents in `seeds/`, each named after what is odd about it.

macro_rules! samples {
    ($($name:literal,)+) => {
        /// Name and content of every sample document, by name.
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
