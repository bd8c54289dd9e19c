import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {openRag} from '../../../src/lib/index.js'
import {withDatabase} from '../corpus-snapshot.js'
import {seededNumbers} from '../seeded-text.js'
import {ClientProcess} from './client-process.js'
import {callOf, EXPECTED} from './call-of.js'
import {keyOf, type Request, type Verb} from './client.js'
import type {Call, Contents, History, WriteCall} from './history.js'

export const CORPORA = ['notes', 'acme/stones']
const DOCUMENTS = 24
/** More than the time after which a silent holder on another host has lost its lease. */
const JUMP_MS = 75_000
const MANY: readonly Verb[] = ['ingest', 'replay']

export interface PlayOptions {
  readonly folder: string
  readonly seed: number
  readonly ms: number
  /** Verbs of each client, drawn evenly; a place has one client at a time. */
  readonly places: readonly (readonly Verb[])[]
  /** From one disturbance to the next; 0 for none. */
  readonly disturbEveryMs: number
  /** From the end of a call to the next of the same client. */
  readonly pauseMs?: number | undefined
}

/** Processes that use one store at once, by a seeded script, while some are killed, stopped, and their clocks set. */
export class Play {
  readonly dataDir: string
  readonly scratch: string
  readonly calls: Call[] = []
  readonly counts: Record<string, number> = {}
  /** What no call may end with. */
  readonly faults: string[] = []
  readonly clients: ClientProcess[] = []
  /** Removals for good that said they were finished. */
  readonly proved = new Set<number>()
  readonly #options: PlayOptions
  readonly #random: () => number
  readonly #aheadMs: number[]
  #marks = 0
  #processes = 0
  #replayed = 0
  #ids = 0

  constructor(options: PlayOptions) {
    this.#options = options
    this.#random = seededNumbers(options.seed)
    this.dataDir = path.join(options.folder, 'store')
    this.scratch = path.join(options.folder, 'scratch')
    this.#aheadMs = options.places.map(() => 0)
    mkdirSync(this.scratch, {recursive: true})
  }

  /** Runs until its time is over, and `beside` with it; then all clients have ended. A place without verbs is left to `beside`. */
  async run(beside: () => Promise<void> = async () => undefined): Promise<void> {
    await this.open()
    const until = performance.now() + this.#options.ms
    await Promise.all([
      ...this.#options.places.map((verbs, place) => this.#play(place, verbs, until)),
      this.#disturb(until),
      beside(),
    ])
    await this.end()
  }

