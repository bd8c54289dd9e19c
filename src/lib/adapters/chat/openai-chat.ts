import {chatBadAnswer, chatUnreachable} from '../../model/errors/model/chat.js'
import {authorization} from '../../model/secrets/addresses.js'
import {knownSecrets} from '../../model/secrets/known-secrets.js'
import {parseJson} from '../../model/input/parse-json.js'
import type {ChatModel} from '../../ports/chat-model.js'
import {GatheredAnswer, membersWithValue} from './gathered-answer.js'
import {placeOf, postForText, type ChatNetwork} from './post-stream.js'
import {eventsOf} from './text-events.js'

interface Event {
  readonly choices?:
    | readonly {
        readonly delta?: {readonly content?: string | null | undefined} | undefined
        readonly finish_reason?: string | null | undefined
      }[]
    | undefined
  readonly usage?:
    | {readonly prompt_tokens?: number | undefined; readonly completion_tokens?: number | undefined}
    | null
    | undefined
  readonly error?: {readonly message?: string | undefined} | undefined
}

/** A model behind an OpenAI-compatible `/chat/completions`, streamed as server-sent events. */
export function openaiChat(
  network: ChatNetwork,
  model: string,
  at: {readonly baseUrl: string; readonly key?: string | undefined},
): ChatModel {
  const name = `openai:${model}`
  knownSecrets.addKey(at.key)
  const url = new URL(`${at.baseUrl.replace(/\/+$/, '')}/chat/completions`)
  return {
    name,
    close: () => Promise.resolve(),
    async answer(request) {
      const {turns, maxTokens, temperature, signal} = request
      const body = membersWithValue({
        model,
        stream: true,
        stream_options: {include_usage: true},
        messages: turns.map(({role, text}) => ({role, content: text})),
        max_tokens: maxTokens,
        temperature,
      })
      const headers = authorization(at.key)
      const gathered = new GatheredAnswer(request)
      const post = {...network, name, url, headers, body, signal}
      for await (const data of eventsOf(postForText(post), post)) {
        if (data === '[DONE]') break
        take(gathered, parse(data, name, url))
      }
      const answer = gathered.whole('length')
      if (!answer) throw chatUnreachable(name, placeOf(url), 'broke off in the middle of its answer')
      return answer
    },
  }

  function take(gathered: GatheredAnswer, {choices, usage, error}: Event): void {
    if (error) throw chatUnreachable(name, placeOf(url), `failed: ${error.message ?? 'no reason given'}`)
    gathered.add(choices?.[0]?.delta?.content)
    gathered.stopped(choices?.[0]?.finish_reason)
    if (usage) gathered.used(usage.prompt_tokens, usage.completion_tokens)
  }
}

function parse(data: string, name: string, url: URL): Event {
  try {
    return parseJson(data) as Event
  } catch {
    throw chatBadAnswer(name, placeOf(url), 'an event of it is not JSON')
  }
}
