//! What a page says about its article to machines, as JSON-LD.

use serde_json::Value;

use crate::markup::script_contents;

/// Longer scripts are not read, in bytes.
const MAX_SCRIPT_BYTES: usize = 1 << 20;

/// What was said; empty where nothing was.
#[derive(Debug, Default)]
pub(super) struct JsonLdArticle {
    /// Its titles; not every site gives the headline as `headline`.
    pub(super) titles: Vec<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<String>,
    pub(super) site: Option<String>,
    /// The article itself, without markup.
    pub(super) body: Option<String>,
}

/// Reads what `page` says of the first article it describes.
pub(super) fn parse_json_ld(page: &str) -> JsonLdArticle {
    let texts =
        script_contents(page, "application/ld+json").filter(|text| text.len() <= MAX_SCRIPT_BYTES);
    let values = texts.filter_map(|text| serde_json::from_str::<Value>(strip_cdata(text)).ok());
    values
        .into_iter()
        .find_map(|value| find_article(&value).map(JsonLdArticle::from_value))
        .unwrap_or_default()
}

/// A script without the marks that old XHTML needs around it.
fn strip_cdata(text: &str) -> &str {
    let text = text.trim().trim_start_matches("//").trim_start_matches("<![CDATA[");
    text.trim_end().trim_end_matches("]]>").trim_end_matches("//")
}

/// The first article in a value, in a list of values, or in the graph of one.
fn find_article(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.iter().find_map(find_article),
        Value::Object(_) if is_article(value) => Some(value),
        Value::Object(object) => find_article(object.get("@graph")?),
        _ => None,
    }
}

fn is_article(value: &Value) -> bool {
    let is = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report"
    };
    match value.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => false,
    }
}

impl JsonLdArticle {
    fn from_value(article: &Value) -> JsonLdArticle {
        let text = |name: &str| article.get(name).and_then(Value::as_str).map(str::to_owned);
        JsonLdArticle {
            titles: text("headline").into_iter().chain(text("name")).collect(),
            author: article.get("author").and_then(author_names),
            published: text("datePublished"),
            site: article.get("publisher").and_then(author_names),
            body: text("articleBody"),
        }
    }
}

/// The name of someone, or the names of several.
fn author_names(value: &Value) -> Option<String> {
    let all = match value {
        Value::String(name) => name.clone(),
        Value::Array(several) => {
            several.iter().filter_map(single_name).collect::<Vec<_>>().join(", ")
        }
        one => single_name(one)?,
    };
    (!all.trim().is_empty() && !all.contains("://")).then_some(all)
}

fn single_name(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value.get("name")?.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_ld_script(json: &str) -> String {
        format!("<script type='application/ld+json'>{json}</script>")
    }

    #[test]
    fn parse_json_ld_reads_every_author_form() {
        let cases = [
            (r#"{"@type":"NewsArticle","author":"Ann"}"#, Some("Ann")),
            (r#"{"@type":"BlogPosting","author":{"name":"Ann"}}"#, Some("Ann")),
            (r#"{"@type":["Article"],"author":[{"name":"Ann"},{"name":"Bo"}]}"#, Some("Ann, Bo")),
            (r#"[{"@type":"Person"},{"@type":"Article","author":["Ann"]}]"#, Some("Ann")),
            (
                r#"{"@graph":[{"@type":"WebSite"},{"@type":"Report","author":{"name":"Ann"}}]}"#,
                Some("Ann"),
            ),
            (r#"{"@type":"Article","author":"https://example.org/ann"}"#, None),
            (r#"{"@type":"WebPage","author":"Ann"}"#, None),
            (r#"//<![CDATA[ {"@type":"Article","author":"Ann"} //]]>"#, Some("Ann")),
            ("{", None),
        ];
        for (json, expected) in cases {
            assert_eq!(parse_json_ld(&json_ld_script(json)).author.as_deref(), expected, "{json}");
        }
        let deep = json_ld_script(&r#"{"@graph":["#.repeat(10_000));
        assert!(parse_json_ld(&deep).author.is_none());
    }
}
