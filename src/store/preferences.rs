//! The stored state of the program itself: the session and the reading positions.
//!
//! The session is stored as rows of names and values in the table `kept`; only [`encode`] and
//! [`decode`] know their spelling.

use std::{borrow::Cow, collections::BTreeMap};

use rusqlite::{Connection, params};

use super::{ReadConnection, StoreError, WriteConnection, readable_rows::collect_readable};
use crate::model::{
    EntryId, FeedId, ListGrouping, ListWidthClass, OverriddenSetting, ReadingPosition,
    SessionState, SessionUpdate, SortOrder, View, ViewScope,
};

/// The stored state of the program, which is loaded at its start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// The state of the last session.
    pub session: SessionState,
    /// The views, in their order.
    pub views: Vec<View>,
}

/// Row names of the overridden settings; the value is the choice and the setting, one line each.
const OVERRIDE_KEYS: [(OverriddenSetting, &str); 5] = [
    (OverriddenSetting::Theme, "theme"),
    (OverriddenSetting::Keys, "keys"),
    (OverriddenSetting::Density, "density"),
    (OverriddenSetting::Copies, "copies"),
    (OverriddenSetting::Bidi, "bidi"),
];

/// Row names of the widths of the list; the value is in thousandths of the screen.
const WIDTH_KEYS: [(ListWidthClass, &str); 4] = [
    (ListWidthClass::Wide, "width.wide"),
    (ListWidthClass::Medium, "width.middle"),
    (ListWidthClass::Narrow, "width.narrow"),
    (ListWidthClass::Other, "width.other"),
];

/// Beginning of the row names of the orders of scopes; the scope follows, as in the row `scope`.
const ORDER_PREFIX: &str = "order.scope ";

/// Beginning of the row names of the groups of scopes; the scope follows.
const GROUPING_PREFIX: &str = "group.scope ";

/// Returns the row that stores an update: its name and its value.
fn encode(update: &SessionUpdate) -> (Cow<'static, str>, String) {
    let (name, value) = match update {
        SessionUpdate::Selected(id) => ("selected", id.to_string()),
        SessionUpdate::Scope(scope) => ("scope", encode_scope(scope)),
        SessionUpdate::FilterHistory(history) => ("history", history.join("\n")),
        SessionUpdate::ListShare(class, share) => (key_of(&WIDTH_KEYS, *class), share.to_string()),
        SessionUpdate::Order(scope, order) => {
            let name = format!("{ORDER_PREFIX}{}", encode_scope(scope));
            return (name.into(), order.keyword().to_owned());
        }
        SessionUpdate::Grouping(scope, grouping) => {
            let name = format!("{GROUPING_PREFIX}{}", encode_scope(scope));
            return (name.into(), grouping.keyword().to_owned());
        }
        SessionUpdate::Override(which, made) => {
            (key_of(&OVERRIDE_KEYS, *which), format!("{}\n{}", made.choice, made.setting))
        }
        SessionUpdate::RtlHintShown => ("bidi_told", "1".to_owned()),
        SessionUpdate::HidesReadFeeds(hides) => ("hide_read_feeds", u8::from(*hides).to_string()),
    };
    (name.into(), value)
}

/// Returns the order or the groups that a row stores for a scope.
fn decode_arrangement(name: &str, value: &str) -> Option<SessionUpdate> {
    if let Some(scope) = name.strip_prefix(GROUPING_PREFIX) {
        let grouping = ListGrouping::from_keyword(value)?;
        return Some(SessionUpdate::Grouping(decode_scope(scope)?, grouping));
    }
    let scope = decode_scope(name.strip_prefix(ORDER_PREFIX)?)?;
    Some(SessionUpdate::Order(scope, SortOrder::from_keyword(value)?))
}

/// Returns the update that a row stores; `None` for rows of other parts of the program and values
/// that make no sense.
fn decode(name: &str, value: &str) -> Option<SessionUpdate> {
    if let Some((which, _)) = OVERRIDE_KEYS.iter().find(|(_, key)| *key == name) {
        let (choice, setting) = value.split_once('\n')?;
        return Some(SessionUpdate::choose(*which, choice, setting));
    }
    if let Some((class, _)) = WIDTH_KEYS.iter().find(|(_, key)| *key == name) {
        let share = value.parse().ok().filter(|share| *share <= 1000)?;
        return Some(SessionUpdate::ListShare(*class, share));
    }
    match name {
        "selected" => Some(SessionUpdate::Selected(EntryId(value.parse().ok()?))),
        "scope" => decode_scope(value).map(SessionUpdate::Scope),
        "history" => Some(SessionUpdate::FilterHistory(value.lines().map(str::to_owned).collect())),
        "bidi_told" => Some(SessionUpdate::RtlHintShown),
        "hide_read_feeds" => Some(SessionUpdate::HidesReadFeeds(value == "1")),
        _ => decode_arrangement(name, value),
    }
}

