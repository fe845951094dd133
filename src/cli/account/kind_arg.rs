//! The kind of server that the user names.

use clap::ValueEnum;

use crate::model::ServerKind;

/// The choice of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum KindArg {
    /// The one that is found: the Google Reader API, or else the Fever API.
    #[default]
    Auto,
    /// The Google Reader API: FreshRSS, Miniflux, The Old Reader, BazQux.
    Greader,
    /// The Fever API: CommaFeed, coldsweat, yarr. Read marks and stars only.
    Fever,
}

impl KindArg {
    /// Returns the only kind of server that is looked for; `None` if there is none.
    pub fn only(self) -> Option<ServerKind> {
        match self {
            KindArg::Auto => None,
            KindArg::Greader => Some(ServerKind::GoogleReader),
            KindArg::Fever => Some(ServerKind::Fever),
        }
    }
}
