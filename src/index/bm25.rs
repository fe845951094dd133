//! The best first: hits in titles, then BM25.

use std::cmp::Ordering;

use super::SortKey;
use crate::model::EntryId;

/// How soon more of the same word counts no more (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
const K1: f64 = 1.2;

/// How much the length of a text counts.
const B: f64 = 0.75;

/// What is needed to weigh one hit.
#[derive(Debug, Clone, PartialEq)]
pub struct HitStatistics {
    /// The hit.
    pub sort_key: SortKey,
    /// How many of the phrases are in its title.
    pub title_matches: u32,
    /// How often each phrase is in it.
    pub phrase_freqs: Vec<u32>,
    /// How many words it has.
    pub word_count: u32,
}

/// The hits, the best first; of equals the newest.
pub fn sort_by_relevance(mut hits: Vec<HitStatistics>) -> Vec<EntryId> {
    let scores = bm25_scores(&hits);
    let mut order: Vec<usize> = (0..hits.len()).collect();
    order.sort_by(|one, other| {
        let (a, b) = (&hits[*one], &hits[*other]);
        let score = scores[*other].partial_cmp(&scores[*one]).unwrap_or(Ordering::Equal);
        b.title_matches.cmp(&a.title_matches).then(score).then(b.sort_key.cmp(&a.sort_key))
    });
    order
        .into_iter()
        .map(|at| std::mem::replace(&mut hits[at].sort_key, (0, EntryId(0))).1)
        .collect()
}

fn bm25_scores(hits: &[HitStatistics]) -> Vec<f64> {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let all = number(hits.len());
    let average = hits.iter().map(|hit| f64::from(hit.word_count)).sum::<f64>() / all.max(1.0);
    let phrases = hits.first().map_or(0, |hit| hit.phrase_freqs.len());
    let rarity: Vec<f64> = (0..phrases)
        .map(|phrase| {
            let with = number(hits.iter().filter(|hit| hit.phrase_freqs[phrase] > 0).count());
            (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
        })
        .collect();
    let score = |hit: &HitStatistics| {
        let length = K1 * (1.0 - B + B * f64::from(hit.word_count) / average.max(1.0));
        let parts = hit.phrase_freqs.iter().zip(&rarity);
        parts
            .map(|(count, rarity)| {
                rarity * f64::from(*count) * (K1 + 1.0) / (f64::from(*count) + length)
            })
            .sum()
    };
    hits.iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit_statistics(id: i64, in_title: u32, counts: &[u32], words: u32) -> HitStatistics {
        HitStatistics {
            sort_key: (id, EntryId(id)),
            title_matches: in_title,
            phrase_freqs: counts.to_vec(),
            word_count: words,
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
