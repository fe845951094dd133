//! What the user can set: one structure, filled from layers that are merged as tables before they are read.
//!
//! Lowest first: the defaults in `assets/settings.toml`, the user's file, the environment, the command line. A
//! mistake is named and left out; the rest counts, and the program starts all the same.

mod detect_terminal;
mod error;
mod layer;
mod schema;

pub use detect_terminal::resolve_auto_settings;
pub use error::SettingsError;
pub use layer::{SettingsLayer, merge_layers};
pub use schema::{
    ArticleSettings, BidiSetting, ColorDepth, GlyphMode, HyperlinkMode, ImageProtocolSetting,
    KeyPreset, ListDensity, ListSettings, MouseCapture, OnOff, RefreshSettings, Settings,
    SiteSettings, TidyOption,
};
