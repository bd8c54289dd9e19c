import type {ChatModel} from '../../ports/chat-model.js'
import {badAnswer, refused, unreachable} from './errors.js'
import {placeOf, postForLines} from './post-stream.js'

interface Event {
  readonly message?: {readonly content?: string}
  readonly done?: boolean
  readonly done_reason?: string
  readonly error?: string
  readonly prompt_eval_count?: number
  readonly eval_count?: number
}

/** A model behind Ollama's `/api/chat`, streamed as a JSON object a line. */
export function ollamaChat(model: string, host: string): ChatModel {
  const name = `ollama:${model}`
  const url = new URL(`${host.replace(/\/+$/, '')}/api/chat`)
  return {
    name,
    close: () => Promise.resolve(),
    async answer({turns, maxTokens, temperature, signal, onText}) {
      const options = {
        ...(maxTokens === undefined ? {} : {num_predict: maxTokens}),
        ...(temperature === undefined ? {} : {temperature}),
      }
      const messages = turns.map(({role, text}) => ({role, content: text}))
      const body = {model, messages, stream: true, options}
      let text = ''
      for await (const line of postForLines({name, url, headers: {}, body, ...(signal ? {signal} : {})})) {
        if (line.trim() === '') continue
        const event = parse(line, name, url)
        if (event.error !== undefined) throw refused(name, placeOf(url), event.error)
        const piece = event.message?.content ?? ''
        text += piece
        if (piece !== '') onText?.(piece)
        if (event.done !== true) continue
        const usage = {inputTokens: event.prompt_eval_count ?? 0, outputTokens: event.eval_count ?? 0}
        return {text, complete: event.done_reason !== 'length', usage}
      }
      throw unreachable(name, placeOf(url), 'broke off in the middle of its answer')
    },
  }
}

function parse(line: string, name: string, url: URL): Event {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Event
  } catch {
    // Said below.
  }
  throw badAnswer(name, placeOf(url), 'a line of it is not JSON')
}
