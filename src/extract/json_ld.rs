//! JSON-LD: structured data about the article in a page (schema.org).

use serde_json::Value;

use crate::markup::script_contents;

/// Maximum length of a JSON-LD script, in bytes; longer ones are ignored.
const MAX_SCRIPT_BYTES: usize = 1 << 20;

/// The JSON-LD data of a page; empty fields are not stated.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    pub(super) article: JsonLdArticle,
    /// The publication date of the page or of something else in it, such as a video.
    pub(super) page_published: Option<String>,
    /// The name of the website.
    website: Option<String>,
}

/// The JSON-LD data about an article.
#[derive(Debug, Default)]
pub(super) struct JsonLdArticle {
    /// The candidates for the title, from `headline` and `name`: not every site uses `headline`.
    pub(super) titles: Vec<String>,
    /// The names of persons and organisations.
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) publisher: Option<String>,
    /// The text of the article, without markup.
    pub(super) body: Option<String>,
}

impl JsonLd {
    /// Parses the JSON-LD scripts of a page. The first article with a text counts, otherwise the
    /// first article.
    pub(super) fn parse(page: &str) -> JsonLd {
        let texts = script_contents(page, "application/ld+json")
            .filter(|text| text.len() <= MAX_SCRIPT_BYTES);
        let values: Vec<Value> = texts.filter_map(parse_script).collect();
        let nodes: Vec<&Value> = values.iter().flat_map(top_nodes).collect();
        let articles = || nodes.iter().copied().filter(|node| is_article(node));
        let article = articles().find(|node| get_text(node, "articleBody").is_some());
        let article = article.or_else(|| articles().next());
        let website = nodes.iter().copied().find(|node| has_type(node, |name| name == "WebSite"));
        JsonLd {
            article: article.map(JsonLdArticle::from_value).unwrap_or_default(),
            page_published: nodes.iter().find_map(|node| get_text(node, "datePublished")),
            website: website.and_then(|node| get_text(node, "name")),
        }
    }

    /// Returns the names of the website: of its node and of the publisher.
    pub(super) fn site_names(&self) -> impl Iterator<Item = &str> {
        self.article.publisher.as_deref().into_iter().chain(self.website.as_deref())
    }
}

/// Parses one script. Publishers often write raw line breaks into strings and commas after the last
/// member, which JSON forbids (RFC 8259 §7, §4); they are read as spaces and left out.
fn parse_script(text: &str) -> Option<Value> {
    let json = strip_cdata(text);
    serde_json::from_str(json).or_else(|_| serde_json::from_str(&repair_json(json))).ok()
}

fn repair_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        let c = if c.is_control() { ' ' } else { c };
        if matches!(c, '}' | ']') && !in_string {
            let end = out.trim_end();
            let end = end.strip_suffix(',').unwrap_or(end).len();
            out.truncate(end);
        }
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && in_string && !escaped;
        out.push(c);
    }
    out
}

/// Removes the `CDATA` marks that old XHTML needs around a script.
fn strip_cdata(text: &str) -> &str {
    let without_start = text.trim().trim_start_matches("//").trim_start_matches("<![CDATA[");
    without_start.trim_end().trim_end_matches("]]>").trim_end_matches("//")
}

/// Returns the objects at the top of a value: itself, those in a list, and those in `@graph`, not
/// the things that they mention.
fn top_nodes(value: &Value) -> Vec<&Value> {
    let mut nodes = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(object) => {
                nodes.push(value);
                open.extend(object.get("@graph"));
                // Some sites describe the article as the subject of the page.
                open.extend(object.get("mainEntity").filter(|entity| is_article(entity)));
            }
            _ => {}
        }
    }
    nodes
}

/// Returns whether the `@type` of a value is a kind of article.
fn is_article(value: &Value) -> bool {
    has_type(value, |name| {
        let kinds = ["Article", "Posting", "Recipe", "Review", "HowTo", "CreativeWork"];
        kinds.iter().any(|kind| name.ends_with(kind)) || name == "Report"
    })
}

fn has_type(value: &Value, is_wanted: impl Fn(&str) -> bool) -> bool {
    let is_wanted = |kind: &Value| kind.as_str().is_some_and(&is_wanted);
    match value.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_wanted),
        Some(kind) => is_wanted(kind),
        None => false,
    }
}

