//! The OPML 2.0 writer.

use std::{cmp::Ordering, collections::HashMap, fmt::Write};

use super::{FOLDER_SEPARATOR, OpmlOutline, escape::escape_xml};

/// Maximum depth of written folders; a deeper path is written as one folder, because other programs
/// have limits of their own.
const MAX_WRITTEN_FOLDERS: usize = 32;

/// Writes a subscription list. Feeds are grouped by folder; folders are in the order in which they
/// first occur.
pub fn write_opml(title: &str, outlines: &[OpmlOutline]) -> String {
    let mut writer = OpmlWriter::default();
    writer.push_line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    writer.push_line(0, "<opml version=\"2.0\">");
    writer.push_line(1, &format!("<head><title>{}</title></head>", escape_xml(title)));
    writer.push_line(1, "<body>");
    for (outline, levels) in sort_by_folder(outlines) {
        writer.switch_folder(levels);
        writer.push_outline(outline);
    }
    writer.switch_folder(Vec::new());
    writer.push_line(1, "</body>");
    writer.push_line(0, "</opml>");
    writer.text
}

/// The text written so far and the names of the open folders.
#[derive(Default)]
struct OpmlWriter<'a> {
    text: String,
    open_folders: Vec<&'a str>,
}

impl<'a> OpmlWriter<'a> {
    fn push_line(&mut self, depth: usize, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Closes and opens folders until exactly those of `levels` are open.
    fn switch_folder(&mut self, levels: Vec<&'a str>) {
        let pairs = self.open_folders.iter().zip(&levels);
        let common = pairs.take_while(|(open, level)| open == level).count();
        for depth in (common..self.open_folders.len()).rev() {
            self.push_line(depth + 2, "</outline>");
        }
        for (depth, level) in levels.iter().enumerate().skip(common) {
            self.push_line(
                depth + 2,
                &format!("<outline text=\"{0}\" title=\"{0}\">", escape_xml(level)),
            );
        }
        self.open_folders = levels;
    }

    fn push_outline(&mut self, outline: &OpmlOutline) {
        let mut tag = String::from("<outline type=\"rss\"");
        // OPML 2.0 requires `text` in every outline.
        push_attribute(&mut tag, "text", outline.title.as_deref().or(Some(&outline.xml_url)));
        push_attribute(&mut tag, "title", outline.title.as_deref());
        push_attribute(&mut tag, "xmlUrl", Some(&outline.xml_url));
        push_attribute(&mut tag, "htmlUrl", outline.html_url.as_deref());
        // The comma separates tags, so that a tag cannot contain one.
        let tags: Vec<String> = outline.tags.iter().map(|tag| tag.replace(',', " ")).collect();
        push_attribute(&mut tag, "category", (!tags.is_empty()).then(|| tags.join(",")).as_deref());
        tag.push_str("/>");
        self.push_line(self.open_folders.len() + 2, &tag);
    }
}

fn push_attribute(tag: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        // Writing to a string cannot fail.
        let _ = write!(tag, " {name}=\"{}\"", escape_xml(value));
    }
}

/// Sorts the outlines so that each folder occurs once and its own feeds precede its subfolders;
/// returns them with the names of their folders.
fn sort_by_folder(outlines: &[OpmlOutline]) -> Vec<(&OpmlOutline, Vec<&str>)> {
    // Folders are numbered from 1 by parent and name, in the order in which they first occur.
    let mut folder_numbers: HashMap<(usize, &str), usize> = HashMap::new();
    let mut sorted = Vec::with_capacity(outlines.len());
    for outline in outlines {
        let levels = outline.folder.as_deref().map_or_else(Vec::new, split_folder_path);
        let mut numbers = Vec::with_capacity(levels.len());
        for level in &levels {
            let next_number = folder_numbers.len() + 1;
            let parent = numbers.last().copied().unwrap_or_default();
            numbers.push(*folder_numbers.entry((parent, level)).or_insert(next_number));
        }
        sorted.push((numbers, outline, levels));
    }
    sorted.sort_by(|(numbers, ..), (others, ..)| -> Ordering { numbers.cmp(others) });
    sorted.into_iter().map(|(_, outline, levels)| (outline, levels)).collect()
}

/// Splits a folder path into the names of its folders.
///
/// A path that would be different after reading it back, such as "A / ", stays one folder.
fn split_folder_path(path: &str) -> Vec<&str> {
    let levels: Vec<&str> = path.split(FOLDER_SEPARATOR).collect();
    let is_valid_name = |level: &&str| !level.is_empty() && level.trim() == *level;
    if levels.iter().all(is_valid_name) && levels.len() <= MAX_WRITTEN_FOLDERS {
        levels
    } else if path.trim().is_empty() {
        Vec::new()
    } else {
        vec![path]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_folder_path_keeps_ambiguous_names_whole() {
        for (name, expected) in [
            ("", vec![]),
            ("A", vec!["A"]),
            ("A / B / C", vec!["A", "B", "C"]),
            ("A/B", vec!["A/B"]),
            ("A / / B", vec!["A", "/ B"]),
            ("A /  / B", vec!["A /  / B"]),
            ("A /  B", vec!["A /  B"]),
            (" / ", vec![" / "]),
        ] {
            assert_eq!(split_folder_path(name), expected, "{name:?}");
        }
        assert_eq!(
            split_folder_path(&vec!["x"; MAX_WRITTEN_FOLDERS].join(FOLDER_SEPARATOR)).len(),
            MAX_WRITTEN_FOLDERS
        );
        assert_eq!(
            split_folder_path(&vec!["x"; MAX_WRITTEN_FOLDERS + 1].join(FOLDER_SEPARATOR)).len(),
            1
        );
    }

    #[test]
    fn write_opml_nests_each_folder_once() {
        let feed = |at: &str, folder: &str| OpmlOutline {
            xml_url: format!("http://a.org/{at}"),
            folder: (!folder.is_empty()).then(|| folder.into()),
            ..OpmlOutline::default()
        };
        let text = write_opml(
            "My <list>",
            &[feed("1", "B / C"), feed("2", "A"), feed("3", "B"), feed("4", "")],
        );
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<opml version=\"2.0\">
  <head><title>My &lt;list&gt;</title></head>
  <body>
    <outline type=\"rss\" text=\"http://a.org/4\" xmlUrl=\"http://a.org/4\"/>
    <outline text=\"B\" title=\"B\">
      <outline type=\"rss\" text=\"http://a.org/3\" xmlUrl=\"http://a.org/3\"/>
      <outline text=\"C\" title=\"C\">
        <outline type=\"rss\" text=\"http://a.org/1\" xmlUrl=\"http://a.org/1\"/>
      </outline>
    </outline>
    <outline text=\"A\" title=\"A\">
      <outline type=\"rss\" text=\"http://a.org/2\" xmlUrl=\"http://a.org/2\"/>
    </outline>
  </body>
</opml>
";
        assert_eq!(text, expected);
    }
}
