//! The HTTP client: one request and its redirects, each of which is checked before it is followed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ureq::{
    Body, RequestBuilder,
    http::{HeaderMap, HeaderName, HeaderValue, Response as HttpResponse, Uri, header},
};

use super::{
    CertificateFingerprint, CertificateTrust, Credentials, Fetch, FetchError, FetchLimits,
    FetchProblem, FetchRequest, FetchResponse, HttpOptions, NetworkScope, ResponseSink,
    StandInNetwork,
    agents::{AgentBuilder, AgentPair, AgentSet, lock},
    map_error::{fetch_error, map_error},
    pinned_tls::{refused_certificate_reason, refused_fingerprint},
    response_headers::header_text,
};
use crate::text::{
    UrlTrust, base64, is_private_host,
    url::{self, Url},
};

/// The HTTP client. All threads share its connections, which are kept open; cookies are not kept.
///
/// Each network has connections of its own, so that none to a private address is used again for a
/// request that may not lead there. So do the requests that can be interrupted, which closes all of
/// their connections, and those to a server whose certificate the user has accepted.
#[derive(Debug)]
pub struct HttpClient {
    builder: AgentBuilder,
    steady: AgentSet,
    /// Another set after each interruption.
    interruptible: Mutex<Arc<AgentSet>>,
}

impl HttpClient {
    /// Creates a client.
    ///
    /// # Errors
    ///
    /// If the proxy URL is invalid.
    pub fn new(options: &HttpOptions) -> Result<HttpClient, FetchError> {
        HttpClient::build(options, None)
    }

    /// Creates a client for tests, whose hosts and servers are those of `network`.
    pub fn with_stand_in(network: &Arc<dyn StandInNetwork>) -> HttpClient {
        HttpClient::build(&HttpOptions::default(), Some(network)).expect("there is no proxy")
    }

    fn build(
        options: &HttpOptions,
        stand_in: Option<&Arc<dyn StandInNetwork>>,
    ) -> Result<HttpClient, FetchError> {
        let builder = AgentBuilder::new(options, stand_in)?;
        let (steady, interruptible) = (builder.build_set(), builder.build_set());
        let interruptible = Mutex::new(Arc::new(interruptible));
        Ok(HttpClient { builder, steady, interruptible })
    }

    /// Returns the connections for a request with these limits.
    fn agents(&self, request: &FetchRequest, limits: &FetchLimits) -> AgentPair {
        let accepted = match request.certificates {
            CertificateTrust::Authorities | CertificateTrust::Named => None,
            CertificateTrust::Accepted(fingerprint) => Some(fingerprint),
        };
        if limits.interruptible {
            let set = Arc::clone(&lock(&self.interruptible));
            self.builder.agents_of(&set, accepted)
        } else {
            self.builder.agents_of(&self.steady, accepted)
        }
    }
}

impl Fetch for HttpClient {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        RedirectChain::new(self, request, limits).follow()
    }

    fn fetch_into(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
        sink: &mut dyn ResponseSink,
    ) -> Result<FetchResponse, FetchError> {
        RedirectChain::new(self, request, limits).follow_into(sink)
    }

    fn interrupt(&self) {
        let next = Arc::new(self.builder.build_set());
        let before = std::mem::replace(&mut *lock(&self.interruptible), next);
        before.shut_down();
    }
}

/// A request on its way through redirects.
pub(super) struct RedirectChain<'a> {
    builder: &'a AgentBuilder,
    agents: AgentPair,
    request: &'a FetchRequest,
    pub(super) limits: &'a FetchLimits,
    started_at: Instant,
    pub(super) url: String,
    /// The target of the permanent redirects at the start of the chain.
    pub(super) permanent_url: Option<String>,
    all_permanent: bool,
    /// The network of the first origin, once it has answered.
    pub(super) network: Option<NetworkScope>,
}

