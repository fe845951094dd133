//! Lists of pages in JSON: an array of objects, or one within an object.

use serde_json::{Map, Value};

use super::{
    columns::{PageField, field_of, is_archived, is_on, parse_saved_at, split_tags},
    page::ListedPage,
};

/// Maximum depth at which pages are looked for.
const MAX_DEPTH: usize = 8;

/// Reads the pages of a JSON text: every object with an address, at any place. Returns false if there is
/// none.
pub(super) fn read_json(text: &str, visit: &mut dyn FnMut(ListedPage) -> bool) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let mut walk = JsonWalk { visit, has_pages: false, is_ended: false };
    walk.read(&value, None, 0);
    walk.has_pages
}

struct JsonWalk<'v> {
    visit: &'v mut dyn FnMut(ListedPage) -> bool,
    has_pages: bool,
    is_ended: bool,
}

impl JsonWalk<'_> {
    /// Reads the pages in a value; `folder` is the name of the collection around it.
    fn read(&mut self, value: &Value, folder: Option<&str>, depth: usize) {
        if self.is_ended || depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Array(values) => {
                for value in values {
                    self.read(value, folder, depth + 1);
                }
            }
            Value::Object(object) => {
                let mut page = to_page(object);
                if page.url.is_empty() {
                    let name = object.get("name").and_then(Value::as_str).or(folder);
                    for value in object.values() {
                        self.read(value, name, depth + 1);
                    }
                } else {
                    page.folder = page.folder.or_else(|| folder.map(str::to_owned));
                    self.has_pages = true;
                    self.is_ended = !(self.visit)(page);
                }
            }
            _ => {}
        }
    }
}

fn to_page(object: &Map<String, Value>) -> ListedPage {
    let mut page = ListedPage::default();
    let mut ranks = [usize::MAX; 8];
    let nested = object.values().filter_map(Value::as_object).flatten();
    for (name, value) in object.iter().chain(nested) {
        let Some((field, rank)) = field_of(name) else { continue };
        if rank < ranks[field as usize] && set_field(&mut page, field, value) {
            ranks[field as usize] = rank;
        }
    }
    page
}

/// Sets a field. Returns false for a value that says nothing about it.
fn set_field(page: &mut ListedPage, field: PageField, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(values) if field == PageField::Tags => {
            page.tags = values.iter().filter_map(tag_name).collect();
            return true;
        }
        Value::Object(fields) if field == PageField::Folder => {
            page.folder = fields.get("name").and_then(Value::as_str).map(str::to_owned);
            return page.folder.is_some();
        }
        _ => return false,
    };
    set_text(page, field, &text)
}

fn tag_name(value: &Value) -> Option<String> {
    let name = value.get("name").or_else(|| value.get("label")).unwrap_or(value);
    name.as_str().map(str::to_owned)
}

/// Sets a field from its text. Returns false for a text that says nothing about it.
pub(super) fn set_text(page: &mut ListedPage, field: PageField, text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return false;
    }
    match field {
        PageField::Url if !text.starts_with("http") => return false,
        PageField::Url => text.clone_into(&mut page.url),
        PageField::Title => text.clone_into(&mut page.title),
        PageField::Author => page.author = Some(text.to_owned()),
        PageField::Tags => page.tags = split_tags(text),
        PageField::Folder => page.folder = Some(text.to_owned()),
        PageField::SavedAt => page.saved_at = parse_saved_at(text),
        PageField::Archived => page.is_archived = is_archived(text),
        PageField::Starred => page.is_starred = is_on(text),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_services_are_found_and_read() {
        let omnivore = r#"[{"id":"1","title":"A","url":"https://a.org/1","state":"Archived","labels":["x","y z"],
            "savedAt":"2026-03-01T10:00:00.000Z"}]"#;
        let karakeep = r#"{"bookmarks":[{"createdAt":1772359200,"title":"B","tags":["t"],"archived":false,
            "content":{"type":"link","url":"https://b.org/"},"note":null}]}"#;
        let linkwarden = r#"{"collections":[{"name":"News","links":[{"name":"C","url":"https://c.org/","tags":[{"name":"k"}]}]}]}"#;
        let mut pages = Vec::new();
        for text in [omnivore, karakeep, linkwarden] {
            let is_list = read_json(text, &mut |page| {
                pages.push(page);
                true
            });
            assert!(is_list, "{text}");
        }
        assert!(!read_json("[{\"a\": 1}]", &mut |_| true) && !read_json("{", &mut |_| true));
        assert_eq!(
            (pages[0].is_archived, &pages[0].tags[..]),
            (true, &["x", "y z"].map(str::to_owned)[..])
        );
        assert_eq!(pages[1].url, "https://b.org/");
        assert_eq!(pages[1].saved_at.unwrap().instant().timestamp(), 1_772_359_200);
        assert_eq!(
            (pages[2].folder.as_deref(), &pages[2].tags[..]),
            (Some("News"), &["k".to_owned()][..])
        );
    }
}
