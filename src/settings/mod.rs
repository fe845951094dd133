//! User settings: layers of TOML tables, merged and deserialized into one [`Settings`].
//!
//! The layers, lowest first: the defaults in `assets/settings.toml`, the user's file, the
//! environment, the command line. An invalid value is reported and ignored; the other values apply,
//! and the program starts.
//!
//! The user's rules are a file of their own, `rules_file.rs`.
//!
//! Start with `schema.rs` for the settings and [`merge_layers`] for the layers. Files and the
//! environment are read by the caller.

mod detect_terminal;
mod error;
mod layer;
mod rules_file;
mod schema;
mod table_path;
mod user_command;
mod value_forms;

pub use detect_terminal::resolve_auto_settings;
pub use error::SettingsError;
pub use layer::{SettingsLayer, merge_layers};
pub use rules_file::{FiledRule, RulesFile, add_rule, check_rule_name, remove_rule};
pub use schema::{
    ArticleSettings, BidiSetting, ColorDepth, GlyphMode, HyperlinkMode, ImageProtocolSetting,
    KeyPreset, ListDensity, ListSettings, MouseCapture, NotificationSetting, OnOff,
    RefreshSettings, Settings, SiteSettings, TidyOption,
};
pub use user_command::UserCommand;
