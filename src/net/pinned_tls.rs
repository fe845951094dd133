//! TLS connections to a server whose certificate the user has accepted, whoever vouches for it.
//!
//! The HTTP library verifies certificates by authorities only, so that these connections have a connector of
//! their own. It accepts one certificate and no other; that the server has the key of the certificate is
//! checked as always. Nothing here is used for a request without an accepted certificate, except to look at
//! the certificate that was refused.

use std::{
    error, fmt,
    io::{self, Read, Write},
    sync::Arc,
};

use rustls::{
    ALL_VERSIONS, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct,
    Error as TlsError, OtherError, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use ureq::{
    Error,
    unversioned::transport::{
        Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
        TransportAdapter,
    },
};

use super::CertificateFingerprint;

/// A connector that wraps connections of `https` in TLS and accepts one certificate only.
#[derive(Debug)]
pub(super) struct PinnedTlsConnector {
    config: Arc<ClientConfig>,
}

impl PinnedTlsConnector {
    /// Creates a connector that accepts this certificate; none if there is none.
    pub(super) fn new(accepted: Option<CertificateFingerprint>) -> PinnedTlsConnector {
        let provider = Arc::new(ring::default_provider());
        let verifier = PinnedVerifier { accepted, provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(ALL_VERSIONS)
            .expect("the provider has cipher suites for all versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        PinnedTlsConnector { config: Arc::new(config) }
    }
}

impl<In: Transport> Connector<In> for PinnedTlsConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(transport.boxed()));
        }
        let host = details.uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::Tls("the name of the server is invalid"))?;
        let mut connection = ClientConnection::new(Arc::clone(&self.config), name)?;
        let mut socket =
            TransportAdapter::new(transport.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        connection.complete_io(&mut socket)?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        let stream = StreamOwned { conn: connection, sock: socket };
        Ok(Some(Box::new(PinnedTransport { buffers, stream })))
    }
}

/// A connection to a server with the accepted certificate.
struct PinnedTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for PinnedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinnedTransport")
    }
}

impl Transport for PinnedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

/// The verifier that compares fingerprints.
#[derive(Debug)]
struct PinnedVerifier {
    accepted: Option<CertificateFingerprint>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let found = fingerprint_of(end_entity);
        if self.accepted == Some(found) {
            return Ok(ServerCertVerified::assertion());
        }
        let refused = OtherError(Arc::new(RefusedCertificate(found)));
        Err(TlsError::InvalidCertificate(CertificateError::Other(refused)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Returns the SHA-256 digest of a certificate (RFC 6698 §2.1.3, the selector for the whole of it).
fn fingerprint_of(certificate: &CertificateDer<'_>) -> CertificateFingerprint {
    let suite = ring::cipher_suite::TLS13_AES_128_GCM_SHA256.tls13();
    let hash = suite.expect("it is a suite of TLS 1.3").common.hash_provider;
    let digest = hash.hash(certificate);
    let digest = digest.as_ref().try_into().expect("SHA-256 has 32 bytes");
    CertificateFingerprint(digest)
}

/// A certificate that is not the accepted one.
#[derive(Debug)]
struct RefusedCertificate(CertificateFingerprint);

impl fmt::Display for RefusedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate {} is not the accepted one", self.0)
    }
}

impl error::Error for RefusedCertificate {}

/// Returns the fingerprint of the certificate that a connector of this file has refused.
pub(super) fn refused_fingerprint(error: &Error) -> Option<CertificateFingerprint> {
    match tls_error(error)? {
        TlsError::InvalidCertificate(CertificateError::Other(OtherError(refused))) => {
            refused.downcast_ref::<RefusedCertificate>().map(|refused| refused.0)
        }
        _ => None,
    }
}

/// Returns why a certificate was refused, in words that continue "its certificate is refused: "; `None` for
/// any other error.
pub(super) fn refused_certificate_reason(error: &Error) -> Option<String> {
    let TlsError::InvalidCertificate(reason) = tls_error(error)? else { return None };
    Some(match reason {
        CertificateError::UnknownIssuer => "no known authority vouches for it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is that of another server".to_owned()
        }
        CertificateError::Revoked => "it is revoked".to_owned(),
        // What OpenSSL makes for a server that signs for itself is a certificate for authorities.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "no known authority vouches for it".to_owned()
        }
        other => other.to_string(),
    })
}

/// Returns why there is no secure connection; `None` for an error of another kind.
pub(super) fn tls_reason(error: &Error) -> Option<String> {
    match refused_certificate_reason(error) {
        Some(reason) => Some(format!("its certificate is refused: {reason}")),
        None => tls_error(error).map(ToString::to_string),
    }
}

/// Returns the error of the TLS library in an error of the HTTP library.
fn tls_error(error: &Error) -> Option<&TlsError> {
    match error {
        Error::Rustls(error) => Some(error),
        Error::Io(error) => in_io_error(error),
        _ => None,
    }
}

fn in_io_error(error: &io::Error) -> Option<&TlsError> {
    let inner = error.get_ref()?;
    inner.downcast_ref::<TlsError>().or_else(|| tls_error(inner.downcast_ref::<Error>()?))
}
