//! Connections that share one set of TLS settings.

use ureq::{
    Error,
    unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport},
};

/// The connector of the HTTP library. Because timeouts are set for each request, the library would
/// take the TLS settings to be special for each request as well: it would load the system's
/// certificates for every connection and resume no session.
#[derive(Debug, Default)]
pub(super) struct SharedTlsConnector(DefaultConnector);

impl Connector<()> for SharedTlsConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let steady = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: false,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        self.0.connect(&steady, chained)
    }
}
