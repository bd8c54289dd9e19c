/** Tokens of a batch, padding included. More at once was no faster in any measurement, and needs more memory. */
const BUDGET = 1024

/**
 * Divides texts, given by their tokens, into batches of texts about as long: little is computed for padding. Returns their
 * positions; each occurs once.
 */
export function batchesByLength(lengths: readonly number[], budget = BUDGET): number[][] {
  const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const batches: number[][] = []
  let batch: number[] = []
  for (const i of order) {
    // In ascending order the one that comes is the longest.
    if (batch.length > 0 && (batch.length + 1) * lengths[i]! > budget) {
      batches.push(batch)
      batch = []
    }
    batch.push(i)
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
