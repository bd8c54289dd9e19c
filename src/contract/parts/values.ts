import * as z from 'zod'
import type {Metadata, MetadataValue} from '../../lib/model/metadata.js'

/** The plain value that a schema describes, as nobody may change it. */
export type Data<S extends z.ZodType> = DeepReadonly<z.output<S>>

/** `Metadata` is so already; it is of any depth, and stops here. */
type DeepReadonly<T> = [T, Metadata] extends [Metadata, T]
  ? T
  : T extends object
    ? {readonly [K in keyof T]: DeepReadonly<T[K]>}
    : T

/** A whole number from 0. */
export const count = (about: string): z.ZodInt => z.int().min(0).describe(about)

/** A whole number from 1: a place in an order, a number of a version. */
export const ordinal = (about: string): z.ZodInt => z.int().min(1).describe(about)

/** A duration in seconds, or in milliseconds where the name of the field ends in `_ms`. */
export const duration = (about: string): z.ZodNumber => z.number().min(0).describe(about)

/** A share, a rate or a weight from 0 to 1. */
export const share = (about: string): z.ZodNumber => z.number().min(0).max(1).describe(about)

/** A moment as ISO 8601 in UTC. */
export const moment = (about: string): z.ZodISODateTime => z.iso.datetime().describe(about)

export const text = (about: string): z.ZodString => z.string().describe(about)

export const flag = (about: string): z.ZodBoolean => z.boolean().describe(about)

export const texts = (about: string): z.ZodArray<z.ZodString> => z.array(z.string()).describe(about)

/** First and last line in the source of the document, from 1, inclusive. */
export const lines = z
  .tuple([z.int().min(1), z.int().min(1)])
  .nullable()
  .describe('first and last line in the source, from 1; null when its place is no range of lines')

export const heading = texts('headings above the chunk, outermost first')

const json: z.ZodType<MetadataValue> = z.json()

/** Metadata of a document or chunk: JSON values by name. */
export const metadata: z.ZodType<Metadata> = z
  .record(z.string(), json)
  .meta({id: 'Metadata', description: 'JSON values by name'})

/** A SHA-256, or another hash, as lower-case hexadecimal digits. */
export const hex = (about: string): z.ZodString =>
  z
    .string()
    .regex(/^[0-9a-f]+$/)
    .describe(about)

export const corpusVersion = count(
  'version of the corpus: +1 with every commit that changes what a search can see',
)

export const notes = texts('what a person should know of this run')

export const corpus = text('name of the corpus, `name` or `tenant/name`')

export const interrupted = flag('the run was interrupted (exit 130)')

/** A batch, or a file of an export, as it was written. */
export const writtenFile = z.strictObject({
  file: text('name below the folder'),
  records: count('records in it'),
  size_bytes: count('its size'),
})
