//! The views: their rows, and the changes of them.
//!
//! The positions of the views are always 0, 1, 2 …: a view that is removed closes its gap, and one that is added
//! makes room. So the inverse of each change restores the order exactly.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError,
    readable_rows::{collect_readable, lossy_text},
};
use crate::model::{BuiltInView, ListGrouping, SortOrder, View, ViewId};

/// The columns of [`read_view`].
const VIEW_COLUMNS: &str = "id, name, query, built_in, sort, grouping, hidden";

impl ReadConnection {
    /// Lists the views, also hidden ones, in their order.
    pub fn list_views(&self) -> Result<Vec<View>, StoreError> {
        list_views(&self.db).map_err(StoreError::during("read the views"))
    }
}

fn list_views(db: &Connection) -> rusqlite::Result<Vec<View>> {
    let sql = format!("SELECT {VIEW_COLUMNS} FROM views ORDER BY position, id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut views: Vec<View> = collect_readable(statement.query_map([], read_view)?)?;
    // A damaged row is left out, and must leave no gap.
    for (position, view) in views.iter_mut().enumerate() {
        view.position = position;
    }
    Ok(views)
}

/// Reads a row of views, without its position.
fn read_view(row: &Row<'_>) -> rusqlite::Result<View> {
    let built_in: Option<String> = row.get(3)?;
    Ok(View {
        id: ViewId(row.get(0)?),
        name: lossy_text(row, 1)?,
        query: lossy_text(row, 2)?,
        built_in: built_in.and_then(|keyword| BuiltInView::from_keyword(&keyword)),
        order: SortOrder::from_keyword(&row.get::<_, String>(4)?).unwrap_or_default(),
        grouping: ListGrouping::from_keyword(&row.get::<_, String>(5)?).unwrap_or_default(),
        hidden: row.get(6)?,
        position: 0,
    })
}

/// A view before and after a change; `None` where there is none.
type ViewChange = (Option<Box<View>>, Option<Box<View>>);

/// Adds, edits, moves or removes a view. Returns the view before and after; `None` for both if nothing changes,
/// because the view is gone, or another one has its name or query.
pub(super) fn change_view(
    db: &Connection,
    before: Option<Box<View>>,
    after: Option<Box<View>>,
) -> rusqlite::Result<ViewChange> {
    let views = list_views(db)?;
    let is_new = before.is_none();
    // The row as it is, so that undo restores what another program has made of it.
    let stored = |view: &View| views.iter().find(|stored| stored.id == view.id).cloned();
    let is_possible = after.as_ref().is_none_or(|after| after.check_among(&views).is_ok());
    let (before, after) = match (before.and_then(|view| stored(&view)), after) {
        (Some(before), Some(after)) if is_possible => {
            let position = after.position.min(views.len() - 1);
            let edited = View { position, ..*after };
            update_view(db, &edited)?;
            (Some(before), Some(edited))
        }
        (None, Some(after)) if is_possible && is_new && stored(&after).is_none() => {
            let position = after.position.min(views.len());
            let added = View { position, ..*after };
            let id = insert_view(db, &added, None)?;
            (None, Some(View { id, ..added }))
        }
        (Some(before), None) if before.built_in.is_none() => {
            remove_view(db, before.id)?;
            (Some(before), None)
        }
        _ => (None, None),
    };
    Ok((before.map(Box::new), after.map(Box::new)))
}

/// Inserts a view at its position; returns its id, which is a new one if it had none.
fn insert_view(db: &Connection, view: &View, saved_at: Option<i64>) -> rusqlite::Result<ViewId> {
    db.execute("UPDATE views SET position = position + 1 WHERE position >= ?1", [view.position])?;
    let sql =
        "INSERT INTO views (id, name, query, built_in, sort, grouping, hidden, position, saved_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    db.execute(
        sql,
        params![
            Some(view.id.0).filter(|id| *id != 0),
            view.name,
            view.query,
            view.built_in.map(BuiltInView::keyword),
            view.order.keyword(),
            view.grouping.keyword(),
            view.hidden,
            view.position,
            saved_at,
        ],
    )?;
    Ok(ViewId(db.last_insert_rowid()))
}

fn update_view(db: &Connection, view: &View) -> rusqlite::Result<()> {
    close_gap(db, view.id)?;
    let sql = "UPDATE views SET position = position + 1 WHERE position >= ?2 AND id <> ?1";
    db.execute(sql, params![view.id.0, view.position])?;
    let sql = "UPDATE views SET name = ?2, query = ?3, sort = ?4, grouping = ?5, hidden = ?6, position = ?7
               WHERE id = ?1";
    let (order, grouping) = (view.order.keyword(), view.grouping.keyword());
    db.execute(
        sql,
        params![view.id.0, view.name, view.query, order, grouping, view.hidden, view.position],
    )?;
    Ok(())
}

fn remove_view(db: &Connection, id: ViewId) -> rusqlite::Result<()> {
    close_gap(db, id)?;
    db.execute("DELETE FROM views WHERE id = ?1", [id.0]).map(drop)
}

/// Moves the views below one up, as if it were not there.
fn close_gap(db: &Connection, id: ViewId) -> rusqlite::Result<()> {
    let sql = "UPDATE views SET position = position - 1
               WHERE id <> ?1 AND position > (SELECT position FROM views WHERE id = ?1)";
    db.execute(sql, [id.0]).map(drop)
}

/// Adds the view that a saved filter has become, as an earlier version of the program wrote it in the journal.
/// Returns when it was saved; `None` if there is a view of that query.
pub(super) fn restore_saved_filter(
    db: &Connection,
    text: &str,
    at: Option<i64>,
) -> rusqlite::Result<Option<i64>> {
    let at = at.unwrap_or_default();
    let views = list_views(db)?;
    let sql = "SELECT coalesce(max(position) + 1, 0) FROM views WHERE built_in IS NOT NULL OR saved_at <= ?1";
    let position: usize = db.query_row(sql, [at], |row| row.get(0))?;
    let sql = "SELECT value FROM kept WHERE name = 'order.filter ' || ?1";
    let order: Option<String> = db.query_row(sql, [text], |row| row.get(0)).optional()?;
    let order = order.and_then(|keyword| SortOrder::from_keyword(&keyword)).unwrap_or_default();
    let view = View { order, position, ..View::new(text, text, &views) };
    if view.check_among(&views).is_err() {
        return Ok(None);
    }
    insert_view(db, &view, Some(at))?;
    Ok(Some(at))
}

/// Removes the view that a saved filter has become. Returns when it was saved; `None` if there is none.
pub(super) fn remove_saved_filter(db: &Connection, text: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id, coalesce(saved_at, 0) FROM views WHERE query = ?1 AND built_in IS NULL";
    let found: Option<(i64, i64)> =
        db.query_row(sql, [text], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, at)) = found else { return Ok(None) };
    remove_view(db, ViewId(id))?;
    Ok(Some(at))
}
