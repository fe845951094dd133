//! Themes: a style for each role, from short files.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    model::TagColor,
    settings::ColorDepth,
    text::{LineNumbers, TomlSyntaxError, unknown_name_message, visit_lenient_toml},
    ui::colors::limit_colors,
};

macro_rules! themes {
    ($($(#[doc = $doc:literal])+ $role:ident,)+) => {
        /// A theme: a style for each role.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme { $($(#[doc = $doc])+ pub $role: Style,)+ }

        /// Names of the roles.
        const ROLES: &[&str] = &[$(stringify!($role),)+];

        impl Theme {
            /// Creates a theme; roles without a style are plain.
            fn from_styles(styles: &BTreeMap<String, Style>) -> Theme {
                let style = |role: &str| styles.get(role).copied().unwrap_or_default();
                Theme { $($role: style(stringify!($role)),)+ }
            }

            /// Reduces the theme to the colours that a terminal has.
            #[must_use]
            pub fn limited_to(self, colors: ColorDepth) -> Theme {
                Theme { $($role: limit_colors(self.$role, self.text, colors),)+ }
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
    /// Tags of colour 1.
    tag_1,
    /// Tags of colour 2.
    tag_2,
    /// Tags of colour 3.
    tag_3,
    /// Tags of colour 4.
    tag_4,
    /// Tags of colour 5.
    tag_5,
    /// Tags of colour 6.
    tag_6,
    /// Tags of colour 7.
    tag_7,
    /// Tags of colour 8.
    tag_8,
}

/// An error in a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ThemeError {
    /// Line of the file, from 1.
    pub line: usize,
    /// Description of the error.
    pub problem: String,
}

/// The theme from which others inherit by default.
const DEFAULT_THEME: &str = "sixteen";

/// The problem of a colour that is no text, after its name.
const COLOR_EXPECTED: &str = "must be a colour in quotation marks";

const BUILT_IN_THEMES: &[(&str, &str)] = &[
    ("sixteen", include_str!("../../assets/themes/sixteen.toml")),
    ("ink", include_str!("../../assets/themes/ink.toml")),
    ("paper", include_str!("../../assets/themes/paper.toml")),
    ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
];

/// The properties of a role that are on or off, by name.
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

impl Theme {
    /// Returns the names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN_THEMES.iter().map(|(name, _)| *name)
    }

    /// Returns the style of a tag.
    pub fn tag(&self, color: TagColor) -> Style {
        match color.number() {
            0 => self.tag_1,
            1 => self.tag_2,
            2 => self.tag_3,
            3 => self.tag_4,
            4 => self.tag_5,
            5 => self.tag_6,
            6 => self.tag_7,
            _ => self.tag_8,
        }
    }

    /// Returns a built-in theme by its name.
    pub fn built_in(name: &str) -> Option<Theme> {
        let (_, text) = BUILT_IN_THEMES.iter().find(|(known, _)| *known == name)?;
        Some(Theme::parse(text).expect("the themes in assets are read by a test"))
    }

    /// Parses a theme file; roles it does not name come from the theme it `inherits`, by default
    /// `sixteen`.
    ///
    /// # Errors
    ///
    /// Returns the first error in the file.
    pub fn parse(text: &str) -> Result<Theme, ThemeError> {
        let (theme, errors) = Theme::parse_lenient(text);
        errors.into_iter().next().map_or(Ok(theme), Err)
    }

    /// Parses like [`Theme::parse`], and returns every error. A role with an error is inherited.
    pub fn parse_lenient(text: &str) -> (Theme, Vec<ThemeError>) {
        visit_lenient_toml(text, |text, table, errors| {
            let errors = errors.into_iter().map(ThemeError::from).collect();
            let mut file = ThemeFile { text, lines: LineNumbers::of(text), errors };
            let styles = file.parse_role_styles(table);
            file.errors.sort_by_key(|error| error.line);
            (Theme::from_styles(&styles), file.errors)
        })
    }
}

impl From<TomlSyntaxError> for ThemeError {
    fn from(error: TomlSyntaxError) -> ThemeError {
        ThemeError { line: error.line, problem: error.problem }
    }
}

/// A theme file that is being parsed, with the errors found so far. Lines with syntax errors are
/// blank.
struct ThemeFile<'t> {
    text: &'t str,
    lines: LineNumbers,
    errors: Vec<ThemeError>,
}

impl ThemeFile<'_> {
    fn parse_role_styles(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Style> {
        let mut styles = self.inherited_styles(table);
        let palette = self.parse_palette(table);
        for (role, value) in table {
            let (name, at) = (role.get_ref().as_ref(), role.span().start);
            if ["inherits", "palette"].contains(&name) {
                continue;
            }
            match self.parse_role(name, value, &palette) {
                Ok(style) => drop(styles.insert(name.to_owned(), style)),
                Err(problem) => self.report(at, problem),
            }
        }
        styles
    }

    fn report(&mut self, at: usize, problem: String) {
        self.errors.push(ThemeError { line: self.lines.at(at), problem });
    }

    /// Returns the styles of the theme that this one inherits from.
    fn inherited_styles(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Style> {
        let inherits = table.iter().find(|(key, _)| key.get_ref() == "inherits");
        let parent = match &inherits {
            Some((_, value)) => value.get_ref().as_str().unwrap_or_default(),
            None if is_built_in_text(self.text) => return BTreeMap::new(),
            None => DEFAULT_THEME,
        };
        let find = |name: &str| BUILT_IN_THEMES.iter().find(|(known, _)| *known == name);
        if let (None, Some((key, _))) = (find(parent), inherits) {
            let names = BUILT_IN_THEMES.iter().map(|(name, _)| *name);
            let message = unknown_name_message("theme", parent, names);
            self.report(key.span().start, format!("`inherits`: {message}"));
        }
        let text = find(parent).or_else(|| find(DEFAULT_THEME)).map_or("", |(_, text)| *text);
        let (table, _) = DeTable::parse_recoverable(text);
        let mut file = ThemeFile { text, lines: LineNumbers::of(text), errors: Vec::new() };
        file.parse_role_styles(table.get_ref())
    }

    /// Returns the names that the file gives to colours.
    fn parse_palette(&mut self, table: &DeTable<'_>) -> BTreeMap<String, String> {
        let found = table.iter().find(|(key, _)| key.get_ref() == "palette");
        let Some((key, value)) = found else { return BTreeMap::new() };
        let Some(colors) = value.get_ref().as_table() else {
            self.report(key.span().start, "`palette` must be a table of colours".to_owned());
            return BTreeMap::new();
        };
        let mut palette = BTreeMap::new();
        for (name, color) in colors {
            if let Some(color) = color.get_ref().as_str() {
                palette.insert(name.get_ref().to_string(), color.to_owned());
            } else {
                let problem = format!("`{}` {COLOR_EXPECTED}", name.get_ref());
                self.report(name.span().start, problem);
            }
        }
        palette
    }

    /// Parses the style of a role.
    fn parse_role(
        &self,
        role: &str,
        value: &Spanned<DeValue<'_>>,
        palette: &BTreeMap<String, String>,
    ) -> Result<Style, String> {
        if !ROLES.contains(&role) {
            return Err(unknown_name_message("role", role, ROLES.iter().copied()));
        }
        let Some(properties) = value.get_ref().as_table() else {
            let value = self.text.get(value.span()).unwrap_or_default();
            return Err(format!(
                "`{role}` is {value}; it must be a table such as {{ fg = \"cyan\", bold = true }}"
            ));
        };
        properties.iter().try_fold(Style::new(), |style, (name, value)| {
            let added = add_property(style, name.get_ref(), value.get_ref(), palette);
            added.map_err(|problem| format!("`{role}`: {problem}"))
        })
    }
}

/// Returns whether `text` is a built-in theme; those name every role themselves.
fn is_built_in_text(text: &str) -> bool {
    BUILT_IN_THEMES.iter().any(|(_, known)| *known == text)
}

fn add_property(
    style: Style,
    name: &str,
    value: &DeValue<'_>,
    palette: &BTreeMap<String, String>,
) -> Result<Style, String> {
    if let "fg" | "bg" = name {
        let color = value.as_str().ok_or_else(|| format!("`{name}` {COLOR_EXPECTED}"))?;
        let color = parse_color(color, palette)?;
        return Ok(if name == "fg" { style.fg(color) } else { style.bg(color) });
    }
    let Some((_, modifier)) = MODIFIERS.iter().find(|(known, _)| *known == name) else {
        let known = ["fg", "bg"].into_iter().chain(MODIFIERS.iter().map(|(name, _)| *name));
        return Err(unknown_name_message("property", name, known));
    };
    match value.as_bool() {
        Some(true) => Ok(style.add_modifier(*modifier)),
        Some(false) => Ok(style),
        None => Err(format!("`{name}` must be true or false")),
    }
}

/// Parses a colour: its palette name, its name in the terminal, or `#rrggbb`.
fn parse_color(name: &str, palette: &BTreeMap<String, String>) -> Result<Color, String> {
    let value = palette.get(name).map_or(name, String::as_str);
    value.parse().map_err(|_| {
        format!(
            "`{value}` is not a colour; colours are #rrggbb, cyan, 0 to 255, or from the palette"
        )
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

    /// Its colours stand on the terminal's own background. 3 is what WCAG asks of marks and large
    /// text; cyan, yellow and green have 2 on white, blue has 2 on black.
    #[test]
    fn default_theme_is_readable_on_black_and_white() {
        for (role, style) in Theme::built_in("sixteen").unwrap().styles() {
            let Some(color) = style.fg else { continue };
            let (_, [red, green, blue]) = crate::ui::colors::ANSI_COLORS
                .into_iter()
                .find(|(known, _)| *known == color)
                .unwrap();
            for ground in [0, 255] {
                let colors = Style::new()
                    .fg(Color::Rgb(red, green, blue))
                    .bg(Color::Rgb(ground, ground, ground));
                assert!(contrast_ratio(colors) >= 3.0, "{role}: {}", contrast_ratio(colors));
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
            ("sellection = {}", "line 1: there is no role `sellection`; did you mean `selection`?"),
            ("\nstar = { fg = \"mauvish\" }", "line 2: `star`: `mauvish` is not a colour"),
            ("star = \"red\"", "line 1: `star` is \"red\"; it must be a table such as"),
            (
                "star = { fgg = \"red\" }",
                "line 1: `star`: there is no property `fgg`; did you mean",
            ),
            ("star = { fg = 3 }", "line 1: `star`: `fg` must be a colour in quotation marks"),
            ("star = { bold = 3 }", "line 1: `star`: `bold` must be true or false"),
            (
                "inherits = \"inc\"",
                "line 1: `inherits`: there is no theme `inc`; did you mean `ink`",
            ),
            ("[palette]\nred = 3", "line 2: `red` must be a colour in quotation marks"),
        ] {
            let error = Theme::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }

    #[test]
    fn theme_error_costs_only_its_role() {
        let text = "star = { fg = \"red\" }\nlink = { fg = \"mauvish\" }\nok\n\
            error = { fg = \"blue\" }\nfocus = {\n";
        let (theme, errors) = Theme::parse_lenient(text);
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [2, 3, 5], "{errors:?}");
        assert_eq!(theme.error.fg, Some(Color::Blue), "the line below one without a value");
        let sixteen = Theme::built_in("sixteen").unwrap();
        assert_eq!(theme.star.fg, Some(Color::Red));
        assert_eq!((theme.link, theme.focus), (sixteen.link, sixteen.focus));
    }

    #[test]
    fn built_in_themes_name_every_role() {
        for (name, text) in super::BUILT_IN_THEMES {
            let named =
                |role: &&&str| text.lines().any(|line| line.starts_with(&format!("{role} =")));
            let missing: Vec<_> = super::ROLES.iter().filter(|role| !named(role)).collect();
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
    }
}
