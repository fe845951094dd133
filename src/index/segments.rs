//! All segments of a library together, and what has changed since they were written: who is deleted, read, starred.

use std::{path::Path, sync::Arc};

use super::{
    Bits, Condition, IndexError, Likely, Segment,
    evaluate::{States, evaluate},
    search::{Found, Search},
};
use crate::model::{EntryId, EntryState};

/// A segment as the library lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number: the name of its folder.
    pub number: i64,
    /// Which of its articles are deleted or written anew elsewhere, a bit each.
    pub dead: Vec<u8>,
}

/// The segments of a library, the newest articles first.
#[derive(Debug, Default)]
pub struct Index {
    pieces: Vec<Piece>,
    places: Places,
}

/// A segment, and what has changed since.
#[derive(Debug)]
struct Piece {
    number: i64,
    segment: Arc<Segment>,
    dead: Bits,
    states: States,
}

/// Where each entry is, by its number: the piece and the article.
#[derive(Debug, Default)]
struct Places {
    pieces: Vec<u8>,
    articles: Vec<u32>,
}

/// In no piece.
const NOWHERE: u8 = u8::MAX;

/// The folder of a segment.
pub fn folder_of(folder: &Path, number: i64) -> std::path::PathBuf {
    folder.join(format!("{number:08}"))
}

impl Index {
    /// Opens the segments that the library lists; those that are open in `before` already are taken from there.
    ///
    /// `state` tells what the user said of an entry. Gives also the segments that are broken, and why.
    pub fn open(
        folder: &Path,
        listed: &[Listed],
        before: &Index,
        state: &dyn Fn(i64) -> EntryState,
    ) -> (Index, Vec<(i64, IndexError)>) {
        let mut pieces = Vec::new();
        let mut broken = Vec::new();
        for Listed { number, dead } in listed.iter().take(usize::from(NOWHERE)) {
            let known = before.pieces.iter().find(|piece| piece.number == *number);
            let opened = match known {
                Some(piece) => Ok(Arc::clone(&piece.segment)),
                None => Segment::open(&folder_of(folder, *number)).map(Arc::new),
            };
            match opened {
                Ok(segment) => pieces.push(Piece::new(*number, segment, dead, state)),
                Err(error) => broken.push((*number, error)),
            }
        }
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.newest()));
        let places = Places::of(&pieces);
        (Index { pieces, places }, broken)
    }

    /// The numbers of the segments that are open.
    pub fn numbers(&self) -> impl Iterator<Item = i64> {
        self.pieces.iter().map(|piece| piece.number)
    }

    /// How many articles there are that are not deleted.
    pub fn articles(&self) -> usize {
        self.pieces.iter().map(|piece| (piece.segment.articles() - piece.dead.count()) as usize).sum()
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        let pieces = self.pieces.iter();
        let memory = pieces.map(|piece| piece.segment.memory() + piece.segment.articles() as usize * 3 / 8);
        memory.sum::<usize>() + self.places.articles.len() * 5
    }

    /// Notes that an entry is read or starred, or no longer.
    pub fn mark(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let Some((piece, article)) = self.places.get(id) else { return };
        let states = &mut self.pieces[piece].states;
        let mut state = EntryState { read: states.read.get(article), starred: states.starred.get(article) };
        set(&mut state);
        states.read.put(article, state.read);
        states.starred.put(article, state.starred);
    }

    /// Leaves entries out from now on: they are written anew elsewhere, or gone.
    pub fn forget(&mut self, ids: &[EntryId]) {
        for id in ids {
            if let Some((piece, article)) = self.places.get(*id) {
                self.pieces[piece].dead.put(article, true);
            }
        }
    }

    /// Looks for words like one that is nowhere.
    pub fn look_for(&self, likely: &mut Likely) -> Result<(), IndexError> {
        self.pieces.iter().try_for_each(|piece| likely.look_in(&piece.segment))
    }

    /// What fulfils `condition`, as far as it is told without looking at texts.
    pub fn search(&self, condition: &Condition) -> Result<Search<'_>, IndexError> {
        let mut found = Vec::with_capacity(self.pieces.len());
        for (index, piece) in self.pieces.iter().enumerate() {
            let place = |id: &EntryId| {
                self.places.get(*id).filter(|(at, _)| *at == index).map(|(_, article)| article)
            };
            let known = evaluate(condition, &piece.segment, &piece.states, &place)?;
            found.push(Found::new(&piece.segment, known, &piece.dead));
        }
        Ok(Search::new(found))
    }
}

impl Piece {
    fn new(number: i64, segment: Arc<Segment>, dead: &[u8], state: &dyn Fn(i64) -> EntryState) -> Piece {
        let articles = segment.articles();
        let mut states = States { read: Bits::none(articles), starred: Bits::none(articles) };
        for (id, article) in segment.ids().iter().zip(0..) {
            let state = state(*id);
            states.read.put(article, state.read);
            states.starred.put(article, state.starred);
        }
        Piece { number, dead: Bits::from_bytes(articles, dead), segment, states }
    }

    fn newest(&self) -> Option<i64> {
        self.segment.articles().checked_sub(1).map(|last| self.segment.published(last))
    }
}

impl Places {
    fn of(pieces: &[Piece]) -> Places {
        let largest = pieces.iter().flat_map(|piece| piece.segment.ids()).max().copied().unwrap_or(-1);
        let size = usize::try_from(largest + 1).unwrap_or(0);
        let mut places = Places { pieces: vec![NOWHERE; size], articles: vec![0; size] };
        for (piece, index) in pieces.iter().zip(0_u8..) {
            let alive = piece.segment.ids().iter().zip(0..).filter(|(_, article)| !piece.dead.get(*article));
            for (id, article) in alive {
                if let Ok(id) = usize::try_from(*id) {
                    places.pieces[id] = index;
                    places.articles[id] = article;
                }
            }
        }
        places
    }

    fn get(&self, id: EntryId) -> Option<(usize, u32)> {
        let id = usize::try_from(id.0).ok()?;
        let piece = *self.pieces.get(id)?;
        (piece != NOWHERE).then(|| (usize::from(piece), self.articles[id]))
    }
}
