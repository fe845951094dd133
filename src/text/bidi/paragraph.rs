//! The levels of a paragraph by the Unicode Bidirectional Algorithm (UAX #9), and the order of each of its lines.

use std::ops::Range;

use unicode_bidi::{BidiClass, Level, ParagraphBidiInfo};

use super::{Order, Run, has_rtl};

/// The directions within a paragraph, found once for all its lines.
#[derive(Debug, Clone)]
pub struct Paragraph {
    base: Level,
    /// One place for each byte of the text.
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    level: Level,
    kind: Kind,
}

/// What a character is to rule L1, which takes blanks at the end of a line out of their runs.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Letter,
    Blank,
    Separator,
    /// Of no direction and no width: whatever it stands in goes on.
    Unseen,
}

impl Paragraph {
    /// The directions within `text`, which has no line ends; none when all of it is read from left to right.
    ///
    /// The first letter decides where the paragraph begins (rules P2 and P3): at the left if there is none.
    pub fn new(text: &str) -> Option<Paragraph> {
        if !has_rtl(text) {
            return None;
        }
        let info = ParagraphBidiInfo::new(text, None);
        info.has_rtl().then(|| Paragraph::from_info(&info))
    }

    /// The directions within `text`, which is part of one that is read from right to left, or is not; none when all of it
    /// is read from left to right.
    pub fn within(text: &str, rtl: bool) -> Option<Paragraph> {
        if !rtl && !has_rtl(text) {
            return None;
        }
        let base = if rtl { Level::rtl() } else { Level::ltr() };
        let info = ParagraphBidiInfo::new(text, Some(base));
        (rtl || info.has_rtl()).then(|| Paragraph::from_info(&info))
    }

    /// The directions within `text`, whose base is known.
    #[cfg(test)]
    pub(super) fn with_base(text: &str, base: Option<Level>) -> Paragraph {
        Paragraph::from_info(&ParagraphBidiInfo::new(text, base))
    }

    fn from_info(info: &ParagraphBidiInfo<'_>) -> Paragraph {
        let classes = info.original_classes.iter().map(|class| Kind::of(*class));
        let places = info.levels.iter().zip(classes).map(|(level, kind)| Place { level: *level, kind });
        Paragraph { base: info.paragraph_level, places: places.collect() }
    }

    /// Whether the paragraph begins at the right.
    pub fn is_rtl(&self) -> bool {
        self.base.is_rtl()
    }

    /// The order of the line that is `range` (bytes) of the paragraph: rules L1 and L2.
    pub fn line(&self, range: Range<usize>) -> Order {
        let levels = self.levels(range);
        let mut runs = Vec::new();
        let mut start = 0;
        for run in levels.chunk_by(|one, next| one == next) {
            runs.push((start..start + run.len(), run[0]));
            start += run.len();
        }
        let run_levels: Vec<Level> = runs.iter().map(|(_, level)| *level).collect();
        let visual = ParagraphBidiInfo::reorder_visual(&run_levels).into_iter().map(|at| {
            let (Range { start, end }, level) = &runs[at];
            Run { start: *start, end: *end, rtl: level.is_rtl() }
        });
        Order { rtl: self.is_rtl(), runs: visual.collect() }
    }

    /// The levels of the bytes of a line, after rule L1.
    pub(super) fn levels(&self, range: Range<usize>) -> Vec<Level> {
        let places = self.places.get(range).unwrap_or_default();
        let mut levels: Vec<Level> = places.iter().map(|place| place.level).collect();
        let mut at_end = true;
        for (level, place) in levels.iter_mut().zip(places).rev() {
            at_end = match place.kind {
                Kind::Letter => false,
                Kind::Separator => true,
                Kind::Blank | Kind::Unseen => at_end,
            };
            if at_end {
                *level = self.base;
            }
        }
        levels
    }
}

impl Kind {
    fn of(class: BidiClass) -> Kind {
        use BidiClass::{B, BN, FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO, S, WS};
        match class {
            B | S => Kind::Separator,
            WS | FSI | LRI | RLI | PDI => Kind::Blank,
            BN | LRE | LRO | RLE | RLO | PDF => Kind::Unseen,
            _ => Kind::Letter,
        }
    }
}
