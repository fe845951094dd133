//! The stories of the library in memory, by which lists fold them.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{ReadConnection, StoreError};
use crate::model::EntryId;

/// Ids below this are looked up in a table: four bytes for each id up to the highest.
const MAX_TABLE_IDS: i64 = 1 << 24;

/// The stories of at least two articles, by their articles.
///
/// A list of a million articles is folded with one look-up in a table for each; a map took five times as
/// long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryMap {
    /// For each id, the number of its story from 1, or 0.
    table: Vec<u32>,
    /// The numbers of higher ids.
    others: HashMap<EntryId, u32>,
    story_count: u32,
}

impl StoryMap {
    /// Returns the number of an article's story, counted from 1; 0 if it shares its story with no other one.
    pub fn number_of(&self, id: EntryId) -> u32 {
        let of_table = usize::try_from(id.0).ok().and_then(|id| self.table.get(id)).copied();
        let of_others = || self.others.get(&id).copied();
        of_table.or_else(of_others).unwrap_or_default()
    }

    /// Returns the number of stories, which is the highest number of one.
    pub fn story_count(&self) -> u32 {
        self.story_count
    }

    /// Adds the articles of a story; one that is alone has none.
    fn add_story(&mut self, articles: &[EntryId]) {
        if articles.len() < 2 {
            return;
        }
        self.story_count += 1;
        for id in articles {
            let at = usize::try_from(id.0).ok().filter(|_| id.0 < MAX_TABLE_IDS);
            let Some(at) = at else {
                self.others.insert(*id, self.story_count);
                continue;
            };
            if self.table.len() <= at {
                self.table.resize(at + 1, 0);
            }
            self.table[at] = self.story_count;
        }
    }
}

impl ReadConnection {
    /// Loads the stories of at least two articles; `None` once `is_stale` returns true, which is asked now and then.
    pub fn load_story_map(
        &self,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<StoryMap>, StoreError> {
        load_story_map(&self.db, is_stale).map_err(StoreError::during("read the stories"))
    }
}

/// Number of articles whose stories are read between two looks at whether somebody waits: less than a millisecond.
const ARTICLES_PER_LOOK: usize = 1 << 12;

fn load_story_map(
    db: &Connection,
    is_stale: &dyn Fn() -> bool,
) -> rusqlite::Result<Option<StoryMap>> {
    // In the order of an index that has both columns, so that no row of the table is read.
    let sql =
        "SELECT story, entry FROM story_articles INDEXED BY story_articles_by_story ORDER BY story";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let (mut map, mut story, mut articles) = (StoryMap::default(), 0_i64, Vec::new());
    let mut read_count = 0_usize;
    while let Some(row) = rows.next()? {
        read_count += 1;
        if read_count.is_multiple_of(ARTICLES_PER_LOOK) && is_stale() {
            return Ok(None);
        }
        let next = row.get(0)?;
        if next != story {
            map.add_story(&articles);
            articles.clear();
            story = next;
        }
        articles.push(EntryId(row.get(1)?));
    }
    map.add_story(&articles);
    Ok(Some(map))
}

#[cfg(test)]
mod tests {
    use super::{MAX_TABLE_IDS, StoryMap};
    use crate::model::EntryId;

    #[test]
    fn story_map_knows_articles_of_any_id() {
        let mut map = StoryMap::default();
        let far = MAX_TABLE_IDS + 7;
        map.add_story(&[EntryId(3)]);
        map.add_story(&[EntryId(2), EntryId(far)]);
        map.add_story(&[EntryId(9), EntryId(5), EntryId(-4)]);
        let numbers = [1, 2, 3, 5, 9, 10, far, far + 1, -4].map(|id| map.number_of(EntryId(id)));
        assert_eq!(numbers, [0, 1, 0, 2, 2, 0, 1, 0, 2]);
        assert_eq!(map.story_count(), 2);
        assert_eq!(map.table.len(), 10, "a high id costs no table");
    }
}
