//! The thread that runs the programs of hooks, so that nothing waits for them.

use crossbeam_channel::{Sender, TrySendError, bounded};

use super::job::spawn_worker;
use crate::{
    app::Message,
    library::{HookCommands, HookEvent, run_hook},
    model::{AppliedChange, Failure, FailureKind},
    store::LibraryLocation,
};

/// Maximum number of events that wait for their programs, each of at most a hundred articles.
const MAX_WAITING_EVENTS: usize = 64;

/// Sends what has happened to the thread of the hooks.
pub(super) struct HookSender {
    commands: HookCommands,
    events: Sender<HookEvent>,
    messages: Sender<Message>,
}

impl HookSender {
    /// Runs the hooks for a change of the user's.
    pub(super) fn send_change(&self, applied: &AppliedChange) {
        for event in self.commands.events_of_change(applied) {
            self.send(event);
        }
    }

    /// Runs the hook for an event, if there is one. Events beyond the limit are left out, and the user is
    /// told so: the programs are slower than what happens.
    pub(super) fn send(&self, event: HookEvent) {
        if !self.commands.has_hook_for(&event) {
            return;
        }
        if let Err(TrySendError::Full(_)) = self.events.try_send(event) {
            let sentence = format!(
                "The hooks are too slow: {MAX_WAITING_EVENTS} events wait, and the programs for another one \
                 were not run"
            );
            let failure = Failure::new(FailureKind::Desktop, sentence);
            let _ = self.messages.send(Message::OperationFailed(failure));
        }
    }
}

/// Starts the thread. If it cannot be started, no hooks run, and the user is told when one should.
pub(super) fn start_hook_thread(
    location: LibraryLocation,
    commands: HookCommands,
    messages: &Sender<Message>,
) -> HookSender {
    let (events, waiting) = bounded::<HookEvent>(MAX_WAITING_EVENTS);
    let (replies, programs) = (messages.clone(), commands.clone());
    let work = move || {
        for event in waiting {
            for failure in run_hook(&location, &programs, &event) {
                let _ = replies.send(Message::OperationFailed(failure));
            }
        }
    };
    let _ = spawn_worker("hooks", messages.clone(), work);
    HookSender { commands, events, messages: messages.clone() }
}
