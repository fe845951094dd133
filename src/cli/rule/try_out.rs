//! `newsreader rule test`: prints what a rule would have acted on.

use clap::Args as ClapArgs;

use crate::{
    app::describe_dry_run,
    cli::{
        article_rows::{ROWS_PER_WRITE, format_entry_line, print_articles_json},
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        number::parse_number,
        open_library::OpenLibrary,
        output,
        query_args::check_filter,
        rule_file::RuleFile,
    },
    library::{clock::local_now, stored_query, try_rule},
    model::Rule,
    store::ReadConnection,
    text::count_noun,
};

/// The arguments of `newsreader rule test`.
#[derive(Debug, Clone, ClapArgs)]
pub struct RuleTestArgs {
    /// Name of a rule.
    #[arg(value_name = "NAME", required_unless_present = "query")]
    pub name: Option<String>,

    /// Instead of a rule: a query.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, conflicts_with = "name")]
    pub query: Option<String>,

    /// Number of days to look back; a query with an age searches all articles.
    #[arg(long, value_name = "DAYS", default_value = "90", value_parser = parse_number::<u32>)]
    pub days: u32,
}

/// Prints the number of articles that a rule would have acted on, of those that the user starred, and
/// the articles.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    test: &RuleTestArgs,
) -> anyhow::Result<ExitStatus> {
    let query = test.find_query(args, environment)?;
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let found = try_rule(&reader, &query, Some(test.days))?;
    if args.json {
        print_articles_json(&reader, &found.ids)?;
        return Ok(report_unsearched(found.unsearched_count));
    }
    output::write_stdout((describe_dry_run(&found) + "\n").as_bytes())?;
    let feeds = reader.list_feeds()?;
    for ids in found.ids.chunks(ROWS_PER_WRITE) {
        let rows = reader.load_entries(ids)?;
        let lines: String = rows.iter().map(|entry| format_entry_line(entry, &feeds)).collect();
        output::write_stdout(lines.as_bytes())?;
    }
    Ok(report_unsearched(found.unsearched_count))
}

/// Says how many articles could not be searched; the exit status is then a failure.
fn report_unsearched(count: usize) -> ExitStatus {
    if count == 0 {
        return ExitStatus::Success;
    }
    let articles = count_noun(count, "article");
    output::write_stderr_line(&format!("{articles} could not be searched"));
    ExitStatus::Failed
}

impl RuleTestArgs {
    fn find_query(&self, args: &GlobalArgs, environment: &Environment) -> anyhow::Result<String> {
        match (&self.query, &self.name) {
            (Some(query), _) if query.trim().is_empty() => {
                Err(UsageError("the query is empty".to_owned()).into())
            }
            (Some(query), _) => {
                check_filter(query)?;
                let rule = Rule { query: query.clone(), ..Rule::default() };
                Ok(stored_query(&rule, local_now()))
            }
            (None, Some(name)) => {
                let rule = RuleFile::require(args, environment)?.find_rule(name)?;
                Ok(stored_query(&rule, local_now()))
            }
            (None, None) => {
                Err(UsageError("name a rule, or a query with --query".to_owned()).into())
            }
        }
    }
}
