//! The best first: hits in titles, then BM25.

use std::cmp::Ordering;

use super::Rank;
use crate::model::EntryId;

/// How soon more of the same word counts no more (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
const K1: f64 = 1.2;

/// How much the length of a text counts.
const B: f64 = 0.75;

/// What is needed to weigh one hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The hit.
    pub rank: Rank,
    /// How many of the phrases are in its title.
    pub in_title: u32,
    /// How often each phrase is in it.
    pub counts: Vec<u32>,
    /// How many words it has.
    pub words: u32,
}

/// The hits, the best first; of equals the newest.
pub fn best_first(mut hits: Vec<Weighed>) -> Vec<EntryId> {
    let scores = scores(&hits);
    let mut order: Vec<usize> = (0..hits.len()).collect();
    order.sort_by(|one, other| {
        let (a, b) = (&hits[*one], &hits[*other]);
        let score = scores[*other].partial_cmp(&scores[*one]).unwrap_or(Ordering::Equal);
        b.in_title.cmp(&a.in_title).then(score).then(b.rank.cmp(&a.rank))
    });
    order.into_iter().map(|at| std::mem::replace(&mut hits[at].rank, (0, EntryId(0))).1).collect()
}

fn scores(hits: &[Weighed]) -> Vec<f64> {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let all = number(hits.len());
    let average = hits.iter().map(|hit| f64::from(hit.words)).sum::<f64>() / all.max(1.0);
    let phrases = hits.first().map_or(0, |hit| hit.counts.len());
    let rarity: Vec<f64> = (0..phrases)
        .map(|phrase| {
            let with = number(hits.iter().filter(|hit| hit.counts[phrase] > 0).count());
            (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
        })
        .collect();
    let score = |hit: &Weighed| {
        let length = K1 * (1.0 - B + B * f64::from(hit.words) / average.max(1.0));
        let parts = hit.counts.iter().zip(&rarity);
        parts
            .map(|(count, rarity)| rarity * f64::from(*count) * (K1 + 1.0) / (f64::from(*count) + length))
            .sum()
    };
    hits.iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: i64, in_title: u32, counts: &[u32], words: u32) -> Weighed {
        Weighed { rank: (id, EntryId(id)), in_title, counts: counts.to_vec(), words }
    }

    #[test]
    fn titles_then_frequency_then_brevity_then_date() {
        let hits = vec![
            hit(1, 0, &[1], 100),
            hit(2, 0, &[5], 100),
            hit(3, 1, &[1], 100),
            hit(4, 0, &[1], 20),
            hit(5, 0, &[1], 100),
        ];
        assert_eq!(best_first(hits), [3, 2, 4, 5, 1].map(EntryId));
    }

    #[test]
    fn a_rare_word_counts_for_more() {
        let hits = vec![hit(1, 0, &[0, 2], 50), hit(2, 0, &[2, 0], 50), hit(3, 0, &[1, 0], 50)];
        assert_eq!(best_first(hits)[0], EntryId(1));
        assert_eq!(best_first(Vec::new()), []);
    }
}
