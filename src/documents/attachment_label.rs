//! The labels of attached files: the kind of the file, its description, duration and size.

use crate::{model::AttachedFile, text::url};

/// Kinds of files by their media types, or the beginnings of these.
const MEDIA_TYPES: [(&str, &str); 31] = [
    ("audio", "Audio"),
    ("video", "Video"),
    ("image", "Picture"),
    ("application/ogg", "Audio"),
    ("application/x-shockwave-flash", "Video"),
    ("application/vnd.apple.mpegurl", "Video"),
    ("application/x-mpegurl", "Video"),
    ("application/pdf", "PDF"),
    ("application/epub", "E-book"),
    ("application/x-mobipocket", "E-book"),
    ("application/x-bittorrent", "Torrent"),
    ("application/zip", "Archive"),
    ("application/gzip", "Archive"),
    ("application/x-tar", "Archive"),
    ("application/x-7z", "Archive"),
    ("application/vnd.rar", "Archive"),
    ("application/xhtml", "Web page"),
    ("text/html", "Web page"),
    ("text/calendar", "Calendar"),
    ("text/vtt", "Subtitles"),
    ("application/srt", "Subtitles"),
    ("application/x-subrip", "Subtitles"),
    ("text/csv", "Table"),
    ("application/vnd.ms-excel", "Table"),
    ("application/vnd.oasis.opendocument.spreadsheet", "Table"),
    ("application/vnd.openxmlformats-officedocument.spreadsheet", "Table"),
    ("application/msword", "Document"),
    ("application/rtf", "Document"),
    ("application/vnd.oasis.opendocument", "Document"),
    ("application/vnd.openxmlformats", "Document"),
    ("text", "Text"),
];

/// Kinds of files by the extensions of their URLs.
const EXTENSIONS: [(&str, &str); 13] = [
    ("mp3 m4a m4b aac ogg oga opus wav flac", "Audio"),
    ("mp4 m4v mov webm ogv mkv avi m3u8", "Video"),
    ("jpg jpeg png gif webp avif svg bmp heic", "Picture"),
    ("pdf", "PDF"),
    ("epub mobi azw3", "E-book"),
    ("torrent", "Torrent"),
    ("zip gz xz bz2 7z rar tar tgz", "Archive"),
    ("html htm", "Web page"),
    ("ics", "Calendar"),
    ("vtt srt", "Subtitles"),
    ("csv xls xlsx ods", "Table"),
    ("doc docx odt rtf ppt pptx odp", "Document"),
    ("txt md", "Text"),
];

/// Returns the label of a file, such as "Audio: The Harbour, 43 min, 39 MB", with the name of the
/// file where it has no title.
///
/// Sizes under 1 KiB are left out: feeds write 0 or 1 where they do not know the size.
pub(super) fn attachment_label(file: &AttachedFile) -> String {
    let mut label = file_kind(file);
    if let Some(name) = file.description.clone().or_else(|| file_name(&file.url)) {
        label = format!("{label}: {name}");
    }
    let duration = file.seconds.map(format_duration);
    for detail in duration.into_iter().chain(format_size(file.length)) {
        label.push_str(", ");
        label.push_str(&detail);
    }
    label
}

/// Returns the kind of a file: from its media type, else from its extension, else "File" with the
/// media type.
fn file_kind(file: &AttachedFile) -> String {
    let media_type = file.media_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let by_type = MEDIA_TYPES.iter().find(|(start, _)| media_type.starts_with(start));
    let extension = url::file_extension(&file.url);
    let by_extension =
        EXTENSIONS.iter().find(|(known, _)| known.split(' ').any(|known| known == extension));
    match by_type.or(by_extension) {
        Some((_, kind)) => (*kind).to_owned(),
        None if media_type.is_empty() || media_type == "application/octet-stream" => {
            "File".to_owned()
        }
        None => format!("File ({media_type})"),
    }
}

/// Returns true if a file is a picture.
pub(super) fn is_picture(file: &AttachedFile) -> bool {
    file_kind(file) == "Picture"
}

/// Returns the name of the file at a URL, if it has one with an extension.
fn file_name(url: &str) -> Option<String> {
    let name = url::last_segment(url);
    let is_name =
        name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && !end.is_empty());
    let is_host = url.trim_end_matches('/').matches('/').count() < 3;
    (is_name && !is_host).then(|| url::percent_decode(name))
}

fn format_duration(seconds: u32) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Returns a size such as "39 MB"; `None` under 1 KiB.
pub(super) fn format_size(bytes: u64) -> Option<String> {
    const GIB: u64 = 1 << 30;
    Some(match bytes {
        0..1024 => return None,
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        1_048_576..GIB => format!("{} MB", bytes / 1_048_576),
        _ => format!("{}.{} GB", bytes / GIB, bytes % GIB * 10 / GIB),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachment_label_names_kind_duration_and_size() {
        let label = |url: &str, media_type: &str, length, seconds| {
            let media_type = Some(media_type.to_owned()).filter(|text| !text.is_empty());
            attachment_label(&AttachedFile {
                url: url.to_owned(),
                media_type,
                length,
                description: None,
                seconds,
            })
        };
        let size = 39 << 20;
        assert_eq!(
            label("https://x.org/e", "audio/mpeg", size, Some(2580)),
            "Audio, 43 min, 39 MB"
        );
        assert_eq!(label("https://x.org/e.MP3?x=1", "", 1, Some(4310)), "Audio: e.MP3, 1 h 12 min");
        assert_eq!(
            label("https://x.org/e", "video/mp4; codecs=x", 3 << 29, Some(7190)),
            "Video, 2 h, 1.5 GB"
        );
        assert_eq!(
            label("https://x.org/a.pdf", "application/octet-stream", 2048, None),
            "PDF: a.pdf, 2 KB"
        );
        assert_eq!(label("https://x.org/a", "image", 0, Some(9)), "Picture, 9 s");
        assert_eq!(label("https://x.org/a", "", 0, None), "File");
        assert_eq!(label("https://x.org/a", "model/stl", 0, None), "File (model/stl)");
        let described = AttachedFile {
            url: "https://x.org/a.png".to_owned(),
            description: Some("A chart".to_owned()),
            ..AttachedFile::default()
        };
        assert_eq!(attachment_label(&described), "Picture: A chart");
        let name = |url: &str| label(url, "", 0, None);
        assert_eq!(name("https://x.org/my%20notes.dat?x=a.b"), "File: my notes.dat");
        assert_eq!(
            (name("https://x.org"), name("https://x.org/.a")),
            ("File".into(), "File".into())
        );
    }
}
