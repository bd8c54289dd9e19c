/** What metadata may hold: JSON. Filters compare texts, numbers and booleans; lists match when one element does. */
export type MetadataValue =
  string | number | boolean | null | readonly MetadataValue[] | {readonly [key: string]: MetadataValue}

export type Metadata = Readonly<Record<string, MetadataValue>>

/**
 * One condition on a document. All conditions of a search must hold. A JSON number compares as a number (with a value that
 * is one, else never); texts compare by code point; `true`, `false` and `null` equal those words. A missing key and a map fulfil only `!=`.
 */
export interface Filter {
  /** `doc_id`, `title`, `source`, `language`, or a metadata key (dots reach into nested maps). */
  readonly field: string
  readonly op: '=' | '!=' | '<' | '<=' | '>' | '>='
  /** For `doc_id` and `source` with `=`/`!=`: a glob (`*` any run of characters, `?` one, `[…]` a set). */
  readonly value: string
}
