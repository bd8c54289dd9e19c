import {RagError, shorten} from '../../model/errors.js'

const hint = 'Ask again later, or let the documents answer alone: --extractive'

export const unreachable = (name: string, where: string, why: string): RagError =>
  new RagError('CHAT_UNREACHABLE', `The chat model ${name} at ${where} ${why}. Nothing was kept.`, {hint})

export const refused = (name: string, where: string, why: string): RagError =>
  new RagError(
    'CHAT_REFUSED',
    `The chat model ${name} at ${where} refuses: ${shorten(why, 300)}. Nothing was kept.`,
    {
      hint: 'Set the key (OPENAI_API_KEY, or AWS credentials) or name another model, or let the documents answer alone: --extractive',
    },
  )

export const badAnswer = (name: string, where: string, why: string): RagError =>
  new RagError(
    'CHAT_BAD_ANSWER',
    `What answered at ${where} is no chat model (${name}): ${shorten(why, 300)}. Nothing was kept.`,
    {
      hint: 'See whether the address is right (OPENAI_BASE_URL, OLLAMA_HOST), or use --extractive',
    },
  )

export const interrupted = (name: string): RagError =>
  new RagError('INTERRUPTED', `Interrupted while ${name} was answering. Nothing was kept.`, {
    hint: 'Ask again.',
  })
