//! The event loop: sleeps until a message arrives, lets the app handle it and all others that wait,
//! and draws one frame.
//!
//! Start with [`run_event_loop`].

use std::{
    io::Write,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvError, after, never, select_biased};
use ratatui::Terminal;

use super::{
    player::end_player,
    terminal::{
        ScreenBackend, TerminalGuard, notification_sequence, osc52_sequence, run_on_terminal,
    },
    user_program::run_program_on_terminal,
    workers::Workers,
};
use crate::{
    app::{App, Effects, Message, Size, TerminalRequest},
    command::{Key, KeyCode},
    library::clock::{local_now, monotonic_now},
    model::{EntryId, Failure, FailureKind},
    picture::ImagePayload,
    text::redact_user_info,
    ui::{self, ScreenStyle},
};

/// Maximum number of waiting messages that are handled before a frame is drawn.
const MAX_MESSAGES_PER_FRAME: usize = 256;

/// Maximum delay of a frame after background messages, which nobody waits for: many of them then
/// cost few frames.
const BACKGROUND_FRAME_DELAY: Duration = Duration::from_millis(8);

/// The event loop, with everything that it runs on.
pub struct EventLoop<'a, W: Write> {
    /// The state of the program.
    pub app: App,
    /// The screen that frames are drawn on.
    pub terminal: Terminal<ScreenBackend<W>>,
    /// The hold on the terminal.
    pub guard: TerminalGuard,
    /// The messages of the input thread: keys, pastes, mouse events, resizes.
    pub input: &'a Receiver<Message>,
    /// The worker threads.
    pub workers: &'a Workers,
    /// Returns the styles of the theme with a name.
    pub resolve_theme: &'a dyn Fn(&str) -> ScreenStyle,
    /// F2 panics, for tests of the guard and the panic hook.
    pub panic_on_f2: bool,
    /// The articles that arrived since the last frame.
    pub loaded_articles: Vec<EntryId>,
}

/// Runs the effects `first`, then the loop until the app exits; returns the app.
///
/// # Errors
///
/// Fails if the terminal cannot be written to, or the input thread has ended.
pub fn run_event_loop<W: Write>(
    mut event_loop: EventLoop<'_, W>,
    first: Effects,
) -> anyhow::Result<App> {
    let mut theme = event_loop.app.ui.theme.clone();
    let mut style = (event_loop.resolve_theme)(&theme);
    event_loop.run_effects(first)?;
    // Set while only background messages have arrived since the last frame.
    let mut delayed_frame_at = None;
    loop {
        if delayed_frame_at.is_none_or(|at| at <= monotonic_now()) {
            delayed_frame_at = None;
            if theme != event_loop.app.ui.theme {
                theme.clone_from(&event_loop.app.ui.theme);
                style = (event_loop.resolve_theme)(&theme);
            }
            event_loop.draw_frame(&style)?;
            if event_loop.app.is_screen_complete() {
                event_loop.workers.foreground().end();
            }
        }
        let Some(message) = event_loop.next_message(delayed_frame_at)? else { continue };
        let is_background = is_background_message(&message);
        event_loop.handle_messages(message)?;
        if event_loop.app.exit_reason.is_some() {
            return Ok(event_loop.app);
        }
        delayed_frame_at = if is_background {
            delayed_frame_at.or_else(|| Some(monotonic_now() + BACKGROUND_FRAME_DELAY))
        } else {
            None
        };
    }
}

/// Returns true for messages from the background, which nobody waits for.
fn is_background_message(message: &Message) -> bool {
    matches!(message, Message::RefreshProgressed(_) | Message::SidebarLoaded(_))
}

