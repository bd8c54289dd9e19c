import {knownSecrets} from '../../model/secrets/known-secrets.js'
import type {ChatAnswer, ChatRequest} from '../../ports/chat-model.js'

/** An answer as it comes, piece by piece. */
export class GatheredAnswer {
  readonly #onText: ChatRequest['onText']
  #text = ''
  #stop: string | undefined
  #usage: ChatAnswer['usage']
  /** A service may repeat the key that it was sent. */
  readonly #secrets = knownSecrets.inPieces()

  constructor({onText}: ChatRequest) {
    this.#onText = onText
  }

  add(piece: string | null | undefined): void {
    if (piece) this.#take(this.#secrets.push(piece))
  }

  /** Why the model stopped. */
  stopped(reason: string | null | undefined): void {
    this.#stop = reason ?? this.#stop
  }

  used(inputTokens = 0, outputTokens = 0): void {
    this.#usage = {inputTokens, outputTokens}
  }

  /** Undefined when the model never said that it had finished. */
  whole(limitReason: string): ChatAnswer | undefined {
    if (this.#stop === undefined) return undefined
    this.#take(this.#secrets.end())
    const complete = this.#stop !== limitReason
    return {text: this.#text, complete, ...(this.#usage === undefined ? {} : {usage: this.#usage})}
  }

  #take(text: string): void {
    if (text === '') return
    this.#text += text
    this.#onText?.(text)
  }
}

/** The members of a request to a service, those without a value left out. */
export function membersWithValue(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
