import {spawn} from 'node:child_process'
import {openRag, RagError} from '../../src/lib/index.js'
import type {Step} from './wal-writer.js'

/** What a store holds, as far as `Step`s change it: titles of documents by corpus and id, and turns of conversations. */
export interface Content {
  readonly documents: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly turns: Readonly<Record<string, number>>
}

export const EMPTY: Content = {documents: {}, turns: {}}

/** The content after a step. */
export function after({documents, turns}: Content, step: Step): Content {
  if (step.what === 'ask') {
    if (!documents['notes']) return {documents, turns}
    return {documents, turns: {...turns, [step.session]: (turns[step.session] ?? 0) + 1}}
  }
  const {[step.corpus]: known, ...others} = documents
  if (step.what === 'put')
    return {documents: {...others, [step.corpus]: {...known, [step.docId]: step.title}}, turns}
  if (step.what === 'drop' || !known) return {documents: others, turns}
  const {[step.docId]: _gone, ...left} = known
  return {documents: {...others, [step.corpus]: left}, turns}
}

/** A writer that was killed: what it was told of, and what it was doing then. */
export interface Killed {
  readonly done: Content
  readonly steps: number
  /** Either is right: the step was not reported. */
  readonly either: Content
}

/** Starts a writer, and kills it `delayMs` after it has reported so many steps. */
export async function killWriter(
  dataDir: string,
  {seed, mode, steps, delayMs}: {seed: number; mode: 'keep' | 'close'; steps: number; delayMs: number},
): Promise<Killed> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/wal-writer.ts', dataDir, String(seed), mode],
    {stdio: ['ignore', 'pipe', 'pipe']},
  )
  let errors = ''
  child.stderr.on('data', (part: Buffer) => (errors += String(part)))
  let rest = ''
  let told: {done: Content; steps: number; doing: Step | undefined} = {
    done: EMPTY,
    steps: 0,
    doing: undefined,
  }
  let isKilled = false
  child.stdout.on('data', (part: Buffer) => {
    const lines = (rest + String(part)).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const event = JSON.parse(line) as {begin?: Step}
      if (event.begin) told = {...told, doing: event.begin}
      else told = {done: after(told.done, told.doing!), steps: told.steps + 1, doing: undefined}
    }
    if (told.steps < steps || isKilled) return
    isKilled = true
    setTimeout(() => child.kill('SIGKILL'), delayMs)
  })
  await new Promise((resolve) => child.on('close', resolve))
  if (!isKilled) throw new Error(`The writer ended by itself: ${errors}`)
  const {done, doing} = told
  return {done, steps: told.steps, either: doing ? after(done, doing) : done}
}

/** How a store answers after its log was damaged. */
export type Outcome =
  | {readonly kind: 'refused' | 'noticed'; readonly code: string}
  | {readonly kind: 'content'; readonly content: Content; readonly verified: boolean}

/** Asks a store what it holds, and whether it would be written. */
export async function ask(dataDir: string): Promise<Outcome> {
  const rag = await openRag({dataDir, cache: {off: true}})
  try {
    const content = await contentOf(rag)
    await rag.deleteSessions({ids: ['none-of-this-name']})
    const {ok} = await rag.verify({sample: 0})
    return {kind: 'content', content, verified: ok}
  } catch (error) {
    if (!(error instanceof RagError)) throw error
    return {kind: error.code === 'COMMITS_LOST' ? 'noticed' : 'refused', code: error.code}
  } finally {
    await rag.close()
  }
}

async function contentOf(rag: Awaited<ReturnType<typeof openRag>>): Promise<Content> {
  const documents: Record<string, Record<string, string>> = {}
  for (const {corpus} of await rag.listCorpora()) {
    const list = await rag.listDocuments(corpus)
    documents[corpus] = Object.fromEntries(list.documents.map(({docId, title}) => [docId, title]))
  }
  const sessions = await rag.listSessions()
  return {documents, turns: Object.fromEntries(sessions.map(({id, messages}) => [id, messages / 2]))}
}
