//! The arguments of the program's state.

use super::Size;
use crate::{
    command::Keymap,
    model::{Failure, SessionState, StarterCollection, View, ViewScope},
    settings::Settings,
    text::LocalNow,
};

/// The arguments of [`App::new`](super::App::new).
#[derive(Debug)]
pub struct AppSetup {
    /// The settings, all layers merged.
    pub settings: Settings,
    /// The keys of the preset "type".
    pub type_keymap: Keymap,
    /// The keys of the preset "vim".
    pub vim_keymap: Keymap,
    /// Names of all themes.
    pub themes: Vec<String>,
    /// Returns the collections of feeds offered to a user without subscriptions. Called when they are
    /// shown first.
    pub collections: fn() -> Vec<StarterCollection>,
    /// The state of the last session.
    pub session: SessionState,
    /// The views, in their order.
    pub views: Vec<View>,
    /// The scope to show first, in place of the last session's.
    pub initial_scope: Option<ViewScope>,
    /// Failures before there was a screen.
    pub failures: Vec<Failure>,
    /// A warning that stays true of this run.
    pub warning: Option<String>,
    /// Size of the terminal.
    pub size: Size,
    /// The current time.
    pub now: LocalNow,
}
