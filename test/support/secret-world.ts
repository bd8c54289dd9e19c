import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createServices, type OpenedServices} from '../../src/lib/engine/create-services.js'
import {createRag} from '../../src/lib/engine/open-rag.js'
import type {DeleteReport, Rag} from '../../src/lib/index.js'
import type {Services} from '../../src/lib/ports/services.js'
import {withDatabase} from './corpus-snapshot.js'
import {HashProvider} from './hash-provider.js'
import {filesBelow} from './temp-home.js'

/** Words of text, heading, metadata and title that stand in one document alone. */
export const SECRET_WORDS = ['Xylographquant', 'Morblefrust', 'Qintarzeph', 'Vundlemork']
export const SECRET = 'secret.md'
export const CORPUS = 'c'

const SENTENCE =
  'The Xylographquant treaty of the harbour was signed by nobody but the pilot and his dog, on a wet morning in the old town hall.'
const SECRET_TEXT = `---\ntitle: Vundlemork file\nowner: Qintarzeph\n---\n# Morblefrust\n\n${SENTENCE}\n\n"It remained", he wrote;\nand so it was that tide and water rose in the harbour on the day.\n`
const WORDS = 'tide water harbour level pump valve engine filter winter summer bee queen hive'.split(' ')

export interface WorldOptions {
  readonly model?: string | undefined
  readonly others?: number | undefined
}

/** A store on disk with one document that is to be removed for good, and what any file still holds of it. */
export class SecretWorld {
  readonly home = mkdtempSync(path.join(tmpdir(), 'rag-secret-'))
  readonly provider = new HashProvider()
  readonly #model: string
  readonly #vectors: Buffer[] = []
  #opened: Rag[] = []

  constructor({model = 'lsa', others = 14}: WorldOptions = {}) {
    this.#model = model
    for (let i = 0; i < others; i++) this.write(`docs/o${i}.md`, `# Other ${i}\n\n${wordsFor(i)}.\n`)
    this.write(`docs/${SECRET}`, SECRET_TEXT)
  }

  path(...names: string[]): string {
    return path.join(this.home, ...names)
  }

  write(name: string, text: string | Buffer): void {
    mkdirSync(path.dirname(this.path(name)), {recursive: true})
    writeFileSync(this.path(name), text)
  }

  /** Services of the store, as another process would have them, changed as a test wants them. */
  open(change: (services: Services) => Services = (services) => services): Rag {
    const opened: OpenedServices = createServices({
      dataDir: this.path('data'),
      indexDir: this.path('indexes'),
      maxWorkers: 1,
      providers: [this.provider],
      cache: {dir: this.path('cache')},
    })
    const rag = createRag({services: change(opened.services), close: () => opened.close()})
    this.#opened.push(rag)
    return rag
  }

  /** Runs the work with an opened store, and closes it. */
  async using<T>(work: (rag: Rag) => Promise<T>, change?: (services: Services) => Services): Promise<T> {
    const rag = this.open(change)
    try {
      return await work(rag)
    } finally {
      await rag.close()
    }
  }

  async ingest(rag: Rag, corpus = CORPUS): Promise<void> {
    const report = await rag.ingest({corpus, dirs: [this.path('docs')], settings: {model: this.#model}})
    if (report.failure) throw report.failure
    if (corpus === CORPUS) this.rememberVectors()
  }

  delete(rag: Rag): Promise<DeleteReport> {
    return rag.deleteDocuments(CORPUS, [SECRET], {hard: true})
  }

  /** Vectors that the document has now, of whatever version. */
  rememberVectors(): void {
    const rows = withDatabase(this.path('data'), (db) =>
      db
        .prepare(
          `SELECT v.vector FROM vectors v JOIN chunks c ON c.id = v.chunk_id JOIN documents d ON d.id = c.document_id
           WHERE d.doc_id = ? AND v.kind = 'dense'`,
        )
        .pluck()
        .all(SECRET),
    ) as Buffer[]
    for (const row of rows) this.#vectors.push(row.subarray(0, 24), unitOf(row).subarray(4, 24))
  }

  /** Searches and asks, so that results and answers are cached and kept in a conversation. */
  async use(rag: Rag): Promise<void> {
    await rag.search(CORPUS, {query: 'who signed the treaty of the harbour?'})
    await rag.search(CORPUS, {query: 'wet morning in the old town hall'})
    const request = {query: 'Who signed the treaty of the harbour?', conversation: 'talk', user: 'bob'}
    await rag.ask(CORPUS, request)
    await rag.ask(CORPUS, {...request, query: 'And on what morning?'})
  }

  /** What any file below the folders of the store holds of the document: by bytes, and by nothing else. */
  remains(): string[] {
    const wanted: [string, Buffer][] = SECRET_WORDS.flatMap((word) => [
      [word, Buffer.from(word)],
      [`${word} in lower case`, Buffer.from(word.toLowerCase())],
      [`stem of ${word}`, Buffer.from(word.toLowerCase().slice(0, 9))],
      [`end of ${word}`, Buffer.from(word.toLowerCase().slice(-7))],
    ])
    this.#vectors.forEach((bytes, i) => wanted.push([`vector ${i}`, bytes]))
    wanted.push(['sentence', Buffer.from(SENTENCE.slice(30, 60))])
    const files = ['data', 'indexes', 'cache'].flatMap((name) =>
      existsSync(this.path(name)) ? filesBelow(this.path(name)) : [],
    )
    return files.flatMap((file) => {
      const bytes = readFileSync(file)
      return wanted
        .filter(([, needle]) => bytes.includes(needle))
        .map(([what]) => `${what} in ${path.relative(this.home, file)}`)
    })
  }

  /** The store as it is now, to begin from again. */
  keep(name: string): void {
    for (const folder of ['data', 'indexes', 'cache'])
      if (existsSync(this.path(folder))) cpSync(this.path(folder), this.path(name, folder), {recursive: true})
  }

  restore(name: string): void {
    for (const folder of ['data', 'indexes', 'cache']) {
      rmSync(this.path(folder), {recursive: true, force: true})
      if (existsSync(this.path(name, folder)))
        cpSync(this.path(name, folder), this.path(folder), {recursive: true})
    }
  }

  async remove(): Promise<void> {
    for (const rag of this.#opened.splice(0)) await rag.close().catch(() => undefined)
    rmSync(this.home, {recursive: true, force: true})
  }
}

const wordsFor = (n: number): string =>
  Array.from({length: 40}, (_, i) => WORDS[(i * 7 + n * 5 + (i % 3) * n) % WORDS.length]!).join(' ')

/** Of unit length as the index has it: once in double precision, and once more by the native code. */
function unitOf(bytes: Buffer): Buffer {
  const vector = new Float32Array(new Uint8Array(bytes).buffer)
  const scale = 1 / Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  const unit = vector.map((value) => value * scale)
  const squares = unit.reduce((sum, value) => Math.fround(sum + Math.fround(value * value)), 0)
  const length = Math.fround(Math.sqrt(squares))
  return Buffer.from(unit.map((value) => value / length).buffer)
}
