//! Sleep until something happens, let the app take it in, draw once.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvError, after, never, select_biased};
use ratatui::Terminal;

use super::{
    terminal::{ScreenBackend, TerminalGuard, osc52_sequence, run_pager},
    workers::Workers,
};
use crate::{
    app::{App, Effects, Message, Size, TerminalRequest},
    command::{Key, KeyCode},
    library::clock::{local_now, monotonic_now},
    model::{Failure, FailureKind},
    picture::ImagePayload,
    ui::{self, ScreenStyle},
};

/// Messages taken in before the next frame.
const MAX_MESSAGES_PER_FRAME: usize = 256;

/// How long news that nobody waits for may be held back, so that a flood of it costs a frame now and then.
const BACKGROUND_FRAME_DELAY: Duration = Duration::from_millis(8);

/// What the loop runs with.
pub struct EventLoop<'a, W: Write> {
    /// The app.
    pub app: App,
    /// The screen.
    pub terminal: Terminal<ScreenBackend<W>>,
    /// What holds the terminal.
    pub guard: TerminalGuard,
    /// Keys, pastes, clicks.
    pub input: &'a Receiver<Message>,
    /// The threads.
    pub workers: &'a Workers,
    /// Makes the look of a theme by its name.
    pub resolve_theme: &'a dyn Fn(&str) -> ScreenStyle,
    /// F2 panics, for tests of the guard.
    pub panic_on_f2: bool,
}

/// Runs until the app ends; gives it back.
pub fn run_event_loop<W: Write>(mut run: EventLoop<'_, W>, first: Effects) -> anyhow::Result<App> {
    let mut skin = (run.app.ui.theme.clone(), (run.resolve_theme)(&run.app.ui.theme));
    run.run_effects(first)?;
    let mut news_at = None;
    loop {
        if news_at.is_none_or(|at| at <= monotonic_now()) {
            news_at = None;
            if skin.0 != run.app.ui.theme {
                skin = (run.app.ui.theme.clone(), (run.resolve_theme)(&run.app.ui.theme));
            }
            run.draw_frame(&skin.1)?;
        }
        let Some(message) = run.next_message(news_at)? else { continue };
        let was_news = is_background_message(&message);
        run.handle_messages(message)?;
        if run.app.exit_reason.is_some() {
            return Ok(run.app);
        }
        news_at = if was_news {
            news_at.or_else(|| Some(monotonic_now() + BACKGROUND_FRAME_DELAY))
        } else {
            None
        };
    }
}

/// News from the background, which nobody waits for.
fn is_background_message(message: &Message) -> bool {
    matches!(message, Message::RefreshProgressed(_) | Message::SidebarLoaded(_))
}

impl<W: Write> EventLoop<'_, W> {
    /// The next message; `None` when only the held-back frame is due.
    fn next_message(&self, news_at: Option<Instant>) -> Result<Option<Message>, RecvError> {
        let tick = self.app.time_until_wake(local_now().at).map_or_else(never, after);
        let frame =
            news_at.map_or_else(never, |at| after(at.saturating_duration_since(monotonic_now())));
        select_biased! {
            recv(self.input) -> message => message.map(Some),
            recv(self.workers.messages()) -> message => message.map(Some),
            recv(frame) -> _ => Ok(None),
            recv(tick) -> _ => Ok(Some(Message::Tick)),
        }
    }

    /// Takes in a message and everything that has come with it.
    fn handle_messages(&mut self, first: Message) -> anyhow::Result<()> {
        let (input, workers) = (self.input, self.workers);
        let rest =
            input.try_iter().chain(workers.messages().try_iter()).take(MAX_MESSAGES_PER_FRAME);
        for message in std::iter::once(first).chain(rest) {
            self.panic_on_test_key(&message);
            let effects = self.app.update(message, local_now());
            self.run_effects(effects)?;
        }
        let effects = self.app.request_missing();
        self.run_effects(effects)?;
        self.workers.set_reading_position(self.app.reading_position());
        Ok(())
    }

    fn run_effects(&mut self, effects: Effects) -> anyhow::Result<()> {
        for request in self.workers.dispatch_effects(effects) {
            self.handle_terminal_request(&request)?;
        }
        Ok(())
    }

    fn handle_terminal_request(&mut self, request: &TerminalRequest) -> anyhow::Result<()> {
        let mouse = self.app.ui.settings.mouse.is_enabled();
        let screen = self.terminal.backend_mut();
        match request {
            TerminalRequest::SendImage(ImagePayload::KittyTransmission(bytes)) => {
                screen.queue_bytes(bytes);
            }
            TerminalRequest::SendImage(ImagePayload::Rows(strips)) => screen.cache_image(strips),
            TerminalRequest::CopyText(text) => screen.queue_bytes(osc52_sequence(text).as_bytes()),
            TerminalRequest::TrackMouseDrag if mouse => screen.queue_bytes(b"\x1b[?1002h"),
            TerminalRequest::TrackMouseClicks if mouse => {
                screen.set_mouse_mode(b"\x1b[?1002l\x1b[?1000h\x1b[?1006h");
            }
            TerminalRequest::ReleaseMouse if mouse => {
                screen.set_mouse_mode(b"\x1b[?1002l\x1b[?1000l\x1b[?1006l");
            }
            TerminalRequest::Redraw => {
                screen.invalidate_cursor();
                self.terminal.clear()?;
            }
            TerminalRequest::OpenPager(text) => self.open_pager(text)?,
            TerminalRequest::Suspend => self.guard.suspend(),
            TerminalRequest::SendImage(ImagePayload::None)
            | TerminalRequest::TrackMouseDrag
            | TerminalRequest::TrackMouseClicks
            | TerminalRequest::ReleaseMouse => {}
        }
        Ok(())
    }

    /// Lends the terminal to the user's pager; nothing is drawn until the user is back.
    fn open_pager(&mut self, text: &str) -> anyhow::Result<()> {
        let argv = self.app.ui.settings.article.pager.clone();
        let done = self.guard.hand_over(|| run_pager(&argv, text))?;
        self.terminal.backend_mut().invalidate_cursor();
        self.terminal.clear()?;
        if let Err(error) = done {
            let sentence = format!("Cannot start the pager {}: {error}", argv.join(" "));
            let effects = self.app.update(
                Message::OperationFailed(Failure::new(FailureKind::Desktop, sentence)),
                local_now(),
            );
            self.run_effects(effects)?;
        }
        Ok(())
    }

    fn draw_frame(&mut self, skin: &ScreenStyle) -> anyhow::Result<()> {
        if !self.guard.is_held() {
            return Ok(());
        }
        let size = self.terminal.size()?;
        let size = Size::new(size.width, size.height);
        if size != self.app.ui.size {
            let effects = self
                .app
                .update(Message::Resized(size), local_now())
                .and(self.app.request_missing());
            self.run_effects(effects)?;
        }
        let (app, now) = (&self.app, local_now());
        if let Some(shown) = app.article_pane.view() {
            self.terminal.backend_mut().set_link_targets(shown.entry_id(), shown.flow());
        }
        self.terminal.draw(|frame| ui::draw_app(app, skin, now, frame))?;
        Ok(())
    }

    fn panic_on_test_key(&self, message: &Message) {
        let f2 = Key { code: KeyCode::F(2), ctrl: false, alt: false };
        let asked = self.panic_on_f2 && *message == Message::Key(f2);
        assert!(!asked, "F2 was pressed and NEWSREADER_TEST_PANIC is set");
    }
}
