//! The writer of Markdown files with front matter, which [`parse_file`](super::parse_file) reads back.

use chrono::SecondsFormat;

use crate::{markup, model::PublicationDate, text::sanitize};

/// An article to write as a Markdown file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownFile {
    /// Title.
    pub title: String,
    /// Author.
    pub author: Option<String>,
    /// Publication date. One that the source does not state is left out.
    pub published: PublicationDate,
    /// URL of the article's web page.
    pub link: Option<String>,
    /// Tags, each one word.
    pub tags: Vec<String>,
    /// Categories of the publisher, which may have several words.
    pub categories: Vec<String>,
    /// Name of the feed, which is for other programs.
    pub feed: String,
    /// The article was read, which is for other programs.
    pub read: bool,
    /// The article is starred, which is for other programs.
    pub starred: bool,
    /// The text in Markdown, without the title.
    pub body: String,
}

impl MarkdownFile {
    /// Returns the content of the file: front matter in YAML, and the text.
    pub fn to_text(&self) -> String {
        let mut lines = vec![format!("title: {}", quote(&self.title))];
        lines.extend(format_date(self.published).map(|date| format!("date: {date}")));
        let texts = [("author", &self.author), ("link", &self.link)];
        let texts = texts.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
        lines.extend(texts.map(|(key, value)| format!("{key}: {}", quote(value))));
        for (key, values) in [("tags", &self.tags), ("categories", &self.categories)] {
            if !values.is_empty() {
                let values: Vec<String> = values.iter().map(|value| quote(value)).collect();
                lines.push(format!("{key}: [{}]", values.join(", ")));
            }
        }
        lines.push(format!("feed: {}", quote(&self.feed)));
        lines.push(format!("read: {}\nstarred: {}", self.read, self.starred));
        let heading = self.repeated_title();
        format!("---\n{}\n---\n\n{heading}{}", lines.join("\n"), self.body)
    }

    /// Returns the heading at the start of the text if it repeats the title, to be written twice: what
    /// reads the file takes the first for the title and leaves it out.
    fn repeated_title(&self) -> String {
        match markup::find_first_heading(&self.body) {
            Some((words, range))
                if words == one_line(&self.title) && self.body[..range.start].trim().is_empty() =>
            {
                format!("{}\n\n", self.body[..range.end].trim_end())
            }
            _ => String::new(),
        }
    }
}

/// Returns the day, or the instant in UTC; `None` for the time of arrival.
fn format_date(published: PublicationDate) -> Option<String> {
    match published {
        PublicationDate::Day(day) => Some(day.to_string()),
        PublicationDate::Instant(at) => Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        PublicationDate::Arrival(_) => None,
    }
}

