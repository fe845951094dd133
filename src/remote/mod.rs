//! The things that all servers of accounts have in common, whichever protocol they speak: articles,
//! lists of ids, failures, the limits of an answer, and the form of the texts in it.
//!
//! The protocols are in `greader` and `fever`. Start with [`RemoteItem`] and [`ServerError`].

mod answer_json;
mod error;
mod exchange;
mod id_list;
mod json_list;
mod remote_item;
mod server_address;
mod server_text;

pub use answer_json::{clean_reason, or_default, parse_answer, text_or_number};
pub use error::ServerError;
pub use exchange::{check_response, exchange};
pub use id_list::IdList;
pub use json_list::{AtMost, MAX_ITEMS, MAX_SUBSCRIPTIONS, MAX_VALUES};
pub use remote_item::{RemoteEnclosure, RemoteItem};
pub use server_address::{ServerAddress, ServerAddressError};
pub use server_text::{clean_html, clean_line, clean_name, clean_url, restore_title};