impl<'a> RedirectChain<'a> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the deadline of a request, over all its redirects"
    )]
    fn new(
        client: &'a HttpClient,
        request: &'a FetchRequest,
        limits: &'a FetchLimits,
    ) -> RedirectChain<'a> {
        let url = request.url.split('#').next().unwrap_or_default().to_owned();
        RedirectChain {
            builder: &client.builder,
            agents: client.agents(request, limits),
            request,
            limits,
            started_at: Instant::now(),
            url,
            permanent_url: None,
            all_permanent: true,
            network: None,
        }
    }

    fn follow(mut self) -> Result<FetchResponse, FetchError> {
        let response = self.find_answer()?;
        self.read_response(response)
    }

    fn follow_into(mut self, sink: &mut dyn ResponseSink) -> Result<FetchResponse, FetchError> {
        let response = self.find_answer()?;
        self.hand_on(response, sink)
    }

    /// Follows the redirects, and returns the first response that is none.
    fn find_answer(&mut self) -> Result<HttpResponse<Body>, FetchError> {
        let mut seen = BTreeSet::new();
        for _ in 0..=self.limits.max_redirects {
            let response = self.send()?;
            let status = response.status().as_u16();
            let target = match &self.request.form {
                Some(_) => None,
                None => self.redirect_target(status, response.headers())?,
            };
            let Some(to) = target else {
                return Ok(response);
            };
            self.all_permanent &= matches!(status, 301 | 308) && self.may_move_to(&to);
            if self.all_permanent {
                self.permanent_url = Some(url::without_user_info(&to).into_owned());
            }
            if !seen.insert(to.clone()) {
                break;
            }
            self.url = to;
        }
        Err(self.fetch_error(FetchProblem::TooManyRedirects { limit: self.limits.max_redirects }))
    }

    pub(super) fn fetch_error(&self, problem: FetchProblem) -> FetchError {
        fetch_error(&self.url, problem)
    }

    /// Returns the target of a redirect (RFC 9110 §15.4); `None` for other responses.
    ///
    /// # Errors
    ///
    /// If the redirect is unsafe: it leads away from https or the web.
    fn redirect_target(
        &self,
        status: u16,
        headers: &HeaderMap,
    ) -> Result<Option<String>, FetchError> {
        let location = header_text(headers, header::LOCATION)
            .filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308));
        let Some(location) = location else { return Ok(None) };
        let to = url::resolve(&location, Some(&self.url))
            .ok_or_else(|| self.unsafe_redirect(&location))?;
        let to = to.split('#').next().unwrap_or_default().to_owned();
        let is_safe = match url::parse_web_url(&to) {
            Some(target) => target.scheme() == "https" || self.parse_url()?.scheme() == "http",
            None => false,
        };
        if is_safe { Ok(Some(to)) } else { Err(self.unsafe_redirect(&to)) }
    }

    /// Returns true if requests may go to `to` from now on. One with secrets stays at its origin: a
    /// move would hand them to another server. One with secrets in its URL would lose them.
    fn may_move_to(&self, to: &str) -> bool {
        let request = self.request;
        let has_secrets = request.credentials.is_some() || !request.headers.is_empty();
        self.url_credentials().is_none() && (!has_secrets || url::same_origin(to, &request.url))
    }

    /// Returns the user and password in the first URL.
    fn url_credentials(&self) -> Option<Credentials> {
        let (user, password) = url::user_info(&url::parse_web_url(&self.request.url)?)?;
        Some(Credentials { user, password })
    }

    fn unsafe_redirect(&self, to: &str) -> FetchError {
        self.fetch_error(FetchProblem::UnsafeRedirect { to: url::host(to).to_owned() })
    }

    fn parse_url(&self) -> Result<Url, FetchError> {
        url::check_web_url(&self.url)
            .map_err(|reason| self.fetch_error(FetchProblem::InvalidUrl(reason)))
    }

    /// Sends the request to the current URL: into the public internet, or else into the private
    /// network if the user supplied its origin.
    fn send(&mut self) -> Result<HttpResponse<Body>, FetchError> {
        let mut target = self.parse_url()?;
        // The user and password go into a header. Neither setter fails for a URL with a host.
        let _ = target.set_username("");
        let _ = target.set_password(None);
        // The serialisation of a URL is ASCII: hosts in Punycode, other letters percent-encoded.
        let uri: Uri = target.as_str().parse().map_err(|error| {
            self.fetch_error(FetchProblem::Other(format!("the request cannot be sent: {error}")))
        })?;
        let is_first_origin = url::same_origin(&self.url, &self.request.url);
        let sent = self.send_to_public(&target, uri.clone(), is_first_origin);
        let is_refused = sent.as_ref().is_err_and(FetchError::is_private_address);
        let (response, network) = if is_refused && self.may_be_private(is_first_origin) {
            let scope = NetworkScope::Private;
            (self.send_with(scope, uri, is_first_origin)?, Some(scope))
        } else {
            (sent?, Some(NetworkScope::Public).filter(|_| !self.builder.has_proxy()))
        };
        if is_first_origin {
            self.network = network;
        }
        Ok(response)
    }

    /// Returns true if the request may go into the private network. A redirect to another origin leads
    /// where its server chooses, and an origin that was public a moment ago has not moved.
    fn may_be_private(&self, is_first_origin: bool) -> bool {
        is_first_origin
            && self.request.trust == UrlTrust::UserSupplied
            && self.network != Some(NetworkScope::Public)
    }

    fn send_to_public(
        &self,
        target: &Url,
        uri: Uri,
        is_first_origin: bool,
    ) -> Result<HttpResponse<Body>, FetchError> {
        // A proxy looks hosts up itself and would reach what the resolver's guard refuses: private
        // hosts are refused here as well.
        self.refuse_private_host(target)?;
        self.send_with(NetworkScope::Public, uri, is_first_origin)
    }

    fn send_with(
        &self,
        scope: NetworkScope,
        uri: Uri,
        is_first_origin: bool,
    ) -> Result<HttpResponse<Body>, FetchError> {
        let headers = self.request_headers(is_first_origin);
        let left = self.remaining_time()?;
        let agent = self.agents.of(scope);
        let sent = match &self.request.form {
            None => self.limit_time(with_headers(agent.get(uri.clone()), headers), left).call(),
            Some(form) => {
                let builder = with_headers(agent.post(uri.clone()), headers)
                    .header(header::CONTENT_TYPE, form.content_type());
                self.limit_time(builder, left).send(form.as_bytes())
            }
        };
        sent.map_err(|error| self.fetch_error(self.describe_error(error, scope, uri)))
    }

    /// Returns the problem of a request that was not answered. A certificate that was refused is named.
    fn describe_error(&self, error: ureq::Error, scope: NetworkScope, uri: Uri) -> FetchProblem {
        let refused = match self.request.certificates {
            CertificateTrust::Authorities => None,
            CertificateTrust::Named => refused_certificate_reason(&error).and_then(|reason| {
                let fingerprint = self.look_at_certificate(scope, uri)?;
                Some(FetchProblem::UntrustedCertificate { reason, fingerprint })
            }),
            CertificateTrust::Accepted(accepted) => refused_fingerprint(&error)
                .map(|found| FetchProblem::ChangedCertificate { found, accepted }),
        };
        refused.unwrap_or_else(|| map_error(error, self.limits))
    }

    /// Connects once more to see the certificate that was refused. Nothing is sent: this certificate is
    /// refused as well.
    fn look_at_certificate(&self, scope: NetworkScope, uri: Uri) -> Option<CertificateFingerprint> {
        let agents = self.builder.build_pinned(None);
        let left = self.remaining_time().ok()?;
        let error = self.limit_time(agents.of(scope).get(uri), left).call().err()?;
        refused_fingerprint(&error)
    }

    /// Sets the time-outs of a request that may take `left` in all.
    fn limit_time<B>(&self, builder: RequestBuilder<B>, left: Duration) -> RequestBuilder<B> {
        builder
            .config()
            .timeout_global(Some(left))
            .timeout_resolve(Some(self.limits.connect_timeout.min(left)))
            .timeout_connect(Some(self.limits.connect_timeout.min(left)))
            .timeout_recv_response(Some(self.limits.response_timeout.min(left)))
            .build()
    }

    fn refuse_private_host(&self, target: &Url) -> Result<(), FetchError> {
        match target.host().filter(is_private_host) {
            Some(host) => {
                Err(self.fetch_error(FetchProblem::PrivateAddress { address: host.to_string() }))
            }
            None => Ok(()),
        }
    }

    /// Returns the headers of the request. Credentials and the user's own headers go only to the
    /// origin of the first URL.
    fn request_headers(&self, is_first_origin: bool) -> Vec<(HeaderName, HeaderValue)> {
        let request = self.request;
        let mut headers = Vec::new();
        let mut add = |name: HeaderName, value: &Option<String>| {
            let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
            headers.extend(value.map(|value| (name, value)));
        };
        add(header::IF_NONE_MATCH, &request.etag);
        add(header::IF_MODIFIED_SINCE, &request.last_modified);
        add(header::USER_AGENT, &request.user_agent);
        if let Some(range) = &request.range {
            add(header::ACCEPT_ENCODING, &Some("identity".to_owned()));
            if range.start > 0 {
                add(header::RANGE, &Some(format!("bytes={}-", range.start)));
                add(header::IF_RANGE, &range.validator);
            }
        }
        if is_first_origin {
            let credentials = request.credentials.clone().or_else(|| self.url_credentials());
            add(header::AUTHORIZATION, &credentials.as_ref().map(basic_authorization));
            for (name, value) in &request.headers {
                if let Ok(name) = HeaderName::try_from(name.as_str()) {
                    add(name, &Some(value.clone()));
                }
            }
        }
        headers
    }

    fn remaining_time(&self) -> Result<Duration, FetchError> {
        let total = self.limits.total_timeout;
        let left = total.saturating_sub(self.started_at.elapsed());
        if left.is_zero() {
            let (stage, seconds) = ("following redirects", total.as_secs());
            return Err(self.fetch_error(FetchProblem::TimedOut { stage, seconds }));
        }
        Ok(left)
    }
}

