//! Network access, as configured by the environment and the settings.

use std::{path::Path, sync::Arc};

use chrono::TimeDelta;

use super::{environment::Environment, rule_file::rule_commands};
use crate::{
    extract::ExtractionRule,
    library::{
        ArchiveAccess, ArchiveSource, FeedSources, FetchedFeeds, HookCommands,
        RESPONSE_MEMORY_BYTES, Retention, RuleLoader,
    },
    model::{Failure, FailureKind},
    net::{HttpClient, HttpOptions, MemoryBudget},
    settings::{HookSettings, Settings, SiteSettings},
};

/// Certificate files of the system; without any of them, the bundled certificates are used.
const SYSTEM_CERTIFICATE_FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Environment variables that name a proxy, as in curl; the first that is set is used.
const PROXY_VARIABLES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// Builds the sources from which feeds are fetched: HTTP client, programs and extraction rules.
///
/// The proxy of the settings has priority over the environment.
pub fn build_sources(
    environment: &Environment,
    settings: &Settings,
) -> anyhow::Result<FeedSources> {
    let configured_proxy = Some(settings.network.proxy.as_str()).filter(|proxy| !proxy.is_empty());
    let find_proxy_variable = || PROXY_VARIABLES.iter().find_map(|name| environment.variable(name));
    let no_proxy = ["no_proxy", "NO_PROXY"].iter().find_map(|name| environment.variable(name));
    let options = HttpOptions {
        proxy: configured_proxy.or_else(find_proxy_variable).map(str::to_owned),
        no_proxy: no_proxy.map(str::to_owned),
        system_certificates: has_system_certificates(environment),
    };
    Ok(FeedSources {
        http: Arc::new(HttpClient::new(&options)?),
        programs: settings.programs.clone(),
        extract_rules: extraction_rules(settings),
        memory_budget: MemoryBudget::new(RESPONSE_MEMORY_BYTES),
        variables: environment.variables().to_vec(),
        fetched_feeds: FetchedFeeds::default(),
        retention: Retention::from_days(settings.library.keep),
        rules: RuleLoader::default(),
        rule_commands: rule_commands(settings),
        hooks: hook_commands(settings),
        archive: archive_access(environment, settings)
            .map(|access| Arc::new(access) as Arc<dyn ArchiveSource>),
        foreground: Arc::default(),
        default_interval: TimeDelta::minutes(settings.refresh.every.into()),
    })
}

/// Returns the shared archive that the settings name; `None` if they name none.
pub fn archive_access(environment: &Environment, settings: &Settings) -> Option<ArchiveAccess> {
    let trimmed = |text: &String| text.trim().to_owned();
    let access = ArchiveAccess {
        address: trimmed(&settings.archive),
        password_source: trimmed(&settings.archive_password),
        variables: environment.variables().to_vec(),
        newest_count: settings.archive_newest.into(),
    };
    Some(access).filter(|access| !access.address.is_empty())
}

/// Returns the programs of the hooks.
pub fn hook_commands(settings: &Settings) -> HookCommands {
    let HookSettings { new, star, tag, refreshed } = settings.hooks.clone();
    HookCommands { new, star, tag, refreshed }
}

/// Converts the `sites` settings to extraction rules.
fn extraction_rules(settings: &Settings) -> Vec<ExtractionRule> {
    let to_rule = |site: &SiteSettings| {
        let SiteSettings { host, keep, drop } = site.clone();
        ExtractionRule { host, keep, drop }
    };
    settings.sites.iter().map(to_rule).collect()
}

/// Returns a failure for each invalid rule of the `sites` settings.
pub fn site_rule_failures(settings: &Settings) -> impl Iterator<Item = Failure> {
    extraction_rules(settings)
        .into_iter()
        .filter_map(|rule| rule.validate().err())
        .map(|reason| Failure::new(FailureKind::Settings, format!("In `sites`: {reason}")))
}

/// Returns whether to use the certificates of the system instead of the bundled ones.
fn has_system_certificates(environment: &Environment) -> bool {
    let is_named =
        ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| environment.variable(name).is_some());
    cfg!(not(target_os = "linux"))
        || is_named
        || SYSTEM_CERTIFICATE_FILES.iter().any(|path| Path::new(path).exists())
}
