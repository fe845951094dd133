//! Work in the background, as the user sees it.

/// How far a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Feeds done.
    pub done: usize,
    /// Feeds in all.
    pub total: usize,
}

/// Work in the background.
#[derive(Debug, Default)]
pub struct Jobs {
    refresh: Option<Progress>,
}

impl Jobs {
    /// How far the refresh is, if one runs.
    pub fn refresh(&self) -> Option<Progress> {
        self.refresh
    }

    /// A refresh of so many feeds began.
    pub fn began(&mut self, total: usize) {
        self.refresh = Some(Progress { done: 0, total });
    }

    /// So many feeds are done.
    pub fn reached(&mut self, done: usize) {
        if let Some(progress) = &mut self.refresh {
            progress.done = done.min(progress.total);
        }
    }

    /// The refresh ended.
    pub fn ended(&mut self) {
        self.refresh = None;
    }
}
