//! Connections that share one set of TLS settings.

use std::sync::Arc;

use ureq::{
    Error,
    unversioned::transport::{
        ConnectProxyConnector, ConnectionDetails, Connector, DefaultConnector, TcpConnector,
        Transport,
    },
};

use super::{StandInNetwork, pinned_tls::PinnedTlsConnector};

/// The connector of the HTTP library. Because timeouts are set for each request, the library would
/// take the TLS settings to be special for each request as well: it would load the system's
/// certificates for every connection and resume no session.
#[derive(Debug)]
pub(super) struct SharedTlsConnector {
    connector: Box<dyn Connector<(), Out = Box<dyn Transport>>>,
    stand_in: Option<Arc<dyn StandInNetwork>>,
}

impl SharedTlsConnector {
    /// Creates a connector, whose connections go to the servers of `stand_in` if there is one.
    pub(super) fn new(stand_in: Option<Arc<dyn StandInNetwork>>) -> SharedTlsConnector {
        SharedTlsConnector { connector: Box::new(DefaultConnector::default()), stand_in }
    }

    /// Creates a connector to servers with the certificate that `pinned` accepts.
    pub(super) fn with_pinned(
        pinned: PinnedTlsConnector,
        stand_in: Option<Arc<dyn StandInNetwork>>,
    ) -> SharedTlsConnector {
        let proxy = ConnectProxyConnector::default();
        let connector = ().chain(proxy).chain(TcpConnector::default()).chain(pinned);
        SharedTlsConnector { connector: Box::new(connector), stand_in }
    }
}

impl Connector<()> for SharedTlsConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let mut addrs = details.addrs.clone();
        if let Some(network) = &self.stand_in {
            addrs.iter_mut().for_each(|address| *address = network.server_at(*address));
        }
        let steady = ConnectionDetails {
            uri: details.uri,
            addrs,
            config: details.config,
            request_level: false,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        self.connector.connect(&steady, chained)
    }
}