/// Returns a text as a scalar of YAML in double quotes, on one line.
fn quote(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Joins the words of a text, without control characters.
fn one_line(text: &str) -> String {
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};
    use proptest::prelude::*;

    use super::*;
    use crate::documents::{parse_file, render_body};

    fn file(body: &str) -> MarkdownFile {
        MarkdownFile {
            title: "A “new” title: with \"quotes\" and C:\\".to_owned(),
            author: Some("Ann Weil, Bo Lind".to_owned()),
            published: PublicationDate::Instant(
                DateTime::from_timestamp(1_769_000_000, 0).unwrap(),
            ),
            link: Some("https://example.org/a?b=c#d".to_owned()),
            tags: vec!["later".to_owned(), "c++".to_owned(), "a]:b".to_owned()],
            categories: vec!["Roads, rivers and “rails”".to_owned(), "Ann's \"notes\"".to_owned()],
            feed: "Evening Post".to_owned(),
            read: true,
            starred: false,
            body: body.to_owned(),
        }
    }

    #[test]
    fn markdown_file_states_everything_in_front_matter() {
        let expected = "---\ntitle: \"A “new” title: with \\\"quotes\\\" and C:\\\\\"\n\
            date: 2026-01-21T12:53:20Z\nauthor: \"Ann Weil, Bo Lind\"\nlink: \"https://example.org/a?b=c#d\"\n\
            tags: [\"later\", \"c++\", \"a]:b\"]\n\
            categories: [\"Roads, rivers and “rails”\", \"Ann's \\\"notes\\\"\"]\nfeed: \"Evening Post\"\nread: true\nstarred: false\n---\n\nText.\n";
        assert_eq!(file("Text.\n").to_text(), expected);
    }

    #[test]
    fn heading_that_repeats_the_title_is_kept() {
        let written =
            MarkdownFile { title: "Head".to_owned(), ..file("# Head\n\nText.\n") }.to_text();
        let read = parse_file("a.md", written.as_bytes(), None).unwrap().entry;
        assert_eq!(read.title, "Head");
        assert_eq!(render_body(&read.body).plain_text(), "Head\n\nText.");
    }

    fn any_date() -> impl Strategy<Value = PublicationDate> {
        let seconds = 0..4_000_000_000_i64;
        prop_oneof![
            (0..40_000).prop_map(|days| {
                PublicationDate::Day(
                    NaiveDate::from_epoch_days(days).expect("a day of the calendar"),
                )
            }),
            seconds.clone().prop_map(|at| {
                PublicationDate::Instant(DateTime::from_timestamp(at, 0).expect("in the calendar"))
            }),
            seconds.prop_map(|at| {
                PublicationDate::Arrival(DateTime::from_timestamp(at, 0).expect("in the calendar"))
            }),
        ]
    }

    proptest! {
        #[test]
        fn markdown_file_parses_to_the_article(
            title in "[\"'\\\\:#\\[\\]{}&*!|>%@`~ a-zé東א-]{0,20}[a-z\"'\\]\\\\]",
            author in prop::option::of("[A-Z][a-z.,' -]{0,12}[a-z\"]"),
            published in any_date(),
            path in prop::option::of("[a-z0-9/_.?=&#-]{0,12}"),
            tags in prop::collection::vec("[a-zé東]{1,5}[\\]\\[:#+\\\\!]{0,2}", 0..4),
            categories in prop::collection::vec("[A-Z][a-z,' \"\\\\\\[\\]:#-]{0,12}[a-z]", 0..3),
            words in "[a-zé東]{1,9}( [a-z]{1,5}){0,4}",
        ) {
            let link = path.map(|path| format!("https://example.org/{path}"));
            let link = link.and_then(|link| crate::text::url::resolve(&link, None));
            let title = one_line(&title);
            let file = MarkdownFile {
                title,
                author: author.as_deref().map(one_line),
                published,
                link,
                tags,
                categories: categories.iter().map(|category| one_line(category)).collect(),
                ..file(&words)
            };
            let PublicationDate::Arrival(arrival) = published else {
                return check(&file, None);
            };
            check(&file, Some(arrival))?;
        }
    }

    fn check(
        file: &MarkdownFile,
        modified: Option<DateTime<chrono::Utc>>,
    ) -> Result<(), TestCaseError> {
        let text = file.to_text();
        let read = parse_file("a.md", text.as_bytes(), modified).unwrap();
        prop_assert_eq!(&read.warnings, &Vec::<String>::new());
        let entry = read.entry;
        prop_assert_eq!(&entry.title, &file.title, "{}", text);
        prop_assert_eq!(&entry.author, &file.author);
        prop_assert_eq!(entry.published, file.published);
        prop_assert_eq!(&entry.link, &file.link);
        let mut tags = file.tags.clone();
        for category in &file.categories {
            if !tags.contains(category) {
                tags.push(category.clone());
            }
        }
        prop_assert_eq!(&entry.tags, &tags, "{}", text);
        prop_assert_eq!(render_body(&entry.body).plain_text(), file.body.clone());
        Ok(())
    }
}
