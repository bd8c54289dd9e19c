import type {StoreAccess} from '../ports/services.js'
import type {Store} from '../ports/store/store.js'
import {closeAll} from './close-all.js'

/** Opens a store in one of three ways; the one place that knows which store it is. */
export type OpenStore = (access: 'create' | 'write' | 'read') => Promise<Store>

/** The store, opened once for reading and once for writing. What can't be opened is tried again the next time. */
export class OpenedStore implements StoreAccess {
  readonly #open: OpenStore
  #reader: Promise<Store> | undefined
  #writer: Promise<Store> | undefined

  constructor(open: OpenStore) {
    this.#open = open
  }

  read(): Promise<Store> {
    if (this.#writer) return this.#writer
    return (this.#reader ??= this.#open('read').catch((error: unknown) => {
      this.#reader = undefined
      throw error
    }))
  }

  write(access: 'create' | 'write'): Promise<Store> {
    return (this.#writer ??= this.#open(access).catch((error: unknown) => {
      this.#writer = undefined
      throw error
    }))
  }

  async reopen(): Promise<void> {
    await closeAll([this.#reader, this.#writer])
    this.#reader = undefined
    this.#writer = undefined
  }
}
