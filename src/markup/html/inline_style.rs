//! The declarations in `style` attributes.

/// Returns the value of a property in the value of a `style` attribute, in lower case; of several
/// the last one, and an important one before others (CSS Cascade §6.1).
pub(super) fn style_value(style: &str, property: &str) -> Option<String> {
    let declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let mut found: Option<(bool, String)> = None;
    for (name, value) in declarations {
        if !name.trim().eq_ignore_ascii_case(property) {
            continue;
        }
        let value = value.to_ascii_lowercase();
        let (value, priority) = value.split_once('!').unwrap_or((value.as_str(), ""));
        let important = priority.trim() == "important";
        if important || found.as_ref().is_none_or(|(before, _)| !before) {
            found = Some((important, value.trim().to_owned()));
        }
    }
    found.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_value_reads_whole_names_and_priorities() {
        let cases = [
            ("display:none", Some("none")),
            (" x-display: block; DISPLAY : None ", Some("none")),
            ("display:none; display:block", Some("block")),
            ("display:none !important; display:block", Some("none")),
            ("x-display:none; color:display", None),
            ("", None),
        ];
        for (style, expected) in cases {
            assert_eq!(style_value(style, "display").as_deref(), expected, "{style}");
        }
    }
}
