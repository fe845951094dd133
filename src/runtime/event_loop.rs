//! Sleep until something happens, let the app take it in, draw once.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use chrono::{Local, Offset, Utc};
use crossbeam_channel::{Receiver, RecvError, after, never, select_biased};
use ratatui::Terminal;

use super::{
    terminal::{Guard, Screen, osc52, page},
    workers::Workers,
};
use crate::{
    app::{App, Effects, Message, Size, TerminalRequest},
    command::{Key, KeyCode},
    model::{Failure, FailureKind},
    picture::Material,
    text::Now,
    ui::{self, Skin},
};

/// Messages taken in before the next frame.
const BATCH: usize = 256;

/// How long news that nobody waits for may be held back, so that a flood of it costs a frame now and then.
const NEWS_FRAME: Duration = Duration::from_millis(8);

/// What the loop runs with.
pub struct Loop<'a, W: Write> {
    /// The app.
    pub app: App,
    /// The screen.
    pub terminal: Terminal<Screen<W>>,
    /// What holds the terminal.
    pub guard: Guard,
    /// Keys, pastes, clicks.
    pub input: &'a Receiver<Message>,
    /// The threads.
    pub workers: &'a Workers,
    /// Makes the look of a theme by its name.
    pub skin_of: &'a dyn Fn(&str) -> Skin,
    /// F2 panics, for tests of the guard.
    pub panic_on_f2: bool,
}

/// The time, and the zone the reader lives in.
#[expect(clippy::disallowed_methods, reason = "this is where time enters the program")]
pub fn moment() -> Now {
    Now { at: Utc::now(), zone: Local::now().offset().fix() }
}

/// Runs until the app ends; gives it back.
pub fn run<W: Write>(mut run: Loop<'_, W>, first: Effects) -> anyhow::Result<App> {
    let mut skin = (run.app.look.theme.clone(), (run.skin_of)(&run.app.look.theme));
    run.carry_out(first)?;
    let mut news_at = None;
    loop {
        if news_at.is_none_or(|at| at <= now()) {
            news_at = None;
            if skin.0 != run.app.look.theme {
                skin = (run.app.look.theme.clone(), (run.skin_of)(&run.app.look.theme));
            }
            run.draw(&skin.1)?;
        }
        let Some(message) = run.wait(news_at)? else { continue };
        let was_news = is_news(&message);
        run.take_in(message)?;
        if run.app.ending.is_some() {
            return Ok(run.app);
        }
        news_at = if was_news { news_at.or_else(|| Some(now() + NEWS_FRAME)) } else { None };
    }
}

#[expect(clippy::disallowed_methods, reason = "frames are paced by a clock that is never set back")]
fn now() -> Instant {
    Instant::now()
}

/// News from the background, which nobody waits for.
fn is_news(message: &Message) -> bool {
    matches!(message, Message::Refresh(_) | Message::Sidebar(_))
}

impl<W: Write> Loop<'_, W> {
    /// The next message; `None` when only the held-back frame is due.
    fn wait(&self, news_at: Option<Instant>) -> Result<Option<Message>, RecvError> {
        let tick = self.app.wake_in(moment().at).map_or_else(never, after);
        let frame = news_at.map_or_else(never, |at| after(at.saturating_duration_since(now())));
        select_biased! {
            recv(self.input) -> message => message.map(Some),
            recv(self.workers.messages()) -> message => message.map(Some),
            recv(frame) -> _ => Ok(None),
            recv(tick) -> _ => Ok(Some(Message::Tick)),
        }
    }

    /// Takes in a message and everything that has come with it.
    fn take_in(&mut self, first: Message) -> anyhow::Result<()> {
        let (input, workers) = (self.input, self.workers);
        let rest = input.try_iter().chain(workers.messages().try_iter()).take(BATCH);
        for message in std::iter::once(first).chain(rest) {
            self.panic_if_asked(&message);
            let effects = self.app.update(message, moment());
            self.carry_out(effects)?;
        }
        let effects = self.app.settle();
        self.carry_out(effects)?;
        self.workers.note_place(self.app.place_now());
        Ok(())
    }

    fn carry_out(&mut self, effects: Effects) -> anyhow::Result<()> {
        for request in self.workers.carry_out(effects) {
            self.terminal_request(&request)?;
        }
        Ok(())
    }

    fn terminal_request(&mut self, request: &TerminalRequest) -> anyhow::Result<()> {
        let mouse = self.app.look.settings.mouse.is_on();
        let screen = self.terminal.backend_mut();
        match request {
            TerminalRequest::Send(Material::Bytes(bytes)) => screen.also(bytes),
            TerminalRequest::Send(Material::Strips(strips)) => screen.keep(strips),
            TerminalRequest::Copy(text) => screen.also(osc52(text).as_bytes()),
            TerminalRequest::TrackDrag if mouse => screen.also(b"\x1b[?1002h"),
            TerminalRequest::TrackClicks if mouse => screen.track(b"\x1b[?1002l\x1b[?1000h\x1b[?1006h"),
            TerminalRequest::TrackNothing if mouse => screen.track(b"\x1b[?1002l\x1b[?1000l\x1b[?1006l"),
            TerminalRequest::Redraw => {
                screen.forget();
                self.terminal.clear()?;
            }
            TerminalRequest::Page(text) => self.page(text)?,
            TerminalRequest::Suspend => self.guard.suspend(),
            _ => {}
        }
        Ok(())
    }

    /// Lends the terminal to the user's pager; nothing is drawn until the user is back.
    fn page(&mut self, text: &str) -> anyhow::Result<()> {
        let argv = self.app.look.settings.article.pager.clone();
        let done = self.guard.lend(|| page(&argv, text))?;
        self.terminal.backend_mut().forget();
        self.terminal.clear()?;
        if let Err(error) = done {
            let sentence = format!("Cannot start the pager {}: {error}", argv.join(" "));
            let effects =
                self.app.update(Message::Failed(Failure::new(FailureKind::Desktop, sentence)), moment());
            self.carry_out(effects)?;
        }
        Ok(())
    }

    fn draw(&mut self, skin: &Skin) -> anyhow::Result<()> {
        if !self.guard.holds() {
            return Ok(());
        }
        let size = self.terminal.size()?;
        let size = Size::new(size.width, size.height);
        if size != self.app.look.size {
            let effects = self.app.update(Message::Resized(size), moment()).and(self.app.settle());
            self.carry_out(effects)?;
        }
        let (app, now) = (&self.app, moment());
        if let Some(shown) = app.reader.shown() {
            self.terminal.backend_mut().link(shown.id(), shown.flow());
        }
        self.terminal.draw(|frame| ui::draw(app, skin, now, frame))?;
        Ok(())
    }

    fn panic_if_asked(&self, message: &Message) {
        let f2 = Key { code: KeyCode::F(2), ctrl: false, alt: false };
        let asked = self.panic_on_f2 && *message == Message::Key(f2);
        assert!(!asked, "F2 was pressed and NEWSREADER_TEST_PANIC is set");
    }
}
