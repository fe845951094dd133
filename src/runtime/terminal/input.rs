//! Decoding of terminal input into keys, pastes and mouse events.
//!
//! crossterm parses the bytes. [`InputDecoder`] repairs two cases that crossterm gets wrong: an
//! escape sequence that a slow connection delivers in parts (`ESC`, then `[B`) is one key, and the
//! reply of a terminal to a query (`ESC ] 11 ; rgb:… ST`) is not typed text. Start with
//! [`read_input`].

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use crossbeam_channel::Sender;
use crossterm::event::{
    self, Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use super::TerminalHandover;
use super::drawn_size;
use crate::{
    app::{Message, MouseAction, MouseInput, Size},
    command::{Key, KeyCode},
    library::Foreground,
};

/// Maximum time between two bytes of a reply.
const REPLY_GAP: Duration = Duration::from_millis(40);

/// Maximum length of a reply or escape sequence, in bytes; the rest of a longer one counts as
/// typed.
const MAX_REPLY_BYTES: usize = 4_096;

/// A source of terminal events. Tests replace it by a script.
pub trait EventSource {
    /// Returns the next event; `None` if none arrives within `timeout`. Without a timeout, waits
    /// for ever.
    fn next_event(&mut self, timeout: Option<Duration>) -> io::Result<Option<Event>>;
}

/// The events of the real terminal. Background work gives way as soon as one arrives.
#[derive(Debug)]
pub struct TerminalEvents {
    handover: TerminalHandover,
    foreground: Arc<Foreground>,
}

impl EventSource for TerminalEvents {
    fn next_event(&mut self, timeout: Option<Duration>) -> io::Result<Option<Event>> {
        match timeout {
            Some(timeout) if !event::poll(timeout)? => Ok(None),
            _ => {
                self.handover.pause_while_active();
                let event = event::read()?;
                self.foreground.begin();
                // The event may only have woken this thread because a handover begins.
                self.handover.pause_while_active();
                Ok(Some(event))
            }
        }
    }
}

/// A decoder that joins split escape sequences and drops the replies of the terminal.
#[derive(Debug)]
pub struct InputDecoder<S> {
    source: S,
    queued: VecDeque<Event>,
    escape_timeout: Duration,
}

impl TerminalEvents {
    /// Creates the source that pauses while `handover` is active.
    pub fn new(handover: TerminalHandover, foreground: Arc<Foreground>) -> TerminalEvents {
        TerminalEvents { handover, foreground }
    }
}

/// Sends the events of `source` as messages until the event loop has ended or the terminal hangs
/// up.
///
/// An Escape without further bytes within `escape_timeout` is the key Escape.
pub fn read_input(source: impl EventSource, escape_timeout: Duration, messages: &Sender<Message>) {
    let mut input = InputDecoder::new(source, escape_timeout);
    while let Ok(event) = input.read_event() {
        if let Some(message) = translate_event(event)
            && messages.send(message).is_err()
        {
            return;
        }
    }
}

impl<S: EventSource> InputDecoder<S> {
    /// Creates a decoder. An Escape without further bytes within `escape_timeout` is the key Escape.
    pub fn new(source: S, escape_timeout: Duration) -> InputDecoder<S> {
        InputDecoder { source, queued: VecDeque::new(), escape_timeout }
    }

    /// Returns the next event that is not part of a reply.
    pub fn read_event(&mut self) -> io::Result<Event> {
        loop {
            let event = match self.queued.pop_front() {
                Some(event) => event,
                None => match self.source.next_event(None)? {
                    Some(event) => event,
                    None => continue,
                },
            };
            let decoded = match pressed_key(&event) {
                Some((Code::Esc, modifiers)) if modifiers.is_empty() => {
                    self.decode_escape(event)?
                }
                Some((Code::Char(']' | 'P' | '_' | '^' | 'X'), modifiers)) if is_alt(modifiers) => {
                    self.skip_terminal_reply(event)?
                }
                Some((Code::Char('0'..='9'), modifiers)) if modifiers.is_empty() => {
                    self.skip_device_attributes(event)?
                }
                _ => Some(event),
            };
            if let Some(event) = decoded {
                return Ok(event);
            }
        }
    }

    /// Returns the key that begins with `escape`: Escape itself, or that of the escape sequence
    /// that follows; `None` for an unknown sequence.
    fn decode_escape(&mut self, escape: Event) -> io::Result<Option<Event>> {
        let Some(next) = self.source.next_event(Some(self.escape_timeout))? else {
            return Ok(Some(escape));
        };
        let Some(opening @ ('[' | 'O')) = typed_char(&next) else {
            self.queued.push_back(next);
            return Ok(Some(escape));
        };
        let mut rest = String::new();
        while let Some(event) = self.source.next_event(Some(self.escape_timeout))? {
            let Some(c) = typed_char(&event) else {
                self.queued.push_back(event);
                break;
            };
            rest.push(c);
            if matches!(c, '\x40'..='\x7e') || rest.len() > MAX_REPLY_BYTES {
                break;
            }
        }
        // An unknown sequence is dropped: its bytes must not be typed.
        Ok(parse_sequence(opening, &rest)
            .map(|code| Event::Key(KeyEvent::new(code, KeyModifiers::NONE))))
    }

    /// Skips the part of a device attributes reply (DA2, `ESC [ > 1 ; 4000 ; 0 c`) that crossterm
    /// does not consume: digits that are available at once, faster than anybody types.
    fn skip_device_attributes(&mut self, digit: Event) -> io::Result<Option<Event>> {
        let mut rest = Vec::new();
        while let Some(event) = self.source.next_event(Some(Duration::ZERO))? {
            let c = typed_char(&event);
            rest.push(event);
            match c {
                Some('0'..='9' | ';') if rest.len() < 32 => {}
                Some('c')
                    if rest.iter().filter(|event| typed_char(event) == Some(';')).count() == 2 =>
                {
                    return Ok(None);
                }
                _ => break,
            }
        }
        self.queued.extend(rest);
        Ok(Some(digit))
    }

    /// Skips a reply up to its end. A key such as Alt-] is returned: no bytes follow it.
    fn skip_terminal_reply(&mut self, opening: Event) -> io::Result<Option<Event>> {
        let Some(mut event) =
            self.source.next_event(Some(self.escape_timeout.min(Duration::from_millis(15))))?
        else {
            return Ok(Some(opening));
        };
        for _ in 0..MAX_REPLY_BYTES {
            match pressed_key(&event) {
                Some((Code::Char('\\'), modifiers)) if is_alt(modifiers) => return Ok(None),
                Some((Code::Char('g'), KeyModifiers::CONTROL)) => return Ok(None),
                Some(_) => {}
                None => self.queued.push_back(event),
            }
            match self.source.next_event(Some(REPLY_GAP))? {
                Some(next) => event = next,
                None => break,
            }
        }
        Ok(None)
    }
}

fn pressed_key(event: &Event) -> Option<(Code, KeyModifiers)> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some((key.code, key.modifiers)),
        _ => None,
    }
}

