import type {ChatAnswer, ChatModel} from '../../ports/chat-model.js'
import {badAnswer, unreachable} from './errors.js'
import {placeOf, postForLines} from './post-stream.js'

interface Event {
  readonly choices?: readonly {
    readonly delta?: {readonly content?: string | null}
    readonly finish_reason?: string | null
  }[]
  readonly usage?: {readonly prompt_tokens?: number; readonly completion_tokens?: number} | null
  readonly error?: {readonly message?: string}
}

/** A model behind an OpenAI-compatible `/chat/completions`, streamed as server-sent events. */
export function openaiChat(model: string, at: {readonly baseUrl: string; readonly key?: string}): ChatModel {
  const name = `openai:${model}`
  const url = new URL(`${at.baseUrl.replace(/\/+$/, '')}/chat/completions`)
  return {
    name,
    close: () => Promise.resolve(),
    async answer({turns, maxTokens, temperature, signal, onText}) {
      const body = {
        model,
        stream: true,
        stream_options: {include_usage: true},
        messages: turns.map(({role, text}) => ({role, content: text})),
        ...(maxTokens === undefined ? {} : {max_tokens: maxTokens}),
        ...(temperature === undefined ? {} : {temperature}),
      }
      const headers = at.key === undefined ? {} : {authorization: `Bearer ${at.key}`}
      let text = ''
      let finish: string | undefined
      let usage: ChatAnswer['usage']
      for await (const line of postForLines({name, url, headers, body, ...(signal ? {signal} : {})})) {
        if (line === '' || line.startsWith(':') || /^(event|id|retry):/.test(line)) continue
        if (!line.startsWith('data:')) throw badAnswer(name, placeOf(url), 'it sends no event stream')
        const data = line.slice(5).trim()
        if (data === '[DONE]') break
        const event = parse(data, name, url)
        if (event.error)
          throw unreachable(name, placeOf(url), `failed: ${event.error.message ?? 'no reason given'}`)
        const choice = event.choices?.[0]
        const piece = choice?.delta?.content ?? ''
        text += piece
        if (piece !== '') onText?.(piece)
        finish = choice?.finish_reason ?? finish
        if (event.usage)
          usage = {
            inputTokens: event.usage.prompt_tokens ?? 0,
            outputTokens: event.usage.completion_tokens ?? 0,
          }
      }
      if (finish === undefined) throw unreachable(name, placeOf(url), 'broke off in the middle of its answer')
      return {text, complete: finish !== 'length', ...(usage === undefined ? {} : {usage})}
    },
  }
}

function parse(data: string, name: string, url: URL): Event {
  try {
    return JSON.parse(data) as Event
  } catch {
    throw badAnswer(name, placeOf(url), 'an event of it is not JSON')
  }
}
