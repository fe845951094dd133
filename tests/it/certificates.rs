//! Servers whose certificates no authority has signed: refused, and accepted one by one.

use newsreader::net::{
    CertificateFingerprint, CertificateTrust, Fetch, FetchError, FetchLimits, FetchProblem,
    FetchRequest, FetchResponse, HttpClient, HttpOptions,
};

use crate::support::server::{CERTIFICATE, OTHER_CERTIFICATE, Server, TestResponse};

fn fetch(
    client: &HttpClient,
    server: &Server,
    certificates: CertificateTrust,
) -> Result<FetchResponse, FetchError> {
    let request =
        FetchRequest { certificates, ..FetchRequest::user_supplied(server.url("/feed.xml")) };
    client.fetch(&request, &FetchLimits::default())
}

fn client() -> HttpClient {
    HttpClient::new(&HttpOptions::default()).unwrap()
}

fn fingerprint(text: &str) -> CertificateFingerprint {
    CertificateFingerprint::parse(text).unwrap()
}

#[test]
fn certificate_without_an_authority_is_refused_with_its_fingerprint() {
    let server = Server::start_with(Some(CERTIFICATE), |_| TestResponse::ok("secret"));
    let client = client();
    let named = fetch(&client, &server, CertificateTrust::Named).unwrap_err();
    assert_eq!(
        named.to_string(),
        format!(
            "127.0.0.1: its certificate is refused: no known authority vouches for it. Its fingerprint is {}",
            CERTIFICATE.fingerprint
        )
    );
    assert_eq!(named.refused_certificate(), Some(fingerprint(CERTIFICATE.fingerprint)));
    // A feed is refused as well, and nothing offers to accept it.
    let plain = fetch(&client, &server, CertificateTrust::Authorities).unwrap_err();
    assert_eq!(plain.refused_certificate(), None);
    assert!(matches!(plain.problem, FetchProblem::Tls { .. }), "{plain}");
    assert!(server.requests().is_empty(), "nothing was sent");
}

#[test]
fn only_the_accepted_certificate_is_accepted() {
    let server = Server::start_with(Some(CERTIFICATE), |_| TestResponse::ok("news"));
    let client = client();
    let accepted = CertificateTrust::Accepted(fingerprint(CERTIFICATE.fingerprint));
    for _ in 0..2 {
        assert_eq!(fetch(&client, &server, accepted).unwrap().body, b"news");
    }
    // What one request accepts, no other does.
    assert!(fetch(&client, &server, CertificateTrust::Authorities).is_err());
    assert!(fetch(&client, &server, CertificateTrust::Named).is_err());
    let other = fingerprint(OTHER_CERTIFICATE.fingerprint);
    let changed = fetch(&client, &server, CertificateTrust::Accepted(other)).unwrap_err();
    assert_eq!(
        changed.to_string(),
        format!(
            "127.0.0.1: its certificate is now {}, and not {}, which was accepted",
            CERTIFICATE.fingerprint, OTHER_CERTIFICATE.fingerprint
        )
    );
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn interrupting_closes_connections_with_an_accepted_certificate() {
    let server = Server::start_with(Some(CERTIFICATE), |_| TestResponse::ok("news"));
    let client = client();
    let accepted = CertificateTrust::Accepted(fingerprint(CERTIFICATE.fingerprint));
    let request = FetchRequest {
        certificates: accepted,
        ..FetchRequest::user_supplied(server.url("/feed.xml"))
    };
    let limits = FetchLimits { interruptible: true, ..FetchLimits::default() };
    assert_eq!(client.fetch(&request, &limits).unwrap().status, 200);
    client.interrupt();
    assert_eq!(client.fetch(&request, &limits).unwrap().status, 200);
}
