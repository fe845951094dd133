//! The screen as ratatui writes to it: a frame becomes one buffer and one write.
//!
//! Frames are bracketed by synchronised-update marks, which terminals that do not know them ignore. What did not
//! change costs no byte.

use std::{
    io::{self, Write},
    sync::Arc,
};

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    style::{Color, Modifier},
};

use super::image_cache::{ImageCache, ImageRun};
use crate::{
    markup::Flow,
    model::EntryId,
    picture::ImageRows,
    text::width,
    ui::{
        hyperlink::{Hyperlink, split_symbol},
        image_cell::ImageCell,
    },
};

/// Longer addresses are not handed to the terminal; some forget how to end theirs. In bytes.
const MAX_LINK_BYTES: usize = 2083;

/// Writes frames to `out`.
#[derive(Debug)]
pub struct ScreenBackend<W: Write> {
    out: W,
    frame: Vec<u8>,
    frame_open: bool,
    cursor: Option<Position>,
    cursor_visible: bool,
    mouse_mode: &'static [u8],
    link_targets: Option<LinkTargets>,
    image_cache: ImageCache,
}

/// The article whose links cells may lead to.
#[derive(Debug, Clone)]
struct LinkTargets {
    entry: EntryId,
    flow: Arc<Flow>,
}

impl LinkTargets {
    /// The address of a link, if it can be handed to a terminal: nothing in it ends the sequence it stands in.
    fn safe_url(&self, link: Hyperlink) -> Option<&str> {
        let links = self.flow.links();
        let address = &links.get(link.link.0 as usize).filter(|_| link.entry == self.entry)?.url;
        let web = address.starts_with("http://") || address.starts_with("https://");
        let safe = web
            && address.len() <= MAX_LINK_BYTES
            && address.bytes().all(|byte| byte.is_ascii_graphic());
        safe.then_some(address)
    }
}

impl<W: Write> ScreenBackend<W> {
    /// A screen of which nothing is known.
    pub fn new(out: W) -> ScreenBackend<W> {
        ScreenBackend {
            out,
            frame: Vec::with_capacity(1 << 15),
            frame_open: false,
            cursor: None,
            cursor_visible: false,
            mouse_mode: b"",
            link_targets: None,
            image_cache: ImageCache::default(),
        }
    }

    /// Sets the article whose links the cells of the next frames lead to.
    pub fn set_link_targets(&mut self, entry: EntryId, flow: &Arc<Flow>) {
        self.link_targets = Some(LinkTargets { entry, flow: Arc::clone(flow) });
    }

    /// Keeps a picture that the cells of the next frames are parts of.
    pub fn cache_image(&mut self, strips: &Arc<ImageRows>) {
        self.image_cache.insert(Arc::clone(strips));
    }

    /// Paints neighbouring cells of a picture.
    fn write_image_run(&mut self, run: &ImageRun) {
        // What was there shines through where the picture is clear.
        write_cursor_move(&mut self.frame, run.x, run.y);
        self.frame.extend(run.blanks());
        let strip = self.image_cache.encode_run(run);
        if !strip.is_empty() {
            write_cursor_move(&mut self.frame, run.x, run.y);
            self.frame.extend_from_slice(&strip);
        }
    }

    /// Ends the link that is open and begins `link`.
    fn switch_link(&mut self, link: Option<Hyperlink>) {
        let address =
            link.zip(self.link_targets.as_ref()).and_then(|(link, linked)| linked.safe_url(link));
        self.frame.extend_from_slice(b"\x1b]8;");
        if let (Some(address), Some(link)) = (address, link) {
            // Parts of one link, on several lines or written at several times, are one by their name.
            self.frame.extend_from_slice(
                format!("id={}-{};{address}", link.entry.0, link.link.0).as_bytes(),
            );
        } else {
            self.frame.push(b';');
        }
        self.frame.extend_from_slice(b"\x1b\\");
    }

    /// Adds bytes of their own to the next frame: a mode, the clipboard.
    pub fn queue_bytes(&mut self, bytes: &[u8]) {
        self.frame.extend_from_slice(bytes);
    }

    /// Sets what the mouse tells, if that is another than before.
    pub fn set_mouse_mode(&mut self, mode: &'static [u8]) {
        if self.mouse_mode != mode {
            self.mouse_mode = mode;
            self.queue_bytes(mode);
        }
    }

    /// Forgets where the cursor is: somebody else has drawn.
    pub fn invalidate_cursor(&mut self) {
        self.cursor = None;
        self.cursor_visible = false;
        let tracking = std::mem::take(&mut self.mouse_mode);
        self.set_mouse_mode(tracking);
    }

