import type {RagError} from '../../model/errors.js'
import {errorOf} from './failure.js'
import type {ThreadReply} from './messages.js'

/** Takes the replies to a stream as they come, and gives them one by one; those that came before an error too. */
export class StreamReader {
  readonly #replies: ThreadReply[] = []
  #death: RagError | undefined
  #isOver = false
  #wake: (() => void) | undefined

  /** Whether the last reply was read: the thread has nothing of the stream in hand. */
  get isOver(): boolean {
    return this.#isOver
  }

  receive(reply: ThreadReply): void {
    this.#replies.push(reply)
    this.#wake?.()
  }

  fail(error: RagError): void {
    this.#death = error
    this.#wake?.()
  }

  /** A `part`, or `done` after the last. @throws RagError as the thread did, or because it ended */
  async next(): Promise<ThreadReply> {
    for (;;) {
      const reply = this.#replies.shift()
      this.#isOver = reply ? reply.kind !== 'part' : this.#death !== undefined
      if (reply?.kind === 'failed') throw errorOf(reply.failure)
      if (reply) return reply
      if (this.#death) throw this.#death
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Passes over what still comes. */
  async drain(): Promise<void> {
    try {
      while ((await this.next()).kind === 'part');
    } catch {
      // Failed or dead: either way it uses nothing any more.
    }
  }
}
