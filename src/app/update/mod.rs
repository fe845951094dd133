//! The changes of the state: one file for each kind of event.

mod accounts;
mod appearance;
mod article;
mod commands;
mod edits;
mod far_articles;
mod feed_overlays;
mod feeds;
mod folders;
mod full_text;
mod hidden_count;
mod journal;
mod keys;
mod list;
mod list_visit;
mod messages;
mod mouse;
mod navigation;
mod overlay_command;
mod overlay_mouse;
mod overlays;
mod podcasts;
mod programs;
mod row_marks;
mod rules;
mod sidebar;
mod similar_articles;
mod stories;
mod tags;
mod targets;
mod toggle_titles;
mod views;

pub(in crate::app) use full_text::fetch_automatic_full_text;
