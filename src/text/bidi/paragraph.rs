//! The levels of a paragraph by the Unicode Bidirectional Algorithm (UAX #9), and the order of its
//! lines.

use std::ops::Range;

use unicode_bidi::{BidiClass, Level, ParagraphBidiInfo};

use super::{BidiRun, LineOrder, has_rtl};

/// The directions within a paragraph, computed once for all its lines.
#[derive(Debug, Clone)]
pub struct BidiParagraph {
    base_level: Level,
    /// The level of each byte of the text.
    byte_levels: Vec<ByteLevel>,
}

#[derive(Debug, Clone, Copy)]
struct ByteLevel {
    level: Level,
    class: RuleL1Class,
}

/// The class of a character for rule L1, which gives blanks at the end of a line the base level.
#[derive(Debug, Clone, Copy)]
enum RuleL1Class {
    Content,
    Whitespace,
    Separator,
    /// A character without direction and width; it does not end a sequence of blanks.
    Ignorable,
}

impl BidiParagraph {
    /// Finds the directions within `text`, which has no line ends; `None` if all of it reads from
    /// left to right.
    ///
    /// The first letter decides the base direction (rules P2 and P3); without letters it is left to
    /// right.
    pub fn new(text: &str) -> Option<BidiParagraph> {
        if !has_rtl(text) {
            return None;
        }
        let info = ParagraphBidiInfo::new(text, None);
        info.has_rtl().then(|| BidiParagraph::from_info(&info))
    }

    /// Finds the directions within `text`, part of a text with the base direction `rtl`; `None` if
    /// all of it reads from left to right.
    pub fn with_direction(text: &str, rtl: bool) -> Option<BidiParagraph> {
        if !rtl && !has_rtl(text) {
            return None;
        }
        let base = if rtl { Level::rtl() } else { Level::ltr() };
        let info = ParagraphBidiInfo::new(text, Some(base));
        (rtl || info.has_rtl()).then(|| BidiParagraph::from_info(&info))
    }

    /// Finds the directions within `text`, given its base level.
    #[cfg(test)]
    pub(super) fn with_base_level(text: &str, base: Option<Level>) -> BidiParagraph {
        BidiParagraph::from_info(&ParagraphBidiInfo::new(text, base))
    }

    fn from_info(info: &ParagraphBidiInfo<'_>) -> BidiParagraph {
        let classes =
            info.original_classes.iter().map(|class| RuleL1Class::from_bidi_class(*class));
        let places = info
            .levels
            .iter()
            .zip(classes)
            .map(|(level, kind)| ByteLevel { level: *level, class: kind });
        BidiParagraph { base_level: info.paragraph_level, byte_levels: places.collect() }
    }

    /// Returns true if the base direction is right to left.
    pub fn is_rtl(&self) -> bool {
        self.base_level.is_rtl()
    }

    /// Returns the order of the line at `range` (bytes) of the paragraph, by rules L1 and L2.
    pub fn line_order(&self, range: Range<usize>) -> LineOrder {
        let levels = self.line_levels(range);
        let mut runs = Vec::new();
        let mut start = 0;
        for run in levels.chunk_by(|one, next| one == next) {
            runs.push((start..start + run.len(), run[0]));
            start += run.len();
        }
        let run_levels: Vec<Level> = runs.iter().map(|(_, level)| *level).collect();
        let visual = ParagraphBidiInfo::reorder_visual(&run_levels).into_iter().map(|at| {
            let (Range { start, end }, level) = &runs[at];
            BidiRun { start: *start, end: *end, rtl: level.is_rtl() }
        });
        LineOrder { rtl: self.is_rtl(), runs: visual.collect() }
    }

    /// Returns the level of each byte of a line, after rule L1.
    pub(super) fn line_levels(&self, range: Range<usize>) -> Vec<Level> {
        let places = self.byte_levels.get(range).unwrap_or_default();
        let mut levels: Vec<Level> = places.iter().map(|place| place.level).collect();
        let mut at_end = true;
        for (level, place) in levels.iter_mut().zip(places).rev() {
            at_end = match place.class {
                RuleL1Class::Content => false,
                RuleL1Class::Separator => true,
                RuleL1Class::Whitespace | RuleL1Class::Ignorable => at_end,
            };
            if at_end {
                *level = self.base_level;
            }
        }
        levels
    }
}

impl RuleL1Class {
    fn from_bidi_class(class: BidiClass) -> RuleL1Class {
        use BidiClass::{B, BN, FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO, S, WS};
        match class {
            B | S => RuleL1Class::Separator,
            WS | FSI | LRI | RLI | PDI => RuleL1Class::Whitespace,
            BN | LRE | LRO | RLE | RLO | PDF => RuleL1Class::Ignorable,
            _ => RuleL1Class::Content,
        }
    }
}
