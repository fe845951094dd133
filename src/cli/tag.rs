//! `newsreader tag`: puts tags on articles, takes them off, and lists them.

use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;

use super::{
    change_hooks::run_change_hooks,
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    json_version::JSON_VERSION,
    listing_args::ListingArgs,
    mark::{MarkTargets, describe_unchanged},
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    output,
    unknown_name::NamedThing,
};
use crate::{
    library::{
        clock::{local_now, utc_now},
        local_instant,
    },
    model::{Change, Tag, TagMark, TagName},
    query::{FUTURE_TIME_FORMS, parse_future_time},
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader tag`.
#[derive(Debug, Clone, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct TagArgs {
    #[command(subcommand)]
    command: Option<TagCommand>,

    /// Put this tag on the articles; `later` and `hidden` are tags as well.
    #[arg(long, value_name = "TAG")]
    add: Vec<String>,

    /// Take this tag off the articles.
    #[arg(long, value_name = "TAG")]
    remove: Vec<String>,

    /// Put the tags on until this time: 18:00, tomorrow, "fri 9:00", 2026-12-01, 2h, 2d, 3w.
    #[arg(long, value_name = "TIME", requires = "add")]
    until: Option<String>,

    #[command(flatten)]
    targets: MarkTargets,
}

/// A subcommand of `newsreader tag`.
#[derive(Debug, Clone, Copy, Subcommand)]
enum TagCommand {
    /// List the tags with the number of their articles.
    List(ListingArgs),
}

/// Changes the tags of articles as one change, which can be undone, or lists the tags.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    tag: &TagArgs,
) -> anyhow::Result<ExitStatus> {
    if let Some(TagCommand::List(listing)) = tag.command {
        return list_tags(args, environment, listing);
    }
    let marks = tag.parse_marks()?;
    let mut found = tag.targets.find(args, environment)?;
    check_removed_tags(&ReadConnection::open(&found.library.location)?, &marks)?;
    let parts = marks.into_iter().map(|(name, mark)| Change::set_tag(&found.ids, name, mark));
    let change = Change::Many(parts.collect());
    let applied = found.library.writer.apply_change(&change, utc_now())?;
    let (changed, unchanged) = found.count_changed(&applied);
    let text = tag.describe(changed, unchanged);
    let outcome = CommandOutcome::new([text]).with_changed(changed).with_unchanged(unchanged);
    outcome.print(args)?;
    let hooked = run_change_hooks(args, environment, &found.library.location, &applied);
    Ok(if hooked == ExitStatus::Success { found.exit } else { hooked })
}

impl TagArgs {
    /// Returns the tags with the marks that the articles are to have.
    fn parse_marks(&self) -> Result<Vec<(TagName, TagMark)>, UsageError> {
        let until = self.until.as_deref().map(parse_until).transpose()?;
        let added = self.add.iter().map(|name| (name, TagMark::on_until(until)));
        let removed = self.remove.iter().map(|name| (name, TagMark::Off));
        let parse = |(name, mark): (&String, TagMark)| match TagName::parse(name) {
            Ok(name) => Ok((name, mark)),
            Err(error) => Err(UsageError(format!("“{name}” is no tag: {error}"))),
        };
        let marks: Vec<(TagName, TagMark)> =
            added.chain(removed).map(parse).collect::<Result<_, _>>()?;
        if marks.is_empty() {
            return Err(UsageError("name a tag with --add or --remove".to_owned()));
        }
        let mut keys: Vec<String> = marks.iter().map(|(name, _)| name.key()).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(UsageError(format!("the tag {} is named twice", pair[0]))),
            None => Ok(marks),
        }
    }

    /// Describes how many articles have changed, and how many were as they were to be.
    fn describe(&self, changed: usize, unchanged: usize) -> String {
        let articles = count_noun(changed, "article");
        let participle = match (self.add.is_empty(), self.remove.is_empty()) {
            (false, true) => "tagged",
            (true, _) => "untagged",
            (false, false) => "changed",
        };
        let state = match (self.add.is_empty(), self.remove.len()) {
            (true, 1) => Some("without this tag"),
            (true, _) => Some("without these tags"),
            (false, 0) => None,
            (false, _) => Some("like that before"),
        };
        format!("{articles} {participle}{}", describe_unchanged(unchanged, state))
    }
}

/// Checks that the library knows the tags that articles are to lose.
///
/// # Errors
///
/// Returns an error for the first that no article ever had.
fn check_removed_tags(reader: &ReadConnection, marks: &[(TagName, TagMark)]) -> anyhow::Result<()> {
    let known = reader.list_tags()?;
    let is_unknown = |(name, mark): &&(TagName, TagMark)| {
        !mark.is_on() && known.iter().all(|tag| tag.name.key() != name.key())
    };
    let Some((name, _)) = marks.iter().find(is_unknown) else { return Ok(()) };
    let names = known.iter().map(|tag: &Tag| tag.name.as_str());
    Err(NamedThing::Tag.unknown(name.as_str(), names).into())
}

/// Returns the time to come that `text` names, in seconds since 1970.
pub(in crate::cli) fn parse_until(text: &str) -> Result<i64, UsageError> {
    let now = local_now();
    let time = parse_future_time(text, now.local());
    time.and_then(|time| time.resolve(now.at, local_instant))
        .ok_or_else(|| UsageError(format!("“{text}”: {FUTURE_TIME_FORMS}")))
}

/// A tag as JSON.
#[derive(Serialize)]
struct TagJson {
    name: String,
    articles: u64,
}

/// All tags as JSON.
#[derive(Serialize)]
struct TagListJson {
    version: u32,
    tags: Vec<TagJson>,
}

/// Prints the tags that articles have, sorted by name.
fn list_tags(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    let mut tags = count_tags(&reader)?;
    listing.shorten(&mut tags);
    let text = if args.json { tags_json(&tags)? } else { tags.iter().map(format_tag).collect() };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Returns all tags as JSON.
pub(super) fn list_json(reader: &ReadConnection) -> anyhow::Result<String> {
    tags_json(&count_tags(reader)?)
}

fn tags_json(counted: &[(TagName, u64)]) -> anyhow::Result<String> {
    let to_json = |(name, articles): &(TagName, u64)| TagJson {
        name: name.as_str().to_owned(),
        articles: *articles,
    };
    let tags = counted.iter().map(to_json).collect();
    output::to_json_lines(&TagListJson { version: JSON_VERSION, tags })
}

fn format_tag((name, articles): &(TagName, u64)) -> String {
    format!("{}\t{articles}\n", sanitize::to_text_line(name.as_str()))
}

/// Returns the tags that articles have, with the number of these, sorted by name.
fn count_tags(reader: &ReadConnection) -> anyhow::Result<Vec<(TagName, u64)>> {
    let (tags, counts) = (reader.list_tags()?, reader.count_tagged_entries()?);
    let counted = tags.into_iter().filter_map(|tag| Some((tag.name, *counts.get(&tag.id)?)));
    Ok(counted.collect())
}
