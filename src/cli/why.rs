//! `newsreader why`: the tags of an article, the rules that acted on it, and the user's own acts.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    journal::format_local, json_version::JSON_VERSION, number::parse_number,
    open_library::OpenLibrary, output,
};
use crate::{
    app::describe_recorded_change,
    model::{Actor, ChangeId, Entry, EntryId, RecordedAct, RecordedChange},
    store::ReadConnection,
    text::{instant_from_seconds, sanitize},
};

/// Number of changes of the journal that are read at a time.
const CHANGES_PER_READ: usize = 1_000;

/// The arguments of `newsreader why`.
#[derive(Debug, Clone, ClapArgs)]
pub struct WhyArgs {
    /// Number of the article, as printed by `list`.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    pub number: i64,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// An act on the article.
struct ArticleAct {
    at: DateTime<Utc>,
    actor: Actor,
    sentence: String,
}

/// An act as JSON.
#[derive(Serialize)]
struct ActJson<'a> {
    at: String,
    actor: &'static str,
    rule: Option<&'a str>,
    act: &'a str,
}

/// A tag of the article as JSON.
#[derive(Serialize)]
struct ArticleTagJson<'a> {
    name: &'a str,
    until: Option<String>,
}

/// The reasons for the state of an article as JSON.
#[derive(Serialize)]
struct WhyJson<'a> {
    version: u32,
    id: EntryId,
    title: &'a str,
    tags: Vec<ArticleTagJson<'a>>,
    acts: Vec<ActJson<'a>>,
}

/// Prints the title and the tags of an article, and what was done to it, newest first: time, by whom,
/// and what, separated by tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    why: &WhyArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let id = EntryId(why.number);
    let Some(entry) = reader.load_entry(id)? else {
        anyhow::bail!("there is no article {id}");
    };
    let acts = list_acts(&reader, id)?;
    let text = if why.json {
        output::to_json_lines(&why_json(&entry, &acts))?
    } else {
        format_acts(&entry, &acts)
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Returns what rules, the user and others have done to the article, newest first.
fn list_acts(reader: &ReadConnection, id: EntryId) -> anyhow::Result<Vec<ArticleAct>> {
    let by_rules = reader.list_rule_acts(id)?.into_iter().map(act_of_rule);
    let mut acts: Vec<ArticleAct> = by_rules.collect();
    let mut before: Option<ChangeId> = None;
    loop {
        let mut oldest = before;
        let has_more =
            reader.for_each_recorded_change(before, CHANGES_PER_READ, &mut |change| {
                oldest = Some(change.id);
                // What rules did is known from their acts.
                if concerns(&change, id) && !matches!(change.actor, Actor::Rule(_)) {
                    let row = describe_recorded_change(&change);
                    acts.push(ArticleAct { at: row.at, actor: row.actor, sentence: row.sentence });
                }
            })?;
        if !has_more || oldest == before {
            break;
        }
        before = oldest;
    }
    acts.sort_by_key(|act| std::cmp::Reverse(act.at));
    Ok(acts)
}

fn act_of_rule(act: RecordedAct) -> ArticleAct {
    let earlier = if act.is_current { "" } else { " (on an earlier version)" };
    ArticleAct {
        at: instant_from_seconds(act.at).unwrap_or_default(),
        actor: Actor::Rule(act.rule),
        sentence: format!("{}{earlier}", act.actions),
    }
}

/// Returns whether a change is one of this article.
fn concerns(recorded: &RecordedChange, id: EntryId) -> bool {
    let mut is_listed = false;
    if let Some(applied) = &recorded.change {
        applied.change.for_each(&mut |part| is_listed |= part.entry_ids().contains(&id));
    }
    is_listed
}

fn why_json<'a>(entry: &'a Entry, acts: &'a [ArticleAct]) -> WhyJson<'a> {
    let to_rfc3339 = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let tags = entry.tags.iter().map(|tag| ArticleTagJson {
        name: tag.name.as_str(),
        until: tag.until.and_then(instant_from_seconds).map(to_rfc3339),
    });
    let acts = acts.iter().map(|act| ActJson {
        at: to_rfc3339(act.at),
        actor: act.actor.kind(),
        rule: match &act.actor {
            Actor::Rule(name) => Some(name),
            _ => None,
        },
        act: &act.sentence,
    });
    WhyJson {
        version: JSON_VERSION,
        id: entry.id,
        title: &entry.title,
        tags: tags.collect(),
        acts: acts.collect(),
    }
}

fn format_acts(entry: &Entry, acts: &[ArticleAct]) -> String {
    let mut text = format!("{}\t{}\n", entry.id, sanitize::to_text_line(&entry.title));
    for tag in &entry.tags {
        let until = tag.until.and_then(instant_from_seconds);
        let until = until.map_or_else(String::new, |at| format!(" until {}", format_local(at)));
        let name = sanitize::to_text_line(tag.name.as_str());
        writeln!(text, "tag\t{name}{until}").expect("writing to a String cannot fail");
    }
    for act in acts {
        let [by, what] = [&act.actor.label(), &act.sentence]
            .map(|field| sanitize::to_text_line(field).into_owned());
        let at = format_local(act.at);
        writeln!(text, "{at}\t{by}\t{what}").expect("writing to a String cannot fail");
    }
    if acts.is_empty() {
        text.push_str("nothing was done to this article\n");
    }
    text
}
