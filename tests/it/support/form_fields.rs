//! The fields of forms and queries, as a server reads them.

/// Returns the decoded fields of a form or query; those without a value have an empty one.
pub fn decode_fields(form: &str) -> Vec<(String, String)> {
    let plus_is_space = |text: &str| newsreader::text::url::percent_decode(&text.replace('+', " "));
    let fields = form.split('&').filter(|field| !field.is_empty());
    let fields = fields.map(|field| field.split_once('=').unwrap_or((field, "")));
    fields.map(|(name, value)| (plus_is_space(name), plus_is_space(value))).collect()
}

/// Returns the value of the first field with a name; an empty one if there is none.
pub fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}
