/**
 * Does one kind of work on stores below a folder, and writes into `marks` there what it is about to do and what was reported as done.
 * Usage: node --import tsx test/support/power-cut/scenario.ts ROOT SCRATCH NAME
 */
import {appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {openRag, type Rag} from '../../../src/lib/index.js'

/** Titles of documents by id. */
export type Titles = Readonly<Record<string, string>>

/** A line of `marks`: what a place holds after the work that begins, or that is done. */
export interface Mark {
  readonly what: 'begin' | 'done'
  readonly kind: 'store' | 'backup'
  /** Relative to the root. */
  readonly place: string
  readonly titles: Titles
}

export const SCENARIOS = ['ingest', 'delete', 'rebuild', 'replay', 'backup', 'restore'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

const CORPUS = 'notes'
const NUMBERS = Array.from({length: 8}, (_, i) => i + 1)

class Scenario {
  readonly #root: string
  readonly #scratch: string
  #titles: Titles = {}

  constructor(root: string, scratch: string) {
    this.#root = root
    this.#scratch = scratch
  }

  async ingest(place = 'deep/new/data'): Promise<void> {
    await this.#work(place, this.#write(NUMBERS, 1), (rag) => this.#take(rag))
    await this.#work(place, this.#write([2, 3, 9], 2), (rag) => this.#take(rag))
  }

  async delete(): Promise<void> {
    const place = 'data'
    await this.#work(place, this.#write(NUMBERS, 1), (rag) => this.#take(rag))
    for (const [docId, hard] of [
      ['d1.md', false],
      ['d2.md', true],
    ] as const) {
      const {[docId]: _gone, ...left} = this.#titles
      await this.#work(place, left, (rag) => rag.deleteDocuments(CORPUS, [docId], {hard}))
    }
  }

  async rebuild(): Promise<void> {
    const place = 'data'
    await this.#work(place, this.#write(NUMBERS, 1), (rag) => this.#take(rag))
    await this.#work(place, this.#titles, (rag) => rag.rebuild({corpus: CORPUS}))
    await this.#work(place, this.#titles, (rag) =>
      rag.rebuild({corpus: CORPUS, reembed: true, keepOld: true}),
    )
  }

  async replay(): Promise<void> {
    const source = path.join(this.#scratch, 'source')
    const titles = this.#write(NUMBERS, 1)
    const rag = await openRag({dataDir: source, cache: {off: true}})
    await this.#take(rag)
    const dir = path.join(this.#root, 'batches')
    await rag.export({corpus: CORPUS, dir, maxRecords: 3})
    await rag.close()
    await this.#work('fresh/data', titles, (into) =>
      into.replay({
        corpus: CORPUS,
        globs: [path.join(dir, '*.msgpack')],
        archive: {dir: path.join(this.#root, 'archive/done')},
        stateFile: path.join(this.#root, 'state.json'),
      }),
    )
  }

  async backup(): Promise<void> {
    const source = path.join(this.#scratch, 'source')
    for (const version of [1, 2]) {
      const titles = this.#write(version === 1 ? NUMBERS : [1, 9], version)
      const rag = await openRag({dataDir: source, cache: {off: true}})
      await this.#take(rag)
      await this.#mark('backup', 'to/this/backup', titles, () =>
        rag.backup(path.join(this.#root, 'to/this/backup')),
      )
      await rag.close()
    }
  }

  async restore(): Promise<void> {
    const copy = path.join(this.#scratch, 'copy')
    const titles = this.#write(NUMBERS, 1)
    const rag = await openRag({dataDir: path.join(this.#scratch, 'source'), cache: {off: true}})
    await this.#take(rag)
    await rag.backup(copy)
    await rag.close()
    const place = 'into/here/data'
    await this.#work(place, titles, (into) => into.restore(copy))
    await this.#work(place, this.#write([1], 2), (into) => this.#take(into))
    await this.#work(place, titles, (into) => into.restore(copy))
  }

  #take(rag: Rag): Promise<unknown> {
    return rag.ingest({corpus: CORPUS, dirs: [path.join(this.#scratch, 'in')], batchSize: 3, checksum: true})
  }

  /** Writes documents of a version, and says what titles there are then. */
  #write(numbers: readonly number[], version: number): Titles {
    const folder = path.join(this.#scratch, 'in')
    mkdirSync(folder, {recursive: true})
    const titles = {...this.#titles}
    for (const number of numbers) {
      const title = `Version ${version} of ${number}`
      const words = Array.from({length: 30}, (_, i) => `word${(i * number) % 17} zebra`).join(' ')
      writeFileSync(path.join(folder, `d${number}.md`), `# ${title}\n\n${words}.\n`)
      titles[`d${number}.md`] = title
    }
    return titles
  }

  async #work(place: string, titles: Titles, act: (rag: Rag) => Promise<unknown>): Promise<void> {
    const rag = await openRag({dataDir: path.join(this.#root, place), cache: {off: true}, maxWorkers: 1})
    await this.#mark('store', place, titles, () => act(rag))
    await rag.close()
  }

  async #mark(kind: Mark['kind'], place: string, titles: Titles, act: () => Promise<unknown>): Promise<void> {
    const mark = (what: Mark['what']): void =>
      appendFileSync(path.join(this.#root, 'marks'), `${JSON.stringify({what, kind, place, titles})}\n`)
    mark('begin')
    await act()
    mark('done')
    this.#titles = titles
  }
}

const [, script, root, scratch, name] = process.argv
if (script?.endsWith('scenario.ts')) {
  for (const entry of readdirSync(root!)) rmSync(path.join(root!, entry), {recursive: true})
  await new Scenario(root!, scratch!)[name as ScenarioName]()
}
