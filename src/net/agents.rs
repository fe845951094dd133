//! The connections of the HTTP client: kept open, and apart by network, by interruption and by accepted
//! certificate.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ureq::{
    Agent,
    config::Config,
    tls::{RootCerts, TlsConfig},
};

use super::{
    CertificateFingerprint, FetchError, FetchProblem, NetworkScope, StandInNetwork,
    content_coding::ACCEPT_ENCODING, pinned_tls::PinnedTlsConnector,
    private_addresses::GuardedResolver, tls_connector::SharedTlsConnector,
};
use crate::text::url;

/// The preferred media types, and all others.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
    text/xml;q=0.9, text/html;q=0.8, */*;q=0.5";

/// Buffer of a connection for what it receives, in bytes; it has to hold the headers. ureq's own sizes
/// (128 KiB each) took a tenth of the processor time of a refresh: every connection clears its buffers.
const INPUT_BUFFER_BYTES: usize = 64 << 10;

/// Buffer of a connection for what it sends, in bytes; it has to hold the URL, and each of the user's
/// own headers.
const OUTPUT_BUFFER_BYTES: usize = 32 << 10;

/// Maximum number of connections that are kept open without a request: each has its buffers, and all are
/// looked through before and after each request. A refresh fetches the feeds of one host one after the other.
const MAX_IDLE_CONNECTIONS: usize = 8;

/// Maximum number of certificates with connections of their own; more of them share none.
const MAX_PINNED_CERTIFICATES: usize = 16;

/// Options of the network.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// The URL of a proxy, as `http://host:port`.
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy, separated by commas, as in the variable
    /// `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// True to trust the certificates of the system; otherwise those built into the program.
    pub system_certificates: bool,
}

/// The connections that end together.
#[derive(Debug)]
pub(super) struct AgentSet {
    /// Those that trust authorities.
    pair: AgentPair,
    /// Those that accept one certificate each.
    pinned: Mutex<BTreeMap<CertificateFingerprint, AgentPair>>,
}

/// The connections into each network.
#[derive(Debug, Clone)]
pub(super) struct AgentPair {
    private: Agent,
    public: Agent,
}

impl AgentPair {
    /// Returns the connections into a network.
    pub(super) fn of(&self, scope: NetworkScope) -> &Agent {
        match scope {
            NetworkScope::Private => &self.private,
            NetworkScope::Public => &self.public,
        }
    }
}

/// Everything that agents are built from.
#[derive(Debug)]
pub(super) struct AgentBuilder {
    system_certificates: bool,
    /// A proxy looks up hosts itself, so that their network is not known.
    proxy: Option<ureq::Proxy>,
    stand_in: Option<Arc<dyn StandInNetwork>>,
}

/// Locks; a panic elsewhere does no harm to what is inside.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AgentSet {
    /// Closes all connections.
    pub(super) fn shut_down(&self) {
        let pinned = std::mem::take(&mut *lock(&self.pinned));
        for AgentPair { private, public } in pinned.into_values().chain([self.pair.clone()]) {
            private.shutdown();
            public.shutdown();
        }
    }
}

impl AgentBuilder {
    /// Prepares building.
    ///
    /// # Errors
    ///
    /// If the proxy URL is invalid.
    pub(super) fn new(
        options: &HttpOptions,
        stand_in: Option<&Arc<dyn StandInNetwork>>,
    ) -> Result<AgentBuilder, FetchError> {
        let proxy = options
            .proxy
            .as_deref()
            .map(|url| build_proxy(url, options.no_proxy.as_deref()))
            .transpose()?;
        Ok(AgentBuilder {
            system_certificates: options.system_certificates,
            proxy,
            stand_in: stand_in.cloned(),
        })
    }

    /// Returns whether a proxy connects to hosts, so that their networks are not known.
    pub(super) fn has_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    /// Builds connections that end together.
    pub(super) fn build_set(&self) -> AgentSet {
        let stand_in = self.stand_in.clone();
        let pair = self.build_pair(|| SharedTlsConnector::new(stand_in.clone()));
        AgentSet { pair, pinned: Mutex::default() }
    }

    /// Returns the connections of a set: those that trust authorities, or only the accepted certificate.
    pub(super) fn agents_of(
        &self,
        set: &AgentSet,
        accepted: Option<CertificateFingerprint>,
    ) -> AgentPair {
        let Some(fingerprint) = accepted else { return set.pair.clone() };
        let mut pinned = lock(&set.pinned);
        if !pinned.contains_key(&fingerprint) && pinned.len() >= MAX_PINNED_CERTIFICATES {
            pinned.clear();
        }
        pinned.entry(fingerprint).or_insert_with(|| self.build_pinned(accepted)).clone()
    }

    /// Builds connections that accept this certificate; none if there is none.
    pub(super) fn build_pinned(&self, accepted: Option<CertificateFingerprint>) -> AgentPair {
        let stand_in = self.stand_in.clone();
        self.build_pair(|| {
            SharedTlsConnector::with_pinned(PinnedTlsConnector::new(accepted), stand_in.clone())
        })
    }

    fn build_pair(&self, connector: impl Fn() -> SharedTlsConnector) -> AgentPair {
        AgentPair {
            private: self.build_agent(NetworkScope::Private, connector()),
            public: self.build_agent(NetworkScope::Public, connector()),
        }
    }

    fn build_agent(&self, scope: NetworkScope, connector: SharedTlsConnector) -> Agent {
        let roots =
            if self.system_certificates { RootCerts::PlatformVerifier } else { RootCerts::WebPki };
        let config = Config::builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .proxy(self.proxy.clone())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(MAX_IDLE_CONNECTIONS)
            .max_idle_connections_per_host(2)
            .user_agent(concat!("newsreader/", env!("CARGO_PKG_VERSION")))
            .accept(ACCEPT)
            .accept_encoding(ACCEPT_ENCODING)
            .input_buffer_size(INPUT_BUFFER_BYTES)
            .output_buffer_size(OUTPUT_BUFFER_BYTES)
            .build();
        let guard = GuardedResolver {
            scope,
            proxy: self.proxy.as_ref().map(|proxy| proxy.uri().clone()),
            stand_in: self.stand_in.clone(),
        };
        Agent::with_parts(config, connector, guard)
    }
}

fn build_proxy(url: &str, no_proxy: Option<&str>) -> Result<ureq::Proxy, FetchError> {
    let invalid_proxy = |_| FetchError {
        host: url::host(url).to_owned(),
        problem: FetchProblem::Other("this is not the address of a proxy".to_owned()),
    };
    let parsed = ureq::Proxy::new(url).map_err(invalid_proxy)?;
    let Some(direct) = no_proxy else { return Ok(parsed) };
    let mut builder =
        ureq::Proxy::builder(parsed.protocol()).host(parsed.host()).port(parsed.port());
    if let (Some(user), Some(password)) = (parsed.username(), parsed.password()) {
        builder = builder.username(user).password(password);
    }
    for host in direct.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        builder = builder.no_proxy(host);
    }
    builder.build().map_err(invalid_proxy)
}
