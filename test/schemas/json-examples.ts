import {regionsOf} from '../../scripts/contract/json-document.js'

/** An example of docs/json.md, with the shapes that its section describes. */
export interface JsonExample {
  readonly section: string
  readonly value: Record<string, unknown>
  readonly shapes: readonly string[]
}

/** Every fenced JSON example of docs/json.md. */
export function examplesOf(document: string): readonly JsonExample[] {
  return document.split(/^## /m).flatMap((section) =>
    [...section.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text]) => ({
      section: section.split('\n')[0]!,
      value: JSON.parse(text!) as Record<string, unknown>,
      shapes: regionsOf(section),
    })),
  )
}
