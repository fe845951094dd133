//! Reading the JSON of a feed within a budget: its members as values, and its items one at a time.
//!
//! A value takes up to eighty times the size of its text in memory, so that the items become entries
//! as they are read: only one of them is a value at any time.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::budget::ParseBudget;

/// The size of a value and of its place in an array that has grown to twice its length, in bytes.
const VALUE_BYTES: usize = 2 * size_of::<Value>();

/// The size of a member of an object beside its name and its value, in bytes.
const MEMBER_BYTES: usize = size_of::<String>() + size_of::<Value>();

/// The size of the first node of a B-tree, which has room for eleven members, in bytes.
const OBJECT_BYTES: usize = 11 * MEMBER_BYTES;

/// The members of a feed, without its items.
#[derive(Debug, Default)]
pub(super) struct JsonFeedMembers {
    pub(super) members: Map<String, Value>,
    /// True if there is an array of items.
    pub(super) has_items: bool,
}

/// Reads a feed: an object with `items`, or a bare array of items.
pub(super) struct JsonFeedReader<'a> {
    pub(super) budget: &'a ParseBudget,
    /// The names of the members to keep.
    pub(super) names: &'a [&'a str],
    /// Takes an item.
    pub(super) take_item: &'a mut dyn FnMut(&Value),
}

impl<'de> DeserializeSeed<'de> for JsonFeedReader<'_> {
    type Value = JsonFeedMembers;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<JsonFeedMembers, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonFeedReader<'_> {
    type Value = JsonFeedMembers;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a feed")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut source: A) -> Result<JsonFeedMembers, A::Error> {
        let mut feed = JsonFeedMembers::default();
        while let Some(name) = source.next_key::<String>()? {
            if name == "items" {
                feed.has_items |= source.next_value_seed(self.items())?;
            } else if self.names.contains(&name.as_str()) {
                let value = source.next_value_seed(ValueReader { budget: self.budget })?;
                feed.members.insert(name, value);
            } else {
                source.next_value::<IgnoredAny>()?;
            }
        }
        Ok(feed)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, source: A) -> Result<JsonFeedMembers, A::Error> {
        let has_items = self.items().visit_seq(source)?;
        Ok(JsonFeedMembers { members: Map::new(), has_items })
    }
}

impl JsonFeedReader<'_> {
    fn items(&mut self) -> ItemsReader<'_> {
        ItemsReader { budget: self.budget, take_item: &mut *self.take_item }
    }
}

/// Reads the items; returns false if they are not in an array.
struct ItemsReader<'a> {
    budget: &'a ParseBudget,
    take_item: &'a mut dyn FnMut(&Value),
}

impl<'de> DeserializeSeed<'de> for ItemsReader<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<bool, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ItemsReader<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<bool, A::Error> {
        loop {
            let kept = self.budget.kept_bytes();
            let item = source.next_element_seed(ValueReader { budget: self.budget })?;
            self.budget.release(self.budget.kept_bytes() - kept);
            let Some(item) = item else { return Ok(true) };
            (self.take_item)(&item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<bool, A::Error> {
        while source.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
}

/// Reads any value and charges its size.
struct ValueReader<'a> {
    budget: &'a ParseBudget,
}

impl ValueReader<'_> {
    fn charge<E: Error>(&self, bytes: usize) -> Result<(), E> {
        self.budget.charge(bytes);
        self.budget.check().map_err(E::custom)
    }

    fn scalar<E: Error>(&self, value: impl Into<Value>) -> Result<Value, E> {
        self.charge(VALUE_BYTES)?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for ValueReader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueReader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.scalar(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.charge(text.len())?;
        self.scalar(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        self.charge(VALUE_BYTES)?;
        let mut values = Vec::new();
        while let Some(value) = source.next_element_seed(ValueReader { budget: self.budget })? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        self.charge(VALUE_BYTES)?;
        let mut members = Map::new();
        while let Some(name) = source.next_key::<String>()? {
            let node_bytes = if members.is_empty() { OBJECT_BYTES } else { MEMBER_BYTES };
            self.charge(node_bytes + name.len())?;
            members.insert(name, source.next_value_seed(ValueReader { budget: self.budget })?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads `text`; returns the members, the items, and whether there is an array of them.
    fn read(text: &str) -> (Value, Vec<Value>, bool) {
        let mut items = Vec::new();
        let reader = JsonFeedReader {
            budget: &ParseBudget::default(),
            names: &["title", "authors"],
            take_item: &mut |item| items.push(item.clone()),
        };
        let mut source = serde_json::Deserializer::from_str(text);
        let feed = reader.deserialize(&mut source).expect("it is valid");
        (Value::Object(feed.members), items, feed.has_items)
    }

    #[test]
    fn json_feed_reader_hands_out_items_and_keeps_known_members() {
        let feed =
            r#"{"x":[{}],"title":"t","items":[1,{"a":[-2,0.5,null,true,"b"]}],"authors":[]}"#;
        let (members, items, has_items) = read(feed);
        assert_eq!(members.to_string(), r#"{"authors":[],"title":"t"}"#);
        let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["1", r#"{"a":[-2,0.5,null,true,"b"]}"#]);
        assert!(has_items);
        assert_eq!(read("[7]").1, [Value::from(7)]);
        for other in ["null", "true", "1", "-1", "0.5", "\"a\"", "{\"a\":[1]}"] {
            assert!(!read(&format!("{{\"items\":{other}}}")).2, "{other}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,9}".prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-c]{1,2}", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn value_reader_equals_serde_json(value in any_value()) {
            let text = value.to_string();
            let budget = ParseBudget::default();
            let mut source = serde_json::Deserializer::from_str(&text);
            let read = ValueReader { budget: &budget }.deserialize(&mut source).unwrap();
            prop_assert_eq!(read, serde_json::from_str::<Value>(&text).unwrap());
            prop_assert!(budget.kept_bytes() >= size_of::<Value>());
        }
    }
}
