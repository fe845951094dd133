//! What the environment says about the terminal.

use super::{BidiSetting, ColorDepth, GlyphMode, HyperlinkMode, ImageProtocolSetting, Settings};

/// Decides what was left to the surroundings: colours and glyphs.
///
/// `NO_COLOR` (not empty) takes the colours away; `COLORTERM` and `TERM` tell how many there are; the Linux console
/// and a locale that names a charset other than UTF-8 get ASCII. `LANG=C` is the locale of containers whose terminals
/// are UTF-8 all the same.
pub fn resolve_auto_settings(mut settings: Settings, variables: &[(String, String)]) -> Settings {
    let get = |name: &str| {
        variables.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    };
    if !get("NO_COLOR").is_empty() {
        settings.colors = ColorDepth::Monochrome;
    }
    if settings.colors == ColorDepth::Auto {
        settings.colors = match (get("COLORTERM"), get("TERM")) {
            ("truecolor" | "24bit", _) => ColorDepth::TrueColor,
            (_, term) if term.contains("256color") || term.contains("direct") => {
                ColorDepth::Ansi256
            }
            _ => ColorDepth::Ansi16,
        };
    }
    if settings.glyphs == GlyphMode::Auto {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(get).find(|locale| !locale.is_empty());
        let ascii = get("TERM") == "linux" || locale.is_some_and(names_non_utf8_charset);
        settings.glyphs = if ascii { GlyphMode::Ascii } else { GlyphMode::Unicode };
    }
    if settings.article.pager.is_empty() {
        let words = Some(get("PAGER")).filter(|pager| !pager.is_empty()).unwrap_or("less");
        settings.article.pager = words.split_whitespace().map(str::to_owned).collect();
    }
    // What a multiplexer stands in front of is found out later, once it matters.
    if settings.bidi == BidiSetting::Auto && get("TMUX").is_empty() && get("STY").is_empty() {
        settings.bidi = detect_bidi_mode(get);
    }
    if settings.article.image_protocol == ImageProtocolSetting::Auto {
        settings.article.image_protocol = detect_image_protocol(get);
    }
    if settings.article.hyperlinks == HyperlinkMode::Auto {
        // Those that do not know OSC 8 ignore it; the Linux console of old kernels shows it.
        let shows = matches!(get("TERM"), "linux" | "dumb" | "");
        settings.article.hyperlinks = if shows { HyperlinkMode::Off } else { HyperlinkMode::On };
    }
    settings
}

/// How the terminal shows pictures; those that do not tell by their name get blocks. So does Konsole: it draws
/// iTerm2's files and sixels, but leaves them standing under the text that is written over them.
fn detect_image_protocol<'v>(get: impl Fn(&str) -> &'v str) -> ImageProtocolSetting {
    let term = get("TERM");
    let sixel = ["foot", "mlterm", "contour"].iter().any(|name| term.starts_with(name));
    match get("TERM_PROGRAM") {
        // A multiplexer hands no pictures on.
        _ if !get("TMUX").is_empty() || !get("STY").is_empty() => ImageProtocolSetting::HalfBlocks,
        _ if !get("KITTY_WINDOW_ID").is_empty() || term == "xterm-kitty" => {
            ImageProtocolSetting::Kitty
        }
        "ghostty" => ImageProtocolSetting::Kitty,
        _ if term == "xterm-ghostty" => ImageProtocolSetting::Kitty,
        "iTerm.app" | "WezTerm" => ImageProtocolSetting::Iterm2,
        _ if sixel => ImageProtocolSetting::Sixel,
        _ => ImageProtocolSetting::HalfBlocks,
    }
}

/// How the terminal wants right-to-left text: some reorder it by themselves, each in its own way.
fn detect_bidi_mode<'v>(get: impl Fn(&str) -> &'v str) -> BidiSetting {
    let version: Vec<u32> =
        get("TERM_PROGRAM_VERSION").split('.').map_while(|part| part.parse().ok()).collect();
    match get("TERM_PROGRAM") {
        _ if !get("KITTY_WINDOW_ID").is_empty() => BidiSetting::LogicalWords,
        _ if !get("KONSOLE_VERSION").is_empty() => BidiSetting::LogicalRuns,
        "Apple_Terminal" => BidiSetting::LogicalRuns,
        "iTerm.app" if version >= vec![3, 7] => BidiSetting::LogicalRuns,
        _ => BidiSetting::Visual,
    }
}

