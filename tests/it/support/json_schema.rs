//! A validator for the part of JSON Schema (2020-12) that the schemas of the program use.

use serde_json::{Map, Value};

/// Keywords that only explain.
const ANNOTATIONS: [&str; 4] = ["$schema", "title", "description", "$defs"];

/// Checks `document` against `schema`; returns the path and the reason of the first violation. A
/// keyword that is not implemented is one, so that no part of a schema goes unchecked.
pub fn validate(schema: &Value, document: &Value) -> Result<(), String> {
    let validator = Validator { root: schema };
    validator.check(schema, document).map_err(|(path, reason)| format!("document{path}: {reason}"))
}

/// The path of a value that violates the schema, and the reason.
type Violation = (String, String);

struct Validator<'s> {
    root: &'s Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value) -> Result<(), Violation> {
        let schema = schema.as_object().ok_or_else(|| violation("the schema is no object"))?;
        for (keyword, argument) in schema {
            match keyword.as_str() {
                "$ref" => self.check(self.resolve(argument)?, value)?,
                "type" => check_type(argument, value)?,
                "const" if argument != value => return Err(violation(&format!("not {argument}"))),
                "const" => {}
                "enum" => check_enum(argument, value)?,
                "minimum" => check_minimum(argument, value)?,
                "required" => check_required(argument, value)?,
                "properties" => self.check_properties(argument, value)?,
                "additionalProperties" => check_no_others(argument, schema, value)?,
                "items" => self.check_items(argument, value)?,
                annotation if ANNOTATIONS.contains(&annotation) => {}
                unknown => return Err(violation(&format!("the keyword {unknown} is unknown"))),
            }
        }
        Ok(())
    }

    fn resolve(&self, reference: &Value) -> Result<&Value, Violation> {
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
        let found = pointer.and_then(|pointer| self.root.pointer(pointer));
        found.ok_or_else(|| violation(&format!("{reference} leads nowhere")))
    }

    fn check_properties(&self, schemas: &Value, value: &Value) -> Result<(), Violation> {
        let (Some(schemas), Some(object)) = (schemas.as_object(), value.as_object()) else {
            return Ok(());
        };
        for (name, schema) in schemas {
            if let Some(inner) = object.get(name) {
                self.check(schema, inner).map_err(within(&format!(".{name}")))?;
            }
        }
        Ok(())
    }

    fn check_items(&self, schema: &Value, value: &Value) -> Result<(), Violation> {
        for (position, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(schema, item).map_err(within(&format!("[{position}]")))?;
        }
        Ok(())
    }
}

fn violation(reason: &str) -> Violation {
    (String::new(), reason.to_owned())
}

/// Returns a function that puts `step` before the path of a violation.
fn within(step: &str) -> impl FnOnce(Violation) -> Violation {
    move |(path, reason)| (format!("{step}{path}"), reason)
}

fn check_enum(allowed: &Value, value: &Value) -> Result<(), Violation> {
    let is_allowed = allowed.as_array().is_some_and(|values| values.contains(value));
    if is_allowed { Ok(()) } else { Err(violation(&format!("{value} is not one of {allowed}"))) }
}

fn check_type(allowed: &Value, value: &Value) -> Result<(), Violation> {
    let is_allowed = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    let fits = match allowed {
        Value::Array(names) => names.iter().any(is_allowed),
        name => is_allowed(name),
    };
    if fits { Ok(()) } else { Err(violation(&format!("{value} is not of type {allowed}"))) }
}

fn check_minimum(minimum: &Value, value: &Value) -> Result<(), Violation> {
    match (value.as_f64(), minimum.as_f64()) {
        (Some(number), Some(least)) if number < least => {
            Err(violation(&format!("{value} is less than {minimum}")))
        }
        _ => Ok(()),
    }
}

fn check_required(names: &Value, value: &Value) -> Result<(), Violation> {
    let Some(object) = value.as_object() else { return Ok(()) };
    let mut names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    match names.find(|name| !object.contains_key(*name)) {
        Some(missing) => Err(violation(&format!("{missing} is missing"))),
        None => Ok(()),
    }
}

/// Checks that an object has no property that the schema does not list.
fn check_no_others(
    allowed: &Value,
    schema: &Map<String, Value>,
    value: &Value,
) -> Result<(), Violation> {
    if allowed != &Value::Bool(false) {
        return Err(violation("additionalProperties can only be false"));
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    let listed = schema.get("properties").and_then(Value::as_object);
    match object.keys().find(|name| listed.is_none_or(|listed| !listed.contains_key(*name))) {
        Some(other) => Err(violation(&format!("{other} is not in the schema"))),
        None => Ok(()),
    }
}
