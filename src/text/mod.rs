//! Text processing for terminals and searches: cleaning, measuring, folding, decoding, URLs. Knows
//! nothing of articles, screens or files.

mod abbreviations;
mod argv_slots;
pub mod base64;
pub mod bidi;
mod browser_url;
mod capital;
mod character_reference;
pub mod charset;
mod clock_time;
mod copy_key;
mod count_noun;
mod digest;
mod edit_distance;
mod escape_sequence;
mod file_name;
mod fold;
mod folded_letters;
mod instant;
mod json_escape;
mod language;
mod lenient_toml;
mod line_number;
mod local_zone;
mod markup_sequences;
mod private_host;
mod redact;
mod relative_time;
mod row_template;
pub mod sanitize;
mod sentences;
mod tracking;
pub mod url;
mod url_trust;
mod width;
mod word_units;

pub use abbreviations::{ends_with_acronym, is_abbreviation};
pub use argv_slots::{fill_slots, fill_text, find_unknown_slot};
pub use browser_url::browser_url;
pub use capital::capitalize;
pub use character_reference::{decode_entities, resolve_entity};
pub use clock_time::format_clock;
pub use copy_key::copy_key;
pub use count_noun::{count_noun, group_thousands};
pub use digest::{fnv1a_digest, stable_digest};
pub use edit_distance::{nearest_name, nearest_word, unknown_name_message};
pub use file_name::{MAX_FILE_NAME_BYTES, safe_file_name};
pub use fold::{
    WordPlace, WordToken, fold, fold_into, fold_word_char, for_each_word, is_single_char_word,
};
pub use folded_letters::FoldedLetters;
pub use instant::{instant_from_seconds, instant_from_system_time, is_in_calendar};
pub use json_escape::escape_deceptive_json;
pub use language::detect_language;
pub use lenient_toml::{LenientToml, TomlSyntaxError, visit_lenient_toml};
pub use line_number::{LineNumbers, line_number};
pub use local_zone::{LocalZone, first_instant_of};
pub use markup_sequences::{strip_sequences, strip_sequences_in_markup};
pub use private_host::{
    is_private_address, is_private_host, names_other_private_host, names_private_host,
};
pub use redact::redact_user_info;
pub use relative_time::{LIST_DATE_WIDTH, LocalNow, format_long_date};
pub use row_template::RowTemplate;
pub use sentences::split_sentences;
pub use strsim::{levenshtein as levenshtein_distance, osa_distance as typing_distance};
pub use tracking::is_tracking_parameter;
pub use url_trust::UrlTrust;
pub use width::{
    ColumnCounter, ceil_grapheme_boundary, floor_char_boundary, is_grapheme_boundary,
    shorten_quotation, split_row, truncate, width,
};
pub use word_units::split_word_units;
