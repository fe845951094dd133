//! Detection of the terminal's abilities from environment variables.

use super::{
    BidiSetting, ColorDepth, GlyphMode, HyperlinkMode, ImageProtocolSetting, NotificationSetting,
    Settings,
};

/// Replaces the `auto` values of terminal settings by values detected from the environment, and an
/// empty pager by `$PAGER` or `less`, an empty browser by `$BROWSER`.
///
/// - Colours: a non-empty `NO_COLOR` turns them off, whatever the setting; otherwise `COLORTERM`
///   and `TERM` tell how many there are.
/// - Glyphs: ASCII on the Linux console and in a locale that names a charset other than UTF-8.
///   `LANG=C` does not count: containers set it although their terminals use UTF-8.
/// - Right-to-left text: stays `auto` inside tmux and screen, and is detected later.
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
        let command = Some(get("PAGER")).filter(|pager| !pager.is_empty()).unwrap_or("less");
        settings.article.pager = command.split_whitespace().map(str::to_owned).collect();
    }
    if settings.browser.is_empty() {
        settings.browser = browser_command(get("BROWSER"));
    }
    // A screen reader reads text in the order in which it is stored.
    if settings.accessible && settings.bidi == BidiSetting::Auto {
        settings.bidi = BidiSetting::Logical;
    }
    // Inside a multiplexer the outer terminal is unknown; it is detected later, once it matters.
    if settings.bidi == BidiSetting::Auto && get("TMUX").is_empty() && get("STY").is_empty() {
        settings.bidi = detect_bidi_mode(get);
    }
    if settings.article.image_protocol == ImageProtocolSetting::Auto {
        settings.article.image_protocol = detect_image_protocol(get);
    }
    settings.is_in_tmux = !get("TMUX").is_empty();
    if settings.notifications == NotificationSetting::Auto {
        settings.notifications = detect_notifications(get);
    }
    if settings.article.hyperlinks == HyperlinkMode::Auto {
        // Terminals without OSC 8 ignore it, except the Linux console of old kernels, which prints
        // it.
        let prints_escapes = matches!(get("TERM"), "linux" | "dumb" | "");
        settings.article.hyperlinks =
            if prints_escapes { HyperlinkMode::Off } else { HyperlinkMode::On };
    }
    settings
}

/// Returns the first command of `$BROWSER`, which may be a list with colons between its commands; in
/// each, `%s` is the place of the URL.
fn browser_command(variable: &str) -> Vec<String> {
    let first = variable.split(':').map(str::trim).find(|command| !command.is_empty());
    let words = first.unwrap_or_default().split_whitespace();
    words.map(|word| word.replace("%s", "{url}")).collect()
}

/// Returns the image protocol of the terminal, or half blocks if it is unknown.
///
/// Konsole gets half blocks too: it draws iTerm2 images and sixels, but does not remove them when
/// text is written over them.
fn detect_image_protocol<'v>(get: impl Fn(&str) -> &'v str) -> ImageProtocolSetting {
    let term = get("TERM");
    let supports_sixel = ["foot", "mlterm", "contour"].iter().any(|name| term.starts_with(name));
    match get("TERM_PROGRAM") {
        // Multiplexers do not pass images on to the outer terminal.
        _ if !get("TMUX").is_empty() || !get("STY").is_empty() => ImageProtocolSetting::HalfBlocks,
        _ if !get("KITTY_WINDOW_ID").is_empty() || term == "xterm-kitty" => {
            ImageProtocolSetting::Kitty
        }
        "ghostty" => ImageProtocolSetting::Kitty,
        _ if term == "xterm-ghostty" => ImageProtocolSetting::Kitty,
        "iTerm.app" | "WezTerm" => ImageProtocolSetting::Iterm2,
        _ if supports_sixel => ImageProtocolSetting::Sixel,
        _ => ImageProtocolSetting::HalfBlocks,
    }
}

/// Returns the way in which the terminal shows notifications, or the bell if none is known.
///
/// tmux and screen keep these sequences to themselves unless they are told otherwise, and mark the
/// window in which a bell rang.
fn detect_notifications<'v>(get: impl Fn(&str) -> &'v str) -> NotificationSetting {
    let term = get("TERM");
    let is_term = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
    match get("TERM_PROGRAM") {
        _ if matches!(term, "dumb" | "") => NotificationSetting::Off,
        _ if !get("TMUX").is_empty() || !get("STY").is_empty() => NotificationSetting::Bell,
        _ if !get("KITTY_WINDOW_ID").is_empty() || term == "xterm-kitty" => {
            NotificationSetting::Osc99
        }
        "iTerm.app" | "WezTerm" => NotificationSetting::Osc9,
        "ghostty" => NotificationSetting::Osc777,
        _ if is_term(&["xterm-ghostty", "rxvt-unicode", "foot"]) => NotificationSetting::Osc777,
        _ if !get("WT_SESSION").is_empty() || !get("ConEmuPID").is_empty() => {
            NotificationSetting::Osc9
        }
        _ => NotificationSetting::Bell,
    }
}

/// Returns the form in which the terminal expects right-to-left text: some terminals reorder it
/// themselves, each in its own way.
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

/// Returns whether a locale such as `de_DE.ISO-8859-1` names a charset other than UTF-8.
fn names_non_utf8_charset(locale: &str) -> bool {
    let charset = locale.split_once('.').map(|(_, rest)| rest.split('@').next().unwrap_or(rest));
    charset.is_some_and(|charset| {
        let letters_and_digits: String =
            charset.chars().filter(char::is_ascii_alphanumeric).collect();
        !letters_and_digits.eq_ignore_ascii_case("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::{
        BidiSetting, ColorDepth, GlyphMode, ImageProtocolSetting, NotificationSetting,
        resolve_auto_settings,
    };
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
    fn browser_command_takes_the_first_of_a_list() {
        for (variable, argv) in [
            ("", &[][..]),
            ("firefox", &["firefox"]),
            ("w3m -o a=%s:lynx", &["w3m", "-o", "a={url}"]),
            (" : lynx", &["lynx"]),
        ] {
            assert_eq!(super::browser_command(variable), argv);
        }
    }

    #[test]
    fn detect_bidi_mode_knows_reordering_terminals() {
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
    fn detect_image_protocol_reads_environment() {
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
    fn detect_notifications_reads_environment() {
        for (variables, expected) in [
            (&[("TERM", "xterm-256color")][..], NotificationSetting::Bell),
            (&[("TERM", "dumb")], NotificationSetting::Off),
            (&[("TERM", "xterm-kitty")], NotificationSetting::Osc99),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")],
                NotificationSetting::Osc9,
            ),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], NotificationSetting::Osc9),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "1")], NotificationSetting::Osc9),
            (&[("TERM", "foot-extra")], NotificationSetting::Osc777),
            (&[("TERM", "rxvt-unicode-256color")], NotificationSetting::Osc777),
            (&[("TERM", "xterm-ghostty")], NotificationSetting::Osc777),
            (
                &[("TERM", "tmux-256color"), ("TMUX", "/tmp/t"), ("KITTY_WINDOW_ID", "1")],
                NotificationSetting::Bell,
            ),
        ] {
            let owned: Vec<_> = variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            let settings = resolve_auto_settings(merge_layers(Vec::new()).0, &owned);
            assert_eq!(settings.notifications, expected, "{variables:?}");
        }
    }

    #[test]
    fn resolve_auto_settings_sets_colors_and_glyphs() {
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
