//! Several segments → one, as streams: what is in memory does not grow with the texts.

use std::path::Path;

use fst::Streamer;

use super::{
    BitSet, IndexError,
    segment::{
        DocValues, FIRST_TERM_ID, ForwardIndexWriter, Segment, SegmentWriter, SequentialReader,
        TermInfo, term_key::TermField,
    },
    varint,
};

/// An article that is not in the merged segment.
const DELETED_DOC: u32 = u32::MAX;

/// Writes what is alive in `segments` to a segment in `folder`; `dead` are the articles of each that are deleted. A word is
/// [common](super::COMMON_WORD_MIN_DOCS) if it is in `common` articles.
///
/// `go_on` is asked now and then; if it says no, nothing is written, and the answer is `false`.
pub fn merge_segments(
    segments: &[(&Segment, &BitSet)],
    folder: &Path,
    common: u32,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let order = merge_order(segments);
    let places = map_doc_ids(segments, &order);
    let articles = u32::try_from(order.len()).unwrap_or(u32::MAX);
    let mut writer = SegmentWriter::create(folder, articles, common)?;
    let Some(words) = merge_terms(segments, &places, &mut writer, go_on)? else { return Ok(false) };
    let mut texts = writer.finish_terms()?;
    if !merge_forward_index(segments, &order, &words, &mut texts, go_on)? {
        return Ok(false);
    }
    drop((places, words));
    let columns =
        |(segment, _): &(&Segment, &BitSet)| Ok((segment.word_counts()?, segment.arrival_times()?));
    let columns = segments.iter().map(columns).collect::<Result<Vec<_>, IndexError>>()?;
    let known = |(index, article): &(u8, u32)| {
        let (segment, (words, arrived)) =
            (segments[usize::from(*index)].0, &columns[usize::from(*index)]);
        let (words, arrived) = (words[*article as usize], arrived[*article as usize]);
        DocValues {
            entry_id: segment.entry_id(*article).0,
            published: segment.published(*article),
            word_count: words,
            arrived,
        }
    };
    texts.finish(&order.iter().map(known), go_on)
}

/// Which segment and article each article of the merged segment is, the oldest first.
fn merge_order(segments: &[(&Segment, &BitSet)]) -> Vec<(u8, u32)> {
    let articles = segments.iter().map(|(segment, _)| segment.max_doc() as usize).sum();
    let mut order = Vec::with_capacity(articles);
    for ((segment, dead), index) in segments.iter().zip(0..) {
        order.extend(
            (0..segment.max_doc())
                .filter(|article| !dead.get(*article))
                .map(|article| (index, article)),
        );
    }
    // Parts that are sorted already, which a stable sort finds.
    order.sort_by_key(|(index, article)| {
        let (segment, _) = segments[usize::from(*index)];
        (segment.published(*article), segment.entry_id(*article))
    });
    order
}

/// The number in the merged segment of each article of each segment.
fn map_doc_ids(segments: &[(&Segment, &BitSet)], order: &[(u8, u32)]) -> Vec<Vec<u32>> {
    let mut places: Vec<Vec<u32>> =
        segments.iter().map(|(segment, _)| vec![DELETED_DOC; segment.max_doc() as usize]).collect();
    for ((segment, article), place) in order.iter().zip(0..) {
        places[usize::from(*segment)][*article as usize] = place;
    }
    places
}

/// Copies the keys and their lists; gives the ordinals that the words of each segment have now.
fn merge_terms(
    segments: &[(&Segment, &BitSet)],
    places: &[Vec<u32>],
    writer: &mut SegmentWriter,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<Vec<u32>>>, IndexError> {
    let mut words: Vec<Vec<u32>> = segments
        .iter()
        .map(|(segment, _)| vec![DELETED_DOC; segment.num_words() as usize])
        .collect();
    let mut inputs: Vec<PostingSource<'_>> = segments
        .iter()
        .map(|(segment, _)| PostingSource {
            segment,
            term_infos: segment.stream_term_infos(),
            postings: segment.stream_postings(),
        })
        .collect();
    let keys: fst::map::OpBuilder<'_> =
        segments.iter().map(|(segment, _)| segment.term_dictionary()).collect();
    let mut keys = keys.union();
    let mut list = Vec::new();
    let mut count = 0_u32;
    while let Some((key, found)) = keys.next() {
        list.clear();
        for found in found {
            let ordinal = u32::try_from(found.value).unwrap_or(u32::MAX);
            inputs[found.index].append_docs(ordinal, &places[found.index], &mut list)?;
        }
        count = count.wrapping_add(1);
        if count.is_multiple_of(4096) && !go_on() {
            return Ok(None);
        }
        if list.is_empty() {
            continue;
        }
        if !list.is_sorted() {
            list.sort_unstable();
        }
        let new = writer.write_term(key, &list)?;
        if key.first() == Some(&(TermField::Word as u8)) {
            for found in found {
                if let Some(word) = usize::try_from(found.value)
                    .ok()
                    .and_then(|old| words[found.index].get_mut(old))
                {
                    *word = new;
                }
            }
        }
    }
    Ok(Some(words))
}

/// A segment whose lists are read in order.
struct PostingSource<'s> {
    segment: &'s Segment,
    term_infos: SequentialReader<'s>,
    postings: SequentialReader<'s>,
}

impl PostingSource<'_> {
    /// Appends the articles of an ordinal by their new numbers.
    fn append_docs(
        &mut self,
        ordinal: u32,
        places: &[u32],
        list: &mut Vec<u32>,
    ) -> Result<(), IndexError> {
        let term = TermInfo::read(ordinal, &mut self.term_infos)?;
        term.for_each_doc(&mut self.postings, self.segment.max_doc(), |article| {
            match places[article as usize] {
                DELETED_DOC => {}
                place => list.push(place),
            }
        })
    }
}

/// Copies the texts, each word by its new number.
fn merge_forward_index(
    segments: &[(&Segment, &BitSet)],
    order: &[(u8, u32)],
    words: &[Vec<u32>],
    texts: &mut ForwardIndexWriter,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let mut sources = Vec::new();
    for ((segment, _), words) in segments.iter().zip(words) {
        let ordinals = segment.ordinals_by_rank()?;
        let token = |old: &u32| words.get(*old as usize).map_or(0, |new| texts.term_id(*new));
        let tokens: Vec<u32> = ordinals.iter().map(token).collect();
        let starts = segment.text_offsets(0..segment.max_doc())?;
        sources.push(ForwardIndexSource {
            text_offsets: starts,
            term_ids: tokens,
            texts: segment.stream_texts(),
        });
    }
    for ((index, article), count) in order.iter().zip(1_u32..) {
        let source = &mut sources[usize::from(*index)];
        let (from, to) =
            (source.text_offsets[*article as usize], source.text_offsets[*article as usize + 1]);
        let len = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
        let mut text = source.texts.read(from, len, u64::MAX)?;
        let tokens = &source.term_ids;
        let new = |old: u32| {
            old.checked_sub(FIRST_TERM_ID)
                .map_or(old, |rank| tokens.get(rank as usize).copied().unwrap_or(0))
        };
        texts.write_text(std::iter::from_fn(|| varint::decode(&mut text).map(new)))?;
        if count.is_multiple_of(4096) && !go_on() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A segment whose texts are read in order.
struct ForwardIndexSource<'s> {
    text_offsets: Vec<u64>,
    /// The new number of each word, by its old rank.
    term_ids: Vec<u32>,
    texts: SequentialReader<'s>,
}
