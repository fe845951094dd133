//! Playing an episode: the arguments of the user's player, and what it leaves behind.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{download_folder::DownloadFolder, episode::Episode};
use crate::{
    model::{
        EntryId, Failure, FailureKind, PLAYER_SLOTS, PlayOutcome, PlayStart, PlayerRun,
        io_error_reason,
    },
    store::ReadConnection,
    text::{browser_url, count_noun, fill_slots, sanitize},
};

/// Maximum number of files of a player that are looked at.
const MAX_POSITION_FILES: usize = 16;

/// Maximum number of bytes of such a file.
const MAX_POSITION_BYTES: u64 = 64 << 10;

/// Maximum number of folders that other runs have left behind.
const MAX_LEFT_FOLDERS: u32 = 100;

/// Prepares playing an episode: from its downloaded file, or else from the network, and from where it
/// was stopped or from a chapter.
///
/// # Errors
///
/// Fails if the article has no episode or no such chapter, or if a folder for the player cannot be made.
pub fn prepare_player(
    reader: &ReadConnection,
    downloads: Option<&DownloadFolder>,
    player: &[String],
    (id, start): (EntryId, PlayStart),
) -> Result<PlayerRun, Failure> {
    let episode = Episode::load(reader, id)?;
    let title = episode.entry.title.clone();
    let failure = |reason: &str| {
        Failure::new(FailureKind::Desktop, format!("Cannot play “{title}”: {reason}"))
    };
    if player.is_empty() {
        return Err(failure("the setting podcasts.player names no program"));
    }
    let url = browser_url(&episode.file.url);
    let url = url.ok_or_else(|| failure("its address is not one for other programs"))?;
    let file = downloads.map(|folder| folder.find_file(reader, id)).transpose()?.flatten();
    let file = file.map_or_else(|| url.clone(), |file| file.display().to_string());
    let position = match start {
        PlayStart::Stopped => reader.load_play_position(id)?,
        PlayStart::Chapter(number) => {
            let chapters = reader.load_attachments(id)?.chapters;
            let chapter = number.checked_sub(1).and_then(|index| chapters.get(index));
            let none = || failure(&format!("it has {}", count_noun(chapters.len(), "chapter")));
            chapter.ok_or_else(none)?.second
        }
    };
    let position = position.to_string();
    let takes_positions = player.iter().any(|argument| argument.contains("{positions}"));
    let folder = takes_positions.then(create_position_folder).transpose();
    let folder = folder.map_err(|error| failure(&io_error_reason(&error)))?;
    let line = sanitize::to_line(&title).into_owned();
    let folder_text = folder.as_deref().map_or_else(String::new, |path| path.display().to_string());
    let [for_file, for_url, for_title, for_position, for_positions] = PLAYER_SLOTS;
    let slots = [
        (for_file, file.as_str()),
        (for_url, &url),
        (for_title, &line),
        (for_position, &position),
        (for_positions, &folder_text),
    ];
    Ok(PlayerRun { entry: id, title, argv: fill_slots(player, &slots), position_folder: folder })
}

/// Returns what a player that has ended has done, and deletes what it left behind. `succeeded` is false
/// if it could not be started or failed.
pub fn finish_player(run: &PlayerRun, succeeded: bool) -> PlayOutcome {
    let Some(folder) = &run.position_folder else { return PlayOutcome::Unknown };
    let position = read_position(folder);
    // A folder that stays is empty but for the player's files, and in the temporary folder.
    let _ = fs::remove_dir_all(folder);
    match position {
        Some(second) => PlayOutcome::Stopped(second),
        None if succeeded => PlayOutcome::Finished,
        None => PlayOutcome::Unknown,
    }
}

/// Creates an empty folder that only the user can read. Nobody else can have put one there: making one
/// that exists fails.
fn create_position_folder() -> io::Result<PathBuf> {
    let base = std::env::temp_dir();
    let mut made = Err(io::Error::from(io::ErrorKind::AlreadyExists));
    for number in 0..MAX_LEFT_FOLDERS {
        let path = base.join(format!("newsreader-play-{}-{number}", std::process::id()));
        let builder = &mut fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(builder, 0o700);
        made = builder.create(&path).map(|()| path);
        if !made.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
            break;
        }
    }
    made
}

/// Returns the second at which the player was stopped, as mpv writes it: `start=12.5`.
fn read_position(folder: &Path) -> Option<u32> {
    let mut files = fs::read_dir(folder).ok()?.take(MAX_POSITION_FILES).flatten();
    files.find_map(|file| read_start(&file.path()))
}

fn read_start(path: &Path) -> Option<u32> {
    let mut text = String::new();
    File::open(path).ok()?.take(MAX_POSITION_BYTES).read_to_string(&mut text).ok()?;
    let start = text.lines().find_map(|line| line.strip_prefix("start="))?;
    let whole = start.trim().split('.').next()?;
    whole.parse().ok()
}
