//! TLS to servers of archives: who may answer, by the `sslmode` of the address.

use std::sync::Arc;

use rustls::{
    ALL_VERSIONS, CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError,
    RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use crate::archive::{ArchiveAddress, ArchiveError, ArchiveTls};

/// Returns the configuration of connections to a server.
pub(super) fn tls_config(address: &ArchiveAddress) -> Result<ClientConfig, ArchiveError> {
    let provider = Arc::new(ring::default_provider());
    let authorities = match address.tls {
        ArchiveTls::Disable | ArchiveTls::Require => None,
        ArchiveTls::VerifyAuthority | ArchiveTls::VerifyHost => {
            Some(authority_verifier(address, &provider)?)
        }
    };
    let verifier = ModeVerifier {
        authorities,
        is_name_checked: address.tls == ArchiveTls::VerifyHost,
        provider: Arc::clone(&provider),
    };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(ALL_VERSIONS)
        .expect("the provider has cipher suites for all versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Returns the verifier of the user's authorities, or else of those of the system.
fn authority_verifier(
    address: &ArchiveAddress,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ArchiveError> {
    let fail = |reason: String| ArchiveError::Unreachable { host: address.server(), reason };
    let Some(path) = &address.authorities else {
        let verifier = Verifier::new(Arc::clone(provider))
            .map_err(|error| fail(format!("the authorities of the system: {error}")))?;
        return Ok(Arc::new(verifier));
    };
    let name = path.display();
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|error| fail(format!("cannot read the authorities in {name}: {error}")))?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| fail(format!("cannot read the authorities in {name}: {error}")))?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    Ok(verifier.map_err(|error| fail(format!("the authorities in {name}: {error}")))?)
}

/// The verifier of an `sslmode`.
#[derive(Debug)]
struct ModeVerifier {
    /// `None` if any certificate will do.
    authorities: Option<Arc<dyn ServerCertVerifier>>,
    is_name_checked: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ModeVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(authorities) = &self.authorities else {
            return Ok(ServerCertVerified::assertion());
        };
        match authorities.verify_server_cert(end_entity, intermediates, name, stapled, now) {
            // The name is checked last, so that everything else is as it should be.
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.is_name_checked => Ok(ServerCertVerified::assertion()),
            result => result,
        }
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
