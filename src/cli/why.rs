//! `newsreader why`: the marks of an article, its story, the rules that acted on it, and the user's own acts.

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
    app::{MarkReason, describe_past_act, mark_reasons},
    library::{clock::local_now, load_entry_history},
    model::{Actor, EntryHistory, EntryId, StoryExplanation, StoryId},
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader why`.
#[derive(Debug, Clone, ClapArgs)]
pub struct WhyArgs {
    /// Number of the article, as printed by `list`.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    pub number: i64,
}

/// An act as JSON.
#[derive(Serialize)]
struct ActJson {
    at: String,
    actor: &'static str,
    rule: Option<String>,
    act: String,
    undone: bool,
}

/// A mark of the article as JSON.
#[derive(Serialize)]
struct MarkJson<'a> {
    name: &'a str,
    until: Option<String>,
    actor: Option<&'static str>,
    rule: Option<&'a str>,
}

/// The reasons for the state of an article as JSON.
#[derive(Serialize)]
struct WhyJson<'a> {
    version: u32,
    id: EntryId,
    title: &'a str,
    states: Vec<MarkJson<'a>>,
    tags: Vec<MarkJson<'a>>,
    story: Option<StoryJson<'a>>,
    weights: Vec<WeightJson<'a>>,
    acts: Vec<ActJson>,
}

/// The story of the article as JSON.
#[derive(Serialize)]
struct StoryJson<'a> {
    story: StoryId,
    others: &'a [EntryId],
    nearest: EntryId,
    words: &'a [String],
    chosen: bool,
}

/// A rule's part of the weight of the article, as JSON.
#[derive(Serialize)]
struct WeightJson<'a> {
    rule: &'a str,
    weight: i64,
}

/// The names of rules, with their parts of the weight of an article.
type Weights = Vec<(String, i64)>;

/// Prints the title of an article, its marks with those who gave them, and what was done to it, newest
/// first: time, by whom, and what, separated by tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    why: &WhyArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let id = EntryId(why.number);
    let Some(history) = load_entry_history(&reader, id)? else {
        anyhow::bail!("there is no article {id}");
    };
    let reasons = mark_reasons(&history);
    let weights = reader.list_entry_weights(id)?;
    let text = if args.json {
        output::to_json_lines(&why_json(&history, &reasons, &weights))?
    } else {
        format_history(&history, &reasons, &weights)
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn why_json<'a>(
    history: &'a EntryHistory,
    reasons: &'a [MarkReason],
    weights: &'a Weights,
) -> WhyJson<'a> {
    let acts = history.acts.iter().map(|act| ActJson {
        at: to_rfc3339(act.at()),
        actor: act.actor().kind(),
        rule: rule_of(&act.actor()).map(str::to_owned),
        act: describe_past_act(act, local_now()),
        undone: act.is_undone(),
    });
    let marks = |is_tag| reasons.iter().filter(move |reason| reason.is_tag == is_tag);
    WhyJson {
        version: JSON_VERSION,
        id: history.entry.id,
        title: &history.entry.title,
        states: marks(false).map(mark_json).collect(),
        tags: marks(true).map(mark_json).collect(),
        story: history.story.as_ref().map(story_json),
        weights: weights.iter().map(weight_json).collect(),
        acts: acts.collect(),
    }
}

fn story_json(explanation: &StoryExplanation) -> StoryJson<'_> {
    let StoryExplanation { story, others, nearest, words, is_chosen, .. } = explanation;
    StoryJson { story: *story, others, nearest: *nearest, words, chosen: *is_chosen }
}

fn weight_json((rule, weight): &(String, i64)) -> WeightJson<'_> {
    WeightJson { rule, weight: *weight }
}

fn mark_json(reason: &MarkReason) -> MarkJson<'_> {
    MarkJson {
        name: &reason.mark,
        until: reason.until.map(to_rfc3339),
        actor: reason.by.as_ref().map(Actor::kind),
        rule: reason.by.as_ref().and_then(rule_of),
    }
}

fn to_rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn rule_of(actor: &Actor) -> Option<&str> {
    match actor {
        Actor::Rule(name) => Some(name),
        _ => None,
    }
}

fn format_history(history: &EntryHistory, reasons: &[MarkReason], weights: &Weights) -> String {
    let entry = &history.entry;
    let mut text = format!("{}\t{}\n", entry.id, sanitize::to_text_line(&entry.title));
    for reason in reasons {
        let kind = if reason.is_tag { "tag" } else { "state" };
        let until = reason.until.map(|at| format!(" until {}", format_local(at)));
        let mark = format!("{}{}", reason.mark, until.unwrap_or_default());
        let by = reason.by.as_ref().map(Actor::label).unwrap_or_default();
        write_fields(&mut text, &[kind, &mark, &by]);
    }
    if !weights.is_empty() {
        let sum: i64 = weights.iter().map(|(_, weight)| weight).sum();
        let parts: Vec<String> =
            weights.iter().map(|(rule, weight)| format!("{rule} {weight:+}")).collect();
        write_fields(&mut text, &["weight", &format!("{sum:+}"), &parts.join(" · ")]);
    }
    if let Some(StoryExplanation { others, nearest, words, is_chosen, .. }) = &history.story {
        let with = format!("with {}, nearest is {nearest}", count_noun(others.len(), "other"));
        let reason = if *is_chosen { "you".to_owned() } else { words.join(" · ") };
        write_fields(&mut text, &["story", &with, &reason]);
    }
    for act in &history.acts {
        let by = act.actor().label();
        write_fields(
            &mut text,
            &[&format_local(act.at()), &by, &describe_past_act(act, local_now())],
        );
    }
    if history.acts.is_empty() {
        text.push_str("nothing was done to this article\n");
    }
    text
}

/// Writes fields as a line, separated by tabs; an empty one at the end is left out.
fn write_fields(text: &mut String, fields: &[&str; 3]) {
    let [first, second, third] = fields.map(sanitize::to_text_line);
    let tab = if third.is_empty() { "" } else { "\t" };
    writeln!(text, "{first}\t{second}{tab}{third}").expect("writing to a String cannot fail");
}
