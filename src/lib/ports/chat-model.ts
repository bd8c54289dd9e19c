/** A turn of a conversation as a chat model takes it. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
}

export interface ChatRequest {
  readonly turns: readonly ChatTurn[]
  readonly maxTokens?: number | undefined
  readonly temperature?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with each piece of the answer as it comes. */
  readonly onText?: ((piece: string) => void) | undefined
}

export interface ChatAnswer {
  readonly text: string
  /** False when the model stopped at its limit of tokens. An answer that broke off is an error, never a value. */
  readonly complete: boolean
  readonly usage?: {readonly inputTokens: number; readonly outputTokens: number} | undefined
}

/** A model that writes text. It is given no tool, and nothing that it says is ever carried out. */
export interface ChatModel {
  /** `openai:gpt-4o-mini`, `ollama:llama3.2`, `bedrock:…`: part of the key under which answers are kept. */
  readonly name: string
  /** @throws RagError CHAT_UNREACHABLE | CHAT_REFUSED | CHAT_BAD_ANSWER | INTERRUPTED */
  answer(request: ChatRequest): Promise<ChatAnswer>
  close(): Promise<void>
}
