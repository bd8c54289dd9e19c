/** A candidate with what each side thinks of it; a side that finds nothing in it says nothing. */
export interface Candidate {
  readonly chunkId: number
  readonly keyword?: number | undefined
  readonly vector?: number | undefined
  /** Place among the side's own candidates, from 1. */
  readonly keywordRank?: number | undefined
  readonly vectorRank?: number | undefined
}

export interface Ranked extends Candidate {
  readonly score: number
}

/**
 * Weighted sum `(1 − w) · keyword / best keyword + w · max(0, cosine)`: a convex combination of normalised scores (Bruch, Gai
 * and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). BM25 has no upper bound and is measured by the
 * best of the candidates; a cosine has one and stays as it is: stretching a poor best match to 1 (min–max) cost up to .012
 * nDCG@10 on the judged collections. A side that says nothing of a candidate counts as 0. Best first; ties by chunk id.
 */
export function fuseWeighted(candidates: readonly Candidate[], vectorWeight: number): readonly Ranked[] {
  const best = candidates.reduce((most, {keyword = 0}) => Math.max(most, keyword), 0)
  return ranked(candidates, ({keyword = 0, vector = 0}) => {
    const keywordPart = best > 0 ? keyword / best : 0
    return (1 - vectorWeight) * keywordPart + vectorWeight * Math.max(0, vector)
  })
}

const RRF_K = 60

/** Reciprocal rank fusion: Σ 1 / (60 + rank) (Cormack, Clarke and Büttcher 2009). Only places count, not scores. */
export function fuseByRank(candidates: readonly Candidate[]): readonly Ranked[] {
  const part = (rank: number | undefined): number => (rank === undefined ? 0 : 1 / (RRF_K + rank))
  return ranked(candidates, (candidate) => part(candidate.keywordRank) + part(candidate.vectorRank))
}

/** One side alone, by its own score. */
export function rankBy(candidates: readonly Candidate[], side: 'keyword' | 'vector'): readonly Ranked[] {
  return ranked(candidates, (candidate) => candidate[side] ?? 0)
}

function ranked(
  candidates: readonly Candidate[],
  score: (candidate: Candidate) => number,
): readonly Ranked[] {
  return candidates
    .map((candidate) => ({...candidate, score: score(candidate)}))
    .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
}
