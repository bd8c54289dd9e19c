/**
 * A client of a store, driven over stdin and stdout: a request a line of JSON, then its reply. It may believe to be on another host
 * than it is, and its clock may be set, so that leases are lost as between machines.
 * Usage: node --import tsx test/support/histories/client.ts DATA_DIR HOST
 */
import {rmSync, writeFileSync} from 'node:fs'
import {syncBuiltinESMExports} from 'node:module'
import os from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import type {DeleteReport, Metadata, Rag} from '../../../src/lib/index.js'
import {writeBatchFile} from '../batch-file.js'
import type {Contents} from './history.js'

export type Verb =
  | 'upsert'
  | 'ingest'
  | 'replay'
  | 'delete'
  | 'purge'
  | 'sweep'
  | 'rebuild'
  | 'repair'
  | 'list'
  | 'show'
  | 'search'
  | 'ask'
  | 'backup'
  | 'clear caches'

export interface Request {
  readonly verb: Verb
  readonly corpus: string
  /** Of what is written, or of what is shown. */
  readonly docIds: readonly string[]
  readonly mark: string
  /** A folder of the script's, for inputs and backups. */
  readonly scratch: string
  /** How far the client's clock is ahead. */
  readonly clockMs: number
}

export interface Reply {
  /** Of the error, when there was one. */
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly version?: number | undefined
  readonly saw?: Contents | undefined
  /** Documents that a sweep removed: those of replayed batches, which else would grow without end. */
  readonly removed?: readonly string[] | undefined
  /** A removal for good that is finished and proved. */
  readonly proved?: boolean | undefined
}

/** A text by which a write is known; all of them are found by one word. */
export const textOf = (docId: string, mark: string): string =>
  `The zebra ${mark} eats figs.\n\nIt is the ${docId} of many, and its stripes are those of ${mark}.`

/** Documents of replayed batches are named by their content; what they are called here stands in their metadata. */
export const keyOf = ({docId, metadata}: {readonly docId: string; readonly metadata: Metadata}): string =>
  typeof metadata['key'] === 'string' ? metadata['key'] : docId

/** What a text says of itself; `torn` where its parts are of different writes. */
export function markOf(title: string, text: string): string {
  const marks = new Set(text.match(/\bm\d+z\w+/g) ?? [])
  return marks.size === 1 && marks.has(title) ? title : `torn (${title}: ${[...marks].join(', ')})`
}

const writers: Readonly<Record<Verb, (rag: Rag, request: Request) => Promise<Reply>>> = {
  upsert: async (rag, {corpus, docIds, mark}) => {
    const [docId] = docIds
    const text = textOf(docId!, mark)
    const {corpusVersion} = await rag.upsertDocument({corpus, docId: docId!, title: mark, text})
    return {version: corpusVersion}
  },
  ingest: async (rag, {corpus, docIds, mark, scratch}) => {
    const jsonl = path.join(scratch, `${mark}.jsonl`)
    const lines = docIds.map((id) => JSON.stringify({doc_id: id, title: mark, text: textOf(id, mark)}))
    writeFileSync(jsonl, `${lines.join('\n')}\n`)
    // Many commits, so that there is something to be cut off in between.
    const {failure, failed} = await rag.ingest({corpus, jsonl, batchSize: 1})
    rmSync(jsonl)
    return {code: failure?.code ?? failed[0]?.code}
  },
  replay: async (rag, {corpus, docIds, mark, scratch}) => {
    const records = docIds.map((key) => ({text: textOf(key, mark), metadata: {key, title: mark}}))
    const file = writeBatchFile(path.join(scratch, `${mark}.msgpack`), records)
    const {failure, failures, files} = await rag.replay({corpus, files: [file]})
    rmSync(file)
    return {code: failure?.code ?? failures[0]?.code ?? files[0]?.error?.code}
  },
  delete: (rag, request) => remove(rag, request, false),
  purge: (rag, request) => remove(rag, request, true),
  sweep: async (rag, {corpus}) => {
    const {documents} = await rag.listDocuments(corpus, {limit: 1000})
    const replayed = new Map(
      documents.filter((it) => keyOf(it) !== it.docId).map((it) => [it.docId, keyOf(it)]),
    )
    if (replayed.size === 0) return {}
    const {deleted} = await rag.deleteDocuments(corpus, [...replayed.keys()], {hard: true})
    return {removed: deleted.map((it) => replayed.get(it)!)}
  },
  rebuild: async (rag, {corpus}) => {
    await rag.rebuild({corpus})
    return {}
  },
  repair: async (rag, {corpus}) => {
    const {findings} = await rag.verify({corpus, repair: true, sample: 0})
    const damage = findings.find(({code}) => /DAMAGED|ROW|MISSING/.test(code))
    return damage ? {code: `found ${damage.code}`, message: damage.message} : {}
  },
  list: async (rag, {corpus}) => {
    const {documents} = await rag.listDocuments(corpus, {limit: 1000})
    return {saw: Object.fromEntries(documents.map((it) => [keyOf(it), it.title]))}
  },
  show: async (rag, {corpus, docIds}) => {
    try {
      const {document, chunks} = await rag.showDocument(corpus, docIds[0]!)
      const text = chunks.map((chunk) => chunk.text).join('\n')
      return {saw: {[docIds[0]!]: markOf(document.title, text)}}
    } catch (error) {
      if (codeOf(error) !== 'DOCUMENT_MISSING') throw error
      return {saw: {}}
    }
  },
  search: async (rag, {corpus}) => {
    const found = await rag.search(corpus, {query: 'zebra', mode: 'keyword', topK: 200, unit: 'document'})
    return {
      version: found.corpusVersion,
      saw: Object.fromEntries(found.hits.map((hit) => [keyOf(hit), markOf(hit.title, hit.text)])),
    }
  },
  ask: async (rag, {corpus}) => {
    await rag.ask(corpus, {query: 'What does a zebra eat?'})
    return {}
  },
  backup: async (rag, {scratch}) => {
    await rag.backup(path.join(scratch, 'backup'))
    return {}
  },
  'clear caches': async (rag) => {
    await rag.cachePurge({})
    return {}
  },
}

async function remove(rag: Rag, {corpus, docIds}: Request, hard: boolean): Promise<Reply> {
  const {
    deleted,
    corpusVersion,
    hard: removed,
  }: DeleteReport = await rag.deleteDocuments(corpus, docIds, {
    hard,
  })
  // A removal for good tells the version of the corpus when it has ended, which another write may have made.
  const isNew = deleted.length > 0 && !hard
  const version = isNew ? corpusVersion : undefined
  return {version, proved: removed?.finished === true && removed.bytes?.absent !== false}
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL'

async function run(dataDir: string, host: string): Promise<void> {
  os.hostname = () => host
  syncBuiltinESMExports()
  const {openRag} = await import('../../../src/lib/index.js')
  let aheadMs = 0
  const clock = {now: () => Date.now() + aheadMs, monotonic: () => performance.now()}
  const rag = await openRag({dataDir, clock, maxWorkers: 1, waitMs: 300})
  for await (const line of createInterface({input: process.stdin})) {
    const request = JSON.parse(line) as Request
    aheadMs = request.clockMs
    const reply: Reply = await writers[request.verb](rag, request).catch((error: unknown) => ({
      code: codeOf(error),
      message: String(error),
    }))
    process.stdout.write(`${JSON.stringify(reply)}\n`)
  }
  await rag.close()
}

const [, script, dataDir, host] = process.argv
if (script?.endsWith('client.ts')) await run(dataDir!, host!)
