//! Themes: a style for each role, from short files.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::Table;

use crate::{settings::ColorDepth, text::nearest_word, ui::colors::limit_colors};

macro_rules! themes {
    ($($(#[doc = $doc:literal])+ $role:ident,)+) => {
        /// A theme: a style for each role.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme { $($(#[doc = $doc])+ pub $role: Style,)+ }

        /// Names of the roles.
        const ROLES: &[&str] = &[$(stringify!($role),)+];

        impl Theme {
            fn from_styles(styles: &BTreeMap<String, Style>) -> Result<Theme, ThemeError> {
                let style = |role: &str| {
                    styles.get(role).copied().ok_or_else(|| ThemeError(format!("there is no style for `{role}`")))
                };
                Ok(Theme { $($role: style(stringify!($role))?,)+ })
            }

            /// Reduces the theme to the colours that a terminal has.
            #[must_use]
            pub fn limited_to(self, colors: ColorDepth) -> Theme {
                Theme { $($role: limit_colors(self.$role, colors),)+ }
            }

            /// Returns every role with its style.
            pub fn styles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($role), self.$role),)+]
            }
        }
    };
}

themes! {
    /// Running text.
    text,
    /// Secondary text.
    muted,
    /// Rules and dividers.
    line,
    /// The focused pane, and keys.
    focus,
    /// Links.
    link,
    /// The mark of unread entries.
    unread,
    /// Stars.
    star,
    /// Notices.
    ok,
    /// Errors.
    error,
    /// Matches.
    matched,
    /// Matches on the selected row.
    matched_selected,
    /// The selected row.
    selection,
    /// Quotations.
    quote,
    /// Code.
    code,
    /// Headings.
    heading,
}

/// An error in a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ThemeError(String);

const BUILT_IN_THEMES: &[(&str, &str)] = &[
    ("sixteen", include_str!("../../assets/themes/sixteen.toml")),
    ("ink", include_str!("../../assets/themes/ink.toml")),
    ("paper", include_str!("../../assets/themes/paper.toml")),
    ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
];

/// The style of a role in a theme file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "it mirrors a table of switches in a file")]
#[derive(Default)]
struct RoleStyle {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

impl Theme {
    /// Returns the names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN_THEMES.iter().map(|(name, _)| *name)
    }

    /// Returns a built-in theme by its name.
    pub fn built_in(name: &str) -> Option<Theme> {
        let (_, text) = BUILT_IN_THEMES.iter().find(|(known, _)| *known == name)?;
        Some(Theme::parse(text).expect("the themes in assets are read by a test"))
    }

    /// Parses a theme file; roles it does not name come from the theme it `inherits`, by default
    /// `sixteen`.
    pub fn parse(text: &str) -> Result<Theme, ThemeError> {
        Theme::from_styles(&parse_role_styles(text)?)
    }
}

fn parse_role_styles(text: &str) -> Result<BTreeMap<String, Style>, ThemeError> {
    let mut table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        ThemeError(format!("line {line}: {}", error.message()))
    })?;
    let parent = match table.remove("inherits") {
        Some(name) => name.as_str().unwrap_or_default().to_owned(),
        None if is_built_in_text(text) => String::new(),
        None => "sixteen".to_owned(),
    };
    let mut styles = match BUILT_IN_THEMES.iter().find(|(name, _)| *name == parent) {
        Some((_, text)) => self::parse_role_styles(text)?,
        None if parent.is_empty() => BTreeMap::new(),
        None => return Err(ThemeError(format!("there is no theme `{parent}` to inherit from"))),
    };
    let palette = match table.remove("palette") {
        Some(palette) => palette
            .try_into()
            .map_err(|_| ThemeError("`palette` names colours as text".to_owned()))?,
        None => BTreeMap::<String, String>::new(),
    };
    for (role, value) in table {
        if !ROLES.contains(&role.as_str()) {
            let hint = nearest_word(&role, ROLES.iter().copied());
            let hint = hint.map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
            return Err(ThemeError(format!("there is no role `{role}`{hint}")));
        }
        let read: RoleStyle = value
            .try_into()
            .map_err(|error: toml::de::Error| role_error(&role, error.message()))?;
        styles.insert(
            role.clone(),
            build_style(&read, &palette).map_err(|problem| role_error(&role, &problem))?,
        );
    }
    Ok(styles)
}

/// Returns whether `text` is a built-in theme; those name every role themselves.
fn is_built_in_text(text: &str) -> bool {
    BUILT_IN_THEMES.iter().any(|(_, known)| *known == text)
}

fn role_error(role: &str, problem: &str) -> ThemeError {
    ThemeError(format!("`{role}`: {problem}"))
}

fn build_style(role: &RoleStyle, palette: &BTreeMap<String, String>) -> Result<Style, String> {
    let mut style = Style::new();
    style.fg = role.fg.as_ref().map(|name| parse_color(name, palette)).transpose()?;
    style.bg = role.bg.as_ref().map(|name| parse_color(name, palette)).transpose()?;
    let modifiers = [
        (role.bold, Modifier::BOLD),
        (role.dim, Modifier::DIM),
        (role.italic, Modifier::ITALIC),
        (role.underline, Modifier::UNDERLINED),
        (role.reverse, Modifier::REVERSED),
    ];
    let set = modifiers.into_iter().filter(|(on, _)| *on).map(|(_, modifier)| modifier);
    Ok(style.add_modifier(set.collect::<Modifier>()))
}

/// Parses a colour: its palette name, its name in the terminal, or `#rrggbb`.
fn parse_color(name: &str, palette: &BTreeMap<String, String>) -> Result<Color, String> {
    let value = palette.get(name).map_or(name, String::as_str);
    value.parse().map_err(|_| {
        format!("`{value}` is no colour; colours are #rrggbb, cyan, 0 to 255, or from the palette")
    })
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::Theme;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(red, green, blue) = color else { panic!("{color:?} is not a true colour") };
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast_ratio(style: Style) -> f64 {
        let (one, other) = (luminance(style.fg.unwrap()), luminance(style.bg.unwrap()));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn true_color_themes_have_enough_contrast() {
        for (name, text, least) in
            [("ink", 7.0, 4.5), ("paper", 7.0, 4.5), ("high-contrast", 10.0, 10.0)]
        {
            let theme = Theme::built_in(name).unwrap();
            assert!(
                contrast_ratio(theme.text) >= text,
                "{name}: text {}",
                contrast_ratio(theme.text)
            );
            for (role, style) in theme.styles().into_iter().filter(|(role, _)| *role != "line") {
                assert!(contrast_ratio(style) >= least, "{name}: {role} {}", contrast_ratio(style));
            }
        }
    }

    #[test]
    fn default_theme_sets_no_background() {
        for (role, style) in Theme::built_in("sixteen").unwrap().styles() {
            assert_eq!(style.bg, None, "{role}");
        }
    }

    #[test]
    fn custom_theme_inherits_unset_roles() {
        let theme = Theme::parse(
            "inherits = \"ink\"\nstar = { fg = \"mine\" }\n[palette]\nmine = \"#123456\"\n",
        )
        .unwrap();
        assert_eq!(theme.star.fg, Some(Color::Rgb(0x12, 0x34, 0x56)));
        assert_eq!(theme.text, Theme::built_in("ink").unwrap().text);
        for (text, problem) in [
            ("sellection = {}", "there is no role `sellection`; did you mean `selection`?"),
            ("star = { fg = \"mauvish\" }", "`star`: `mauvish` is no colour"),
            ("inherits = \"x\"", "there is no theme `x` to inherit from"),
        ] {
            let error = Theme::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
