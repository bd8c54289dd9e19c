import {commitsLost, lossNote} from '../model/errors/store/store.js'
import type {StoreAccess} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import type {Logger} from '../ports/surroundings.js'
import {closeAll} from './close-all.js'

/** Opens a store in one of three ways; the one place that knows which store it is. */
export type OpenStore = (access: 'create' | 'write' | 'read') => Promise<Store>

/** The store, opened once for reading and once for writing. What can't be opened is tried again the next time. */
export class OpenedStore implements StoreAccess {
  readonly #open: OpenStore
  readonly #place: {readonly dataDir: string; readonly logger: Logger}
  #reader: Promise<Store> | undefined
  #writer: Promise<Store> | undefined

  constructor(open: OpenStore, place: {readonly dataDir: string; readonly logger: Logger}) {
    this.#open = open
    this.#place = place
  }

  read(): Promise<Store> {
    if (this.#writer) return this.#writer
    return (this.#reader ??= this.#openToRead().catch((error: unknown) => {
      this.#reader = undefined
      throw error
    }))
  }

  async write(
    access: 'create' | 'write',
    {evenAfterLoss = false}: {readonly evenAfterLoss?: boolean | undefined} = {},
  ): Promise<Store> {
    this.#writer ??= this.#open(access).catch((error: unknown) => {
      this.#writer = undefined
      throw error
    })
    const store = await this.#writer
    const lost = evenAfterLoss ? undefined : await store.lostCommits()
    if (lost) throw commitsLost(this.#place.dataDir, lost)
    return store
  }

  async takeDamage(): Promise<readonly string[]> {
    const opened = [this.#reader, this.#writer].filter((store) => store !== undefined)
    const stores = await Promise.all(opened.map((store) => store.catch(() => undefined)))
    const rows = stores.flatMap((store) => store?.takeDamage() ?? [])
    return [...new Set(rows)]
  }

  async reopen(): Promise<void> {
    await closeAll([this.#reader, this.#writer])
    this.#reader = undefined
    this.#writer = undefined
  }

  /** Whatever is answered from it then is not the latest that there was: it is said. */
  async #openToRead(): Promise<Store> {
    const store = await this.#open('read')
    const lost = await store.lostCommits()
    if (lost) this.#place.logger.warn(lossNote(lost))
    return store
  }
}