  /** Starts a client in each place; both corpora are there from now on. */
  async open(): Promise<void> {
    for (const place of this.#options.places.keys()) this.#start(place)
    for (const corpus of CORPORA) await this.call(0, 'upsert', {corpus, docIds: ['d0']})
  }

  async end(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()))
  }

  /** What the store holds when all have ended, with what `verify` finds. */
  async history(): Promise<History> {
    const rag = await openRag({dataDir: this.dataDir, cache: {off: true}})
    try {
      // What kills have left to be done is not damage.
      await rag.verify({repair: true})
      const {ok, findings} = await rag.verify({sample: 1})
      if (!ok) this.faults.push(`verify: ${JSON.stringify(findings)}`)
      const final: Record<string, Contents> = {}
      for (const corpus of CORPORA) {
        const {documents} = await rag.listDocuments(corpus, {limit: 1000})
        final[corpus] = Object.fromEntries(documents.map((it) => [keyOf(it), it.title]))
      }
      return {calls: this.calls, final}
    } finally {
      await rag.close()
    }
  }

  /** One call of the client in a place, written down. */
  async call(
    place: number,
    verb: Verb,
    {corpus, docIds}: {readonly corpus: string; readonly docIds: readonly string[]},
  ): Promise<Call> {
    const client = this.clients[place]!
    const mark = `m${++this.#marks}z${this.#options.seed}q`
    const request: Request = {
      verb,
      corpus,
      docIds,
      mark,
      scratch: this.scratch,
      clockMs: this.#aheadMs[place]!,
    }
    const begin = performance.now()
    const reply = await client.ask(request)
    const call = callOf(request, {
      id: ++this.#ids,
      client: client.name,
      begin,
      end: performance.now(),
      reply,
    })
    this.calls.push(call)
    this.#count(`${verb}: ${reply?.code ?? (reply ? 'done' : 'killed')}`)
    if (reply?.code && !EXPECTED.has(reply.code))
      this.faults.push(`${verb} by ${client.name}: ${reply.code} ${reply.message ?? ''}`)
    if (reply?.proved) this.proved.add(call.id)
    return call
  }

  /** The first of so many calls that was done. */
  async until(tries: number, attempt: () => Promise<Call>): Promise<Call | undefined> {
    for (let i = 0; i < tries; i++) {
      const call = await attempt()
      if (call.outcome === 'done') return call
      await wait(50)
    }
    return undefined
  }

  /** Stops a client, for others to take its lease, and lets it go on. */
  stop(place: number): void {
    this.clients[place]!.signal('SIGSTOP')
  }

  goOn(place: number): void {
    this.clients[place]!.signal('SIGCONT')
  }

  /** Version of a corpus while a client holds its lease. */
  versionHeldBy(corpus: string, place: number): number | undefined {
    const sql = `SELECT o.version FROM leases l JOIN corpora o ON o.name = l.corpus
      WHERE l.corpus = ? AND l.held = 1 AND l.pid = ?`
    const {pid} = this.clients[place]!
    return withDatabase(this.dataDir, (db) => db.prepare(sql).pluck().get(corpus, pid)) as number | undefined
  }

  /** Waits until a client holds the lease of a corpus and has committed under it, or has ended its call. */
  async holds(corpus: string, place: number): Promise<void> {
    let first: number | undefined
    for (const until = performance.now() + 5000; performance.now() < until; await wait(2)) {
      const version = this.versionHeldBy(corpus, place)
      first ??= version
      if (first !== undefined && version !== undefined && version > first) return
      if (!this.clients[place]!.isBusy) return
    }
  }

  /** Writes down that a call was no longer the holder once another was done. */
  lose(call: Call, taker: Call): void {
    if (call.what !== 'write') return
    const outcome = call.outcome === 'unknown' ? 'late' : call.outcome
    const lost: WriteCall = {...call, outcome, lostTo: [taker.id]}
    this.calls[this.calls.indexOf(call)] = lost
  }

  setClock(place: number, aheadMs: number): void {
    this.#aheadMs[place] = aheadMs
  }

  #start(place: number): void {
    // Two hosts, in turn: on one host a living holder is never robbed, between two the clock decides.
    const host = `host-${place % 2}`
    const name = `client ${place}.${++this.#processes}`
    this.clients[place] = new ClientProcess(name, {dataDir: this.dataDir, host})
  }

  async #play(place: number, verbs: readonly Verb[], until: number): Promise<void> {
    while (verbs.length > 0 && performance.now() < until) {
      const client = this.clients[place]
      if (!client || client.isEnded) {
        if (client && client.stderr !== '') this.faults.push(`${client.name} ended with: ${client.stderr}`)
        this.#start(place)
      }
      const verb = verbs[this.#below(verbs.length)]!
      const first = this.#below(DOCUMENTS)
      const many = MANY.includes(verb) ? 2 + this.#below(4) : 1
      const docIds = Array.from({length: many}, (_, i) => {
        // What is replayed is beside what was there before, and never replaces it.
        if (verb === 'replay') return `replayed-${++this.#replayed}`
        return `d${(first + i) % DOCUMENTS}`
      })
      await this.call(place, verb, {corpus: CORPORA[this.#below(CORPORA.length)]!, docIds})
      if (this.#options.pauseMs !== undefined) await wait(this.#options.pauseMs)
    }
  }

  async #disturb(until: number): Promise<void> {
    const every = this.#options.disturbEveryMs
    if (every === 0) return
    while (performance.now() + every < until) {
      await wait(every * (0.5 + this.#random()))
      const place = this.#below(this.clients.length)
      const client = this.clients[place]
      if (!client || client.isEnded) continue
      const dice = this.#below(4)
      if (dice < 2) {
        this.#count('kills')
        client.signal('SIGKILL')
      } else if (dice === 2) {
        this.#count('clock jumps')
        this.setClock(place, Math.round((this.#random() - 0.5) * 4 * JUMP_MS))
      } else {
        this.#count('stops')
        client.signal('SIGSTOP')
        for (const other of this.clients.keys()) if (other !== place) this.setClock(other, JUMP_MS)
        await wait(every * (0.5 + this.#random()))
        client.signal('SIGCONT')
      }
    }
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