fn is_alt(modifiers: KeyModifiers) -> bool {
    modifiers - KeyModifiers::SHIFT == KeyModifiers::ALT
}

/// Returns the character of a key that was pressed without Ctrl or Alt.
fn typed_char(event: &Event) -> Option<char> {
    match pressed_key(event)? {
        (Code::Char(c), modifiers) if (modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
        _ => None,
    }
}

/// Returns the key of a control sequence (ECMA-48, xterm); `rest` follows `ESC` and `opening`.
fn parse_sequence(opening: char, rest: &str) -> Option<Code> {
    Some(match (opening, rest) {
        (_, "A") => Code::Up,
        (_, "B") => Code::Down,
        (_, "C") => Code::Right,
        (_, "D") => Code::Left,
        (_, "H" | "1~" | "7~") => Code::Home,
        (_, "F" | "4~" | "8~") => Code::End,
        (_, "2~") => Code::Insert,
        (_, "3~") => Code::Delete,
        (_, "5~") => Code::PageUp,
        (_, "6~") => Code::PageDown,
        (_, "Z") => Code::BackTab,
        ('O', "P") => Code::F(1),
        ('O', "Q") => Code::F(2),
        _ => return None,
    })
}

/// Converts an event to a message; `None` for events that the app ignores.
fn translate_event(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            translate_key(key).map(Message::Key)
        }
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => {
            let (width, height) = drawn_size(width, height);
            Some(Message::Resized(Size::new(width, height)))
        }
        Event::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseAction::Press,
                MouseEventKind::Up(MouseButton::Left) => MouseAction::Release,
                MouseEventKind::Drag(MouseButton::Left) => MouseAction::Drag,
                MouseEventKind::ScrollUp => MouseAction::WheelUp,
                MouseEventKind::ScrollDown => MouseAction::WheelDown,
                _ => return None,
            };
            Some(Message::Mouse(MouseInput { action: kind, column: mouse.column, row: mouse.row }))
        }
        _ => None,
    }
}

