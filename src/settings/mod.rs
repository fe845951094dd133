//! What the user can set: one structure, filled from layers that are merged as tables before they are read.
//!
//! Lowest first: the defaults in `assets/settings.toml`, the user's file, the environment, the command line. A
//! mistake is named and left out; the rest counts, and the program starts all the same.

mod error;
mod layers;
mod terminal;
mod values;

pub use error::SettingsError;
pub use layers::{Layer, load};
pub use terminal::surroundings;
pub use values::{
    Article, Bidi, Colors, Density, Glyphs, Hyperlinks, ImageProtocol, List, Mouse, Preset, Refresh,
    Settings, Site, Switch, Tidy,
};
