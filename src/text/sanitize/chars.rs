//! The classes of characters that sanitising tells apart.

use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar;

const SOFT_HYPHEN: char = '\u{ad}';
pub(super) const ZERO_WIDTH_SPACE: char = '\u{200b}';
const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
pub(super) const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// The first character of the flags of regions, such as England's.
pub(super) const BLACK_FLAG: char = '\u{1f3f4}';

/// Returns true for characters of common scripts that are displayed unchanged and that no normal
/// form touches.
pub(super) fn is_inert(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}'
        | '\u{391}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{621}'..='\u{64a}'
        | '\u{1ea0}'..='\u{1ef9}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}')
}

/// Returns true for characters that must not leave the program as they are: controls other than tabs
/// and line feeds, and characters with which text can look like other text. Formats that can escape
/// them do, so that nothing is lost.
pub fn is_deceptive(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
        || is_removed(c)
        || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns true for characters that are kept nowhere: bidi controls and the like, with which text
/// can look like other text.
pub(super) fn is_removed(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{61c}'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
        // Noncharacters (Unicode §23.7).
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}' | '\u{10fffe}'..='\u{10ffff}')
}

/// Returns true for characters that are not displayed on the screen, because terminals disagree on
/// them: soft hyphens, variation selectors, skin tones, keycap marks, the letters of flags.
pub(super) fn is_sequence_part(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
        || is_flag_tag(c)
        || matches!(c, '\u{e0100}'..='\u{e01ef}')
}

/// Returns true for the letters after a black flag that name a region (UTS #51 §1.4.2); elsewhere
/// they would be invisible text.
pub(super) fn is_flag_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, ZERO_WIDTH_SPACE | ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER)
}

/// Returns true for soft hyphens and zero-width spaces.
pub(super) fn is_place_to_break(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | ZERO_WIDTH_SPACE)
}

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Returns true if `joiner` has a meaning after `base`: it shapes a letter, or ends a word without
/// a blank.
pub(super) fn is_meaningful_joiner(joiner: char, base: char) -> bool {
    match joiner {
        ZERO_WIDTH_SPACE => {
            matches!(base, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        }
        _ => {
            matches!(base, '\u{600}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        }
    }
}

/// Returns true for marks that terminals draw above, below or over a letter. Variation selectors and
/// keycaps are marks as well, but parts of sequences.
pub(super) fn is_stacked_mark(c: char) -> bool {
    is_combining_mark(c) && !is_sequence_part(c)
}

/// Returns true for marks without a cell of their own.
pub(super) fn is_nonspacing_mark(c: char) -> bool {
    is_stacked_mark(c) && c.width() == Some(0)
}
