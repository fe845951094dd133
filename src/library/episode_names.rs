//! The names of downloaded files: safe on every file system, whatever a feed says.

use crate::{
    model::DOWNLOAD_NAME_SLOTS,
    text::{fill_text, sanitize},
};

/// Maximum length of the title and of the name of a feed in a path, in bytes. With a day, an ending and
/// that of an unfinished file, a name stays below the 143 bytes that encrypted folders allow.
const MAX_SLOT_BYTES: usize = 100;

/// Maximum length of a part of a path, in bytes.
const MAX_PART_BYTES: usize = 200;

/// Maximum number of folders and the file in a name.
const MAX_PARTS: usize = 8;

/// Characters that a file system or a shell takes for something else.
const UNSAFE_CHARS: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Names that Windows keeps for devices, whatever their ending.
const DEVICE_NAMES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The parts of an episode that a name is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct EpisodeName<'a> {
    pub(super) feed: &'a str,
    pub(super) title: &'a str,
    pub(super) date: &'a str,
    pub(super) number: i64,
    pub(super) extension: &'a str,
}

impl EpisodeName<'_> {
    /// Returns the path of a file below the download folder, with `/` between its parts. Only the
    /// template makes folders.
    pub(super) fn fill(&self, template: &str) -> String {
        let feed = safe_part(self.feed, MAX_SLOT_BYTES);
        let title = safe_part(self.title, MAX_SLOT_BYTES);
        let number = self.number.to_string();
        let [for_feed, for_title, for_date, for_number, for_ext] = DOWNLOAD_NAME_SLOTS;
        let slots = [
            (for_feed, feed.as_str()),
            (for_title, &title),
            (for_date, self.date),
            (for_number, &number),
            (for_ext, self.extension),
        ];
        let parts = template.split(['/', '\\']).filter(|part| !part.trim().is_empty());
        let parts: Vec<String> = parts
            .take(MAX_PARTS)
            .map(|part| safe_part(&fill_text(part, &slots), MAX_PART_BYTES))
            .collect();
        if parts.is_empty() { format!("{number}.{}", self.extension) } else { parts.join("/") }
    }
}

/// Returns a name with a number before its ending, for a file beside one of the same name.
pub(super) fn numbered(name: &str, number: usize) -> String {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let slash = if folder.is_empty() { "" } else { "/" };
    let point = if ending.is_empty() { "" } else { "." };
    format!("{folder}{slash}{stem} ({number}){point}{ending}")
}

/// Makes a text one part of a path, of at most `max_bytes`: no separators, nothing that hides or leads
/// elsewhere, no name of a device.
fn safe_part(text: &str, max_bytes: usize) -> String {
    let line = sanitize::to_line(text);
    let safe = line.chars().map(|c| {
        let is_unsafe = UNSAFE_CHARS.contains(&c) || c.is_control();
        if is_unsafe || sanitize::is_deceptive(c) { '-' } else { c }
    });
    let safe: String = safe.collect();
    let words: Vec<&str> = safe.split_whitespace().collect();
    let mut part = words.join(" ");
    while part.len() > max_bytes {
        part.pop();
    }
    // Windows drops points and blanks at the end, and a point at the beginning hides a file.
    let part = part.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = part.split('.').next().unwrap_or_default().trim().to_lowercase();
    let is_port = ["com", "lpt"]
        .iter()
        .any(|port| stem.strip_prefix(port).is_some_and(|rest| rest.len() == 1 && rest != "0"));
    match part {
        "" => "untitled".to_owned(),
        part if DEVICE_NAMES.contains(&stem.as_str()) || is_port => format!("_{part}"),
        part => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(template: &str, feed: &str, title: &str) -> String {
        EpisodeName { feed, title, date: "2026-11-30", number: 7, extension: "mp3" }.fill(template)
    }

    #[test]
    fn episode_name_follows_its_template() {
        let template = "{feed}/{date} {title}.{ext}";
        assert_eq!(
            fill(template, "The Harbour", "Episode 1: tides"),
            "The Harbour/2026-11-30 Episode 1- tides.mp3"
        );
        assert_eq!(fill("{number}.{ext}", "", ""), "7.mp3");
        assert_eq!(fill("", "", ""), "7.mp3");
        assert_eq!(fill(template, "", "  "), "untitled/2026-11-30 untitled.mp3");
        assert_eq!(fill("{title}/{feed}.{ext}", "{date}", "{title}"), "{title}/{date}.mp3");
    }

    #[test]
    fn hostile_title_stays_in_the_folder() {
        for (title, expected) in [
            ("../../etc/passwd", "-..-etc-passwd"),
            (".bashrc", "bashrc"),
            ("..", "untitled"),
            ("con", "_con"),
            ("COM1.txt", "_COM1.txt"),
            ("a\u{0}b\nc", "ab c"),
            ("cod\u{202e}3pm.exe", "cod3pm.exe"),
            ("C:\\Windows", "C--Windows"),
        ] {
            assert_eq!(fill("{title}", "", title), expected, "{title:?}");
        }
    }

    #[test]
    fn numbered_name_keeps_its_ending() {
        assert_eq!(numbered("a/b.mp3", 2), "a/b (2).mp3");
        assert_eq!(numbered("b", 3), "b (3)");
    }

    proptest! {
        #[test]
        fn every_name_is_a_short_relative_path(feed in "\\PC{0,300}", title in any::<String>()) {
            let name = fill("{feed}/{date} {title}.{ext}", &feed, &title);
            let parts: Vec<&str> = name.split('/').collect();
            prop_assert_eq!(parts.len(), 2);
            for part in parts {
                prop_assert!(!part.is_empty() && part.len() <= MAX_PART_BYTES);
                prop_assert!(!part.starts_with('.') && !part.ends_with(['.', ' ']));
                prop_assert!(!part.contains(UNSAFE_CHARS) && !part.contains(char::is_control));
            }
            prop_assert_eq!(name.rsplit('.').next(), Some("mp3"));
        }
    }
}