impl<W: Write> EventLoop<'_, W> {
    /// Waits for the next message; returns `None` when the frame at `delayed_frame_at` is due
    /// before.
    fn next_message(
        &self,
        delayed_frame_at: Option<Instant>,
    ) -> Result<Option<Message>, RecvError> {
        let tick = self.app.time_until_wake(local_now().at).map_or_else(never, after);
        let frame = delayed_frame_at
            .map_or_else(never, |at| after(at.saturating_duration_since(monotonic_now())));
        select_biased! {
            recv(self.input) -> message => message.map(Some),
            recv(self.workers.messages()) -> message => message.map(Some),
            recv(frame) -> _ => Ok(None),
            recv(tick) -> _ => Ok(Some(Message::Tick)),
        }
    }

    /// Lets the app handle a message and those that wait behind it, and requests the data that is
    /// then missing.
    fn handle_messages(&mut self, first: Message) -> anyhow::Result<()> {
        let (input, workers) = (self.input, self.workers);
        let rest =
            input.try_iter().chain(workers.messages().try_iter()).take(MAX_MESSAGES_PER_FRAME);
        for message in std::iter::once(first).chain(rest) {
            self.panic_on_test_key(&message);
            if let Message::ArticleLoaded(request, _) = &message {
                self.loaded_articles.push(request.entry);
            }
            let effects = self.app.update(message, local_now());
            self.run_effects(effects)?;
        }
        let effects = self.app.request_missing();
        self.run_effects(effects)?;
        self.workers.set_reading_position(self.app.reading_position());
        Ok(())
    }

    /// Hands effects to the worker threads, and carries out those that concern the terminal.
    fn run_effects(&mut self, effects: Effects) -> anyhow::Result<()> {
        for request in self.workers.dispatch_effects(effects) {
            self.handle_terminal_request(&request)?;
        }
        Ok(())
    }

    /// Carries out a request to the terminal. Mouse modes are ignored if the settings switch the
    /// mouse off.
    fn handle_terminal_request(&mut self, request: &TerminalRequest) -> anyhow::Result<()> {
        let mouse = self.app.ui.settings.mouse.is_enabled();
        let screen = self.terminal.backend_mut();
        match request {
            TerminalRequest::SendImage(ImagePayload::KittyTransmission(bytes)) => {
                screen.queue_bytes(bytes);
            }
            TerminalRequest::SendImage(ImagePayload::Rows(image)) => screen.cache_image(image),
            TerminalRequest::CopyText(text) => screen.queue_bytes(osc52_sequence(text).as_bytes()),
            TerminalRequest::Notify(text) => {
                let settings = &self.app.ui.settings;
                let (protocol, is_in_tmux) = (settings.notifications, settings.is_in_tmux);
                screen.queue_bytes(notification_sequence(protocol, is_in_tmux, text).as_bytes());
            }
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
            TerminalRequest::RunBrowser { url, argv } => self.run_browser(url, argv)?,
            TerminalRequest::RunProgram(run, text) => {
                let failure = || run_program_on_terminal(run, text).err();
                self.lend_terminal(|| failure().map(Message::OperationFailed))?;
            }
            TerminalRequest::RunPlayer(run) => {
                let play = || end_player(run.clone(), run_on_terminal(&run.argv, None));
                self.lend_terminal(|| Some(play()))?;
            }
            TerminalRequest::Suspend => self.guard.suspend(),
            TerminalRequest::SendImage(ImagePayload::None)
            | TerminalRequest::TrackMouseDrag
            | TerminalRequest::TrackMouseClicks
            | TerminalRequest::ReleaseMouse => {}
        }
        Ok(())
    }

    /// Shows text with the user's pager.
    fn open_pager(&mut self, text: &str) -> anyhow::Result<()> {
        let argv = self.app.ui.settings.article.pager.clone();
        self.lend_terminal(|| {
            let error = run_on_terminal(&argv, Some(text)).err()?;
            let sentence = format!("Cannot start the pager {}: {error}", argv.join(" "));
            Some(Message::OperationFailed(Failure::new(FailureKind::Desktop, sentence)))
        })
    }

    /// Opens a URL in a browser that runs on the terminal.
    fn run_browser(&mut self, url: &str, argv: &[String]) -> anyhow::Result<()> {
        self.lend_terminal(|| {
            let error = run_on_terminal(argv, None).err()?;
            let (shown, name) = (redact_user_info(url), argv.first().map_or("", String::as_str));
            let sentence = format!("Cannot open {shown}: {name} cannot be started: {error}");
            let failure = Failure::new(FailureKind::Desktop, sentence);
            Some(Message::UrlNotOpened(url.to_owned(), failure))
        })
    }

    /// Lends the terminal to another program, which `run` runs; nothing is drawn until it has ended.
    /// The app gets the message that `run` returns.
    fn lend_terminal(&mut self, run: impl FnOnce() -> Option<Message>) -> anyhow::Result<()> {
        let ended = self.guard.hand_over(run)?;
        self.terminal.backend_mut().invalidate_cursor();
        self.terminal.clear()?;
        if let Some(message) = ended {
            let effects = self.app.update(message, local_now());
            self.run_effects(effects)?;
        }
        Ok(())
    }

    /// Draws a frame, unless another program has the terminal. Tells the app first if the size has
    /// changed.
    fn draw_frame(&mut self, style: &ScreenStyle) -> anyhow::Result<()> {
        if !self.guard.is_held() {
            return Ok(());
        }
        let screen_size = self.terminal.size()?;
        let size = Size::new(screen_size.width, screen_size.height);
        if size != self.app.ui.size {
            let effects = self
                .app
                .update(Message::Resized(size), local_now())
                .and(self.app.request_missing());
            self.run_effects(effects)?;
        }
        let (app, now) = (&self.app, local_now());
        if let Some(article) = app.article_pane.view() {
            self.terminal.backend_mut().set_link_targets(article.entry_id(), article.flow());
        }
        self.terminal.draw(|frame| ui::draw_app(app, style, now, frame))?;
        self.workers.finish_articles(std::mem::take(&mut self.loaded_articles));
        Ok(())
    }

    /// Panics on F2 if `panic_on_f2` is set.
    fn panic_on_test_key(&self, message: &Message) {
        let f2 = Key { code: KeyCode::F(2), ctrl: false, alt: false };
        let must_panic = self.panic_on_f2 && *message == Message::Key(f2);
        assert!(!must_panic, "F2 was pressed and NEWSREADER_TEST_PANIC is set");
    }
}
