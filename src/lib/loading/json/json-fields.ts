/** A parsed JSON object. Read it by `Object.entries` or `Object.hasOwn`: its keys are anyone's choice. */
export type JsonObject = Readonly<Record<string, unknown>>

const BODY_KEYS = ['text', 'content', 'body', 'markdown', 'md', 'page_content'] as const
const TITLE_KEYS = ['title', 'name', 'headline', 'subject'] as const

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field that holds the document's text, when one does. */
export function jsonBody(fields: JsonObject): {readonly key: string; readonly text: string} | undefined {
  for (const key of BODY_KEYS) {
    const text = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (typeof text === 'string' && text.trim() !== '') return {key, text}
  }
  return undefined
}

/** What an object calls itself. */
export function jsonTitle(fields: JsonObject): string | undefined {
  for (const key of TITLE_KEYS) {
    const title = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (typeof title === 'string' && title.trim() !== '') return title
  }
  return undefined
}
