/** What a field of a manifest must be; gives the path of the first that is not, with what it should be. */
type Check = (value: unknown, path: string) => Fault | undefined

export interface Fault {
  /** Such as `files[2].size_bytes`. */
  readonly field: string
  readonly wanted: string
}

const is =
  (wanted: string, holds: (value: unknown) => boolean): Check =>
  (value, field) =>
    holds(value) ? undefined : {field, wanted}

const text = is('a text', (value) => typeof value === 'string')
const flag = is('true or false', (value) => typeof value === 'boolean')
const sha256 = is('a SHA-256', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value))
const whole = (least: number): Check =>
  is(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least)
/** One name in a folder: it must lead nowhere else. */
const name = is(
  'the name of a file in the same folder',
  (value) => typeof value === 'string' && /^[^/\\\0]{1,255}$/.test(value) && value !== '.' && value !== '..',
)
const map = is('an object', isObject)

const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path)

const nullOr =
  (check: Check): Check =>
  (value, path) =>
    value === null ? undefined : check(value, path)

const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return {field: path, wanted: 'a list'}
    for (const [at, item] of value.entries()) {
      const fault = check(item, `${path}[${at}]`)
      if (fault) return fault
    }
    return undefined
  }

/** Fields that are not named here may be there too. */
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isObject(value)) return {field: path, wanted: 'an object'}
    for (const [key, check] of Object.entries(fields)) {
      const fault = check(Object.hasOwn(value, key) ? value[key] : undefined, path ? `${path}.${key}` : key)
      if (fault) return fault
    }
    return undefined
  }

const fileFields = {file: name, size_bytes: whole(0), sha256, run: optional(whole(1))}

const run = object({
  run: whole(1),
  since: whole(0),
  corpus_version: whole(0),
  complete: flag,
  model: text,
  content_fingerprint: text,
  documents: whole(0),
  records: whole(0),
  deleted: list(text),
})

const manifest = object({
  corpus: text,
  corpus_created_at_ms: optional(whole(0)),
  corpus_version: whole(0),
  content_fingerprint: text,
  since: optional(whole(0)),
  deleted: optional(list(text)),
  documents: whole(0),
  records: whole(0),
  settings: map,
  model: nullOr(
    object({
      // The provider ends the name of a learned model's file.
      provider: name,
      model: text,
      dimension: whole(0),
      fingerprint: text,
      spec: optional(map),
      fitted_chunks: optional(whole(0)),
    }),
  ),
  model_file: optional(object(fileFields)),
  files: list(object({...fileFields, records: whole(0)})),
  runs: optional(list(run)),
})

/** The first field of a manifest of format 1 that is missing or not what it should be. */
export const faultInManifest = (raw: unknown): Fault | undefined => manifest(raw, '')

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
