/**
 * Writes a store until it is killed, and says on stdout what it is about to do and what was reported as done, a line of JSON each.
 * Usage: node --import tsx test/support/wal-writer.ts DATA_DIR SEED (keep|close): `close` closes the store now and then.
 */
import {openRag, type Rag} from '../../src/lib/index.js'
import {seededNumbers} from './seeded-text.js'

/** A write, as the one who asked for it would tell it. */
export type Step =
  | {readonly what: 'put'; readonly corpus: string; readonly docId: string; readonly title: string}
  | {readonly what: 'delete' | 'purge'; readonly corpus: string; readonly docId: string}
  | {readonly what: 'drop'; readonly corpus: string}
  | {readonly what: 'ask'; readonly session: string}

const CORPORA = ['notes', 'acme/stones']

/** Steps without end, the same for the same seed. */
export function* steps(seed: number): Generator<Step> {
  const random = seededNumbers(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let number = 1; ; number++) {
    const corpus = CORPORA[below(10) < 7 ? 0 : 1]!
    const docId = `d${below(12)}`
    const dice = below(20)
    if (dice < 12 || number <= 3) yield {what: 'put', corpus, docId, title: `version ${number}`}
    else if (dice < 14) yield {what: 'delete', corpus, docId}
    else if (dice < 15) yield {what: 'purge', corpus, docId}
    else if (dice < 16) yield {what: 'drop', corpus: CORPORA[1]!}
    else yield {what: 'ask', session: `s${below(4)}`}
  }
}

/** Does a step; one that finds nothing to be done has been done. */
async function take(rag: Rag, step: Step): Promise<void> {
  if (step.what === 'put') {
    const text = `${step.title} of ${step.docId}: a zebra eats figs.`
    await rag.upsertDocument({corpus: step.corpus, docId: step.docId, title: step.title, text})
  } else if (step.what === 'drop') await rag.deleteCorpus(step.corpus)
  else if (step.what === 'ask')
    await rag.ask('notes', {query: 'What does a zebra eat?', conversation: step.session})
  else await rag.deleteDocuments(step.corpus, [step.docId], {hard: step.what === 'purge'})
}

async function run(dataDir: string, seed: number, doesClose: boolean): Promise<void> {
  let rag = await openRag({dataDir, cache: {off: true}})
  let number = 0
  for (const step of steps(seed)) {
    process.stdout.write(`${JSON.stringify({begin: step})}\n`)
    await take(rag, step).catch((error: unknown) => {
      if (!/CORPUS_MISSING|DOCUMENT_MISSING/.test(String((error as {code?: string}).code))) throw error
    })
    process.stdout.write(`${JSON.stringify({done: ++number})}\n`)
    if (!doesClose || number % 3 !== 0) continue
    await rag.close()
    rag = await openRag({dataDir, cache: {off: true}})
  }
}

const [, script, dataDir, seed, mode] = process.argv
if (script?.endsWith('wal-writer.ts')) await run(dataDir!, Number(seed), mode === 'close')
