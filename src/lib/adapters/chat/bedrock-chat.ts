import type * as sdkTypes from '@aws-sdk/client-bedrock-runtime'
import {
  bedrockClientMissing,
  chatInterrupted,
  chatRefused,
  chatUnreachable,
} from '../../model/errors/model/chat.js'
import type {RagError} from '../../model/errors/rag-error.js'
import {knownSecrets} from '../../model/secrets/known-secrets.js'
import type {ChatModel} from '../../ports/chat-model.js'
import {GatheredAnswer, membersWithValue} from './gathered-answer.js'

type Sdk = typeof sdkTypes

/** A model of AWS Bedrock, by its ConverseStream. Credentials come from where the AWS SDK looks for them. */
export async function bedrockChat(
  model: string,
  at: {readonly region?: string | undefined; readonly endpoint?: string | undefined},
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
    async answer(request) {
      const {turns, maxTokens, temperature, signal} = request
      const system = turns.filter(({role}) => role === 'system').map(({text}) => ({text}))
      const messages = turns.flatMap(({role, text}) => (role === 'system' ? [] : [{role, content: [{text}]}]))
      const inferenceConfig = membersWithValue({maxTokens, temperature})
      const command = new sdk.ConverseStreamCommand({modelId: model, system, messages, inferenceConfig})
      await keepCredentials(client)
      const gathered = new GatheredAnswer(request)
      try {
        const {stream} = await client.send(command, signal ? {abortSignal: signal} : {})
        for await (const event of stream ?? []) take(gathered, event)
      } catch (error) {
        throw signal?.aborted ? chatInterrupted(name) : mapped(error, name, where)
      }
      if (signal?.aborted) throw chatInterrupted(name)
      const answer = gathered.whole('max_tokens')
      if (!answer) throw chatUnreachable(name, where, 'broke off in the middle of its answer')
      return answer
    },
  }
}

/** Those of a profile or a role are known to the client alone. */
async function keepCredentials({config}: sdkTypes.BedrockRuntimeClient): Promise<void> {
  try {
    const {secretAccessKey, sessionToken} = await config.credentials()
    knownSecrets.addKey(secretAccessKey)
    knownSecrets.addKey(sessionToken)
  } catch {
    // The request says what is wrong with them.
  }
}

function take(gathered: GatheredAnswer, event: sdkTypes.ConverseStreamOutput): void {
  gathered.add(event.contentBlockDelta?.delta?.text)
  gathered.stopped(event.messageStop?.stopReason)
  const usage = event.metadata?.usage
  if (usage) gathered.used(usage.inputTokens, usage.outputTokens)
}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-bedrock-runtime')
  } catch (error) {
    throw bedrockClientMissing(error)
  }
}

interface AwsFault extends Error {
  readonly $metadata?: {readonly httpStatusCode?: number | undefined} | undefined
}

function mapped(error: unknown, name: string, where: string): RagError {
  const {name: kind, message, $metadata} = error as AwsFault
  const status = $metadata?.httpStatusCode ?? 0
  const isRefusal =
    (status >= 400 && status < 500 && status !== 429) ||
    kind === 'CredentialsProviderError' ||
    /region/i.test(message)
  return isRefusal
    ? chatRefused(name, where, `${kind}: ${message}`)
    : chatUnreachable(name, where, `failed (${kind})`)
}
