//! The articles that are being loaded, and the flags that give up those that nobody wants any more.

use std::sync::{Mutex, PoisonError};

use crossbeam_channel::Sender;

use crate::{app::ArticleRequest, markup::CancelFlag};

/// A request for an article on its way to a thread.
pub(super) struct ArticleLoad {
    /// The request.
    pub(super) request: ArticleRequest,
    /// Set when the article is no longer wanted.
    pub(super) cancel: CancelFlag,
}

/// The loads that were sent to the article threads and not cancelled since.
pub(super) struct ArticleLoads {
    threads: Sender<ArticleLoad>,
    flags: Mutex<Vec<(ArticleRequest, CancelFlag)>>,
}

/// Maximum number of flags that are kept: of the article in view, its neighbours, and some that are
/// loaded by now.
const MAX_FLAGS: usize = 16;

impl ArticleLoads {
    /// Creates an empty list whose loads go to `threads`.
    pub(super) fn new(threads: Sender<ArticleLoad>) -> ArticleLoads {
        ArticleLoads { threads, flags: Mutex::default() }
    }

    /// Has a thread load an article.
    pub(super) fn start(&self, request: ArticleRequest) {
        let cancel = CancelFlag::default();
        let mut flags = self.flags.lock().unwrap_or_else(PoisonError::into_inner);
        if flags.len() == MAX_FLAGS {
            flags.remove(0);
        }
        flags.push((request, cancel.clone()));
        // If the threads have ended, they have reported that themselves.
        let _ = self.threads.send(ArticleLoad { request, cancel });
    }

    /// Gives up loading an article.
    pub(super) fn cancel(&self, request: ArticleRequest) {
        let mut flags = self.flags.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, flag) in flags.extract_if(.., |(known, _)| *known == request) {
            flag.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::unbounded;

    use super::*;
    use crate::{app::RequestId, model::EntryId};

    #[test]
    fn cancel_sets_flag_of_its_load_only() {
        let (sender, receiver) = unbounded();
        let loads = ArticleLoads::new(sender);
        let request = |number| ArticleRequest { id: RequestId(number), entry: EntryId(7) };
        (1..=3).for_each(|number| loads.start(request(number)));
        loads.cancel(request(2));
        let is_cancelled = |load: ArticleLoad| load.cancel.is_cancelled();
        assert_eq!(receiver.try_iter().map(is_cancelled).collect::<Vec<_>>(), [false, true, false]);
    }
}