    fn begin_frame(&mut self) {
        if !self.frame_open {
            self.frame_open = true;
            self.frame.extend_from_slice(b"\x1b[?2026h");
            if self.cursor_visible {
                self.cursor_visible = false;
                self.frame.extend_from_slice(b"\x1b[?25l");
            }
            self.cursor = None;
        }
    }
}

impl<W: Write> Backend for ScreenBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, cells: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = PenStyle::default();
        let (mut next, mut open) = (None, None);
        let mut run: Option<ImageRun> = None;
        for (x, y, cell) in cells {
            self.begin_frame();
            let part = ImageCell::from_symbol(cell.symbol());
            if let Some(part) = part
                && run.as_mut().is_some_and(|run| run.try_extend(x, y, part))
            {
                continue;
            }
            if let Some(run) = run.take() {
                self.write_image_run(&run);
                next = None;
            }
            if let Some(part) = part {
                pen.switch_to(&mut self.frame, cell);
                run = Some(ImageRun::new(x, y, part));
                continue;
            }
            if next != Some((x, y)) {
                write_cursor_move(&mut self.frame, x, y);
            }
            pen.switch_to(&mut self.frame, cell);
            let (symbol, link) = split_symbol(cell.symbol());
            if link != open {
                self.switch_link(link);
                open = link;
            }
            self.frame.extend_from_slice(symbol.as_bytes());
            let columns = if symbol.len() == 1 { 1 } else { width(symbol).max(1) };
            next = Some((x + u16::try_from(columns).unwrap_or(1), y));
        }
        if let Some(run) = run {
            self.write_image_run(&run);
        }
        if open.is_some() {
            self.switch_link(None);
        }
        if pen != PenStyle::default() {
            self.frame.extend_from_slice(b"\x1b[0m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_visible {
            self.cursor_visible = false;
            self.frame.extend_from_slice(b"\x1b[?25l");
        }
        Ok(())
    }

    /// The cursor is shown where it is set: never at a place it is only passing.
    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            write_cursor_move(&mut self.frame, position.x, position.y);
            self.cursor = Some(position);
        }
        if !self.cursor_visible {
            self.cursor_visible = true;
            self.frame.extend_from_slice(b"\x1b[?25h");
        }
        Ok(())
    }

    /// The terminal's own bidi is switched off again: some forget it on a resize unless a clear follows.
    fn clear(&mut self) -> io::Result<()> {
        self.begin_frame();
        self.frame.extend_from_slice(b"\x1b[0m\x1b[H\x1b[8l\x1b[2J");
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size::new(width, height))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if std::mem::take(&mut self.frame_open) {
            self.frame.extend_from_slice(b"\x1b[?2026l");
        }
        let written = self.out.write_all(&self.frame);
        self.frame.clear();
        written?;
        self.out.flush()
    }
}

/// What the terminal's pen is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct PenStyle {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const MODIFIER_CODES: [(Modifier, u8); 6] = [
    (Modifier::BOLD, b'1'),
    (Modifier::DIM, b'2'),
    (Modifier::ITALIC, b'3'),
    (Modifier::UNDERLINED, b'4'),
    (Modifier::REVERSED, b'7'),
    (Modifier::CROSSED_OUT, b'9'),
];

impl PenStyle {
    /// Sets the pen to the style of `cell`, with as few bytes as it takes.
    fn switch_to(&mut self, out: &mut Vec<u8>, cell: &Cell) {
        let wanted = PenStyle { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
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
        for (have, want, base) in [(self.fg, wanted.fg, 30), (self.bg, wanted.bg, 40)] {
            if have != want {
                if out.len() > start {
                    out.push(b';');
                }
                write_color(out, want, base);
            }
        }
        out.push(b'm');
        *self = wanted;
    }
}

/// A colour as SGR parameters (ECMA-48 §8.3.117); `base` is 30 for the text and 40 for the background.
fn write_color(out: &mut Vec<u8>, color: Color, base: u32) {
    let plain = match color {
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
    write_number(out, base + plain);
}

fn write_parameters(out: &mut Vec<u8>, numbers: &[u32]) {
    for (index, value) in numbers.iter().enumerate() {
        if index > 0 {
            out.push(b';');
        }
        write_number(out, *value);
    }
}

fn write_cursor_move(out: &mut Vec<u8>, x: u16, y: u16) {
    out.extend_from_slice(b"\x1b[");
    write_number(out, u32::from(y) + 1);
    if x > 0 {
        out.push(b';');
        write_number(out, u32::from(x) + 1);
    }
    out.push(b'H');
}

fn write_number(out: &mut Vec<u8>, value: u32) {
    if value >= 10 {
        write_number(out, value / 10);
    }
    out.push(b'0' + u8::try_from(value % 10).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use ratatui::{
        Terminal, TerminalOptions, Viewport, backend::Backend, buffer::Cell, layout::Rect,
        style::Stylize, text::Line,
    };

    use std::sync::Arc;

    use super::ScreenBackend;
    use crate::{
        markup::{Document, DocumentLink, Flow},
        model::EntryId,
        picture::{DecodedImage, RowEncoding},
    };

    /// The bytes of two frames, as text.
    fn draw_two_frames(first: &Line<'_>, second: &Line<'_>) -> [String; 2] {
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 10, 1)) };
        let mut terminal = Terminal::with_options(ScreenBackend::new(Vec::new()), options).unwrap();
        [first, second].map(|line| {
            terminal.backend_mut().out.clear();
            terminal.draw(|frame| frame.render_widget(line, frame.area())).unwrap();
            String::from_utf8(terminal.backend().out.clone()).unwrap()
        })
    }

