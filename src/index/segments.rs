//! All segments of a library together, and what has changed since they were written: who is deleted, read, starred.

use std::path::Path;

use super::{
    Bits, Condition, IndexError, Likely, Segment,
    evaluate::{States, evaluate},
    places::Places,
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

/// The segments of a library.
#[derive(Debug, Default)]
pub struct Index {
    /// Each where it was put; none where one was that is no more.
    pieces: Vec<Option<Piece>>,
    /// Where those are that there are, the newest articles first.
    order: Vec<usize>,
    places: Places,
}

/// A segment, and what has changed since.
#[derive(Debug)]
struct Piece {
    listed: Listed,
    segment: Segment,
    dead: Bits,
    states: States,
}

/// So many segments are open at the most.
const MOST: usize = 255;

/// The folder of a segment.
pub fn folder_of(folder: &Path, number: i64) -> std::path::PathBuf {
    folder.join(format!("{number:08}"))
}

impl Index {
    /// Opens the segments that the library lists and that are not open yet, and closes those that it does not list.
    ///
    /// `state` tells what the user said of an entry; of those that are open already, [`Index::mark`] was told. What was
    /// [forgotten](Index::forget) must be again. Gives the segments that are broken, and why.
    pub fn update(
        &mut self,
        folder: &Path,
        listed: &[Listed],
        state: &dyn Fn(i64) -> EntryState,
    ) -> Vec<(i64, IndexError)> {
        let is_listed = |piece: &Piece| listed.iter().any(|listed| listed.number == piece.listed.number);
        for place in &mut self.pieces {
            place.take_if(|piece| !is_listed(piece));
        }
        let mut broken = Vec::new();
        // What was written later has the newer articles: of one that is in two of them, that is where it is.
        for listed in listed {
            let known = self.pieces.iter_mut().flatten().find(|piece| piece.listed.number == listed.number);
            match known.map(|piece| piece.bury(listed)) {
                Some(()) => {}
                None => match Segment::open(&folder_of(folder, listed.number)) {
                    Ok(segment) => self.put(Piece::new(listed.clone(), segment, state)),
                    Err(error) => broken.push((listed.number, error)),
                },
            }
        }
        self.order = (0..self.pieces.len()).filter(|at| self.pieces[*at].is_some()).collect();
        self.order.sort_by_key(|at| std::cmp::Reverse(self.pieces[*at].as_ref().and_then(Piece::newest)));
        broken
    }

    fn put(&mut self, piece: Piece) {
        let free = self.pieces.iter().position(Option::is_none).unwrap_or(self.pieces.len());
        if free < MOST {
            self.places.put(free, &piece.segment, &piece.dead);
            self.pieces.resize_with(self.pieces.len().max(free + 1), || None);
            self.pieces[free] = Some(piece);
        }
    }

    /// The segments, the newest articles first.
    fn pieces(&self) -> impl Iterator<Item = (usize, &Piece)> {
        self.order.iter().filter_map(|at| Some((*at, self.pieces[*at].as_ref()?)))
    }

    /// Where an entry is: its piece, and the article there.
    fn place(&self, id: EntryId) -> Option<(usize, u32)> {
        let (at, article) = self.places.get(id)?;
        let piece = self.pieces.get(at)?.as_ref()?;
        // The place of an entry that is gone may be another's by now.
        (piece.segment.ids().get(article as usize) == Some(&id.0)).then_some((at, article))
    }

    /// How many articles there are that are not deleted.
    pub fn articles(&self) -> usize {
        self.pieces().map(|(_, piece)| (piece.segment.articles() - piece.dead.count()) as usize).sum()
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> usize {
        let memory = |piece: &Piece| piece.segment.memory() + piece.segment.articles() as usize * 3 / 8;
        self.pieces().map(|(_, piece)| memory(piece)).sum::<usize>() + self.places.memory()
    }

    /// Notes that an entry is read or starred, or no longer.
    pub fn mark(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let Some((at, article)) = self.place(id) else { return };
        let Some(Piece { states, .. }) = &mut self.pieces[at] else { return };
        let mut state = EntryState { read: states.read.get(article), starred: states.starred.get(article) };
        set(&mut state);
        states.read.put(article, state.read);
        states.starred.put(article, state.starred);
    }

    /// Leaves entries out from now on: they are written anew elsewhere, or gone.
    pub fn forget(&mut self, ids: impl IntoIterator<Item = EntryId>) {
        for id in ids {
            let Some((at, article)) = self.place(id) else { continue };
            if let Some(piece) = &mut self.pieces[at] {
                piece.dead.put(article, true);
            }
        }
    }

    /// Looks for words like one that is nowhere.
    pub fn look_for(&self, likely: &mut Likely) -> Result<(), IndexError> {
        self.pieces().try_for_each(|(_, piece)| likely.look_in(&piece.segment))
    }

    /// What fulfils `condition`, as far as it is told without looking at texts.
    pub fn search(&self, condition: &Condition) -> Result<Search<'_>, IndexError> {
        let mut found = Vec::with_capacity(self.order.len());
        for (at, piece) in self.pieces() {
            let place =
                |id: &EntryId| self.place(*id).filter(|(of, _)| *of == at).map(|(_, article)| article);
            let known = evaluate(condition, &piece.segment, &piece.states, &place)?;
            found.push(Found::new(&piece.segment, known, &piece.dead));
        }
        Ok(Search::new(found))
    }
}

impl Piece {
    fn new(listed: Listed, segment: Segment, state: &dyn Fn(i64) -> EntryState) -> Piece {
        let articles = segment.articles();
        let mut states = States { read: Bits::none(articles), starred: Bits::none(articles) };
        for (id, article) in segment.ids().iter().zip(0..) {
            let state = state(*id);
            states.read.put(article, state.read);
            states.starred.put(article, state.starred);
        }
        Piece { dead: Bits::from_bytes(articles, &listed.dead), listed, segment, states }
    }

    /// Takes over who is dead by now.
    fn bury(&mut self, listed: &Listed) {
        if self.listed != *listed {
            self.dead = Bits::from_bytes(self.segment.articles(), &listed.dead);
            self.listed = listed.clone();
        }
    }

    fn newest(&self) -> Option<i64> {
        self.segment.articles().checked_sub(1).map(|last| self.segment.published(last))
    }
}
