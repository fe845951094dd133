//! Questions on the terminal, for arguments that are missing.

use std::io::{self, BufRead, IsTerminal, Write};

use super::{exit_status::UsageError, output};

/// Returns whether there is a terminal to ask on.
pub fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a line. `option` is the argument that answers the question in a script.
///
/// # Errors
///
/// Fails if there is no terminal to ask on, or the answer is empty.
pub fn ask_line(question: &str, option: &str) -> anyhow::Result<String> {
    write_question(question, option)?;
    read_answer(question)
}

/// Asks for a password, which is not shown while it is typed.
///
/// # Errors
///
/// As [`ask_line`]; also where the terminal cannot hide what is typed.
pub fn ask_password(question: &str, option: &str) -> anyhow::Result<String> {
    let hidden = HiddenInput::begin(option)?;
    write_question(question, option)?;
    let answer = read_answer(question);
    drop(hidden);
    output::write_stderr("");
    answer
}

fn write_question(question: &str, option: &str) -> anyhow::Result<()> {
    if !can_ask() {
        let sentence = format!("{} is missing; give it with {option}", question.to_lowercase());
        return Err(UsageError(sentence).into());
    }
    let mut out = io::stderr().lock();
    write!(out, "{question}: ")?;
    out.flush()?;
    Ok(())
}

fn read_answer(question: &str) -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let answer = line.trim_end_matches(['\r', '\n']).to_owned();
    if answer.is_empty() {
        anyhow::bail!("no {} was given; nothing is changed", question.to_lowercase());
    }
    Ok(answer)
}

/// Input that the terminal does not show, until this is dropped.
#[cfg(unix)]
struct HiddenInput {
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl HiddenInput {
    #[expect(clippy::unnecessary_wraps, reason = "other systems cannot hide what is typed")]
    fn begin(_option: &str) -> anyhow::Result<HiddenInput> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let input = io::stdin();
        // No terminal: the question itself says so.
        let Ok(before) = tcgetattr(&input) else { return Ok(HiddenInput { before: None }) };
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        let is_hidden = tcsetattr(&input, OptionalActions::Flush, &hidden).is_ok();
        Ok(HiddenInput { before: is_hidden.then_some(before) })
    }
}

#[cfg(unix)]
impl Drop for HiddenInput {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Flush, before);
        }
    }
}

#[cfg(not(unix))]
struct HiddenInput;

#[cfg(not(unix))]
impl HiddenInput {
    fn begin(option: &str) -> anyhow::Result<HiddenInput> {
        anyhow::bail!("passwords cannot be typed here without being shown; give one with {option}")
    }
}
