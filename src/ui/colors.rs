//! Reduction of colours for terminals that have fewer.

use ratatui::style::{Color, Style};

use crate::settings::ColorDepth;

/// The sixteen colours as most terminals show them.
const ANSI_COLORS: [(Color, [u8; 3]); 16] = [
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

/// Reduces a style to the colours that a terminal has; without colours, a background becomes
/// reverse video.
pub(super) fn limit_colors(style: Style, colors: ColorDepth) -> Style {
    let mut limited = style;
    limited.fg = style.fg.and_then(|color| nearest_color(color, colors));
    limited.bg = style.bg.and_then(|color| nearest_color(color, colors));
    limited
}

fn nearest_color(color: Color, colors: ColorDepth) -> Option<Color> {
    match (color, colors) {
        (_, ColorDepth::Monochrome) => None,
        (Color::Rgb(red, green, blue), ColorDepth::Ansi256) => {
            Some(Color::Indexed(nearest_indexed_color([red, green, blue])))
        }
        (Color::Rgb(red, green, blue), ColorDepth::Ansi16) => {
            Some(nearest_ansi_color([red, green, blue]))
        }
        _ => Some(color),
    }
}

fn nearest_ansi_color(rgb: [u8; 3]) -> Color {
    let nearest = ANSI_COLORS.iter().min_by_key(|(_, known)| color_distance(rgb, *known));
    nearest.map_or(Color::Reset, |(color, _)| *color)
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
    use ratatui::style::{Color, Style};

    use super::limit_colors;
    use crate::settings::ColorDepth;

    #[test]
    fn limit_colors_picks_nearest_color() {
        let style = Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::Rgb(9, 9, 9));
        assert_eq!(
            limit_colors(style, ColorDepth::Ansi256),
            Style::new().fg(Color::Indexed(196)).bg(Color::Indexed(232))
        );
        assert_eq!(
            limit_colors(style, ColorDepth::Ansi16),
            Style::new().fg(Color::LightRed).bg(Color::Black)
        );
        assert_eq!(limit_colors(style, ColorDepth::Monochrome), Style::new());
        assert_eq!(limit_colors(style, ColorDepth::TrueColor), style);
    }
}
