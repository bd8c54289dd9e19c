import type {Corpus} from '../model/corpus.js'
import type {Segment} from '../model/segment.js'
import type {PendingPurge} from '../ports/store/purge-log.js'
import type {Store} from '../ports/store/store.js'
import type {PurgeFacts, SegmentFacts, VersionFacts} from './plan-purge.js'

/** Reads what `planPurge` plans by. */
export async function purgeFacts(
  {store, corpus}: {readonly store: Store; readonly corpus: Corpus},
  purges: readonly PendingPurge[],
): Promise<PurgeFacts> {
  const versions: VersionFacts[] = []
  for (const version of await store.listEmbeddingVersions(corpus.id))
    versions.push({
      version,
      segments: await withRows(store, await store.listSegments(version.id)),
      staged: await withRows(store, await store.listStaged(version.id)),
    })
  return {purges, versions}
}

async function withRows(store: Store, segments: readonly Segment[]): Promise<readonly SegmentFacts[]> {
  const facts: SegmentFacts[] = []
  for (const segment of segments) {
    const range = {from: segment.firstSeq, to: segment.lastSeq}
    const {count: live} = await store.vectorSpan(segment.versionId, range)
    facts.push({segment, rows: await store.countVectorRows(segment.versionId, range), live})
  }
  return facts
}
