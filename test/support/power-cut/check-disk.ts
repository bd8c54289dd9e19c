import {existsSync} from 'node:fs'
import path from 'node:path'
import {openRag, RagError} from '../../../src/lib/index.js'
import {inspectStore} from '../corpus-snapshot.js'
import type {Mark, Titles} from './scenario.js'

/** What must be at a place: what was reported, or what was about to be. */
export interface Expected {
  readonly kind: Mark['kind']
  readonly place: string
  /** Of the last work that was reported; undefined when none was. */
  readonly done: Titles | undefined
  /** Of the work under way. */
  readonly begun: Titles | undefined
}

/** The expectations after another mark. */
export function marked(all: readonly Expected[], {what, kind, place, titles}: Mark): readonly Expected[] {
  const known = all.find((it) => it.place === place)
  const others = all.filter((it) => it.place !== place)
  const next = what === 'done' ? {done: titles, begun: undefined} : {done: known?.done, begun: titles}
  return [...others, {kind, place, ...next}]
}

/** What is wrong at a place below `root`, in words; undefined when nothing is. */
export async function faultAt(root: string, expected: Expected): Promise<string | undefined> {
  try {
    return expected.kind === 'store'
      ? await faultOfStore(root, expected)
      : await faultOfBackup(root, expected)
  } catch (error) {
    if (error instanceof RagError) return `${error.code}: ${error.message}`
    throw error
  }
}

async function faultOfStore(root: string, {place, done, begun}: Expected): Promise<string | undefined> {
  const dataDir = path.join(root, place)
  const rag = await openRag({dataDir, cache: {off: true}})
  let titles: Titles = {}
  try {
    for (const {corpus} of await rag.listCorpora()) {
      const {documents} = await rag.listDocuments(corpus)
      titles = Object.fromEntries(documents.map(({docId, title}) => [docId, title]))
    }
    await rag.deleteSessions({ids: ['none-of-this-name']})
  } catch (error) {
    const isNone = error instanceof RagError && error.code === 'STORE_MISSING' && done === undefined
    if (!isNone) throw error
  } finally {
    await rag.close()
  }
  const wrong = wrongTitles(titles, {done: done ?? {}, begun})
  if (wrong.length > 0) return `${wrong.join('; ')} (of ${Object.keys(titles).length})`
  const {faults} = inspectStore(dataDir)
  return faults.length > 0 ? faults.join('; ') : undefined
}

function wrongTitles(titles: Titles, {done, begun}: {done: Titles; begun: Titles | undefined}): string[] {
  const ids = new Set([...Object.keys(titles), ...Object.keys(done), ...Object.keys(begun ?? {})])
  return [...ids]
    .filter((id) => titles[id] !== done[id] && !(begun && titles[id] === begun[id]))
    .map((id) => `${id} is ${JSON.stringify(titles[id])}, was reported as ${JSON.stringify(done[id])}`)
}

async function faultOfBackup(root: string, {place, done, begun}: Expected): Promise<string | undefined> {
  const rag = await openRag({dataDir: path.join(root, 'restored'), cache: {off: true}})
  try {
    const {corpora} = await rag.restore(path.join(root, place), {dryRun: true})
    const found = corpora[0]?.documents
    const right = [done, begun].flatMap((titles) => (titles ? [Object.keys(titles).length] : []))
    return right.includes(found ?? -1)
      ? undefined
      : `the backup holds ${found} documents, not ${right.join(' or ')}`
  } catch (error) {
    const isNone = error instanceof RagError && error.code === 'BACKUP_MISSING' && done === undefined
    if (isNone || (done === undefined && !existsSync(path.join(root, place)))) return undefined
    throw error
  } finally {
    await rag.close()
  }
}
