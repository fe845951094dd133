//! `newsreader view list`: prints the views.

use serde::Serialize;

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        listing_args::ListingArgs, open_library::OpenLibrary, output,
    },
    library::search_once,
    model::{ListDefinition, SearchRequest, View, ViewScope},
    store::ReadConnection,
    text::sanitize,
};

/// A view as JSON.
#[derive(Serialize)]
struct ViewJson<'a> {
    name: &'a str,
    query: &'a str,
    built_in: bool,
    order: &'static str,
    group: &'static str,
    hidden: bool,
    articles: usize,
    unread: usize,
}

/// Prints the views in their order: as JSON, or as lines of name, query, order, groups and "hidden",
/// separated by tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let mut views = reader.list_views()?;
    listing.shorten(&mut views);
    let text = if args.json {
        views_json(&reader, &views)?
    } else {
        views.iter().map(format_view_line).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Returns all views as JSON.
pub fn list_json(reader: &ReadConnection) -> anyhow::Result<String> {
    views_json(reader, &reader.list_views()?)
}

fn views_json(reader: &ReadConnection, views: &[View]) -> anyhow::Result<String> {
    let views: anyhow::Result<Vec<_>> = views.iter().map(|view| view_json(reader, view)).collect();
    output::to_json_lines(&views?)
}

fn view_json<'v>(reader: &ReadConnection, view: &'v View) -> anyhow::Result<ViewJson<'v>> {
    let count = |unread_only| -> anyhow::Result<usize> {
        let (scope, filter) = (ViewScope::All, view.query.clone());
        let list = ListDefinition { scope, filter, unread_only, ..ListDefinition::default() };
        Ok(search_once(reader, &SearchRequest { list, ..SearchRequest::default() })?.ids.len())
    };
    Ok(ViewJson {
        name: &view.name,
        query: &view.query,
        built_in: view.built_in.is_some(),
        order: view.order.keyword(),
        group: view.grouping.keyword(),
        hidden: view.hidden,
        articles: count(false)?,
        unread: count(true)?,
    })
}

fn format_view_line(view: &View) -> String {
    let [name, query] = [&view.name, &view.query].map(|text| sanitize::to_text_line(text));
    let state = if view.hidden { "hidden" } else { "" };
    format!("{name}\t{query}\t{}\t{}\t{state}\n", view.order.keyword(), view.grouping.keyword())
}
