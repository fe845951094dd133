//! The changes of the state: one file for each kind of event.

mod appearance;
mod article;
mod commands;
mod feeds;
mod full_text;
mod keys;
mod list;
mod messages;
mod mouse;
mod navigation;

pub(in crate::app) use full_text::fetch_automatic_full_text;
