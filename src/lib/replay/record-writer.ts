import type {DocumentPut} from '../model/batch.js'
import type {ReadyDocument} from '../model/ready-document.js'
import type {ContentKey, ReplayRules, ReplayTarget, ReplayTools} from './replay-tools.js'

/** Records that are compared with the store in one query. */
export const GROUP = 1000
/** Bounds the memory of a group of large ones. */
const MAX_GROUP_CHARACTERS = 4_000_000

/** A document on its way to the store. */
export interface Waiting {
  /** Absent in a dry run. */
  readonly document?: Prepared | undefined
  /** Absent when the store is not asked whether it has it. */
  readonly key: ContentKey | undefined
  readonly records: number
}

/** What was prepared ahead, or is prepared when it is known to be wanted. */
type Prepared = {readonly put: DocumentPut} | {readonly input: ReadyDocument}

/** Where documents go, and what decides which of them. */
interface Destination {
  readonly target: ReplayTarget
  readonly rules: ReplayRules
}

/** Hands the documents of a file to the store in order, but for those it has, and counts the records of both. */
export class RecordWriter {
  readonly #tools: ReplayTools
  readonly #to: Destination
  readonly #counts = {inserted: 0, skipped: 0}
  #group: Waiting[] = []
  #characters = 0
  /** Records that were handed to the sink and not yet counted. */
  #waiting = 0

  constructor(tools: ReplayTools, to: Destination) {
    this.#tools = tools
    this.#to = to
  }

  /** True as soon as a query is worth it: {@link store} is due. */
  get isFull(): boolean {
    return this.#group.length >= GROUP || this.#characters >= MAX_GROUP_CHARACTERS
  }

  /** Records that were stored and that were there; complete after {@link flush}. */
  get counts(): {readonly inserted: number; readonly skipped: number} {
    return this.#counts
  }

  add(document: Waiting): void {
    this.#group.push(document)
    if (document.document) this.#characters += charactersOf(document.document)
  }

  /** Those that are to be stored, in order. One query tells what is there already. */
  async store(): Promise<void> {
    const group = this.#group
    this.#group = []
    this.#characters = 0
    const {target, rules} = this.#to
    const keys = rules.skipExisting ? group.flatMap(({key}) => key ?? []) : []
    const known =
      keys.length > 0 && target.corpusId !== undefined
        ? await this.#tools.store.knownContent(target.corpusId, keys)
        : new Set<string>()
    this.#tools.foresee(known.size * 2 <= keys.length)
    for (const {document, key, records} of group) {
      if (key && known.has(key.docId)) this.#counts.skipped++
      else if (!target.sink || !document) this.#counts.inserted += records
      else {
        const put = 'put' in document ? document.put : await this.#tools.prepare(document.input)
        const stored = target.sink.put(put)
        if (stored) await stored
        if (put.chunks.length === 0) this.#counts.inserted += records
        else this.#waiting += records
      }
    }
  }

  /** Durable when it returns. What the store found unchanged was there already. */
  async flush(): Promise<void> {
    await this.store()
    const {sink} = this.#to.target
    if (!sink) return
    await sink.flush()
    const stored = sink.takeStored()
    this.#counts.inserted += stored
    this.#counts.skipped += this.#waiting - stored
    this.#waiting = 0
  }
}

function charactersOf(document: Prepared): number {
  const {chunks} = 'put' in document ? document.put : document.input
  return chunks.reduce((sum, {text}) => sum + text.length, 0)
}
