import {chatBadAnswer, chatRefused, chatUnreachable} from '../../model/errors/model/chat.js'
import {parseJson} from '../../model/input/parse-json.js'
import type {ChatModel} from '../../ports/chat-model.js'
import {GatheredAnswer, membersWithValue} from './gathered-answer.js'
import {placeOf, postForText, type ChatNetwork} from './post-stream.js'
import {linesOf} from './text-lines.js'

interface Event {
  readonly message?: {readonly content?: string | undefined} | undefined
  readonly done?: boolean | undefined
  readonly done_reason?: string | undefined
  readonly error?: string | undefined
  readonly prompt_eval_count?: number | undefined
  readonly eval_count?: number | undefined
}

/** A model behind Ollama's `/api/chat`, streamed as a JSON object a line. */
export function ollamaChat(network: ChatNetwork, model: string, host: string): ChatModel {
  const name = `ollama:${model}`
  const url = new URL(`${host.replace(/\/+$/, '')}/api/chat`)
  return {
    name,
    close: () => Promise.resolve(),
    async answer(request) {
      const {turns, maxTokens, temperature, signal} = request
      const options = membersWithValue({num_predict: maxTokens, temperature})
      const messages = turns.map(({role, text}) => ({role, content: text}))
      const body = {model, messages, stream: true, options}
      const gathered = new GatheredAnswer(request)
      const post = {...network, name, url, headers: {}, body, signal}
      for await (const line of linesOf(postForText(post), post)) {
        if (line.trim() === '') continue
        const event = parse(line, name, url)
        if (event.error !== undefined) throw chatRefused(name, placeOf(url), event.error)
        gathered.add(event.message?.content)
        if (event.done !== true) continue
        gathered.stopped(event.done_reason ?? 'stop')
        gathered.used(event.prompt_eval_count, event.eval_count)
        break
      }
      const answer = gathered.whole('length')
      if (!answer) throw chatUnreachable(name, placeOf(url), 'broke off in the middle of its answer')
      return answer
    },
  }
}

function parse(line: string, name: string, url: URL): Event {
  try {
    const value: unknown = parseJson(line)
    if (typeof value === 'object' && value !== null) return value as Event
  } catch {
    // Said below.
  }
  throw chatBadAnswer(name, placeOf(url), 'a line of it is not JSON')
}
