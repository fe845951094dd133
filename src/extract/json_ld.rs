//! JSON-LD: structured data about the article in a page (schema.org).

use serde_json::Value;

use crate::markup::script_contents;

/// Maximum length of a JSON-LD script, in bytes; longer ones are ignored.
const MAX_SCRIPT_BYTES: usize = 1 << 20;

/// The JSON-LD data about an article; empty fields are not stated.
#[derive(Debug, Default)]
pub(super) struct JsonLdArticle {
    /// The candidates for the title, from `headline` and `name`: not every site uses `headline`.
    pub(super) titles: Vec<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<String>,
    pub(super) site: Option<String>,
    /// The text of the article, without markup.
    pub(super) body: Option<String>,
}

/// Parses the JSON-LD scripts of `page` and returns the first article in them.
pub(super) fn parse_json_ld(page: &str) -> JsonLdArticle {
    let texts =
        script_contents(page, "application/ld+json").filter(|text| text.len() <= MAX_SCRIPT_BYTES);
    let values = texts.filter_map(|text| serde_json::from_str::<Value>(strip_cdata(text)).ok());
    values
        .into_iter()
        .find_map(|value| find_article(&value).map(JsonLdArticle::from_value))
        .unwrap_or_default()
}

/// Removes the `CDATA` marks that old XHTML needs around a script.
fn strip_cdata(text: &str) -> &str {
    let without_start = text.trim().trim_start_matches("//").trim_start_matches("<![CDATA[");
    without_start.trim_end().trim_end_matches("]]>").trim_end_matches("//")
}

/// Finds the first article in a value, in a list of values, or in the `@graph` of a value.
fn find_article(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.iter().find_map(find_article),
        Value::Object(_) if is_article(value) => Some(value),
        Value::Object(object) => find_article(object.get("@graph")?),
        _ => None,
    }
}

/// Returns whether the `@type` of a value is a kind of article.
fn is_article(value: &Value) -> bool {
    let is_article_type = |kind: &Value| {
        let name = kind.as_str().unwrap_or_default();
        name.ends_with("Article") || name.ends_with("Posting") || name == "Report"
    };
    match value.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_article_type),
        Some(kind) => is_article_type(kind),
        None => false,
    }
}

impl JsonLdArticle {
    /// Reads the fields of an article.
    fn from_value(article: &Value) -> JsonLdArticle {
        let get_text = |name: &str| article.get(name).and_then(Value::as_str).map(str::to_owned);
        JsonLdArticle {
            titles: get_text("headline").into_iter().chain(get_text("name")).collect(),
            author: article.get("author").and_then(author_names),
            published: get_text("datePublished"),
            site: article.get("publisher").and_then(author_names),
            body: get_text("articleBody"),
        }
    }
}

/// Returns the name of a person or organisation, or several names joined by commas; `None` if there
/// is none or it is a URL.
fn author_names(value: &Value) -> Option<String> {
    let names = match value {
        Value::String(name) => name.clone(),
        Value::Array(several) => {
            several.iter().filter_map(single_name).collect::<Vec<_>>().join(", ")
        }
        person => single_name(person)?,
    };
    (!names.trim().is_empty() && !names.contains("://")).then_some(names)
}

/// Returns a name that is given as a string or as an object with `name`.
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
