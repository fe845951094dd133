//! The fake server without a network: requests are answered in place, and can be cut off.

use std::sync::{Arc, Mutex, MutexGuard};

use newsreader::net::{Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse};

use super::{
    fake_greader::FakeState,
    fake_subscriptions::FakeFeed,
    server::{TestRequest, TestResponse},
};

/// The point at which the network fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Number of requests that are answered before.
    pub after: usize,
    /// The request that is not answered reaches the server.
    pub is_carried_out: bool,
}

/// A network with one server.
#[derive(Default)]
pub struct FakeNetwork {
    state: Mutex<FakeState>,
    cut: Mutex<Option<Cut>>,
}

/// The base address of the server: that of a FreshRSS, which certainly has labels.
pub const FAKE_URL: &str = "https://server.example/api/greader.php";

impl FakeNetwork {
    /// Creates a network whose server is subscribed to these feeds.
    pub fn with_feeds(feeds: Vec<FakeFeed>) -> Arc<FakeNetwork> {
        let network = FakeNetwork::default();
        network.state().feeds = feeds;
        Arc::new(network)
    }

    pub fn state(&self) -> MutexGuard<'_, FakeState> {
        self.state.lock().unwrap()
    }

    /// Lets the network fail at a point, or no more.
    pub fn cut(&self, cut: Option<Cut>) {
        *self.cut.lock().unwrap() = cut;
    }

    /// Counts a request; returns how it fails, if it does.
    fn failure(&self) -> Option<Cut> {
        let mut cut = self.cut.lock().unwrap();
        let cut = cut.as_mut()?;
        if cut.after == 0 {
            // Only the first one that fails may reach the server.
            return Some(Cut { is_carried_out: std::mem::take(&mut cut.is_carried_out), ..*cut });
        }
        cut.after -= 1;
        None
    }
}

impl Fetch for FakeNetwork {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        let path = request.url.strip_prefix(FAKE_URL).expect("there is one server");
        let headers = request.headers.iter();
        let received = TestRequest {
            path: path.to_owned(),
            headers: headers.map(|(name, value)| (name.to_lowercase(), value.clone())).collect(),
            body: request.form.as_ref().map_or_else(String::new, |form| {
                String::from_utf8(form.as_bytes().to_vec()).unwrap()
            }),
        };
        let failure = self.failure();
        let answer = match failure {
            Some(Cut { is_carried_out: false, .. }) => TestResponse::status(504),
            _ => self.state().respond(path, &received),
        };
        let TestResponse::Complete(status, _, body) = answer else { panic!("a whole answer") };
        if failure.is_some() {
            let problem = FetchProblem::ConnectionClosed;
            return Err(FetchError { host: "server.example".to_owned(), problem });
        }
        let mut response = FetchResponse::from_body(&request.url, body, false);
        response.status = status;
        Ok(response)
    }
}
