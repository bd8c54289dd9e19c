import {statSync} from 'node:fs'
import path from 'node:path'
import type {CorpusSnapshot} from '../corpus-snapshot.js'
import type {ChunkRow, MemoryState} from './memory-state.js'

/** What a corpus holds, as `snapshotCorpus` tells it of a database. */
export function memorySnapshot(state: MemoryState, name: string): CorpusSnapshot {
  const corpus = [...state.corpora.values()].find((it) => it.name === name)
  const corpusId = corpus?.id ?? -1
  const chunks = state.liveChunks(corpusId)
  const documents = [...state.documents.values()].filter((it) => it.corpusId === corpusId && !it.deleted)
  const live = state.liveVersion(corpusId)
  const vectorOf = new Map(
    [...state.vectors.values()].filter((it) => it.versionId === live?.id).map((it) => [it.chunkId, it]),
  )
  const nameOf = ({documentId, put}: ChunkRow): string =>
    `${state.documents.get(documentId)!.docId}#${put.ordinal}`
  return {
    documents: Object.fromEntries(
      documents.map(({id, docId, docHash, title, language}) => {
        const count = chunks.filter(({documentId}) => documentId === id).length
        return [docId, [docHash, title, language, count]]
      }),
    ),
    chunks: Object.fromEntries(
      chunks.map((chunk) => {
        const {contentHash, inputHash, startLine, endLine, place, text} = chunk.put
        return [
          nameOf(chunk),
          [contentHash, inputHash, `${startLine}-${endLine}${place ? JSON.stringify(place) : ''}`, text],
        ]
      }),
    ),
    vectors: Object.fromEntries(
      chunks.flatMap((chunk) => {
        const row = vectorOf.get(chunk.id)
        if (!row) return []
        return [[nameOf(chunk), `${row.kind} ${Buffer.from(row.vector.slice().buffer).toString('hex')}`]]
      }),
    ),
  }
}

/** Promises that rows make to each other and to the files in the data folder, and do not keep. */
export function memoryFaults(state: MemoryState, dataDir: string): readonly string[] {
  return [...rowFaults(state), ...segmentFaults(state), ...fileFaults(state, dataDir)]
}

function rowFaults({vectors, chunks, documents, versions, corpora}: MemoryState): string[] {
  const lost = [...vectors.values()].filter(({chunkId}) => !chunks.has(chunkId))
  const alive = [...chunks.values()].filter(
    (it) => !it.deleted && documents.get(it.documentId)?.deleted !== false,
  )
  const wide = [...vectors.values()].filter(
    ({kind, vector, versionId}) => kind === 'dense' && vector.length !== versions.get(versionId)?.dimension,
  )
  const twice = [...corpora.keys()].filter((id) => {
    const building = [...versions.values()].filter((it) => it.corpusId === id && it.state === 'building')
    return building.length > 1
  })
  return [
    ...lost.map(({seq}) => `vector ${seq} without its chunk`),
    ...alive.map(({id}) => `live chunk ${id} of a deleted document`),
    ...wide.map(({seq}) => `vector ${seq} of another width than its version`),
    ...twice.map((id) => `corpus ${id} with two versions being built`),
  ]
}

function segmentFaults({segments}: MemoryState): string[] {
  const sorted = [...segments.values()].sort((a, b) => a.versionId - b.versionId || a.firstSeq - b.firstSeq)
  return sorted.flatMap(({versionId, firstSeq, file}, i) => {
    const before = sorted[i - 1]
    const isOver = before?.versionId === versionId && before.lastSeq >= firstSeq
    return isOver ? [`segment ${file} overlaps ${before.file}`] : []
  })
}

function fileFaults({segments, versions}: MemoryState, dataDir: string): string[] {
  const files = [
    ...[...segments.values()].map(({file, sizeBytes}) => ({file: `indexes/${file}`, sizeBytes})),
    ...[...versions.values()].flatMap(({modelFile}) =>
      modelFile ? [{file: `models/${modelFile.file}`, sizeBytes: modelFile.sizeBytes}] : [],
    ),
  ]
  return files.flatMap(({file, sizeBytes}) => {
    const found = statSync(path.join(dataDir, file), {throwIfNoEntry: false})?.size
    return found === sizeBytes ? [] : [`${file} has ${String(found)} bytes, its row says ${sizeBytes}`]
  })
}
