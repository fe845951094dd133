//! The README's screenshot, drawn from the real program.
//!
//! `NEWSREADER_PICTURES=1 cargo test --test it readme_screenshot` writes it to
//! `assets/screenshots`.

use std::{env, fmt::Write, fs};

use crate::pty::Session;

/// Width and height of a cell, in pixels.
const CELL_PIXELS: (u16, u16) = (9, 20);
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#dcdfe4";

#[test]
fn readme_screenshot_shows_filtered_list() {
    let home = tempfile::tempdir().unwrap();
    let mut session = Session::start_with_size(home.path(), &[], 32, 112);
    session.wait_for_text("1 of 46");
    session.press("bridge");
    session.wait_for_text("4 of 46");
    session.press("\x1bs");
    session.wait_for_text("★");
    let picture = screen_to_svg(session.screen());
    session.press("\x11");
    assert!(session.wait_for_exit().success());
    assert!(picture.contains("bridge") && picture.contains("of 46"));
    if env::var_os("NEWSREADER_PICTURES").is_some() {
        fs::write("assets/screenshots/reader.svg", &picture).unwrap();
    }
    let drawn = fs::read_to_string("assets/screenshots/reader.svg").unwrap();
    assert!(drawn.starts_with("<svg ") && drawn.contains("bridge"));
}

/// Returns a screen as SVG: text in runs that keep the grid, rules as lines.
fn screen_to_svg(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen_size(screen);
    let (width, height) = (columns * CELL_PIXELS.0 + 24, rows * CELL_PIXELS.1 + 24);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            column = draw_run(screen, row, column, &mut svg);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws the cells from `column` on that have the same style; returns the column after them.
fn draw_run(screen: &vt100::Screen, row: u16, column: u16, svg: &mut String) -> u16 {
    let columns = screen_size(screen).1;
    let first = screen.cell(row, column).unwrap();
    let style = CellStyle::of(first);
    let (mut text, mut end) = (String::new(), column);
    while let Some(cell) =
        screen.cell(row, end).filter(|cell| end < columns && CellStyle::of(cell) == style)
    {
        text.push_str(match cell.contents() {
            "" if cell.is_wide_continuation() => "",
            "" => " ",
            contents => contents,
        });
        end += 1;
    }
    let (x, y) = (12 + column * CELL_PIXELS.0, 12 + row * CELL_PIXELS.1);
    style.draw(svg, &text, (x, y, (end - column) * CELL_PIXELS.0));
    end
}

fn screen_size(screen: &vt100::Screen) -> (u16, u16) {
    let (rows, columns) = screen.size();
    (rows.get(), columns.get())
}

#[derive(Debug, Clone, PartialEq)]
struct CellStyle {
    color: vt100::Color,
    dim: bool,
    reverse: bool,
    /// SVG attributes for bold, italic and underlined text.
    attributes: String,
    rule: Option<char>,
}

impl CellStyle {
    fn of(cell: &vt100::Cell) -> CellStyle {
        let rule = cell.contents().chars().next().filter(|c| matches!(c, '─' | '│' | '┬' | '┴'));
        let known_attributes = [
            (cell.bold(), " font-weight=\"bold\""),
            (cell.italic(), " font-style=\"italic\""),
            (cell.underline(), " text-decoration=\"underline\""),
        ];
        let attributes = known_attributes
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, attribute)| *attribute)
            .collect();
        CellStyle {
            color: cell.fgcolor(),
            dim: cell.dim(),
            reverse: cell.inverse(),
            attributes,
            rule,
        }
    }

    fn color(&self) -> &'static str {
        match self.color {
            vt100::Color::Idx(1) => "#ff8a65",
            vt100::Color::Idx(2) => "#4fc3a1",
            vt100::Color::Idx(3) => "#f0b429",
            vt100::Color::Idx(6) => "#7fc4f0",
            _ if self.dim => "#9aa1ad",
            _ => FOREGROUND,
        }
    }

    fn draw(&self, svg: &mut String, text: &str, (x, y, width): (u16, u16, u16)) {
        let (ink, color) =
            if self.reverse { (BACKGROUND, Some(self.color())) } else { (self.color(), None) };
        if let Some(color) = color {
            writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{color}\"/>",
                CELL_PIXELS.1
            )
            .unwrap();
        }
        if let Some(rule) = self.rule {
            return draw_rule(svg, rule, ink, (x, y, width));
        }
        if text.trim().is_empty() {
            return;
        }
        let attributes = &self.attributes;
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\" textLength=\"{width}\" fill=\"{ink}\"{attributes} xml:space=\"preserve\" \
             unicode-bidi=\"bidi-override\">{text}</text>",
            y + 15
        )
        .unwrap();
    }
}

/// Draws a rule as lines, so that rules meet in every font.
fn draw_rule(svg: &mut String, rule: char, ink: &str, (x, y, width): (u16, u16, u16)) {
    let (middle, half) = (y + CELL_PIXELS.1 / 2, CELL_PIXELS.0 / 2);
    let mut line = |from: (u16, u16), to: (u16, u16)| {
        let (x1, y1, x2, y2) = (from.0, from.1, to.0, to.1);
        writeln!(svg, "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{ink}\" stroke-opacity=\".6\"/>")
            .unwrap();
    };
    if rule != '│' {
        line((x, middle), (x + width, middle));
    }
    match rule {
        '│' => line((x + half, y), (x + half, y + CELL_PIXELS.1)),
        '┬' => line((x + half, middle), (x + half, y + CELL_PIXELS.1)),
        '┴' => line((x + half, y), (x + half, middle)),
        _ => {}
    }
}
