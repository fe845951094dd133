//! `newsreader import newsboat`.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::{options::ImportOptions, run_import::run_import};
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        output,
    },
    imports::{FlagNames, NewsboatFiles, open_newsboat_cache, read_newsboat},
    model::{Failure, ImportedBatch, ImportedLibrary},
};

/// The arguments of `newsreader import newsboat`.
#[derive(Debug, Clone, ClapArgs)]
pub struct NewsboatArgs {
    /// The file of subscriptions, in place of the one that is found.
    #[arg(long, value_name = "FILE")]
    pub urls: Option<PathBuf>,

    /// The configuration, in place of the one that is found.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The cache with the articles, in place of the one that is found.
    #[arg(long, value_name = "FILE")]
    pub cache: Option<PathBuf>,

    /// podboat's queue of downloads, in place of the one that is found.
    #[arg(long, value_name = "FILE")]
    pub queue: Option<PathBuf>,

    /// Make a flag of newsboat a star (s=star) or a tag (i=important). Other flags become tags such as
    /// flag-a.
    #[arg(long = "flag", value_name = "LETTER=TAG")]
    pub flags: Vec<String>,

    #[command(flatten)]
    pub options: ImportOptions,
}

/// Imports newsboat's files.
///
/// # Errors
///
/// Fails if none is found, or one cannot be read; nothing is imported then.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    newsboat: &NewsboatArgs,
) -> anyhow::Result<ExitStatus> {
    let flags = parse_flags(&newsboat.flags)?;
    let files = find_files(environment, newsboat)?;
    let library = read_newsboat(&files, &flags).map_err(output::to_error)?;
    let mut imported = library.imported;
    let cache = newsboat.cache.clone().or(library.cache).or(files.cache);
    let mut articles = open_articles(cache.as_deref(), &flags, &mut imported)?;
    run_import(args, environment, newsboat.options, (imported, &mut articles))
}

fn parse_flags(texts: &[String]) -> anyhow::Result<FlagNames> {
    let mut flags = FlagNames::default();
    for text in texts {
        flags.set(text).map_err(UsageError)?;
    }
    Ok(flags)
}

/// Opens the cache, if there is one.
fn open_articles(
    path: Option<&Path>,
    flags: &FlagNames,
    imported: &mut ImportedLibrary,
) -> anyhow::Result<Box<dyn Iterator<Item = Result<ImportedBatch, Failure>>>> {
    let Some(path) = path else { return Ok(Box::new(std::iter::empty())) };
    let (feeds, report) = (&mut imported.feeds[..], &mut imported.report);
    let articles = open_newsboat_cache(path, flags, (feeds, report));
    Ok(Box::new(articles.map_err(output::to_error)?))
}

/// Finds newsboat's files: those that the arguments name, and others where newsboat looks for them: in
/// the folders of the XDG specification, or in `~/.newsboat`. Files that are named stand alone.
fn find_files(environment: &Environment, args: &NewsboatArgs) -> anyhow::Result<NewsboatFiles> {
    let home = environment.variable("HOME").map(PathBuf::from);
    let is_named =
        [&args.urls, &args.config, &args.cache, &args.queue].into_iter().any(Option::is_some);
    let mut files = NewsboatFiles { home: home.clone(), ..NewsboatFiles::default() };
    if !is_named {
        let (config, data) = find_folders(environment, home.as_deref());
        let existing = |folder: &Option<PathBuf>, name: &str| {
            folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.is_file())
        };
        files.urls = existing(&config, "urls");
        files.config = existing(&config, "config");
        files.cache = existing(&data, "cache.db");
        files.queue = existing(&data, "queue");
        let histories = ["history.search", "history.cmdline"].into_iter();
        files.histories = histories.filter_map(|name| existing(&data, name)).collect();
    }
    files.urls = args.urls.clone().or(files.urls);
    files.config = args.config.clone().or(files.config);
    files.queue = args.queue.clone().or(files.queue);
    if !is_named && files.urls.is_none() && files.config.is_none() {
        anyhow::bail!(
            "there are no files of newsboat in ~/.config/newsboat and ~/.newsboat; name them with \
             --urls, --config, --cache and --queue"
        );
    }
    Ok(files)
}

/// Returns the folders of newsboat's configuration and data.
fn find_folders(
    environment: &Environment,
    home: Option<&Path>,
) -> (Option<PathBuf>, Option<PathBuf>) {
    let folder = |variable: &str, default: &str| {
        let root = environment.variable(variable).map(PathBuf::from);
        root.or_else(|| Some(home?.join(default))).map(|root| root.join("newsboat"))
    };
    let config = folder("XDG_CONFIG_HOME", ".config").filter(|folder| folder.is_dir());
    if config.is_some() {
        return (config, folder("XDG_DATA_HOME", ".local/share"));
    }
    let old = home.map(|home| home.join(".newsboat"));
    (old.clone(), old)
}
