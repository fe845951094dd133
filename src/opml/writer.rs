//! OPML 2.0, written.

use std::{cmp::Ordering, collections::HashMap, fmt::Write};

use super::{FOLDER_SEPARATOR, OpmlOutline, escape::escape_xml};

/// More levels than this are written as one folder; other programs have limits of their own.
const MAX_WRITTEN_FOLDERS: usize = 32;

/// A subscription list of `outlines`: the feeds of a folder together, folders in the order in which they first come.
pub fn write_opml(title: &str, outlines: &[OpmlOutline]) -> String {
    let mut list = OpmlWriter::default();
    list.push_line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    list.push_line(0, "<opml version=\"2.0\">");
    list.push_line(1, &format!("<head><title>{}</title></head>", escape_xml(title)));
    list.push_line(1, "<body>");
    for (outline, levels) in sort_by_folder(outlines) {
        list.switch_folder(levels);
        list.push_outline(outline);
    }
    list.switch_folder(Vec::new());
    list.push_line(1, "</body>");
    list.push_line(0, "</opml>");
    list.text
}

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

    /// Closes and opens folders until those of `levels` are open.
    fn switch_folder(&mut self, levels: Vec<&'a str>) {
        let common =
            self.open_folders.iter().zip(&levels).take_while(|(open, level)| open == level).count();
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
        // The standard wants a text always.
        push_attribute(&mut tag, "text", outline.title.as_deref().or(Some(&outline.xml_url)));
        push_attribute(&mut tag, "title", outline.title.as_deref());
        push_attribute(&mut tag, "xmlUrl", Some(&outline.xml_url));
        push_attribute(&mut tag, "htmlUrl", outline.html_url.as_deref());
        // A comma would make two tags of one.
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

/// The outlines with their folders, sorted so that each folder comes once and holds its own feeds first.
fn sort_by_folder(outlines: &[OpmlOutline]) -> Vec<(&OpmlOutline, Vec<&str>)> {
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut sorted = Vec::with_capacity(outlines.len());
    for outline in outlines {
        let levels = outline.folder.as_deref().map_or_else(Vec::new, split_folder_path);
        let mut ranks = Vec::with_capacity(levels.len());
        for level in &levels {
            let next = known.len() + 1;
            let parent = ranks.last().copied().unwrap_or_default();
            ranks.push(*known.entry((parent, level)).or_insert(next));
        }
        sorted.push((ranks, outline, levels));
    }
    sorted.sort_by(|(ranks, ..), (others, ..)| -> Ordering { ranks.cmp(others) });
    sorted.into_iter().map(|(_, outline, levels)| (outline, levels)).collect()
}

/// The folders that `name` stands for. A name that would not be the same again when it is put together from them,
/// such as "A / ", is one folder as it is.
fn split_folder_path(name: &str) -> Vec<&str> {
    let levels: Vec<&str> = name.split(FOLDER_SEPARATOR).collect();
    let is_sound = |level: &&str| !level.is_empty() && level.trim() == *level;
    match levels.iter().all(is_sound) && levels.len() <= MAX_WRITTEN_FOLDERS {
        true => levels,
        false if name.trim().is_empty() => Vec::new(),
        false => vec![name],
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
