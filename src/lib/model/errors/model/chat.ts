import {RagError, shorten} from '../rag-error.js'
import {usage} from '../usage.js'

/** Chat models. */

const hint = 'Ask again later, or let the documents answer alone: --extractive'

export const chatUnreachable = (name: string, where: string, why: string): RagError =>
  new RagError('CHAT_UNREACHABLE', `The chat model ${name} at ${where} ${why}. Nothing was kept.`, {hint})

export const chatRefused = (name: string, where: string, why: string): RagError =>
  new RagError(
    'CHAT_REFUSED',
    `The chat model ${name} at ${where} refuses: ${shorten(why, 300)}. Nothing was kept.`,
    {
      hint: 'Set the key (OPENAI_API_KEY, or AWS credentials) or name another model, or let the documents answer alone: --extractive',
    },
  )

export const chatBadAnswer = (name: string, where: string, why: string): RagError =>
  new RagError(
    'CHAT_BAD_ANSWER',
    `What answered at ${where} is no chat model (${name}): ${shorten(why, 300)}. Nothing was kept.`,
    {
      hint: 'See whether the address is right (OPENAI_BASE_URL, OLLAMA_HOST), or use --extractive',
    },
  )

export const chatInterrupted = (name: string): RagError =>
  new RagError('INTERRUPTED', `Interrupted while ${name} was answering. Nothing was kept.`, {
    hint: 'Ask again.',
  })

export const chatAnswerEmpty = (name: string): RagError =>
  new RagError('CHAT_BAD_ANSWER', `The chat model ${name} answered with an empty text. Nothing was kept.`, {
    hint: 'Ask again, or let the documents answer alone: --extractive',
  })

export const chatTooSlow = (name: string, ms: number): RagError =>
  new RagError(
    'CHAT_UNREACHABLE',
    `The chat model ${name} did not finish within ${ms / 1000} s. Nothing was kept.`,
    {
      hint: 'Give it more time with --timeout SECONDS, or let the documents answer alone: --extractive',
    },
  )

export const bedrockClientMissing = (cause: unknown): RagError =>
  new RagError(
    'NATIVE_MODULE_MISSING',
    'Bedrock needs the package @aws-sdk/client-bedrock-runtime, which is not installed.',
    {hint: 'Install it with: npm install @aws-sdk/client-bedrock-runtime', cause},
  )

export const chatModelUnknown = (name: string): RagError =>
  usage(
    `"${shorten(name)}" is not a chat model: it must be openai:NAME, ollama:NAME or bedrock:MODEL.`,
    'Or let the documents answer alone: --extractive',
  )
