//! The input thread: turns the keys, pastes and clicks of the terminal into messages.

use std::{io, time::Duration};

use crossbeam_channel::{Receiver, unbounded};

use super::{
    job::spawn_worker,
    terminal::{EventSource, read_input},
};
use crate::app::Message;

/// Starts the thread and returns the channel of its messages. A panic in it is reported there.
///
/// A lone Escape is a key of its own after `escape_timeout`; what comes sooner belongs to it.
pub fn spawn_input_thread(
    source: impl EventSource + Send + 'static,
    escape_timeout: Duration,
) -> io::Result<Receiver<Message>> {
    let (sender, input) = unbounded();
    spawn_worker("keys", sender.clone(), move || read_input(source, escape_timeout, &sender))?;
    Ok(input)
}