fn key_of<T: PartialEq + Copy>(keys: &[(T, &'static str)], wanted: T) -> &'static str {
    keys.iter().find(|(known, _)| *known == wanted).map_or("", |(_, key)| key)
}

fn encode_scope(scope: &ViewScope) -> String {
    match scope {
        ViewScope::Unread => "unread".to_owned(),
        ViewScope::Starred => "starred".to_owned(),
        ViewScope::Today => "today".to_owned(),
        ViewScope::All => "everything".to_owned(),
        ViewScope::Feed(id) => format!("feed {id}"),
        ViewScope::Folder(name) => format!("folder {name}"),
        ViewScope::Account(name) => format!("account {name}"),
    }
}

fn decode_scope(text: &str) -> Option<ViewScope> {
    Some(match text.split_once(' ') {
        None if text == "starred" => ViewScope::Starred,
        None if text == "today" => ViewScope::Today,
        None if text == "everything" => ViewScope::All,
        None => ViewScope::Unread,
        Some(("feed", id)) => ViewScope::Feed(FeedId(id.parse().ok()?)),
        Some(("folder", name)) => ViewScope::Folder(name.to_owned()),
        Some(("account", name)) => ViewScope::Account(name.to_owned()),
        Some(_) => return None,
    })
}

impl ReadConnection {
    /// Loads the stored state of the program.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read. Rows that are not understood are skipped.
    pub fn load_preferences(&self) -> Result<Preferences, StoreError> {
        let read = || -> rusqlite::Result<SessionState> {
            let mut rows = self.db.prepare("SELECT name, value FROM kept")?;
            let rows: BTreeMap<String, String> =
                collect_readable(rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?)?;
            let mut session = SessionState::default();
            for update in rows.iter().filter_map(|(name, value)| decode(name, value)) {
                session.apply(update);
            }
            Ok(session)
        };
        let session = read().map_err(StoreError::during("read the preferences"))?;
        Ok(Preferences { session, views: self.list_views()? })
    }
}

impl WriteConnection {
    /// Stores one change of the session.
    pub fn save_session(&mut self, update: &SessionUpdate) -> Result<(), StoreError> {
        let sql = "INSERT INTO kept (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let (name, value) = encode(update);
        let done =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.execute([&*name, value.as_str()]));
        done.map(drop).map_err(StoreError::during("save a preference"))
    }

    /// Stores the reading position in an article.
    pub fn save_reading_position(
        &mut self,
        id: EntryId,
        position: ReadingPosition,
    ) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO places (entry, piece, line) SELECT id, ?2, ?3 FROM entries WHERE id = ?1
                   ON CONFLICT (entry) DO UPDATE SET piece = excluded.piece, line = excluded.line";
        let values = params![id.0, position.block, position.line];
        let done = self.db.prepare_cached(sql).and_then(|mut sql| sql.execute(values));
        done.map(drop).map_err(StoreError::during("save the reading position"))
    }
}

/// Row name of the library's generation.
const GENERATION_KEY: &str = "generation";

/// Increments the generation, within a transaction that changes entries or feeds, and returns it.
pub(super) fn bump_generation(db: &Connection) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO kept (name, value) VALUES (?1, '1')
               ON CONFLICT (name) DO UPDATE SET value = value + 1
               RETURNING CAST(value AS INTEGER)";
    db.prepare_cached(sql)?.query_row([GENERATION_KEY], |row| row.get(0))
}

/// Returns the library's generation.
pub(super) fn read_generation(db: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM kept WHERE name = ?1), 0)";
    db.prepare_cached(sql)?.query_row([GENERATION_KEY], |row| row.get(0))
}

impl ReadConnection {
    /// Returns the number of changes to entries and feeds so far, by every instance of the program.
    pub fn generation(&self) -> Result<i64, StoreError> {
        read_generation(&self.db).map_err(StoreError::during("be read"))
    }
}

