//! The user's player: preparing it, and waiting until it has ended.

use std::{io, process::ExitStatus};

use super::{child_process::spawn_detached, ports::PodcastOptions};
use crate::{
    app::Message,
    library::{finish_player, prepare_player},
    model::{EntryId, Failure, FailureKind, PlayStart, PlayerRun, io_error_reason},
    store::{LibraryLocation, ReadConnection},
};

/// Prepares the player for the episode of an article. One that needs the terminal is left to the event
/// loop; any other is run until it has ended.
pub(super) fn play_episode(
    location: &LibraryLocation,
    podcasts: &PodcastOptions,
    id: EntryId,
) -> Result<Message, Failure> {
    let reader = ReadConnection::open(location)?;
    let folder = podcasts.downloads.as_ref();
    let run = prepare_player(&reader, folder, &podcasts.player, (id, PlayStart::Stopped))?;
    if podcasts.player_has_terminal {
        return Ok(Message::PlayerReady(run));
    }
    let ended = spawn_detached(&run.argv).and_then(|mut child| {
        drop(child.stdin.take());
        child.wait()
    });
    Ok(end_player(run, ended))
}

/// Returns the message about a player that has ended, or could not be started.
pub(super) fn end_player(run: PlayerRun, ended: io::Result<ExitStatus>) -> Message {
    let failure = match ended {
        Ok(status) if status.success() => None,
        Ok(status) => Some(format!("it ended with {status}")),
        Err(error) => Some(io_error_reason(&error)),
    };
    let outcome = finish_player(&run, failure.is_none());
    let program = run.argv.first().map_or("", String::as_str);
    let failure = failure.map(|reason| {
        let sentence = format!("Cannot play with {program}: {reason}; see podcasts.player");
        Failure::new(FailureKind::Desktop, sentence)
    });
    Message::PlayerEnded(run, outcome, failure)
}
