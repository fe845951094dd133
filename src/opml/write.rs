//! OPML 2.0, written.

use std::{cmp::Ordering, collections::HashMap, fmt::Write};

use super::{LEVELS, Outline, escape::encode};

/// More levels than this are written as one folder; other programs have limits of their own.
const MAX_LEVELS: usize = 32;

/// A subscription list of `outlines`: the feeds of a folder together, folders in the order in which they first come.
pub fn write(title: &str, outlines: &[Outline]) -> String {
    let mut list = List::default();
    list.line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    list.line(0, "<opml version=\"2.0\">");
    list.line(1, &format!("<head><title>{}</title></head>", encode(title)));
    list.line(1, "<body>");
    for (outline, levels) in by_folder(outlines) {
        list.enter(levels);
        list.feed(outline);
    }
    list.enter(Vec::new());
    list.line(1, "</body>");
    list.line(0, "</opml>");
    list.text
}

#[derive(Default)]
struct List<'a> {
    text: String,
    open: Vec<&'a str>,
}

impl<'a> List<'a> {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Closes and opens folders until those of `levels` are open.
    fn enter(&mut self, levels: Vec<&'a str>) {
        let common = self.open.iter().zip(&levels).take_while(|(open, level)| open == level).count();
        for depth in (common..self.open.len()).rev() {
            self.line(depth + 2, "</outline>");
        }
        for (depth, level) in levels.iter().enumerate().skip(common) {
            self.line(depth + 2, &format!("<outline text=\"{0}\" title=\"{0}\">", encode(level)));
        }
        self.open = levels;
    }

    fn feed(&mut self, outline: &Outline) {
        let mut tag = String::from("<outline type=\"rss\"");
        // The standard wants a text always.
        attribute(&mut tag, "text", outline.title.as_deref().or(Some(&outline.address)));
        attribute(&mut tag, "title", outline.title.as_deref());
        attribute(&mut tag, "xmlUrl", Some(&outline.address));
        attribute(&mut tag, "htmlUrl", outline.site.as_deref());
        // A comma would make two tags of one.
        let tags: Vec<String> = outline.tags.iter().map(|tag| tag.replace(',', " ")).collect();
        attribute(&mut tag, "category", (!tags.is_empty()).then(|| tags.join(",")).as_deref());
        tag.push_str("/>");
        self.line(self.open.len() + 2, &tag);
    }
}

fn attribute(tag: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        // Writing to a string cannot fail.
        let _ = write!(tag, " {name}=\"{}\"", encode(value));
    }
}

/// The outlines with their folders, sorted so that each folder comes once and holds its own feeds first.
fn by_folder(outlines: &[Outline]) -> Vec<(&Outline, Vec<&str>)> {
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut sorted = Vec::with_capacity(outlines.len());
    for outline in outlines {
        let levels = outline.folder.as_deref().map_or_else(Vec::new, levels);
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
fn levels(name: &str) -> Vec<&str> {
    let levels: Vec<&str> = name.split(LEVELS).collect();
    let is_sound = |level: &&str| !level.is_empty() && level.trim() == *level;
    match levels.iter().all(is_sound) && levels.len() <= MAX_LEVELS {
        true => levels,
        false if name.trim().is_empty() => Vec::new(),
        false => vec![name],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_taken_apart_stay_whole() {
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
            assert_eq!(levels(name), expected, "{name:?}");
        }
        assert_eq!(levels(&vec!["x"; MAX_LEVELS].join(LEVELS)).len(), MAX_LEVELS);
        assert_eq!(levels(&vec!["x"; MAX_LEVELS + 1].join(LEVELS)).len(), 1);
    }

    #[test]
    fn folders_come_once_and_nested() {
        let feed = |at: &str, folder: &str| Outline {
            address: format!("http://a.org/{at}"),
            folder: (!folder.is_empty()).then(|| folder.into()),
            ..Outline::default()
        };
        let text = write("My <list>", &[feed("1", "B / C"), feed("2", "A"), feed("3", "B"), feed("4", "")]);
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
