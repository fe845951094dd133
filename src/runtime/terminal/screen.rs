//! The backend of ratatui: a frame is collected in one buffer and sent with one write.
//!
//! A frame stands between the marks of a synchronized update, which terminals that do not know them
//! ignore. Cells that have not changed cost no byte. Start with [`ScreenBackend`].

use std::{
    borrow::Cow,
    io::{self, Write},
    sync::Arc,
};

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

use super::{
    image_cache::{ImageCache, ImageRun},
    sgr::{PenStyle, write_cursor_move},
    terminal_size,
};
use crate::{
    markup::Flow,
    model::EntryId,
    picture::ImageRows,
    text::{url, width},
    ui::{
        hyperlink::{Hyperlink, split_symbol},
        image_cell::ImageCell,
    },
};

/// Maximum length of a link's URL, in bytes. Longer ones are not sent: some terminals then miss the
/// end of the link.
const MAX_LINK_BYTES: usize = 2083;

/// A ratatui backend that writes frames to `out`.
#[derive(Debug)]
pub struct ScreenBackend<W: Write> {
    out: W,
    /// The bytes of the next write.
    frame: Vec<u8>,
    /// `frame` has the mark that begins a synchronized update.
    frame_open: bool,
    /// Position of the cursor; `None` if it is unknown.
    cursor: Option<Position>,
    cursor_visible: bool,
    /// The escape sequences of the current mouse mode.
    mouse_mode: &'static [u8],
    link_targets: Option<LinkTargets>,
    image_cache: ImageCache,
}

/// The article whose links the cells of a frame may point to.
#[derive(Debug, Clone)]
struct LinkTargets {
    entry: EntryId,
    flow: Arc<Flow>,
}

impl LinkTargets {
    /// Returns the URL of a link, without a user name and password, if it is safe to send to a terminal:
    /// a web address without a byte that would end the escape sequence.
    fn safe_url(&self, link: Hyperlink) -> Option<Cow<'_, str>> {
        let links = self.flow.links();
        let url = &links.get(link.link.0 as usize).filter(|_| link.entry == self.entry)?.url;
        let is_web = url::split_scheme(url).is_some_and(|(scheme, rest)| {
            rest.starts_with("//")
                && ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
        });
        let is_safe = is_web
            && url.len() <= MAX_LINK_BYTES
            && url.bytes().all(|byte| byte.is_ascii_graphic());
        is_safe.then(|| url::without_user_info(url))
    }
}

impl<W: Write> ScreenBackend<W> {
    /// Creates a backend that knows nothing yet about what the terminal shows.
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

    /// Sets the article whose links the cells of the next frames point to.
    pub fn set_link_targets(&mut self, entry: EntryId, flow: &Arc<Flow>) {
        self.link_targets = Some(LinkTargets { entry, flow: Arc::clone(flow) });
    }

    /// Caches an image that the cells of the next frames are parts of.
    pub fn cache_image(&mut self, image: &Arc<ImageRows>) {
        self.image_cache.insert(Arc::clone(image));
    }

    /// Paints neighbouring cells of an image.
    fn write_image_run(&mut self, run: &ImageRun) {
        // The old text would show through the transparent parts of the image, so it is erased
        // first.
        write_cursor_move(&mut self.frame, run.x, run.y);
        self.frame.extend(run.blanks());
        let image_bytes = self.image_cache.encode_run(run);
        if !image_bytes.is_empty() {
            write_cursor_move(&mut self.frame, run.x, run.y);
            self.frame.extend_from_slice(&image_bytes);
        }
    }

    /// Ends the link that is open and begins `link` (OSC 8).
    fn switch_link(&mut self, link: Option<Hyperlink>) {
        let targets = self.link_targets.as_ref();
        let url = link.zip(targets).and_then(|(link, targets)| targets.safe_url(link));
        self.frame.extend_from_slice(b"\x1b]8;");
        if let (Some(url), Some(link)) = (url, link) {
            // The id joins the parts of a link that are on several lines or were written at
            // different times.
            self.frame
                .extend_from_slice(format!("id={}-{};{url}", link.entry.0, link.link.0).as_bytes());
        } else {
            self.frame.push(b';');
        }
        self.frame.extend_from_slice(b"\x1b\\");
    }

    /// Adds an escape sequence to the next frame, such as a terminal mode or the clipboard.
    pub fn queue_bytes(&mut self, bytes: &[u8]) {
        self.frame.extend_from_slice(bytes);
    }

    /// Sets the mouse mode by its escape sequences. Writes nothing if the mode is unchanged.
    pub fn set_mouse_mode(&mut self, mode: &'static [u8]) {
        if self.mouse_mode != mode {
            self.mouse_mode = mode;
            self.queue_bytes(mode);
        }
    }

