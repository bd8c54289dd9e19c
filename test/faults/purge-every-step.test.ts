import {rmSync} from 'node:fs'
import {expect} from 'chai'
import type {Rag} from '../../src/lib/index.js'
import type {Services} from '../../src/lib/ports/services.js'
import {withDatabase} from '../support/corpus-snapshot.js'
import {CORPUS, SECRET, SecretWorld} from '../support/secret-world.js'

/** Verbs that a dead process need not call: its lease is taken over, which other tests hold. */
const FREE = new Set(['releaseLease', 'renewLease', 'close', 'path'])

/** The end of a process: from the call of this number on, no verb of store, cache or files does anything. */
class Death {
  calls = 0
  readonly names: string[] = []
  readonly #at: number

  constructor(at: number) {
    this.#at = at
  }

  get hasCome(): boolean {
    return this.calls >= this.#at
  }

  /** The same object, whose verbs count. */
  over<T extends object>(what: T, name: string): T {
    return new Proxy(what, {
      get: (target, verb) => {
        const value = Reflect.get(target, verb) as unknown
        if (typeof value !== 'function') return value
        return (...args: readonly unknown[]): unknown => {
          if (!FREE.has(String(verb))) {
            this.calls++
            this.names.push(`${name}.${String(verb)}`)
            if (this.hasCome) throw new Error('killed')
          }
          return Reflect.apply(value, target, args)
        }
      },
    })
  }

  change = (services: Services): Services => ({
    ...services,
    store: {
      read: () => services.store.read(),
      write: async (access) => this.over(await services.store.write(access), 'store'),
      takeDamage: () => Promise.resolve([]),
      reopen: () => services.store.reopen(),
    },
    cache: async (how) => this.over((await services.cache(how))!, 'cache'),
    indexFiles: this.over(services.indexFiles, 'indexFiles'),
    modelFiles: this.over(services.modelFiles, 'modelFiles'),
  })
}

type Way = readonly [string, (world: SecretWorld, rag: Rag) => Promise<void>]

const WAYS: readonly Way[] = [
  [
    'the same command',
    async (world, rag) => {
      const {deleted, missing, hard} = await world.delete(rag)
      expect([deleted, missing]).to.deep.equal([[SECRET], []])
      expect(hard).to.include({finished: true})
      expect(hard?.bytes?.found).to.deep.equal([])
    },
  ],
  [
    'the next ingest',
    async (world, rag) => {
      const report = await rag.ingest({corpus: CORPUS, dirs: [world.path('docs')]})
      expect(report.notes.join()).to.match(
        /A hard delete of 1 document of "c", which was cut off, has been finished/,
      )
    },
  ],
  [
    'a repair',
    async (_, rag) => {
      const {repaired, ok} = await rag.verify({repair: true})
      expect(ok).to.equal(true)
      expect(repaired.join()).to.contain('finished and proved')
    },
  ],
]

interface Tally {
  steps: number
  before: number
  pending: number
  done: number
}

const rowsLeft = (world: SecretWorld): unknown =>
  withDatabase(world.path('data'), (db) =>
    db.prepare('SELECT count(*) FROM documents WHERE doc_id = ?').pluck().get(SECRET),
  )

/** Kills the delete at one step, looks whether it is named, and finishes it. False when it was through before. */
async function survives(world: SecretWorld, step: number, tally: Tally): Promise<boolean> {
  world.restore('base')
  const death = new Death(step)
  await world.using((rag) => world.delete(rag).catch(() => undefined), death.change)
  if (!death.hasCome) return false
  const context = `killed at step ${step}, ${death.names.at(step - 1) ?? ''}`
  tally.steps++
  await world.using(async (rag) => {
    const deletes = (await rag.status()).unfinishedDeletes
    const codes = (await rag.verify()).findings.map(({code}) => code)
    if (rowsLeft(world) !== 0) {
      tally.before++
      expect([deletes, codes], context).to.deep.equal([[], []])
      return
    }
    tally[deletes.length > 0 ? 'pending' : 'done']++
    expect(codes.includes('DELETE_UNFINISHED'), context).to.equal(deletes.length > 0)
    if (deletes.length === 0) return
    const [way, finish] = WAYS[step % WAYS.length]!
    await finish(world, rag).catch((error: unknown) => {
      throw new Error(`${context}, then ${way}: ${String(error)}`, {cause: error})
    })
    expect((await rag.status()).unfinishedDeletes, context).to.deep.equal([])
    expect((await rag.verify()).findings, context).to.deep.equal([])
  })
  if (rowsLeft(world) === 0) expect(world.remains(), context).to.deep.equal([])
  return true
}

describe('a hard delete that is killed at every step', function () {
  this.timeout(900_000)
  let world: SecretWorld
  afterEach(() => world.remove())

  for (const model of ['hashed:a', 'lsa'])
    it(`is named until it is finished, by whichever comes next: ${model}`, async () => {
      world = new SecretWorld({model})
      await world.using(async (rag) => {
        await world.ingest(rag)
        await world.ingest(rag, 'twin')
        await rag.deleteDocuments('twin', [SECRET], {hard: true})
        await world.use(rag)
        await rag.rebuild({
          corpus: CORPUS,
          reembed: true,
          keepOld: true,
          ...(model === 'lsa' ? {} : {settings: {model: 'hashed:b'}}),
        })
        world.rememberVectors()
        await world.use(rag)
      })
      rmSync(world.path('docs', SECRET))
      world.keep('base')
      const tally: Tally = {steps: 0, before: 0, pending: 0, done: 0}
      for (let step = 1; await survives(world, step, tally); step++);
      console.log(
        `      killed at ${tally.steps} steps: ${tally.before} before the rows went, ${tally.pending} after, ${tally.done} when it was done`,
      )
      expect(tally.pending).to.be.greaterThan(25)
    })
})
