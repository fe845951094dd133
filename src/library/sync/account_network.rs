//! The network as the requests of one account see it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    library::clock::monotonic_now,
    net::{
        CertificateFingerprint, CertificateTrust, Fetch, FetchError, FetchLimits, FetchProblem,
        FetchRequest, FetchResponse,
    },
    text::url,
};

/// Time that a sync may take, whatever it brings.
const BASE_TIME: Duration = Duration::from_secs(600);

/// Time that a sync may take besides for each article that has arrived and each mark that was sent: less
/// than half a minute for a request of 250.
const TIME_PER_ITEM: Duration = Duration::from_millis(100);

/// Shortest time for which a request is worth sending.
const MIN_REQUEST_TIME: Duration = Duration::from_secs(1);

/// The time that a sync takes, which grows with its progress: no server holds a sync for hours.
#[derive(Debug, Clone)]
pub(super) struct SyncTime {
    started: Instant,
    base: Duration,
    done_items: Arc<AtomicUsize>,
}

impl SyncTime {
    /// Starts the time of a sync.
    pub(super) fn start() -> SyncTime {
        SyncTime::start_with(BASE_TIME)
    }

    fn start_with(base: Duration) -> SyncTime {
        SyncTime { started: monotonic_now(), base, done_items: Arc::default() }
    }

    /// Notes that articles have arrived, or that marks were sent.
    pub(super) fn note_done(&self, items: usize) {
        self.done_items.fetch_add(items, Ordering::Relaxed);
    }

    /// Returns the time that the sync may take in all.
    pub(super) fn allowed(&self) -> Duration {
        let items = u32::try_from(self.done_items.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        self.base + TIME_PER_ITEM.saturating_mul(items)
    }

    /// Returns whether the time is over, or so nearly that no request is worth sending.
    pub(super) fn is_over(&self) -> bool {
        self.left() < MIN_REQUEST_TIME
    }

    fn left(&self) -> Duration {
        self.allowed().saturating_sub(monotonic_now().duration_since(self.started))
    }
}

/// The network with the certificate that the user has accepted for the server of an account. Without one,
/// a certificate that is refused is named, so that the user can accept it. Requests end with the time of
/// the sync.
pub(super) struct AccountNetwork<'h> {
    http: &'h dyn Fetch,
    certificates: CertificateTrust,
    time: SyncTime,
}

impl<'h> AccountNetwork<'h> {
    /// Creates the network of an account. A stored fingerprint that cannot be read accepts nothing.
    pub(super) fn new(http: &'h dyn Fetch, certificate: Option<&str>) -> AccountNetwork<'h> {
        let accepted = certificate.and_then(CertificateFingerprint::parse);
        let certificates = accepted.map_or(CertificateTrust::Named, CertificateTrust::Accepted);
        AccountNetwork { http, certificates, time: SyncTime::start() }
    }

    /// Returns this network with the time of a sync that has begun.
    pub(super) fn within(self, time: SyncTime) -> AccountNetwork<'h> {
        AccountNetwork { time, ..self }
    }
}

impl Fetch for AccountNetwork<'_> {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        if self.time.is_over() {
            let host = url::host(&request.url).to_owned();
            let seconds = self.time.allowed().as_secs();
            return Err(FetchError {
                host,
                problem: FetchProblem::TimedOut { stage: "syncing", seconds },
            });
        }
        let certificates = self.certificates;
        let total_timeout = limits.total_timeout.min(self.time.left());
        let limits = FetchLimits { total_timeout, ..limits.clone() };
        self.http.fetch(&FetchRequest { certificates, ..request.clone() }, &limits)
    }

    fn interrupt(&self) {
        self.http.interrupt();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A network that notes the time that each request may take, and never answers.
    #[derive(Default)]
    struct Silent(Mutex<Vec<Duration>>);

    impl Fetch for Silent {
        fn fetch(
            &self,
            _: &FetchRequest,
            limits: &FetchLimits,
        ) -> Result<FetchResponse, FetchError> {
            self.0.lock().unwrap().push(limits.total_timeout);
            Err(FetchError { host: String::new(), problem: FetchProblem::ConnectionClosed })
        }

        fn interrupt(&self) {}
    }

    fn fetch(http: &dyn Fetch, time: &SyncTime) -> FetchError {
        let network = AccountNetwork::new(http, None).within(time.clone());
        let request = FetchRequest::user_supplied("https://a.example/".to_owned());
        network.fetch(&request, &FetchLimits::default()).unwrap_err()
    }

    #[test]
    fn requests_end_with_the_time_of_the_sync_and_progress_prolongs_it() {
        let http = Silent::default();
        let time = SyncTime::start_with(Duration::ZERO);
        assert!(time.is_over());
        assert!(fetch(&http, &time).to_string().contains("timed out"));
        assert!(http.0.lock().unwrap().is_empty());
        // 250 articles are worth 25 s.
        time.note_done(250);
        assert_eq!((time.allowed(), time.is_over()), (Duration::from_secs(25), false));
        fetch(&http, &time);
        let most = FetchLimits::default().total_timeout;
        assert!(http.0.lock().unwrap()[0] < most);
        time.note_done(usize::MAX / 2);
        assert!(!time.is_over(), "many articles are no overflow");
        fetch(&http, &time);
        assert_eq!(http.0.lock().unwrap()[1], most);
    }
}