fn get_text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

impl JsonLdArticle {
    /// Reads the fields of an article.
    fn from_value(article: &Value) -> JsonLdArticle {
        let names_of = |name: &str| article.get(name).map(person_names).unwrap_or_default();
        JsonLdArticle {
            titles: ["headline", "name"]
                .iter()
                .filter_map(|name| get_text(article, name))
                .collect(),
            authors: [names_of("author"), names_of("creator")]
                .into_iter()
                .find(|names| !names.is_empty())
                .unwrap_or_default(),
            published: get_text(article, "datePublished"),
            publisher: names_of("publisher").into_iter().next(),
            body: get_text(article, "articleBody"),
        }
    }
}

/// Returns the names of persons or organisations, given as texts or as objects with `name`.
fn person_names(value: &Value) -> Vec<String> {
    let several = match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let names = several.iter().filter_map(|one| match one {
        Value::String(name) => Some(name.as_str()),
        person => person.get("name")?.as_str(),
    });
    names.filter(|name| !name.contains("://")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> JsonLd {
        JsonLd::parse(&format!("<script type='application/ld+json'>{json}</script>"))
    }

    #[test]
    fn parse_json_ld_ignores_deep_nesting() {
        for open in ["[", "{\"@graph\":[", "{\"author\":", "{\"mainEntity\":{\"author\":["] {
            assert_eq!(parse(&open.repeat(50_000)).article.body, None, "{open}");
        }
        let nested =
            ["[".repeat(100), r#"{"@type":"Article","author":"Ann"}"#.to_owned(), "]".repeat(100)];
        parse(&nested.concat());
    }

    #[test]
    fn parse_json_ld_reads_every_author_form() {
        let cases = [
            (r#"{"@type":"NewsArticle","author":"Ann"}"#, "Ann"),
            (r#"{"@type":"BlogPosting","author":{"name":"Ann"}}"#, "Ann"),
            (r#"{"@type":["Article"],"author":[{"name":"Ann"},{"name":"Bo"}]}"#, "Ann|Bo"),
            (r#"{"@type":["Article"],"creator":["Ann","Bo"]}"#, "Ann|Bo"),
            (r#"[{"@type":"Person"},{"@type":"Article","author":["Ann"]}]"#, "Ann"),
            (
                r#"{"@graph":[{"@type":"WebSite"},{"@type":"Report","author":{"name":"Ann"}}]}"#,
                "Ann",
            ),
            (r#"{"@type":"WebPage","mainEntity":{"@type":"Article","author":"Ann"}}"#, "Ann"),
            (r#"{"@type":"Article","author":"https://example.org/ann"}"#, ""),
            (r#"{"@type":"WebPage","author":"Ann"}"#, ""),
            (r#"//<![CDATA[ {"@type":"Article","author":"Ann"} //]]>"#, "Ann"),
            ("{\"@type\":\"Article\",\"author\":\"Ann\",\"articleBody\":\"a\nb\"}", "Ann"),
            (r#"{"@type":"Recipe","author":{"name":"Ann"}}"#, "Ann"),
            (r#"{"@type":"Article","author":["Ann, ]",],"headline":"a\",}",}"#, "Ann, ]"),
            ("{", ""),
        ];
        for (json, expected) in cases {
            assert_eq!(parse(json).article.authors.join("|"), expected, "{json}");
        }
        assert!(parse(&r#"{"@graph":["#.repeat(10_000)).article.authors.is_empty());
    }

    #[test]
    fn parse_json_ld_prefers_article_with_body_and_dates_of_the_page() {
        let json = parse(
            r#"[{"@type":"VideoObject","datePublished":"2026-03-01"},
                {"@type":"Article","headline":"A","publisher":{"name":"The Paper"}},
                {"@type":"Article","headline":"B","articleBody":"text"},
                {"@type":"WebSite","name":"Paper"}]"#,
        );
        assert_eq!(
            (json.article.titles.as_slice(), json.article.published.as_deref()),
            (&["B".to_owned()][..], None)
        );
        assert_eq!(json.page_published.as_deref(), Some("2026-03-01"));
        assert_eq!(json.site_names().collect::<Vec<_>>(), ["Paper"]);
    }
}
