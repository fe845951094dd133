//! Merges segments. Terms and texts are streamed, so the memory in use does not grow with the
//! texts.

use fst::Streamer;

use super::{
    BitSet, IndexError, SegmentLocation,
    segment::{
        DocValues, FIRST_TERM_ID, ForwardIndexWriter, Segment, SegmentWriter, SequentialReader,
        TermInfo, term_key::TermField,
    },
    varint,
};

/// Marker in maps of document ids and ordinals: not in the merged segment.
const DELETED_DOC: u32 = u32::MAX;

/// Writes all documents of `segments` that are not deleted to a new segment at `location`. Each
/// segment is given with its deleted documents. A word is [common](super::COMMON_WORD_MIN_DOCS) if
/// at least `common` documents have it.
///
/// `go_on` is called regularly; if it returns false, the merge stops, no segment is written, and
/// the function returns `Ok(false)`.
pub fn merge_segments(
    segments: &[(&Segment, &BitSet)],
    location: &SegmentLocation,
    common: u32,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let order = merge_order(segments);
    let doc_maps = map_doc_ids(segments, &order);
    let max_doc = u32::try_from(order.len()).unwrap_or(u32::MAX);
    let mut writer = SegmentWriter::create(location, max_doc, common)?;
    let Some(ordinal_maps) = merge_terms(segments, &doc_maps, &mut writer, go_on)? else {
        return Ok(false);
    };
    let mut texts = writer.finish_terms()?;
    if !merge_forward_index(segments, &order, &ordinal_maps, &mut texts, go_on)? {
        return Ok(false);
    }
    drop((doc_maps, ordinal_maps));
    let read_columns =
        |(segment, _): &(&Segment, &BitSet)| Ok((segment.word_counts()?, segment.arrival_times()?));
    let columns = segments.iter().map(read_columns).collect::<Result<Vec<_>, IndexError>>()?;
    let doc_values = |(index, doc): &(u8, u32)| {
        let (segment, _) = segments[usize::from(*index)];
        let (word_counts, arrival_times) = &columns[usize::from(*index)];
        DocValues {
            entry_id: segment.entry_id(*doc).0,
            published: segment.published(*doc),
            word_count: word_counts[*doc as usize],
            arrived: arrival_times[*doc as usize],
        }
    };
    texts.finish(&order.iter().map(doc_values), go_on)
}

/// Returns the segment index and document id of every document of the merged segment, oldest first.
fn merge_order(segments: &[(&Segment, &BitSet)]) -> Vec<(u8, u32)> {
    let total_docs = segments.iter().map(|(segment, _)| segment.max_doc() as usize).sum();
    let mut order = Vec::with_capacity(total_docs);
    for ((segment, deleted), index) in segments.iter().zip(0..) {
        let live = (0..segment.max_doc()).filter(|doc| !deleted.get(*doc));
        order.extend(live.map(|doc| (index, doc)));
    }
    // Each segment is sorted already; the stable sort finds and merges such runs.
    order.sort_by_key(|(index, doc)| {
        let (segment, _) = segments[usize::from(*index)];
        (segment.published(*doc), segment.entry_id(*doc))
    });
    order
}

/// Returns, for each segment, the new document id by old document id.
fn map_doc_ids(segments: &[(&Segment, &BitSet)], order: &[(u8, u32)]) -> Vec<Vec<u32>> {
    let mut doc_maps: Vec<Vec<u32>> =
        segments.iter().map(|(segment, _)| vec![DELETED_DOC; segment.max_doc() as usize]).collect();
    for ((segment, doc), new_doc) in order.iter().zip(0..) {
        doc_maps[usize::from(*segment)][*doc as usize] = new_doc;
    }
    doc_maps
}

