//! Slots in the arguments of a command line, such as `{url}`.

/// Replaces the slots in the arguments behind the program. Values are inserted as they are: a slot
/// in a value stays text.
///
/// An argument that begins with a slot never becomes an option: a value that begins with `-` gets a
/// blank before it.
pub fn fill_slots(argv: &[String], slots: &[(&str, &str)]) -> Vec<String> {
    let fill = |(index, argument): (usize, &String)| {
        if index == 0 { argument.clone() } else { fill_argument(argument, slots) }
    };
    argv.iter().enumerate().map(fill).collect()
}

fn fill_argument(argument: &str, slots: &[(&str, &str)]) -> String {
    let mut filled = fill_text(argument, slots);
    if filled.starts_with('-') && !argument.starts_with('-') {
        filled.insert(0, ' ');
    }
    filled
}

/// Replaces the slots in a text. A slot in a value stays text.
pub fn fill_text(template: &str, slots: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while !rest.is_empty() {
        if let Some((slot, value)) = slots.iter().find(|(slot, _)| rest.starts_with(slot)) {
            filled.push_str(value);
            rest = &rest[slot.len()..];
        } else {
            let mut chars = rest.chars();
            filled.extend(chars.next());
            rest = chars.as_str();
        }
    }
    filled
}

/// Returns the first `{word}` of a template that is none of the slots.
pub fn find_unknown_slot<'t>(template: &'t str, slots: &[&str]) -> Option<&'t str> {
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let end = rest.find('}').filter(|end| is_word(&rest[1..*end]));
        match end.map(|end| &rest[..=end]) {
            Some(slot) if !slots.contains(&slot) => return Some(slot),
            Some(slot) => rest = &rest[slot.len()..],
            None => rest = &rest[1..],
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{fill_slots, find_unknown_slot};

    #[test]
    fn unknown_slot_is_a_word_in_braces() {
        let find = |template| find_unknown_slot(template, &["{feed}", "{ext}"]);
        assert_eq!(find("{feed}/{ext}"), None);
        assert_eq!(find("{feed}/{ text} {} {Ä} {"), None);
        assert_eq!(find("{{feed}} {tilte}.{ext}"), Some("{tilte}"));
    }

    fn fill(argv: &[&str], title: &str) -> Vec<String> {
        let argv: Vec<String> = argv.iter().map(|argument| (*argument).to_owned()).collect();
        fill_slots(&argv, &[("{url}", "https://a.example/"), ("{title}", title)])
    }

    #[test]
    fn slots_are_replaced_once() {
        assert_eq!(fill(&["mpv", "{url}"], ""), ["mpv", "https://a.example/"]);
        assert_eq!(
            fill(&["note", "{title}: {url}"], "A {url}"),
            ["note", "A {url}: https://a.example/"]
        );
        assert_eq!(fill(&["{title}", "--a={title}"], "é"), ["{title}", "--a=é"]);
        assert_eq!(fill(&["note", "{file} {"], "x"), ["note", "{file} {"]);
    }

    #[test]
    fn value_never_becomes_an_option() {
        assert_eq!(
            fill(&["note", "{title}", "-t={title}"], "--exec=rm"),
            ["note", " --exec=rm", "-t=--exec=rm"]
        );
    }
}
