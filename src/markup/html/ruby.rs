//! Ruby: readings beside characters, written in parentheses after them.

use dom_query::NodeRef;

/// Returns true if a parenthesis opens before the reading at `node`: not within a container of
/// readings, and not after another one, as in `<rt>とう<rt>きょう`.
pub(super) fn opens_parenthesis(node: &NodeRef<'_>) -> bool {
    !is_in_container(node) && !is_reading(neighbour(node, NodeRef::prev_sibling).as_ref())
}

/// Returns true if a parenthesis closes after the reading at `node`.
pub(super) fn closes_parenthesis(node: &NodeRef<'_>) -> bool {
    !is_in_container(node) && !is_reading(neighbour(node, NodeRef::next_sibling).as_ref())
}

fn is_in_container(node: &NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.has_name("rtc"))
}

/// Returns true if the node is a reading that shares its parentheses with its neighbours.
fn is_reading(node: Option<&NodeRef<'_>>) -> bool {
    node.is_some_and(|node| node.has_name("rt"))
}

/// Returns the nearest sibling that is neither blank nor a parenthesis for other programs; `None`
/// for a container of readings, which stands by itself.
fn neighbour<'t>(
    node: &NodeRef<'t>,
    next: impl Fn(&NodeRef<'t>) -> Option<NodeRef<'t>>,
) -> Option<NodeRef<'t>> {
    let mut sibling = next(node).filter(|_| node.has_name("rt"));
    while let Some(found) = sibling {
        let is_skipped = found.has_name("rp")
            || (found.is_text() && found.text().chars().all(char::is_whitespace));
        if !is_skipped {
            return Some(found);
        }
        sibling = next(&found);
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::markup::parse_html;

    #[test]
    fn ruby_readings_are_in_parentheses() {
        let cases = [
            (
                "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>",
                "漢(kan)字(ji)",
            ),
            ("<ruby><rb>東<rb>京<rt>とう<rt>きょう</ruby>", "東京(とうきょう)"),
            ("<ruby>東京<rtc><rt>Tō</rt><rt>kyō</rt></rtc></ruby>", "東京(Tōkyō)"),
            ("<ruby>旧<rt>きゅう</rt><rtc>old</rtc></ruby>", "旧(きゅう)(old)"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }
}
