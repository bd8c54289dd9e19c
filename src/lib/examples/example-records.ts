import type {BatchRecord} from '../model/batch-record.js'
import type {TrainingExample} from '../model/operations/examples.js'
import {chunkName} from '../model/names.js'
import type {Digest} from '../ports/surroundings.js'
import type {Candidate} from './candidate.js'

/** A chosen candidate as it is written down. `textOf` gives the text of a chunk of its document. */
export function exampleOf(
  digest: Digest,
  candidate: Candidate,
  {
    docId,
    updatedAtMs,
    textOf,
  }: {
    readonly docId: string
    readonly updatedAtMs: number
    readonly textOf: (ordinal: number) => string
  },
): TrainingExample {
  const context = candidate.ordinals.map((ordinal) => ({
    chunkId: chunkName(docId, ordinal),
    text: textOf(ordinal),
  }))
  const {question, answer} = candidate
  const id = digest
    .sha256(JSON.stringify([question, answer, ...context.map(({chunkId}) => chunkId)]))
    .slice(0, 32)
  return {id, question, answer, context, source: docId, createdAtMs: updatedAtMs}
}

interface WrittenExample {
  readonly id: string
  readonly question: string
  readonly answer: string
  readonly context: readonly {readonly chunk_id: string; readonly text: string}[]
  readonly source: string
  readonly created_at: string
}

function written({id, question, answer, context, source, createdAtMs}: TrainingExample): WrittenExample {
  return {
    id,
    question,
    answer,
    context: context.map(({chunkId, text}) => ({chunk_id: chunkId, text})),
    source,
    created_at: new Date(createdAtMs).toISOString(),
  }
}

/** A line of JSON, with its line end. */
export function exampleLine(example: TrainingExample): string {
  return `${JSON.stringify(written(example))}\n`
}

/**
 * A record of a batch: its text is the question, an empty line and the answer; the members of the line are its metadata, beside `title`
 * (the question) and `content_hash` (the id), by which `rag replay` names the document it makes.
 */
export function exampleRecord(example: TrainingExample): BatchRecord {
  const fields = written(example)
  return {
    text: `${fields.question}\n\n${fields.answer}`,
    metadata: {
      content_hash: fields.id,
      title: fields.question,
      ...fields,
      context: fields.context.map((it) => ({...it})),
    },
    source: fields.source,
  }
}
