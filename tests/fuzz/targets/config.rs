//! Parses arbitrary text as each of the files that the user writes: settings, a keymap, a theme.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::{
    command::Keymap,
    settings::{SettingsLayer, merge_layers},
    ui::Theme,
};

fuzz_target!(|text: &str| {
    if let Ok(layer) = SettingsLayer::from_toml("settings.toml", text) {
        merge_layers(vec![layer]);
    }
    let _ = Keymap::parse(text);
    Keymap::parse_lenient(text, &["mpv"]);
    Theme::parse_lenient(text);
});
