import {RagError} from '../../model/errors.js'
import type {ChatAnswer, ChatModel} from '../../ports/chat-model.js'
import {interrupted, refused, unreachable} from './errors.js'

type Sdk = typeof import('@aws-sdk/client-bedrock-runtime')

/** A model of AWS Bedrock, by its ConverseStream. Credentials come from where the AWS SDK looks for them. */
export async function bedrockChat(
  model: string,
  at: {readonly region?: string; readonly endpoint?: string},
): Promise<ChatModel> {
  const name = `bedrock:${model}`
  const sdk = await loadSdk()
  const client = new sdk.BedrockRuntimeClient({
    ...(at.region === undefined ? {} : {region: at.region}),
    ...(at.endpoint === undefined ? {} : {endpoint: at.endpoint}),
    maxAttempts: 3,
  })
  const where = at.endpoint ?? `Bedrock${at.region === undefined ? '' : ` in ${at.region}`}`
  return {
    name,
    close: async () => client.destroy(),
    async answer({turns, maxTokens, temperature, signal, onText}) {
      const system = turns.filter(({role}) => role === 'system').map(({text}) => ({text}))
      const messages = turns.flatMap(({role, text}) => (role === 'system' ? [] : [{role, content: [{text}]}]))
      const inferenceConfig = {
        ...(maxTokens === undefined ? {} : {maxTokens}),
        ...(temperature === undefined ? {} : {temperature}),
      }
      const command = new sdk.ConverseStreamCommand({modelId: model, system, messages, inferenceConfig})
      let text = ''
      let stop: string | undefined
      let usage: ChatAnswer['usage']
      try {
        const {stream} = await client.send(command, signal ? {abortSignal: signal} : {})
        for await (const event of stream ?? []) {
          const piece = event.contentBlockDelta?.delta?.text ?? ''
          text += piece
          if (piece !== '') onText?.(piece)
          stop = event.messageStop?.stopReason ?? stop
          const {inputTokens = 0, outputTokens = 0} = event.metadata?.usage ?? {}
          if (event.metadata?.usage) usage = {inputTokens, outputTokens}
        }
      } catch (error) {
        throw signal?.aborted ? interrupted(name) : mapped(error, name, where)
      }
      if (signal?.aborted) throw interrupted(name)
      if (stop === undefined) throw unreachable(name, where, 'broke off in the middle of its answer')
      return {text, complete: stop !== 'max_tokens', ...(usage === undefined ? {} : {usage})}
    },
  }
}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-bedrock-runtime')
  } catch (error) {
    throw new RagError(
      'NATIVE_MODULE_MISSING',
      'Bedrock needs the package @aws-sdk/client-bedrock-runtime, which is not installed.',
      {
        hint: 'Install it with: npm install @aws-sdk/client-bedrock-runtime',
        cause: error,
      },
    )
  }
}

interface AwsFault extends Error {
  readonly $metadata?: {readonly httpStatusCode?: number}
}

function mapped(error: unknown, name: string, where: string): RagError {
  const {name: kind, message, $metadata} = error as AwsFault
  const status = $metadata?.httpStatusCode ?? 0
  const isRefusal =
    (status >= 400 && status < 500 && status !== 429) ||
    kind === 'CredentialsProviderError' ||
    /region/i.test(message)
  return isRefusal
    ? refused(name, where, `${kind}: ${message}`)
    : unreachable(name, where, `failed (${kind})`)
}
