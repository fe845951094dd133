//! What the environment says about the terminal.

use super::{Bidi, Colors, Glyphs, Hyperlinks, ImageProtocol, Settings};

/// Decides what was left to the surroundings: colours and glyphs.
///
/// `NO_COLOR` (not empty) takes the colours away; `COLORTERM` and `TERM` tell how many there are; the Linux console
/// and a locale that names a charset other than UTF-8 get ASCII. `LANG=C` is the locale of containers whose terminals
/// are UTF-8 all the same.
pub fn surroundings(mut settings: Settings, variables: &[(String, String)]) -> Settings {
    let get = |name: &str| {
        variables.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    };
    if !get("NO_COLOR").is_empty() {
        settings.colors = Colors::None;
    }
    if settings.colors == Colors::Auto {
        settings.colors = match (get("COLORTERM"), get("TERM")) {
            ("truecolor" | "24bit", _) => Colors::True,
            (_, term) if term.contains("256color") || term.contains("direct") => Colors::Many,
            _ => Colors::Sixteen,
        };
    }
    if settings.glyphs == Glyphs::Auto {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(get).find(|locale| !locale.is_empty());
        let ascii = get("TERM") == "linux" || locale.is_some_and(names_other_charset);
        settings.glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
    }
    if settings.article.pager.is_empty() {
        let words = Some(get("PAGER")).filter(|pager| !pager.is_empty()).unwrap_or("less");
        settings.article.pager = words.split_whitespace().map(str::to_owned).collect();
    }
    // What a multiplexer stands in front of is found out later, once it matters.
    if settings.bidi == Bidi::Auto && get("TMUX").is_empty() && get("STY").is_empty() {
        settings.bidi = bidi(get);
    }
    if settings.article.image_protocol == ImageProtocol::Auto {
        settings.article.image_protocol = pictures(get);
    }
    if settings.article.hyperlinks == Hyperlinks::Auto {
        // Those that do not know OSC 8 ignore it; the Linux console of old kernels shows it.
        let shows = matches!(get("TERM"), "linux" | "dumb" | "");
        settings.article.hyperlinks = if shows { Hyperlinks::Off } else { Hyperlinks::On };
    }
    settings
}

/// How the terminal shows pictures; those that do not tell by their name get blocks. So does Konsole: it draws
/// iTerm2's files and sixels, but leaves them standing under the text that is written over them.
fn pictures<'v>(get: impl Fn(&str) -> &'v str) -> ImageProtocol {
    let term = get("TERM");
    let sixel = ["foot", "mlterm", "contour"].iter().any(|name| term.starts_with(name));
    match get("TERM_PROGRAM") {
        // A multiplexer hands no pictures on.
        _ if !get("TMUX").is_empty() || !get("STY").is_empty() => ImageProtocol::Blocks,
        _ if !get("KITTY_WINDOW_ID").is_empty() || term == "xterm-kitty" => ImageProtocol::Kitty,
        "ghostty" => ImageProtocol::Kitty,
        _ if term == "xterm-ghostty" => ImageProtocol::Kitty,
        "iTerm.app" | "WezTerm" => ImageProtocol::Iterm2,
        _ if sixel => ImageProtocol::Sixel,
        _ => ImageProtocol::Blocks,
    }
}

/// How the terminal wants right-to-left text: some reorder it by themselves, each in its own way.
fn bidi<'v>(get: impl Fn(&str) -> &'v str) -> Bidi {
    let version: Vec<u32> =
        get("TERM_PROGRAM_VERSION").split('.').map_while(|part| part.parse().ok()).collect();
    match get("TERM_PROGRAM") {
        _ if !get("KITTY_WINDOW_ID").is_empty() => Bidi::Words,
        _ if !get("KONSOLE_VERSION").is_empty() => Bidi::Runs,
        "Apple_Terminal" => Bidi::Runs,
        "iTerm.app" if version >= vec![3, 7] => Bidi::Runs,
        _ => Bidi::Visual,
    }
}

/// Whether a locale (`de_DE.ISO-8859-1`) names a charset, and not UTF-8.
fn names_other_charset(locale: &str) -> bool {
    let charset = locale.split_once('.').map(|(_, rest)| rest.split('@').next().unwrap_or(rest));
    charset.is_some_and(|charset| {
        let charset: String = charset.chars().filter(char::is_ascii_alphanumeric).collect();
        !charset.eq_ignore_ascii_case("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::{Bidi, Colors, Glyphs, ImageProtocol, surroundings};
    use crate::settings::load;

    fn decided(variables: &[(&str, &str)]) -> (Colors, Glyphs) {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let settings = surroundings(load(Vec::new()).0, &variables);
        (settings.colors, settings.glyphs)
    }

    #[test]
    fn terminals_that_reorder_are_known() {
        let cases = [
            (vec![("TERM", "xterm")], Bidi::Visual),
            (vec![("KITTY_WINDOW_ID", "1")], Bidi::Words),
            (vec![("KONSOLE_VERSION", "240800")], Bidi::Runs),
            (vec![("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.6.4")], Bidi::Visual),
            (vec![("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.7.0")], Bidi::Runs),
            (vec![("KITTY_WINDOW_ID", "1"), ("TMUX", "/tmp/tmux,1")], Bidi::Auto),
        ];
        for (variables, bidi) in cases {
            let variables: Vec<_> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(surroundings(load(Vec::new()).0, &variables).bidi, bidi, "{variables:?}");
        }
    }

    #[test]
    fn terminals_that_draw_pictures_are_known() {
        let cases = [
            (vec![("TERM", "xterm-256color")], ImageProtocol::Blocks),
            (vec![("TERM", "xterm-kitty")], ImageProtocol::Kitty),
            (vec![("TERM_PROGRAM", "ghostty")], ImageProtocol::Kitty),
            (vec![("TERM_PROGRAM", "WezTerm")], ImageProtocol::Iterm2),
            (vec![("KONSOLE_VERSION", "221203")], ImageProtocol::Blocks),
            (vec![("TERM", "foot-extra")], ImageProtocol::Sixel),
            (vec![("TERM", "foot"), ("TMUX", "/tmp/tmux,1")], ImageProtocol::Blocks),
        ];
        for (variables, protocol) in cases {
            let variables: Vec<_> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let settings = surroundings(load(Vec::new()).0, &variables);
            assert_eq!(settings.article.image_protocol, protocol, "{variables:?}");
        }
    }

    #[test]
    fn the_environment_decides_what_is_left_to_it() {
        assert_eq!(decided(&[("TERM", "xterm-256color"), ("LANG", "C")]), (Colors::Many, Glyphs::Unicode));
        assert_eq!(
            decided(&[("COLORTERM", "truecolor"), ("LANG", "de_DE.UTF-8")]),
            (Colors::True, Glyphs::Unicode)
        );
        assert_eq!(decided(&[("TERM", "linux")]), (Colors::Sixteen, Glyphs::Ascii));
        assert_eq!(
            decided(&[("NO_COLOR", "1"), ("LC_ALL", "de_DE.ISO-8859-1")]),
            (Colors::None, Glyphs::Ascii)
        );
    }
}