    /// Forgets the state of the cursor and sends the mouse mode again, because another program has
    /// used the terminal.
    pub fn invalidate_cursor(&mut self) {
        self.cursor = None;
        self.cursor_visible = false;
        let mouse_mode = std::mem::take(&mut self.mouse_mode);
        self.set_mouse_mode(mouse_mode);
    }

    /// Begins a synchronized update with a hidden cursor, unless one has begun.
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
        // The position of the cursor after the last write, and the link that is open.
        let (mut cursor, mut open_link) = (None, None);
        let mut run: Option<ImageRun> = None;
        for (x, y, cell) in cells {
            self.begin_frame();
            let image_cell = ImageCell::from_symbol(cell.symbol());
            if let Some(image_cell) = image_cell
                && run.as_mut().is_some_and(|run| run.try_extend(x, y, image_cell))
            {
                continue;
            }
            if let Some(run) = run.take() {
                self.write_image_run(&run);
                cursor = None;
            }
            if let Some(image_cell) = image_cell {
                pen.switch_to(&mut self.frame, cell);
                run = Some(ImageRun::new(x, y, image_cell));
                continue;
            }
            if cursor != Some((x, y)) {
                write_cursor_move(&mut self.frame, x, y);
            }
            pen.switch_to(&mut self.frame, cell);
            let (symbol, link) = split_symbol(cell.symbol());
            if link != open_link {
                self.switch_link(link);
                open_link = link;
            }
            self.frame.extend_from_slice(symbol.as_bytes());
            let columns = if symbol.len() == 1 { 1 } else { width(symbol).max(1) };
            cursor = Some((x + u16::try_from(columns).unwrap_or(1), y));
        }
        if let Some(run) = run {
            self.write_image_run(&run);
        }
        if open_link.is_some() {
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

    /// Does nothing: [`Backend::set_cursor_position`] shows the cursor, so that it never appears at
    /// a position that it only passes.
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

    /// Clears the screen and switches the terminal's own bidi off again: some terminals forget that
    /// setting at a resize unless a clear follows it.
    fn clear(&mut self) -> io::Result<()> {
        self.begin_frame();
        self.frame.extend_from_slice(b"\x1b[0m\x1b[H\x1b[8l\x1b[2J");
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = terminal_size()?;
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

    /// Draws two lines, one after the other, and returns the bytes of the two frames as text.
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
            link("HTTPS://ann:word@e.x/"),
        ];
        screen.set_link_targets(
            EntryId(7),
            &Arc::new(Flow::new(Document { links, ..Document::default() })),
        );
        let linked_cell = |symbol: &str, link: u32| {
            let mut cell = Cell::default();
            cell.set_symbol(&format!("{symbol}\u{10fffe}7:{link}"));
            cell
        };
        let cells = [
            linked_cell("a", 0),
            linked_cell("b", 0),
            Cell::new("c"),
            linked_cell("d", 1),
            linked_cell("e", 2),
            linked_cell("f", 3),
        ];
        screen.draw((0..).zip(&cells).map(|(x, cell)| (x, 0, cell))).unwrap();
        screen.flush().unwrap();
        let written = String::from_utf8(screen.out).unwrap();
        let open = "\x1b]8;id=7-0;https://example.org/a\x1b\\";
        let other = "\x1b]8;id=7-3;HTTPS://e.x/\x1b\\";
        let close = "\x1b]8;;\x1b\\";
        assert!(
            written.contains(&format!("{open}ab{close}c{close}d{close}e{other}f{close}")),
            "{written:?}"
        );
    }

    #[test]
    fn draw_joins_adjacent_image_cells() {
        let mut screen = ScreenBackend::new(Vec::new());
        let image =
            DecodedImage::decode(include_bytes!("../../../tests/it/support/dot.png")).unwrap();
        let image_rows = image.to_rows(9, (6, 3), (2, 4), RowEncoding::Iterm2);
        screen.cache_image(&Arc::new(image_rows));
        let image_cell = |row: u16, column: u16| {
            let mut cell = Cell::default();
            cell.set_symbol(&format!(" \u{10ffff}9:{row}:{column}"));
            cell
        };
        let row = [
            image_cell(0, 0),
            image_cell(0, 1),
            Cell::new("x"),
            image_cell(0, 3),
            image_cell(1, 4),
        ];
        screen.draw((0..).zip(&row).map(|(x, cell)| (x, 0, cell))).unwrap();
        screen.flush().unwrap();
        let written = String::from_utf8(screen.out).unwrap();
        let widths: Vec<&str> = written.split(";width=").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(widths, ["2", "1", "1"], "{written:?}");
        assert!(
            written.contains("\x1b[1H  \x1b[1H\x1b]1337;"),
            "the old text is erased first: {written:?}"
        );
        assert!(
            written.contains("\x1b[1;3Hx"),
            "the cursor moves to where the text continues: {written:?}"
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
