//! The query of a subcommand that lists, counts or marks articles.

use clap::Args as ClapArgs;

use super::{exit_status::UsageError, view::find_view};
use crate::{library::clock::local_today, model::View, query::find_mistake, store::ReadConnection};

/// The words of a query, as separate arguments.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct QueryArgs {
    /// Query, as in the filter bar: words, '"a phrase"', -word, is:unread, feed:name, since:1w …
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
}

impl QueryArgs {
    /// Creates the arguments of a filter.
    pub fn from_filter(filter: String) -> QueryArgs {
        QueryArgs { words: vec![filter] }
    }

    /// Returns whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| word.trim().is_empty())
    }

    /// Returns the words as one filter.
    ///
    /// # Errors
    ///
    /// Returns an error for a mistake in the filter.
    pub fn to_filter(&self) -> Result<String, UsageError> {
        let filter = self.words.join(" ");
        check_filter(&filter)?;
        Ok(filter)
    }

    /// Returns the words as a filter that narrows the view called `view`, and that view.
    ///
    /// # Errors
    ///
    /// Returns an error for a mistake in the filter, and if there is no such view.
    pub fn to_filter_in(
        &self,
        reader: &ReadConnection,
        view: Option<&str>,
    ) -> anyhow::Result<(String, Option<View>)> {
        let words = self.to_filter()?;
        let Some(name) = view else { return Ok((words, None)) };
        let view = find_view(reader, name)?;
        let filter = match (view.query.as_str(), words.as_str()) {
            ("", words) => words.to_owned(),
            (query, "") => query.to_owned(),
            (query, words) => format!("({query}) ({words})"),
        };
        Ok((filter, Some(view)))
    }
}

/// Checks that `filter` has no mistake.
///
/// # Errors
///
/// Returns the first mistake, with its place.
pub fn check_filter(filter: &str) -> Result<(), UsageError> {
    let Some(mistake) = find_mistake(filter, local_today()) else { return Ok(()) };
    Err(UsageError(format!(
        "“{}” at character {} of the query: {}",
        &filter[mistake.span.clone()],
        mistake.character_number(filter),
        mistake.describe(filter)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_args_join_words_and_refuse_mistakes() {
        let to_filter = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            QueryArgs { words }.to_filter().map_err(|error| error.0)
        };
        assert_eq!(to_filter(&[]), Ok(String::new()));
        assert_eq!(to_filter(&["-sport", "is:unread"]), Ok("-sport is:unread".to_owned()));
        let error = to_filter(&["über", "(a"]).unwrap_err();
        assert_eq!(error, "“(a” at character 6 of the query: the parenthesis is not closed");
    }
}
