//! How the network is reached, by the environment and the settings.

use std::{path::Path, sync::Arc};

use chrono::TimeDelta;

use super::environment::Environment;
use crate::{
    extract::ExtractionRule,
    library::{FeedSources, RESPONSE_MEMORY_BYTES},
    model::{Failure, FailureKind},
    net::{HttpClient, HttpOptions, MemoryBudget},
    settings::{Settings, SiteSettings},
};

/// Where systems keep their certificates; without any, those that come with the program are taken.
const SYSTEM_CERTIFICATE_FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// The variables that name a proxy, as curl and others read them; the first that is set counts.
const PROXY_VARIABLES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// What feeds are read with.
pub fn build_sources(
    environment: &Environment,
    settings: &Settings,
) -> anyhow::Result<FeedSources> {
    let set = Some(settings.network.proxy.as_str()).filter(|proxy| !proxy.is_empty());
    let named = || PROXY_VARIABLES.iter().find_map(|name| environment.variable(name));
    let no_proxy = ["no_proxy", "NO_PROXY"].iter().find_map(|name| environment.variable(name));
    let options = HttpOptions {
        proxy: set.or_else(named).map(str::to_owned),
        no_proxy: no_proxy.map(str::to_owned),
        system_certificates: has_system_certificates(environment),
    };
    Ok(FeedSources {
        http: Arc::new(HttpClient::new(&options)?),
        programs: settings.programs.clone(),
        extract_rules: extraction_rules(settings),
        memory_budget: MemoryBudget::new(RESPONSE_MEMORY_BYTES),
        variables: environment.variables().to_vec(),
        default_interval: TimeDelta::minutes(settings.refresh.every.into()),
    })
}

/// Where the articles of sites are.
fn extraction_rules(settings: &Settings) -> Vec<ExtractionRule> {
    let rule = |site: &SiteSettings| {
        let SiteSettings { host, keep, drop } = site.clone();
        ExtractionRule { host, keep, drop }
    };
    settings.sites.iter().map(rule).collect()
}

/// What is wrong with the rules for sites, each as a sentence.
pub fn site_rule_failures(settings: &Settings) -> impl Iterator<Item = Failure> {
    extraction_rules(settings)
        .into_iter()
        .filter_map(|rule| rule.validate().err())
        .map(|reason| Failure::new(FailureKind::Settings, format!("In `sites`: {reason}")))
}

fn has_system_certificates(environment: &Environment) -> bool {
    let named =
        ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| environment.variable(name).is_some());
    cfg!(not(target_os = "linux"))
        || named
        || SYSTEM_CERTIFICATE_FILES.iter().any(|path| Path::new(path).exists())
}