/// Whether a locale (`de_DE.ISO-8859-1`) names a charset, and not UTF-8.
fn names_non_utf8_charset(locale: &str) -> bool {
    let charset = locale.split_once('.').map(|(_, rest)| rest.split('@').next().unwrap_or(rest));
    charset.is_some_and(|charset| {
        let charset: String = charset.chars().filter(char::is_ascii_alphanumeric).collect();
        !charset.eq_ignore_ascii_case("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::{BidiSetting, ColorDepth, GlyphMode, ImageProtocolSetting, resolve_auto_settings};
    use crate::settings::merge_layers;

    fn resolve_colors_and_glyphs(variables: &[(&str, &str)]) -> (ColorDepth, GlyphMode) {
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let settings = resolve_auto_settings(merge_layers(Vec::new()).0, &variables);
        (settings.colors, settings.glyphs)
    }

    #[test]
    fn bidi_mode_detected_for_reordering_terminals() {
        let cases = [
            (vec![("TERM", "xterm")], BidiSetting::Visual),
            (vec![("KITTY_WINDOW_ID", "1")], BidiSetting::LogicalWords),
            (vec![("KONSOLE_VERSION", "240800")], BidiSetting::LogicalRuns),
            (
                vec![("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.6.4")],
                BidiSetting::Visual,
            ),
            (
                vec![("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.7.0")],
                BidiSetting::LogicalRuns,
            ),
            (vec![("KITTY_WINDOW_ID", "1"), ("TMUX", "/tmp/tmux,1")], BidiSetting::Auto),
        ];
        for (variables, bidi) in cases {
            let variables: Vec<_> = variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(
                resolve_auto_settings(merge_layers(Vec::new()).0, &variables).bidi,
                bidi,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn image_protocol_detected_from_environment() {
        let cases = [
            (vec![("TERM", "xterm-256color")], ImageProtocolSetting::HalfBlocks),
            (vec![("TERM", "xterm-kitty")], ImageProtocolSetting::Kitty),
            (vec![("TERM_PROGRAM", "ghostty")], ImageProtocolSetting::Kitty),
            (vec![("TERM_PROGRAM", "WezTerm")], ImageProtocolSetting::Iterm2),
            (vec![("KONSOLE_VERSION", "221203")], ImageProtocolSetting::HalfBlocks),
            (vec![("TERM", "foot-extra")], ImageProtocolSetting::Sixel),
            (vec![("TERM", "foot"), ("TMUX", "/tmp/tmux,1")], ImageProtocolSetting::HalfBlocks),
        ];
        for (variables, protocol) in cases {
            let variables: Vec<_> = variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            let settings = resolve_auto_settings(merge_layers(Vec::new()).0, &variables);
            assert_eq!(settings.article.image_protocol, protocol, "{variables:?}");
        }
    }

    #[test]
    fn auto_colors_and_glyphs_resolved_from_environment() {
        assert_eq!(
            resolve_colors_and_glyphs(&[("TERM", "xterm-256color"), ("LANG", "C")]),
            (ColorDepth::Ansi256, GlyphMode::Unicode)
        );
        assert_eq!(
            resolve_colors_and_glyphs(&[("COLORTERM", "truecolor"), ("LANG", "de_DE.UTF-8")]),
            (ColorDepth::TrueColor, GlyphMode::Unicode)
        );
        assert_eq!(
            resolve_colors_and_glyphs(&[("TERM", "linux")]),
            (ColorDepth::Ansi16, GlyphMode::Ascii)
        );
        assert_eq!(
            resolve_colors_and_glyphs(&[("NO_COLOR", "1"), ("LC_ALL", "de_DE.ISO-8859-1")]),
            (ColorDepth::Monochrome, GlyphMode::Ascii)
        );
    }
}
