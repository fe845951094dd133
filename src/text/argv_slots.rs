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
    let mut filled = String::new();
    let mut rest = argument;
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
    if filled.starts_with('-') && !argument.starts_with('-') {
        filled.insert(0, ' ');
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::fill_slots;

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
