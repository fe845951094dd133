//! The query of a subcommand that lists, counts or marks articles.

use clap::Args as ClapArgs;

use super::exit_status::UsageError;
use crate::{library::clock::local_today, query::find_mistake};

/// The words of a query, as separate arguments.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct QueryArgs {
    /// Query, as in the filter bar: words, '"a phrase"', -word, is:unread, feed:name, since:1w …
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
}

impl QueryArgs {
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
