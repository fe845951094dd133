//! Texts for the properties of sanitising.

use proptest::prelude::*;

/// Generates text full of characters with special treatment.
pub(super) fn hostile_text() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        " ",
        "\u{1b}",
        "[",
        "]",
        "31m",
        "\u{7}",
        "\\",
        "\u{9b}",
        "\u{9d}",
        "\n",
        "\r",
        "\t",
        "\u{200d}",
        "\u{200c}",
        "\u{200b}",
        "👩",
        "👧",
        "🏽",
        "\u{fe0f}",
        "e\u{301}",
        "\u{323}",
        "\u{344}",
        "ا",
        "\u{64e}",
        "क",
        "\u{94d}",
        "ก",
        "\u{202e}",
        "\u{ad}",
        "\u{1100}",
        "\u{1161}",
        "\u{2126}",
        "🏴",
        "\u{e0067}",
        "\u{e007f}",
        "\u{20e3}",
        "\u{301}",
        "🇫",
        "\u{11ab}",
        "\u{600}",
    ]);
    let mixed = prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat());
    prop_oneof![mixed, any::<String>()]
}
