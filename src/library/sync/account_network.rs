//! The network as the requests of one account see it.

use crate::net::{
    CertificateFingerprint, CertificateTrust, Fetch, FetchError, FetchLimits, FetchRequest,
    FetchResponse,
};

/// The network with the certificate that the user has accepted for the server of an account. Without one,
/// a certificate that is refused is named, so that the user can accept it.
pub(super) struct AccountNetwork<'h> {
    http: &'h dyn Fetch,
    certificates: CertificateTrust,
}

impl<'h> AccountNetwork<'h> {
    /// Creates the network of an account. A stored fingerprint that cannot be read accepts nothing.
    pub(super) fn new(http: &'h dyn Fetch, certificate: Option<&str>) -> AccountNetwork<'h> {
        let accepted = certificate.and_then(CertificateFingerprint::parse);
        let certificates = accepted.map_or(CertificateTrust::Named, CertificateTrust::Accepted);
        AccountNetwork { http, certificates }
    }
}

impl Fetch for AccountNetwork<'_> {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        let certificates = self.certificates;
        self.http.fetch(&FetchRequest { certificates, ..request.clone() }, limits)
    }

    fn interrupt(&self) {
        self.http.interrupt();
    }
}
