//! `newsreader queue download`: downloads episodes.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{IsTerminal, stderr},
    sync::atomic::AtomicBool,
};

use clap::Args as ClapArgs;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use super::queue_access;
use crate::{
    cli::{
        config::load_reported_settings, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, json_version::JSON_VERSION, network, number::parse_number,
        open_library::OpenLibrary, output,
    },
    library::{DownloadEvent, DownloadFolder, DownloadPlan, Episode, download_all},
    model::{EntryId, Failure},
    store::{ReadConnection, WriteConnection},
    text::sanitize,
};

/// The arguments of `newsreader queue download`.
#[derive(Debug, Clone, ClapArgs)]
pub struct DownloadArgs {
    /// Numbers of the articles, as printed by `list`; without any, the whole queue.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    numbers: Vec<i64>,
}

/// The result of one download.
struct DownloadResult {
    entry: EntryId,
    result: Result<String, Failure>,
}

/// A download as JSON.
#[derive(Serialize)]
struct DownloadJson<'a> {
    number: EntryId,
    file: Option<&'a str>,
    problem: Option<&'a str>,
}

/// The downloads as JSON.
#[derive(Serialize)]
struct DownloadListJson<'a> {
    version: u32,
    downloads: Vec<DownloadJson<'a>>,
}

/// Downloads the episodes, and prints the path of each file.
pub(super) fn run(
    args: &GlobalArgs,
    environment: &Environment,
    download: &DownloadArgs,
) -> anyhow::Result<ExitStatus> {
    let settings = load_reported_settings(args, environment);
    let mut library = OpenLibrary::open_writable(args, environment)?;
    library.load_initial_articles()?;
    let folder = queue_access::download_folder(&library, &settings)?;
    let sources = network::build_sources(environment, &settings)?;
    let reader = ReadConnection::open(&library.location)?;
    let ids = match download.numbers.as_slice() {
        [] => queue_access::find_queue(&reader)?,
        numbers => numbers.iter().copied().map(EntryId).collect(),
    };
    let (plans, mut results) = plan_all(&reader, &folder, ids, environment.variables())?;
    let mut run = DownloadRun::new(&mut library.writer, &folder, &plans);
    let stop = AtomicBool::new(false);
    let mut plans = plans.into_iter();
    download_all(&sources.http, &mut || plans.next(), &stop, &mut |event| run.take(event));
    results.extend(run.finish());
    print_results(&results, args.json)
}

/// Plans the downloads. Those that are done, or cannot begin, have a result at once.
fn plan_all(
    reader: &ReadConnection,
    folder: &DownloadFolder,
    ids: Vec<EntryId>,
    variables: &[(String, String)],
) -> anyhow::Result<(Vec<DownloadPlan>, Vec<DownloadResult>)> {
    let (mut plans, mut results): (Vec<DownloadPlan>, Vec<DownloadResult>) = Default::default();
    let mut seen = BTreeSet::new();
    for entry in ids.into_iter().filter(|id| seen.insert(*id)) {
        let plan = Episode::load(reader, entry)
            .and_then(|episode| folder.plan(reader, &episode, &plans, variables));
        match plan {
            Ok(Some(plan)) => plans.push(plan),
            Ok(None) => {
                let path = folder.find_file(reader, entry)?.unwrap_or_default();
                results.push(DownloadResult { entry, result: Ok(path.display().to_string()) });
            }
            Err(failure) => results.push(DownloadResult { entry, result: Err(failure) }),
        }
    }
    Ok((plans, results))
}

/// A run of downloads: what is stored and shown of their events.
struct DownloadRun<'a> {
    writer: &'a mut WriteConnection,
    folder: &'a DownloadFolder,
    bars: MultiProgress,
    has_bars: bool,
    titles: BTreeMap<EntryId, String>,
    bar_of: BTreeMap<EntryId, ProgressBar>,
    results: Vec<DownloadResult>,
}

impl<'a> DownloadRun<'a> {
    fn new(
        writer: &'a mut WriteConnection,
        folder: &'a DownloadFolder,
        plans: &[DownloadPlan],
    ) -> DownloadRun<'a> {
        let title = |plan: &DownloadPlan| {
            (plan.download.entry, sanitize::to_text_line(&plan.title).into_owned())
        };
        DownloadRun {
            writer,
            folder,
            bars: MultiProgress::new(),
            has_bars: stderr().is_terminal(),
            titles: plans.iter().map(title).collect(),
            bar_of: BTreeMap::new(),
            results: Vec::new(),
        }
    }

    /// Stores and shows an event.
    fn take(&mut self, event: DownloadEvent) {
        let entry = event.entry();
        match event {
            DownloadEvent::Begun(download) => {
                // Without the row, a download that is cut off begins anew: no reason to end it.
                if let Err(error) = self.writer.save_download(&download) {
                    output::write_stderr_line(&format!("newsreader: {error}"));
                }
            }
            DownloadEvent::Received { bytes, length, .. } => self.draw(entry, bytes, length),
            DownloadEvent::Finished(download) => {
                let saved = self.writer.save_download(&download).map_err(Failure::from);
                let path = self.folder.path_of(&download).display().to_string();
                self.end(entry, saved.map(|()| path));
            }
            DownloadEvent::Failed { failure, .. } => self.end(entry, Err(failure)),
        }
    }

    fn end(&mut self, entry: EntryId, result: Result<String, Failure>) {
        if let Some(bar) = self.bar_of.remove(&entry) {
            bar.finish_and_clear();
        }
        self.results.push(DownloadResult { entry, result });
    }

    fn draw(&mut self, entry: EntryId, bytes: u64, length: Option<u64>) {
        if !self.has_bars {
            return;
        }
        let title = self.titles.get(&entry).cloned().unwrap_or_default();
        let bars = &self.bars;
        let bar = self.bar_of.entry(entry).or_insert_with(|| {
            let bar = bars.add(ProgressBar::new(length.unwrap_or(0)));
            bar.set_style(bar_style());
            bar.set_message(title);
            bar
        });
        bar.set_length(length.unwrap_or(bytes));
        bar.set_position(bytes);
    }

    fn finish(self) -> Vec<DownloadResult> {
        self.results
    }
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Prints the path of each file, or JSON; failures go to standard error as well.
fn print_results(results: &[DownloadResult], json: bool) -> anyhow::Result<ExitStatus> {
    let failures = results.iter().filter_map(|result| result.result.as_ref().err());
    let mut exit = ExitStatus::Success;
    for failure in failures {
        output::write_stderr_line(&format!("newsreader: {}", failure.summary));
        exit = ExitStatus::Failed;
    }
    let files = results.iter().filter_map(|result| result.result.as_ref().ok());
    let text: String = if json {
        let downloads = results.iter().map(DownloadResult::to_json).collect();
        output::to_json_lines(&DownloadListJson { version: JSON_VERSION, downloads })?
    } else {
        let lines: Vec<_> = files.map(|file| sanitize::to_text_line(file)).collect();
        lines.iter().flat_map(|line| [line.as_ref(), "\n"]).collect()
    };
    output::write_report(&text);
    Ok(exit)
}

impl DownloadResult {
    fn to_json(&self) -> DownloadJson<'_> {
        let (file, problem) = match &self.result {
            Ok(file) => (Some(file.as_str()), None),
            Err(failure) => (None, Some(failure.summary.as_str())),
        };
        DownloadJson { number: self.entry, file, problem }
    }
}
