/** Commits that were reported as done and are not in the store any more: its write-ahead log was damaged or lost. */
export interface LostCommits {
  /** How many; 0 when parts of them are gone, and nobody knows of how many. */
  readonly commits: number
  /** Those of them that wrote a corpus, by corpus; the rest are conversations, or belong to the store as a whole. */
  readonly corpora: readonly {readonly corpus: string; readonly commits: number}[]
}

/** `3 commits of corpus notes`; of several: `5 commits (3 of corpus notes, 2 of conversations or the whole store)`. */
export function describeLoss({commits, corpora}: LostCommits): string {
  if (commits === 0) return 'Parts of commits'
  const [only] = corpora
  if (only && corpora.length === 1 && only.commits === commits)
    return `${counted(commits)} of corpus ${only.corpus}`
  const rest = commits - corpora.reduce((sum, part) => sum + part.commits, 0)
  const parts = corpora.map((part) => `${part.commits} of corpus ${part.corpus}`)
  if (rest > 0) parts.push(`${rest} of conversations or the whole store`)
  return `${counted(commits)} (${parts.join(', ')})`
}

const counted = (commits: number): string => `${commits} ${commits === 1 ? 'commit' : 'commits'}`
