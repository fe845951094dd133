//! Escape sequences for styles (SGR, ECMA-48 §8.3.117) and for moving the cursor.

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

/// The style that the terminal writes text in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PenStyle {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// SGR parameters of the modifiers (ECMA-48 §8.3.117).
const MODIFIER_CODES: [(Modifier, u8); 6] = [
    (Modifier::BOLD, b'1'),
    (Modifier::DIM, b'2'),
    (Modifier::ITALIC, b'3'),
    (Modifier::UNDERLINED, b'4'),
    (Modifier::REVERSED, b'7'),
    (Modifier::CROSSED_OUT, b'9'),
];

impl PenStyle {
    /// Switches to the style of `cell` with as few bytes as possible.
    pub(super) fn switch_to(&mut self, out: &mut Vec<u8>, cell: &Cell) {
        // Many terminals write bold text in the bright form of its colour, in which black is grey.
        let left_out = if cell.fg == Color::Black { Modifier::BOLD } else { Modifier::empty() };
        let modifier = cell.modifier - left_out;
        let wanted = PenStyle { fg: cell.fg, bg: cell.bg, modifier };
        if *self == wanted {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        let start = out.len();
        if self.modifier != wanted.modifier {
            out.push(b'0');
            *self = PenStyle { modifier: wanted.modifier, ..PenStyle::default() };
            for (_, code) in
                MODIFIER_CODES.iter().filter(|(modifier, _)| wanted.modifier.contains(*modifier))
            {
                out.extend_from_slice(&[b';', *code]);
            }
        }
        for (current, color, base) in [(self.fg, wanted.fg, 30), (self.bg, wanted.bg, 40)] {
            if current != color {
                if out.len() > start {
                    out.push(b';');
                }
                write_color(out, color, base);
            }
        }
        out.push(b'm');
        *self = wanted;
    }
}

/// Writes a colour as SGR parameters (ECMA-48 §8.3.117); `base` is 30 for the text and 40 for the
/// background.
fn write_color(out: &mut Vec<u8>, color: Color, base: u32) {
    let offset = match color {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(index) => return write_parameters(out, &[base + 8, 5, index.into()]),
        Color::Rgb(red, green, blue) => {
            return write_parameters(out, &[base + 8, 2, red.into(), green.into(), blue.into()]);
        }
    };
    write_number(out, base + offset);
}

/// Writes SGR parameters, separated by semicolons.
fn write_parameters(out: &mut Vec<u8>, numbers: &[u32]) {
    for (index, value) in numbers.iter().enumerate() {
        if index > 0 {
            out.push(b';');
        }
        write_number(out, *value);
    }
}

/// Writes the escape sequence that moves the cursor to column `x` and row `y`, both counted from 0.
pub(super) fn write_cursor_move(out: &mut Vec<u8>, x: u16, y: u16) {
    out.extend_from_slice(b"\x1b[");
    write_number(out, u32::from(y) + 1);
    if x > 0 {
        out.push(b';');
        write_number(out, u32::from(x) + 1);
    }
    out.push(b'H');
}

/// Writes a number in decimal.
fn write_number(out: &mut Vec<u8>, value: u32) {
    if value >= 10 {
        write_number(out, value / 10);
    }
    out.push(b'0' + u8::try_from(value % 10).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use ratatui::{
        buffer::Cell,
        style::{Color, Style},
    };

    use super::PenStyle;

    #[test]
    fn switch_to_leaves_out_bold_where_it_makes_black_grey() {
        let sequence = |style: Style| {
            let mut out = Vec::new();
            let mut cell = Cell::new("x");
            cell.set_style(style);
            PenStyle::default().switch_to(&mut out, &cell);
            String::from_utf8(out).unwrap()
        };
        let black = Style::new().fg(Color::Black).bg(Color::White).bold();
        assert_eq!(sequence(black), "\x1b[30;107m");
        assert_eq!(sequence(black.underlined()), "\x1b[0;4;30;107m");
        assert_eq!(sequence(black.fg(Color::Blue)), "\x1b[0;1;34;107m");
        assert_eq!(sequence(black.fg(Color::Reset)), "\x1b[0;1;107m");
    }
}
