//! Integration tests. They are one binary, because linking once is cheaper than linking per file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod app_updates;
mod app_updates_article;
mod app_updates_list;
mod app_updates_mouse;
mod app_updates_palette;
mod app_updates_paths;
mod app_updates_saving;
mod app_updates_sidebar;
mod article_images;
mod article_requests;
mod articles;
mod circles;
mod cli;
mod cli_count;
mod cli_fixed_choices;
mod cli_json;
mod cli_marks;
mod cli_queries;
mod corpora;
mod credentials;
mod damage;
mod discovery;
mod earlier_versions;
mod extract;
mod feed_dialogs;
mod feed_management;
mod feed_moves;
mod feed_parser;
mod feed_values;
mod full_text;
mod hostile_output;
mod house;
mod identity;
mod index;
mod index_corpus;
mod index_maintenance;
mod keys;
mod layers;
mod library;
mod net;
#[cfg(unix)]
mod opened_folders;
mod plain_screens;
mod private_network;
mod pty;
#[cfg(unix)]
mod readme_screenshot;
mod refresh;
mod refresh_identity;
mod screens;
mod seeds;
mod support;
mod unfinished;
mod user_commands;
mod workers;
