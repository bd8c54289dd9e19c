import {knownSecrets} from '../../model/secrets/known-secrets.js'
import {HttpFailure} from './http-failure.js'

/**
 * The vectors in an answer, whichever way the service puts them: `[[…]]`, `{embeddings: [[…]]}`, `{vectors}`, `{data: [{embedding, index}]}`,
 * `{embedding: […]}` for a single one; numbers as arrays or as base64 of float32.
 * @throws HttpFailure bad-answer
 */
export function vectorsIn(answer: unknown, expected: number): readonly Float32Array[] {
  const rows = rowsIn(answer)
  if (!rows) throw bad('it has no list of embeddings')
  if (rows.length !== expected) throw bad(`it has ${rows.length} embeddings for ${expected} texts`)
  const vectors = rows.map((row, i) => vectorOf(row, i))
  const [first] = vectors
  const other = vectors.findIndex((vector) => vector.length !== first!.length)
  if (other > 0)
    throw bad(`embedding ${other + 1} has ${vectors[other]!.length} numbers, the first ${first!.length}`)
  return vectors
}

function rowsIn(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return isNumbers(answer) ? [answer] : answer
  if (typeof answer !== 'object' || answer === null) return undefined
  const {embeddings, vectors, data, embedding, result} = answer as Record<string, unknown>
  for (const list of [embeddings, vectors, data, result])
    if (Array.isArray(list)) return isNumbers(list) ? [list] : ordered(list)
  return Array.isArray(embedding) ? (isNumbers(embedding) ? [embedding] : embedding) : undefined
}

const isNumbers = (list: readonly unknown[]): boolean => typeof list[0] === 'number'

/** Those that say which text they belong to may come in any order. */
function ordered(list: readonly unknown[]): readonly unknown[] {
  const indexes = list.map((row) =>
    typeof row === 'object' && row !== null && 'index' in row ? row.index : undefined,
  )
  if (indexes.some((index) => typeof index !== 'number')) return list
  if (new Set(indexes).size !== list.length) throw bad('it has two embeddings of one text')
  return [...list].sort((a, b) => (a as {index: number}).index - (b as {index: number}).index)
}

function vectorOf(row: unknown, i: number): Float32Array {
  const raw = Array.isArray(row) || typeof row === 'string' ? row : memberOf(row)
  const numbers = typeof raw === 'string' ? fromBase64(raw, i) : raw
  if (!(numbers instanceof Float32Array) && !Array.isArray(numbers))
    throw bad(`embedding ${i + 1} is no list of numbers`)
  if (numbers.length === 0) throw bad(`embedding ${i + 1} is empty`)
  const vector = new Float32Array(numbers.length)
  for (let k = 0; k < numbers.length; k++) {
    const value: unknown = numbers[k]
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value)))
      throw bad(`number ${k + 1} of embedding ${i + 1} is ${knownSecrets.mask(String(value)).slice(0, 20)}`)
    vector[k] = value
  }
  return vector
}

function memberOf(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return undefined
  const {embedding, values, vector} = row as Record<string, unknown>
  return embedding ?? values ?? vector
}

function fromBase64(text: string, i: number): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length % 4 !== 0) throw bad(`embedding ${i + 1} has ${bytes.length} bytes, no multiple of 4`)
  return Float32Array.from({length: bytes.length / 4}, (_, k) => bytes.readFloatLE(4 * k))
}

const bad = (why: string): HttpFailure => new HttpFailure('bad-answer', `its answer is not usable: ${why}`)