    #[test]
    fn draw_writes_only_changed_cells() {
        let [first, second] = draw_two_frames(&Line::from("日本 ok"), &Line::from("日本 no"));
        assert!(first.contains("日本") && first.contains("ok"), "{first:?}");
        assert_eq!(second, "\x1b[?2026h\x1b[1;6Hno\x1b[?2026l");
        let [_, same] = draw_two_frames(&Line::from("same"), &Line::from("same"));
        assert_eq!(same, "");
    }

    #[test]
    fn draw_opens_safe_links_once() {
        let link = |url: &str| DocumentLink { url: url.to_owned() };
        let mut screen = ScreenBackend::new(Vec::new());
        let links = vec![
            link("https://example.org/a"),
            link("mailto:a@example.org"),
            link("https://e/\u{9c}"),
        ];
        screen.set_link_targets(
            EntryId(7),
            &Arc::new(Flow::new(Document { links, ..Document::default() })),
        );
        let marked = |symbol: &str, link: u32| {
            let mut cell = Cell::default();
            cell.set_symbol(&format!("{symbol}\u{10fffe}7:{link}"));
            cell
        };
        let cells =
            [marked("a", 0), marked("b", 0), Cell::new("c"), marked("d", 1), marked("e", 2)];
        screen.draw((0..).zip(&cells).map(|(x, cell)| (x, 0, cell))).unwrap();
        screen.flush().unwrap();
        let written = String::from_utf8(screen.out).unwrap();
        let open = "\x1b]8;id=7-0;https://example.org/a\x1b\\";
        let close = "\x1b]8;;\x1b\\";
        assert!(
            written.contains(&format!("{open}ab{close}c{close}d{close}e{close}")),
            "{written:?}"
        );
    }

    #[test]
    fn draw_joins_adjacent_image_cells() {
        let mut screen = ScreenBackend::new(Vec::new());
        let picture =
            DecodedImage::decode(include_bytes!("../../../tests/it/support/dot.png")).unwrap();
        let strips = picture.to_rows(9, (6, 3), (2, 4), RowEncoding::Iterm2);
        screen.cache_image(&Arc::new(strips));
        let part = |row: u16, column: u16| {
            let mut cell = Cell::default();
            cell.set_symbol(&format!(" \u{10ffff}9:{row}:{column}"));
            cell
        };
        let row = [part(0, 0), part(0, 1), Cell::new("x"), part(0, 3), part(1, 4)];
        screen.draw((0..).zip(&row).map(|(x, cell)| (x, 0, cell))).unwrap();
        screen.flush().unwrap();
        let written = String::from_utf8(screen.out).unwrap();
        let widths: Vec<&str> = written.split(";width=").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(widths, ["2", "1", "1"], "{written:?}");
        assert!(
            written.contains("\x1b[1H  \x1b[1H\x1b]1337;"),
            "what was there goes first: {written:?}"
        );
        assert!(
            written.contains("\x1b[1;3Hx"),
            "the cursor is put where the text goes on: {written:?}"
        );
    }

    #[test]
    fn draw_leaves_uncached_image_blank() {
        let mut screen = ScreenBackend::new(Vec::new());
        let mut cell = Cell::default();
        cell.set_symbol(" \u{10ffff}9:0:0");
        screen.draw(std::iter::once((4, 2, &cell))).unwrap();
        screen.flush().unwrap();
        assert_eq!(screen.out, b"\x1b[?2026h\x1b[3;5H \x1b[?2026l");
    }

    #[test]
    fn draw_sets_and_resets_styles() {
        let [first, _] = draw_two_frames(&Line::from("a".bold().red()), &Line::from(""));
        assert!(
            first.contains("\x1b[0;1;31ma\x1b[0m") || first.contains("\x1b[0;1;31ma"),
            "{first:?}"
        );
    }
}
