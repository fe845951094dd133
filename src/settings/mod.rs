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

mod added_values;
mod detect_terminal;
mod error;
mod hook_settings;
mod layer;
mod podcast_settings;
mod rule_blocks;
mod rule_change;
mod rule_edit;
mod rules_file;
mod schema;
mod service_settings;
mod table_path;
mod user_command;
mod value_forms;

pub use added_values::{AddedValues, add_missing_values, format_config_value};
pub use detect_terminal::resolve_auto_settings;
pub use error::SettingsError;
pub use hook_settings::HookSettings;
pub use layer::{SettingsLayer, merge_layers};
pub use podcast_settings::PodcastSettings;
pub use rule_change::change_rule;
pub use rule_edit::plan_rule_edit;
pub use rules_file::{FiledRule, RulesFile, check_rule_name};
pub use schema::{
    ArticleSettings, BidiSetting, ColorDepth, CopySetting, GlyphMode, HyperlinkMode,
    ImageProtocolSetting, KeyPreset, ListDensity, ListSettings, MouseCapture, NotificationSetting,
    OnOff, RefreshSettings, Settings, SiteSettings, TidyOption,
};
pub use service_settings::{ServiceSettings, TokenServerSettings};
pub use user_command::UserCommand;
