//! `<meter>` and `<progress>`: a value that pages show as a bar.

/// Returns the value of a gauge as text, for one without a text of its own: `3/10`, or `0.7` without a
/// maximum. A progress without a value has none.
pub(super) fn gauge_value(attribute: impl Fn(&str) -> Option<String>) -> Option<String> {
    let number = |name: &str| {
        let value = attribute(name)?.trim().to_owned();
        value.parse::<f64>().is_ok().then_some(value)
    };
    let value = number("value")?;
    Some(match number("max") {
        Some(max) => format!("{value}/{max}"),
        None => value,
    })
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html};

    #[test]
    fn gauges_are_their_text_or_their_value() {
        let cases = [
            ("Disk: <meter value=3 max=10>3 of 10 GB</meter>, full", "Disk: 3 of 10 GB, full"),
            ("Done: <progress value=60 max=100></progress>!", "Done: 60/100!"),
            ("Load <meter value='0.7'> </meter>", "Load 0.7"),
            ("a<progress></progress>b<meter value=x></meter>", "ab"),
            ("a<progress hidden value=3></progress>b", "ab"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
            assert_eq!(html_to_text(html).trim(), expected, "text of {html}");
        }
    }

    #[test]
    fn areas_of_image_maps_are_links() {
        let html = "<p>a</p><map name=m><area shape=rect href='/n' alt='North &amp; east'>\
            <area href='/s' alt=''><area nohref alt=x><area href='/w' alt=West></map><p>b</p>";
        let document = parse_html(html, Some("https://example.org/"));
        assert_eq!(document.plain_text(), "a\n\nNorth & east\nWest\n\nb");
        let urls: Vec<&str> = document.links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(urls, ["https://example.org/n", "https://example.org/w"]);
        let words = html_to_text(html).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, "a North & east West b");
    }
}