/// Writes the merged terms and postings. Returns, for each segment, the new ordinal by old ordinal
/// of its words, or `None` if `go_on` returned false.
fn merge_terms(
    segments: &[(&Segment, &BitSet)],
    doc_maps: &[Vec<u32>],
    writer: &mut SegmentWriter,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<Vec<u32>>>, IndexError> {
    let mut ordinal_maps: Vec<Vec<u32>> = segments
        .iter()
        .map(|(segment, _)| vec![DELETED_DOC; segment.num_words() as usize])
        .collect();
    let mut sources: Vec<PostingSource<'_>> = segments
        .iter()
        .map(|(segment, _)| PostingSource {
            segment,
            term_infos: segment.stream_term_infos(),
            postings: segment.stream_postings(),
        })
        .collect();
    let dictionaries: fst::map::OpBuilder<'_> =
        segments.iter().map(|(segment, _)| segment.term_dictionary()).collect();
    let mut terms = dictionaries.union();
    let mut docs = Vec::new();
    let mut term_count = 0_u32;
    while let Some((key, occurrences)) = terms.next() {
        docs.clear();
        for occurrence in occurrences {
            let ordinal = u32::try_from(occurrence.value).unwrap_or(u32::MAX);
            sources[occurrence.index].append_docs(
                ordinal,
                &doc_maps[occurrence.index],
                &mut docs,
            )?;
        }
        term_count = term_count.wrapping_add(1);
        if term_count.is_multiple_of(4096) && !go_on() {
            return Ok(None);
        }
        if docs.is_empty() {
            continue;
        }
        if !docs.is_sorted() {
            docs.sort_unstable();
        }
        let new = writer.write_term(key, &docs)?;
        if key.first() == Some(&(TermField::Word as u8)) {
            for occurrence in occurrences {
                let ordinals = &mut ordinal_maps[occurrence.index];
                let old = usize::try_from(occurrence.value).unwrap_or(usize::MAX);
                if let Some(ordinal) = ordinals.get_mut(old) {
                    *ordinal = new;
                }
            }
        }
    }
    Ok(Some(ordinal_maps))
}

/// A segment whose term infos and postings are read in order.
struct PostingSource<'s> {
    segment: &'s Segment,
    term_infos: SequentialReader<'s>,
    postings: SequentialReader<'s>,
}

impl PostingSource<'_> {
    /// Appends the new document ids of the term with this ordinal.
    fn append_docs(
        &mut self,
        ordinal: u32,
        new_docs: &[u32],
        docs: &mut Vec<u32>,
    ) -> Result<(), IndexError> {
        let term = TermInfo::read(ordinal, &mut self.term_infos)?;
        term.for_each_doc(&mut self.postings, self.segment.max_doc(), |doc| {
            match new_docs[doc as usize] {
                DELETED_DOC => {}
                new_doc => docs.push(new_doc),
            }
        })
    }
}

/// Writes the texts with new term ids. Returns `Ok(false)` if `go_on` returned false.
fn merge_forward_index(
    segments: &[(&Segment, &BitSet)],
    order: &[(u8, u32)],
    ordinal_maps: &[Vec<u32>],
    texts: &mut ForwardIndexWriter,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let mut sources = Vec::new();
    for ((segment, _), new_ordinals) in segments.iter().zip(ordinal_maps) {
        let ordinals = segment.ordinals_by_rank()?;
        let to_new_id =
            |old: &u32| new_ordinals.get(*old as usize).map_or(0, |new| texts.term_id(*new));
        let term_ids: Vec<u32> = ordinals.iter().map(to_new_id).collect();
        let text_offsets = segment.text_offsets(0..segment.max_doc())?;
        sources.push(ForwardIndexSource { text_offsets, term_ids, texts: segment.stream_texts() });
    }
    for ((index, doc), count) in order.iter().zip(1_u32..) {
        let source = &mut sources[usize::from(*index)];
        let (from, to) =
            (source.text_offsets[*doc as usize], source.text_offsets[*doc as usize + 1]);
        let len = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
        let mut text = source.texts.read(from, len, u64::MAX)?;
        let term_ids = &source.term_ids;
        let to_new_id = |old: u32| {
            old.checked_sub(FIRST_TERM_ID)
                .map_or(old, |rank| term_ids.get(rank as usize).copied().unwrap_or(0))
        };
        texts.write_text(std::iter::from_fn(|| varint::decode(&mut text).map(to_new_id)))?;
        if count.is_multiple_of(4096) && !go_on() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A segment whose texts are read in order.
struct ForwardIndexSource<'s> {
    text_offsets: Vec<u64>,
    /// New term id of each word by its old frequency rank.
    term_ids: Vec<u32>,
    texts: SequentialReader<'s>,
}
