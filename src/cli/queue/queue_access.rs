//! The queue, the settings and the folder that the subcommands of `newsreader queue` use.

use crate::{
    cli::{open_library::OpenLibrary, output},
    library::{DownloadFolder, search_once},
    model::{BuiltInView, EntryId, ListDefinition, SearchRequest, SortOrder, ViewScope},
    settings::Settings,
    store::ReadConnection,
};

/// Returns the folder of downloads.
pub(in crate::cli) fn download_folder(
    library: &OpenLibrary,
    settings: &Settings,
) -> anyhow::Result<DownloadFolder> {
    let podcasts = &settings.podcasts;
    let (folder, name) = (&podcasts.folder, &podcasts.name);
    DownloadFolder::of_library(&library.location, folder, name, podcasts.max_mb)
        .map_err(output::to_error)
}

/// Returns the articles of the queue, in the order of its view.
pub(super) fn find_queue(reader: &ReadConnection) -> anyhow::Result<Vec<EntryId>> {
    Ok(find_ordered_queue(reader)?.1)
}

/// Returns the order of the view of the queue, and the articles in it.
pub(super) fn find_ordered_queue(
    reader: &ReadConnection,
) -> anyhow::Result<(SortOrder, Vec<EntryId>)> {
    let views = reader.list_views()?;
    let view = views.iter().find(|view| view.built_in == Some(BuiltInView::Queue));
    let order = view.map_or(BuiltInView::Queue.first_order(), |view| view.order);
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: BuiltInView::Queue.query().to_owned(),
        order,
        ..ListDefinition::default()
    };
    let found = search_once(reader, &SearchRequest { list, ..SearchRequest::default() })?;
    Ok((order, found.ids.to_vec()))
}