impl WriteConnection {
    /// Returns the number of changes to entries and feeds so far, by every instance of the program.
    pub fn generation(&self) -> Result<i64, StoreError> {
        read_generation(&self.db).map_err(StoreError::during("be read"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{ListArrangement, SettingOverride};

    fn decode_all(rows: &[(&str, &str)]) -> SessionState {
        let mut session = SessionState::default();
        for update in rows.iter().filter_map(|(name, value)| decode(name, value)) {
            session.apply(update);
        }
        session
    }

    #[test]
    fn decode_reads_rows_of_earlier_programs() {
        let session = decode_all(&[
            ("selected", "42"),
            ("scope", "folder World news"),
            ("history", "rust\nis:unread bridge"),
            ("width.wide", "333"),
            ("width.middle", "500"),
            ("width.narrow", "1001"),
            ("theme", "ink\nsixteen"),
            ("keys", "vim\ntype"),
            ("density", "nonsense"),
            ("bidi", "words\nauto"),
            ("bidi_told", "1"),
            ("order.scope feed 3", "title"),
            ("order.filter is:unread bridge", "best"),
            ("order.scope everything", "nonsense"),
            ("group.scope feed 3", "folder"),
            ("generation", "7"),
        ]);
        assert_eq!(session.selected, Some(EntryId(42)));
        assert_eq!(session.scope, Some(ViewScope::Folder("World news".to_owned())));
        assert_eq!(session.filter_history, ["rust", "is:unread bridge"]);
        let shares = [(ListWidthClass::Wide, 333), (ListWidthClass::Medium, 500)];
        assert_eq!(session.list_shares, BTreeMap::from(shares), "a share of more than all is none");
        assert_eq!(session.choice(OverriddenSetting::Theme, "sixteen"), Some("ink"));
        assert_eq!(session.choice(OverriddenSetting::Theme, "paper"), None);
        assert_eq!(session.choice(OverriddenSetting::Keys, "type"), Some("vim"));
        assert_eq!(session.choice(OverriddenSetting::Density, "auto"), None);
        assert_eq!(session.choice(OverriddenSetting::Bidi, "auto"), Some("words"));
        assert!(session.rtl_hint_shown);
        let arrangement =
            ListArrangement { order: SortOrder::Title, grouping: ListGrouping::Folder };
        let arrangements = BTreeMap::from([(ViewScope::Feed(FeedId(3)), arrangement)]);
        assert_eq!(session.arrangements, arrangements, "views keep their own order");
    }

    #[test]
    fn encode_keeps_the_spelling_of_stored_rows() {
        for (update, row) in [
            (SessionUpdate::Selected(EntryId(2)), ("selected", "2")),
            (SessionUpdate::Scope(ViewScope::All), ("scope", "everything")),
            (SessionUpdate::Scope(ViewScope::Feed(FeedId(3))), ("scope", "feed 3")),
            (SessionUpdate::FilterHistory(vec!["a".into(), "b c".into()]), ("history", "a\nb c")),
            (SessionUpdate::ListShare(ListWidthClass::Medium, 500), ("width.middle", "500")),
            (
                SessionUpdate::choose(OverriddenSetting::Density, "two", "auto"),
                ("density", "two\nauto"),
            ),
            (
                SessionUpdate::Order(ViewScope::Folder("World".to_owned()), SortOrder::OldestFirst),
                ("order.scope folder World", "oldest"),
            ),
            (
                SessionUpdate::Grouping(ViewScope::Feed(FeedId(3)), ListGrouping::Day),
                ("group.scope feed 3", "day"),
            ),
            (SessionUpdate::RtlHintShown, ("bidi_told", "1")),
        ] {
            assert_eq!(encode(&update), (row.0.into(), row.1.to_owned()));
        }
    }

    fn any_scope() -> impl Strategy<Value = ViewScope> {
        prop_oneof![
            Just(ViewScope::Unread),
            Just(ViewScope::Starred),
            Just(ViewScope::Today),
            Just(ViewScope::All),
            any::<i64>().prop_map(|id| ViewScope::Feed(FeedId(id))),
            ".*".prop_map(ViewScope::Folder),
            ".*".prop_map(ViewScope::Account),
        ]
    }

    fn any_update() -> impl Strategy<Value = SessionUpdate> {
        let class = prop::sample::select(WIDTH_KEYS.map(|(class, _)| class).to_vec());
        let setting = prop::sample::select(OVERRIDE_KEYS.map(|(setting, _)| setting).to_vec());
        prop_oneof![
            any::<i64>().prop_map(|id| SessionUpdate::Selected(EntryId(id))),
            any_scope().prop_map(SessionUpdate::Scope),
            prop::collection::vec("[^\\r\\n]+", 0..5).prop_map(SessionUpdate::FilterHistory),
            (class, 0u16..=1000).prop_map(|(class, share)| SessionUpdate::ListShare(class, share)),
            (setting, "[^\\r\\n]*", "[^\\r\\n]*").prop_map(|(which, choice, setting)| {
                SessionUpdate::Override(which, SettingOverride { choice, setting })
            }),
            (any_scope(), prop::sample::select(SortOrder::ALL.to_vec()))
                .prop_map(|(scope, order)| SessionUpdate::Order(scope, order)),
            (any_scope(), prop::sample::select(ListGrouping::ALL.to_vec()))
                .prop_map(|(scope, grouping)| SessionUpdate::Grouping(scope, grouping)),
            Just(SessionUpdate::RtlHintShown),
        ]
    }

    proptest! {
        #[test]
        fn session_updates_round_trip_through_rows(updates in prop::collection::vec(any_update(), 0..20)) {
            let mut before = SessionState::default();
            let mut rows = BTreeMap::new();
            for update in updates {
                let (name, value) = encode(&update);
                rows.insert(name, value);
                before.apply(update);
            }
            let rows: Vec<(&str, &str)> = rows.iter().map(|(name, value)| (&**name, value.as_str())).collect();
            prop_assert_eq!(decode_all(&rows), before);
        }
    }
}
