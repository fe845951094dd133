//! Sorts hits by relevance: hits in the title first, then BM25.

use std::cmp::Ordering;

use super::SortKey;
use crate::model::EntryId;

/// Saturation of the phrase frequency (Robertson and Zaragoza, "The Probabilistic Relevance
/// Framework: BM25 and Beyond", 2009).
const K1: f64 = 1.2;

/// Influence of the text length on the score, from 0 (none) to 1 (full).
const B: f64 = 0.75;

/// The numbers from which one hit is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct HitStatistics {
    /// Sort key of the hit.
    pub sort_key: SortKey,
    /// Number of searched phrases that occur in the title.
    pub title_matches: u32,
    /// Number of occurrences of each searched phrase in the text.
    pub phrase_freqs: Vec<u32>,
    /// Number of words in the text.
    pub word_count: u32,
}

/// Returns the hits sorted by relevance, best first; equally relevant hits are sorted newest first.
pub fn sort_by_relevance(hits: Vec<HitStatistics>) -> Vec<EntryId> {
    let scores = bm25_scores(&hits);
    let mut ranked: Vec<(HitStatistics, f64)> = hits.into_iter().zip(scores).collect();
    ranked.sort_by(|(hit, score), (other, other_score)| {
        let by_title = other.title_matches.cmp(&hit.title_matches);
        let by_score = other_score.partial_cmp(score).unwrap_or(Ordering::Equal);
        by_title.then(by_score).then(other.sort_key.cmp(&hit.sort_key))
    });
    ranked.into_iter().map(|(hit, _)| hit.sort_key.1).collect()
}

fn bm25_scores(hits: &[HitStatistics]) -> Vec<f64> {
    let total_words: f64 = hits.iter().map(|hit| f64::from(hit.word_count)).sum();
    let average_words = (total_words / to_f64(hits.len()).max(1.0)).max(1.0);
    let idf = inverse_document_freqs(hits);
    hits.iter().map(|hit| bm25_score(hit, average_words, &idf)).collect()
}

/// Returns the weight of each phrase; rare phrases weigh more. The collection is the hits.
fn inverse_document_freqs(hits: &[HitStatistics]) -> Vec<f64> {
    let phrases = hits.first().map_or(0, |hit| hit.phrase_freqs.len());
    let all = to_f64(hits.len());
    let idf = |phrase: usize| {
        let doc_freq = to_f64(hits.iter().filter(|hit| hit.phrase_freqs[phrase] > 0).count());
        (1.0 + (all - doc_freq + 0.5) / (doc_freq + 0.5)).ln()
    };
    (0..phrases).map(idf).collect()
}

fn bm25_score(hit: &HitStatistics, average_words: f64, idf: &[f64]) -> f64 {
    let length_norm = K1 * (1.0 - B + B * f64::from(hit.word_count) / average_words);
    let weigh_phrase = |(freq, idf): (&u32, &f64)| {
        let freq = f64::from(*freq);
        idf * freq * (K1 + 1.0) / (freq + length_norm)
    };
    hit.phrase_freqs.iter().zip(idf).map(weigh_phrase).sum()
}

fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit_statistics(
        id: i64,
        title_matches: u32,
        phrase_freqs: &[u32],
        word_count: u32,
    ) -> HitStatistics {
        HitStatistics {
            sort_key: (id, EntryId(id)),
            title_matches,
            phrase_freqs: phrase_freqs.to_vec(),
            word_count,
        }
    }

    #[test]
    fn relevance_orders_by_title_frequency_length_date() {
        let hits = vec![
            hit_statistics(1, 0, &[1], 100),
            hit_statistics(2, 0, &[5], 100),
            hit_statistics(3, 1, &[1], 100),
            hit_statistics(4, 0, &[1], 20),
            hit_statistics(5, 0, &[1], 100),
        ];
        assert_eq!(sort_by_relevance(hits), [3, 2, 4, 5, 1].map(EntryId));
    }

    #[test]
    fn relevance_weighs_rare_words_more() {
        let hits = vec![
            hit_statistics(1, 0, &[0, 2], 50),
            hit_statistics(2, 0, &[2, 0], 50),
            hit_statistics(3, 0, &[1, 0], 50),
        ];
        assert_eq!(sort_by_relevance(hits)[0], EntryId(1));
        assert_eq!(sort_by_relevance(Vec::new()), []);
    }
}
