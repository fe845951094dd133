//! `newsreader send`: sends articles to a service of the settings.

use clap::Args as ClapArgs;

use super::{
    config::{boilerplate_filters, load_reported_settings},
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    mark::MarkTargets,
    network,
    outcome::CommandOutcome,
    output,
};
use crate::{
    library::{ReadableArticles, SERVICE_NAMES, ServiceAccess, ServiceSender},
    settings::{ServiceSettings, TokenServerSettings},
    store::ReadConnection,
    text::{count_noun, unknown_name_message},
};

/// Maximum number of articles that are sent at once: servers take one after the other.
const MAX_ARTICLES: usize = 500;

/// The arguments of `newsreader send`.
#[derive(Debug, Clone, ClapArgs)]
pub struct SendArgs {
    /// Service: wallabag, linkding, readeck, karakeep, zotero, mail, buku or note, as set up in the
    /// settings under [services].
    #[arg(value_name = "SERVICE")]
    pub service: String,

    /// The articles.
    #[command(flatten)]
    pub targets: MarkTargets,
}

/// Sends articles, one after the other, and prints how many. An article that fails does not stop the
/// others.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    send: &SendArgs,
) -> anyhow::Result<ExitStatus> {
    if !SERVICE_NAMES.contains(&send.service.as_str()) {
        let sentence = unknown_name_message("service", &send.service, SERVICE_NAMES);
        return Err(UsageError(sentence).into());
    }
    let settings = load_reported_settings(args, environment);
    let access = service_access(&settings.services, &send.service);
    let sources = network::build_sources(environment, &settings)?;
    let found = send.targets.find(args, environment)?;
    if found.ids.len() > MAX_ARTICLES {
        let articles = count_noun(found.ids.len(), "article");
        anyhow::bail!("{articles} are too many to send at once; the limit is {MAX_ARTICLES}");
    }
    let location = &found.library.location;
    let reader = ReadConnection::open(location)?;
    let filters = boilerplate_filters(&settings);
    let articles = ReadableArticles::open(&reader, &filters).map_err(output::to_error)?;
    let named = (send.service.as_str(), &access);
    let mut sender = ServiceSender::new(named, &*sources.http, location, environment.variables());
    let (mut count, mut failed) = (0, 0);
    for id in &found.ids {
        match articles.load(*id).and_then(|article| sender.send(&article)) {
            Ok(()) => count += 1,
            Err(failure) => {
                output::write_stderr_line(&format!("newsreader: {}", failure.summary));
                failed += 1;
            }
        }
    }
    let done = format!("{} sent to {}", count_noun(count, "article"), send.service);
    CommandOutcome::new([done]).with_changed(count).with_failed(failed).print(args)?;
    Ok(if failed == 0 { found.exit } else { ExitStatus::Failed })
}

/// Returns how a service is reached.
fn service_access(settings: &ServiceSettings, name: &str) -> ServiceAccess {
    let with_token = |server: &TokenServerSettings| ServiceAccess {
        url: server.url.clone(),
        secret: server.token.clone(),
        ..ServiceAccess::default()
    };
    let nothing = ServiceAccess::default();
    match name {
        "wallabag" => ServiceAccess {
            url: settings.wallabag.url.clone(),
            secret: settings.wallabag.password.clone(),
            user: settings.wallabag.user.clone(),
            client: settings.wallabag.client.clone(),
            client_secret: settings.wallabag.client_secret.clone(),
            ..nothing
        },
        "linkding" => with_token(&settings.linkding),
        "readeck" => with_token(&settings.readeck),
        "karakeep" => with_token(&settings.karakeep),
        "zotero" => ServiceAccess { url: settings.zotero.url.clone(), ..nothing },
        "mail" => ServiceAccess {
            to: settings.mail.to.clone(),
            command: settings.mail.command.clone(),
            ..nothing
        },
        "buku" => ServiceAccess { command: settings.buku.command.clone(), ..nothing },
        _ => ServiceAccess { file: settings.note.file.clone(), ..nothing },
    }
}
