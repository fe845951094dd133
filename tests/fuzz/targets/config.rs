//! Parses arbitrary text as each of the files that the user writes: settings, a keymap, a theme.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    command::Keymap,
    settings::{SettingsLayer, merge_layers},
    ui::Theme,
};

fuzz_target!(|text: &str| {
    merge_layers(vec![SettingsLayer::from_toml("settings.toml", text)]);
    let _ = Keymap::parse(text);
    Keymap::parse_lenient(text, &["mpv"]);
    Theme::parse_lenient(text);
});
