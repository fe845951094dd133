//! The fields of the form in which a view is edited.

use crate::model::{ListGrouping, SortOrder, View};

/// A part of a view that the user may edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewField {
    /// The name.
    Name,
    /// The query.
    Query,
    /// The order.
    Order,
    /// The groups.
    Grouping,
    /// The sidebar shows the view.
    Shown,
}

/// The labels of the orders, in the order of [`SortOrder::ALL`].
const ORDERS: &[&str] = &[
    "newest first",
    "oldest first",
    "by feed",
    "by title",
    "best first",
    "queue order",
    "by weight",
];

/// The labels of the groups, in the order of [`ListGrouping::ALL`].
const GROUPINGS: &[&str] = &["not grouped", "by day", "by feed", "by folder", "by story"];

impl ViewField {
    /// Every field, in the order of the form.
    pub const ALL: [ViewField; 5] = [
        ViewField::Name,
        ViewField::Query,
        ViewField::Order,
        ViewField::Grouping,
        ViewField::Shown,
    ];

    /// Returns the label of the field in a form.
    pub fn label(self) -> &'static str {
        match self {
            ViewField::Name => "Name",
            ViewField::Query => "Query",
            ViewField::Order => "Order",
            ViewField::Grouping => "Groups",
            ViewField::Shown => "In the sidebar",
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            ViewField::Name => "name in the sidebar",
            ViewField::Query => "what the view lists, as in the filter bar",
            ViewField::Order => "Space changes it",
            ViewField::Grouping => "headings, or a row for each story; Space changes it",
            ViewField::Shown => "Space changes it",
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            ViewField::Name | ViewField::Query => &[],
            ViewField::Order => ORDERS,
            ViewField::Grouping => GROUPINGS,
            ViewField::Shown => &["no", "yes"],
        }
    }

    /// Returns the text of the field for a view.
    pub(super) fn text_of(self, view: &View) -> String {
        match self {
            ViewField::Name => view.name.clone(),
            ViewField::Query => view.query.clone(),
            ViewField::Order => view.order.label().to_owned(),
            ViewField::Grouping => view.grouping.label().to_owned(),
            ViewField::Shown => if view.hidden { "no" } else { "yes" }.to_owned(),
        }
    }

    /// Sets the field of a view to a text of the form.
    pub(super) fn set_text(self, view: &mut View, text: &str) {
        match self {
            ViewField::Name => text.trim().clone_into(&mut view.name),
            ViewField::Query => text.trim().clone_into(&mut view.query),
            ViewField::Order => {
                let order = SortOrder::ALL.into_iter().find(|order| order.label() == text);
                view.order = order.unwrap_or_default();
            }
            ViewField::Grouping => {
                let groups = ListGrouping::ALL.into_iter().find(|groups| groups.label() == text);
                view.grouping = groups.unwrap_or_default();
            }
            ViewField::Shown => view.hidden = text == "no",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_the_labels_of_the_model() {
        assert_eq!(ORDERS, SortOrder::ALL.map(SortOrder::label));
        assert_eq!(GROUPINGS, ListGrouping::ALL.map(ListGrouping::label));
    }

    #[test]
    fn text_of_a_field_sets_it_back() {
        let view = View::new("Rust", "rust", &[]);
        for field in ViewField::ALL {
            let texts: Vec<String> = match field.choices() {
                [] => vec!["bridge".to_owned()],
                choices => choices.iter().map(|choice| (*choice).to_owned()).collect(),
            };
            for text in texts {
                let mut edited = view.clone();
                field.set_text(&mut edited, &text);
                assert_eq!(field.text_of(&edited), text);
            }
        }
    }
}