fn translate_key(event: KeyEvent) -> Option<Key> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let code = match event.code {
        // These letters with Ctrl have the same bytes as the named keys.
        Code::Char('h') if ctrl => return Some(Key::without_modifiers(KeyCode::Backspace)),
        Code::Char('[') if ctrl => return Some(Key::without_modifiers(KeyCode::Esc)),
        Code::Char('i') if ctrl => return Some(Key::without_modifiers(KeyCode::Tab)),
        Code::Char('m') if ctrl => return Some(Key::without_modifiers(KeyCode::Enter)),
        Code::Char('7' | '/') if ctrl => KeyCode::Char('_'),
        Code::Char(c) if c.is_control() => return None,
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(number) => KeyCode::F(number),
        _ => return None,
    };
    Some(Key { code, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, io, time::Duration};

    use crossterm::event::{Event, KeyCode as Code, KeyEvent, KeyModifiers};

    use super::{EventSource, InputDecoder};

    /// Events with the pause before each, in milliseconds.
    struct ScriptedEvents(VecDeque<(u64, Event)>);

    impl EventSource for ScriptedEvents {
        fn next_event(&mut self, timeout: Option<Duration>) -> io::Result<Option<Event>> {
            let Some((pause, _)) = self.0.front() else {
                return if timeout.is_some() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            };
            if timeout.is_some_and(|timeout| timeout < Duration::from_millis(*pause)) {
                self.0[0].0 = 0;
                return Ok(None);
            }
            Ok(self.0.pop_front().map(|(_, event)| event))
        }
    }

    fn key(code: Code, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn text(text: &str) -> Vec<(u64, Event)> {
        text.chars().map(|c| (0, key(Code::Char(c), KeyModifiers::NONE))).collect()
    }

    fn decode_keys(events: Vec<(u64, Event)>) -> Vec<Code> {
        let mut input = InputDecoder::new(ScriptedEvents(events.into()), Duration::from_millis(25));
        let mut codes = Vec::new();
        while let Ok(Event::Key(key)) = input.read_event() {
            codes.push(key.code);
        }
        codes
    }

    #[test]
    fn decode_joins_split_escape_sequence() {
        let escape = || (0, key(Code::Esc, KeyModifiers::NONE));
        let mut split = vec![escape()];
        split.extend(text("[Bx"));
        assert_eq!(decode_keys(split), [Code::Down, Code::Char('x')]);
        let mut slow = vec![escape()];
        slow.extend(text("[").into_iter().map(|(_, event)| (200, event)));
        assert_eq!(decode_keys(slow), [Code::Esc, Code::Char('[')]);
        let mut unknown = vec![escape()];
        unknown.extend(text("[1;2;3zq"));
        assert_eq!(decode_keys(unknown), [Code::Char('q')]);
    }

    #[test]
    fn decode_skips_device_attributes_but_keeps_digits() {
        assert_eq!(decode_keys(text("1;4000;0cq")), [Code::Char('q')]);
        assert_eq!(decode_keys(text("12c")), [Code::Char('1'), Code::Char('2'), Code::Char('c')]);
    }

    #[test]
    fn decode_skips_terminal_reply() {
        let mut reply = vec![(0, key(Code::Char(']'), KeyModifiers::ALT))];
        reply.extend(text("11;rgb:1111/1111/1111"));
        reply.push((0, key(Code::Char('\\'), KeyModifiers::ALT)));
        reply.extend(text("q"));
        assert_eq!(decode_keys(reply), [Code::Char('q')]);
        assert_eq!(
            decode_keys(vec![(0, key(Code::Char(']'), KeyModifiers::ALT))]),
            [Code::Char(']')]
        );
    }
}
