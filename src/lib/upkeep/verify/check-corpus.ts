import type {Corpus} from '../../model/corpus.js'
import type {EmbeddingVersion} from '../../model/embedding.js'
import type {Segment} from '../../model/segment.js'
import {ofCorpus, rowFault, segmentRowWrong, vectorsPending} from './findings.js'
import type {Inspection} from './inspection.js'

/** Rows of a corpus against each other: documents, chunks, vectors, keyword entries, segments' ranges and counts. */
export async function checkCorpus(inspection: Inspection, corpus: Corpus): Promise<void> {
  const {store} = inspection.tools
  await inspection.guard(ofCorpus(corpus), async () => {
    inspection.add(...(await store.checkRows(corpus.id)).map((fault) => rowFault(corpus, fault)))
    inspection.checked.documents += (await store.countCorpus(corpus.id)).documents
    for (const version of await store.listEmbeddingVersions(corpus.id)) {
      if (version.state === 'live') {
        const pending = await store.pendingDocuments(corpus.id, version.id)
        if (pending.chunks > 0) inspection.add(vectorsPending(corpus, pending))
      }
      await checkSegmentRows(inspection, version)
    }
  })
  inspection.step()
}

async function checkSegmentRows(inspection: Inspection, version: EmbeddingVersion): Promise<void> {
  const {store} = inspection.tools
  const segments = await store.listSegments(version.id)
  for (const [i, segment] of segments.entries()) {
    const {count} = await store.vectorSpan(version.id, {from: segment.firstSeq, to: segment.lastSeq})
    const why = rowFaultOf(segment, {version, live: count, before: segments[i - 1]})
    if (why !== undefined) inspection.add(segmentRowWrong({corpusId: version.corpusId, segment}, why))
  }
}

function rowFaultOf(
  segment: Segment,
  facts: {readonly version: EmbeddingVersion; readonly live: number; readonly before: Segment | undefined},
): string | undefined {
  const {version, live, before} = facts
  const width = segment.lastSeq - segment.firstSeq + 1
  if (before && segment.firstSeq <= before.lastSeq) return `its range overlaps that of ${before.file}`
  if (segment.dimension !== version.dimension)
    return `it has ${segment.dimension} dimensions, its embedding version ${version.dimension}`
  if (segment.count > width) return `it says ${segment.count} vectors for a range of ${width}`
  if (live > segment.count) return `its range has ${live} vectors, of which it holds ${segment.count}`
  return undefined
}
