//! How the network is reached, by the environment and the settings.

use std::{path::Path, sync::Arc};

use chrono::TimeDelta;

use super::Environment;
use crate::{
    extract::Rule,
    model::{Failure, FailureKind},
    net::{Http, Options, Room},
    runtime::{ROOM, Sources},
    settings::{Settings, Site},
};

/// Where systems keep their certificates; without any, those that come with the program are taken.
const CERTIFICATES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// The variables that name a proxy, as curl and others read them; the first that is set counts.
const PROXIES: [&str; 6] =
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// What feeds are read with.
pub fn sources(environment: &Environment, settings: &Settings) -> anyhow::Result<Sources> {
    let set = Some(settings.network.proxy.as_str()).filter(|proxy| !proxy.is_empty());
    let named = || PROXIES.iter().find_map(|name| environment.get(name));
    let no_proxy = ["no_proxy", "NO_PROXY"].iter().find_map(|name| environment.get(name));
    let options = Options {
        proxy: set.or_else(named).map(str::to_owned),
        no_proxy: no_proxy.map(str::to_owned),
        system_certificates: has_certificates(environment),
    };
    Ok(Sources {
        fetch: Arc::new(Http::new(&options)?),
        programs: settings.programs.clone(),
        rules: rules(settings),
        room: Room::new(ROOM),
        variables: environment.variables().to_vec(),
        every: TimeDelta::minutes(settings.refresh.every.into()),
    })
}

/// Where the articles of sites are.
fn rules(settings: &Settings) -> Vec<Rule> {
    let rule = |site: &Site| {
        let Site { host, keep, drop } = site.clone();
        Rule { host, keep, drop }
    };
    settings.sites.iter().map(rule).collect()
}

/// What is wrong with the rules for sites, each as a sentence.
pub fn wrong_rules(settings: &Settings) -> impl Iterator<Item = Failure> {
    rules(settings)
        .into_iter()
        .filter_map(|rule| rule.check().err())
        .map(|reason| Failure::new(FailureKind::Settings, format!("In `sites`: {reason}")))
}

fn has_certificates(environment: &Environment) -> bool {
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| environment.get(name).is_some());
    cfg!(not(target_os = "linux")) || named || CERTIFICATES.iter().any(|path| Path::new(path).exists())
}