fn with_headers<B>(
    builder: RequestBuilder<B>,
    headers: Vec<(HeaderName, HeaderValue)>,
) -> RequestBuilder<B> {
    headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}

/// Returns the `Authorization` header for `credentials` (RFC 7617 §2).
fn basic_authorization(credentials: &Credentials) -> String {
    let user_and_password = format!("{}:{}", credentials.user, credentials.password);
    format!("Basic {}", base64::encode(user_and_password.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_with_secrets_do_not_move_to_another_origin() {
        let client = HttpClient::new(&HttpOptions::default()).expect("no proxy is named");
        let limits = FetchLimits::default();
        let plain = FetchRequest::user_supplied("https://post.example/old");
        let credentials = Credentials { user: "ann".to_owned(), password: "word".to_owned() };
        let with_secrets = [
            FetchRequest { credentials: Some(credentials), ..plain.clone() },
            FetchRequest { headers: vec![("X-Key".to_owned(), "7".to_owned())], ..plain.clone() },
        ];
        let may_move = |request: &FetchRequest, to: &str| {
            RedirectChain::new(&client, request, &limits).may_move_to(to)
        };
        assert!(may_move(&plain, "https://other.example/new"));
        let in_url = FetchRequest::user_supplied("https://ann:word@post.example/old");
        assert!(!may_move(&in_url, "https://post.example/new"));
        for request in &with_secrets {
            assert!(may_move(request, "https://post.example/new"), "{request:?}");
            for to in ["https://other.example/new", "https://post.example:8443/new"] {
                assert!(!may_move(request, to), "{request:?}");
            }
        }
    }
}
