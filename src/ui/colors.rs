//! Reduction of colours for terminals that have fewer.

use ratatui::style::{Color, Modifier, Style};

use crate::settings::ColorDepth;

/// The sixteen colours as most terminals show them.
pub(super) const ANSI_COLORS: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// Minimum difference of the channels of a colour; with less, it is a grey. The greys of the themes
/// have up to 22, their faintest colour has 41.
const MIN_COLOR_SPREAD: u8 = 32;

/// Minimum of the highest channel of a bright colour.
const MIN_BRIGHT_CHANNEL: u8 = 192;

/// Reduces a style to the colours that a terminal has. `text` is the style of running text: where the
/// ground of `style` was another one and no longer is, the style becomes reverse video.
pub(super) fn limit_colors(style: Style, text: Style, colors: ColorDepth) -> Style {
    let limit = |color: Option<Color>| color.and_then(|color| nearest_color(color, colors));
    let fg = match (style.fg, colors) {
        (Some(Color::Rgb(red, green, blue)), ColorDepth::Ansi16) => {
            Some(nearest_ansi_color([red, green, blue], Ground::of(style.bg)))
        }
        (fg, _) => limit(fg),
    };
    let limited = Style { fg, bg: limit(style.bg), ..style };
    if style.bg != text.bg && limited.bg == limit(text.bg) {
        limited.add_modifier(Modifier::REVERSED)
    } else {
        limited
    }
}

fn nearest_color(color: Color, colors: ColorDepth) -> Option<Color> {
    match (color, colors) {
        (_, ColorDepth::Monochrome) => None,
        (Color::Rgb(red, green, blue), ColorDepth::Ansi256) => {
            Some(Color::Indexed(nearest_indexed_color([red, green, blue])))
        }
        (Color::Rgb(red, green, blue), ColorDepth::Ansi16) => {
            Some(nearest_ansi_color([red, green, blue], Ground::Dark))
        }
        _ => Some(color),
    }
}

/// The ground that a colour stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Dark,
    Light,
}

impl Ground {
    fn of(background: Option<Color>) -> Ground {
        match background {
            Some(Color::Rgb(red, green, blue))
                if [red, green, blue].iter().all(|channel| *channel >= 128) =>
            {
                Ground::Light
            }
            _ => Ground::Dark,
        }
    }
}

/// Returns the nearest of the sixteen colours. Colours stay colours: by distance alone, a soft blue
/// would become grey. On a light ground, only colours that are clearly mixed become yellow, cyan or
/// magenta: the first two can hardly be read on white, and a blue such as `#005a9c` is nearly cyan.
fn nearest_ansi_color(rgb: [u8; 3], ground: Ground) -> Color {
    let [least, most] = [rgb.iter().min(), rgb.iter().max()].map(|value| value.map_or(0, |v| *v));
    let is_grey = most - least < MIN_COLOR_SPREAD;
    if is_grey {
        let greys =
            ANSI_COLORS.iter().filter(|(_, [red, green, blue])| red == green && green == blue);
        let nearest = greys.min_by_key(|(_, known)| color_distance(rgb, *known));
        return nearest.map_or(Color::Reset, |(color, _)| *color);
    }
    let spread = most - least;
    let threshold = match ground {
        Ground::Dark => least + spread / 2,
        Ground::Light => least + spread / 4 * 3,
    };
    let is_bright = most >= MIN_BRIGHT_CHANNEL;
    match (rgb.map(|channel| channel > threshold), is_bright) {
        ([true, false, false], true) => Color::LightRed,
        ([true, false, false], false) => Color::Red,
        ([true, true, false], true) => Color::LightYellow,
        ([true, true, false], false) => Color::Yellow,
        ([false, true, false], true) => Color::LightGreen,
        ([false, true, false], false) => Color::Green,
        ([false, true, true], true) => Color::LightCyan,
        ([false, true, true], false) => Color::Cyan,
        ([false, false, true], true) => Color::LightBlue,
        ([false, false, true], false) => Color::Blue,
        (_, true) => Color::LightMagenta,
        (_, false) => Color::Magenta,
    }
}

/// Returns the nearest colour of xterm's cube (16–231) and greys (232–255).
fn nearest_indexed_color(rgb: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| {
        (0..6u8).min_by_key(|step| STEPS[usize::from(*step)].abs_diff(value)).unwrap_or(0)
    };
    let [red, green, blue] = rgb.map(step);
    let cube = 16 + 36 * red + 6 * green + blue;
    let cube_rgb = [red, green, blue].map(|step| STEPS[usize::from(step)]);
    let grey = (0..24u8).min_by_key(|grey| color_distance(rgb, [8 + 10 * grey; 3])).unwrap_or(0);
    if color_distance(rgb, [8 + 10 * grey; 3]) < color_distance(rgb, cube_rgb) {
        232 + grey
    } else {
        cube
    }
}

fn color_distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier, Style};

    use super::limit_colors;
    use crate::{settings::ColorDepth, ui::Theme};

    #[test]
    fn limit_colors_picks_nearest_color() {
        let style = Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::Rgb(9, 9, 9));
        let limit = |colors| limit_colors(style, style, colors);
        assert_eq!(
            limit(ColorDepth::Ansi256),
            Style::new().fg(Color::Indexed(196)).bg(Color::Indexed(232))
        );
        assert_eq!(limit(ColorDepth::Ansi16), Style::new().fg(Color::LightRed).bg(Color::Black));
        assert_eq!(limit(ColorDepth::Monochrome), Style::new());
        assert_eq!(limit(ColorDepth::TrueColor), style);
    }

    #[test]
    fn themes_keep_accent_and_selection_on_every_terminal() {
        let is_grey =
            |color| matches!(color, Color::Black | Color::DarkGray | Color::Gray | Color::White);
        for name in Theme::names() {
            let theme = Theme::built_in(name).unwrap();
            let sixteen = theme.clone().limited_to(ColorDepth::Ansi16);
            for style in [sixteen.focus, sixteen.link, sixteen.unread, sixteen.error] {
                assert!(!is_grey(style.fg.unwrap()), "{name}: {style:?}");
                let is_faint = matches!(
                    style.fg,
                    Some(Color::Cyan | Color::LightCyan | Color::Yellow | Color::LightYellow)
                );
                assert!(!(is_faint && style.bg == Some(Color::White)), "{name}: {style:?}");
            }
            for colors in [ColorDepth::Monochrome, ColorDepth::Ansi16, ColorDepth::Ansi256] {
                let limited = theme.clone().limited_to(colors);
                let is_reversed = limited.selection.add_modifier.contains(Modifier::REVERSED);
                assert!(
                    is_reversed || limited.selection.bg != limited.text.bg,
                    "{name} {colors:?}"
                );
            }
        }
    }
}
