import * as z from 'zod'
import {COMMANDS, errorResult, SHAPES, type CommandContract} from '../../src/contract/index.js'
import {jsonSchemaOf} from './json-schemas.js'

type JsonSchema = z.core.JSONSchema.JSONSchema

/** A field of a result as docs/json.md has it: its path, its type in words, and what it is. */
export type FieldRow = readonly [path: string, type: string, about: string]

/** Everything that docs/json.md has a table of, by the name in its markers. Equal shapes have one table. */
export function documentedShapes(): ReadonlyMap<string, z.ZodType> {
  const shapes = new Map<string, z.ZodType>([['error', errorResult], ...Object.entries(SHAPES)])
  shapes.delete('Metadata') // Any JSON.
  const commands = Object.entries<CommandContract>(COMMANDS)
  const results = commands.flatMap(([command, {results}]) =>
    Object.entries(results).map(([way, schema]) => ({
      way: command === 'watch' ? `watch ${way}` : way,
      schema,
    })),
  )
  const lines = commands.flatMap(([, it]) =>
    Object.entries(it.lines ?? {}).map(([way, schema]) => ({way, schema})),
  )
  // Of ways to the same shape, such as `rag cache --stats` and `rag cache stats`, the one in plain words has the table.
  const plain = (way: string): number => (way.includes('--') ? 1 : 0)
  for (const {way, schema} of [...results.sort((a, b) => plain(a.way) - plain(b.way)), ...lines])
    if (![...shapes.values()].includes(schema)) shapes.set(way, schema)
  return shapes
}

/** The region of docs/json.md about a shape: the shape that it extends, if any, and a table of its (other) fields. */
export function fieldTable(name: string): string {
  const {base, rows} = fieldsOf(name)
  const head = base === undefined ? '' : `All fields of ${shown(base)}, and:\n\n`
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
  return `${head}| field | type | what it is |\n| --- | --- | --- |\n${lines.join('\n')}`
}

/** The rows of a shape's table, without those of the shape that it extends. */
export function fieldsOf(name: string): {
  readonly base: string | undefined
  readonly rows: readonly FieldRow[]
} {
  const shape = documentedShapes().get(name)
  if (shape === undefined)
    throw new Error(`docs/json.md has a table "${name}", and the contract no such shape.`)
  const base = baseOf(name, shape)
  const inherited = base === undefined ? [] : Object.keys(membersOf(base.schema))
  const schema = jsonSchemaOf(shape, 'result') as JsonSchema
  const own = schema.$ref === undefined ? schema : (schema.$defs?.[name] as JsonSchema)
  return {base: base?.name, rows: rowsOf(own, '', inherited)}
}

/** The largest other shape all of whose fields are in this one, but for those that tell shapes apart, such as `event`. */
function baseOf(
  name: string,
  shape: z.ZodType,
): {readonly name: string; readonly schema: z.ZodType} | undefined {
  const members = membersOf(shape)
  return [...documentedShapes()]
    .map(([other, schema]) => ({name: other, schema, size: Object.keys(membersOf(schema)).length}))
    .filter((it) => it.name !== name && it.size > 2 && it.size < Object.keys(members).length)
    .filter(({schema}) => Object.entries(membersOf(schema)).every(([field, type]) => members[field] === type))
    .sort((a, b) => b.size - a.size)[0]
}

const membersOf = (schema: z.ZodType): Readonly<Record<string, unknown>> =>
  schema instanceof z.ZodObject
    ? Object.fromEntries(Object.entries(schema.shape).filter(([, it]) => !(it instanceof z.ZodLiteral)))
    : {}

function rowsOf(schema: JsonSchema, prefix: string, without: readonly string[] = []): readonly FieldRow[] {
  const required = schema.required ?? []
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    if (without.includes(name)) return []
    const it = member as JsonSchema
    const path = `${prefix}${name}`
    const type = `${typeOf(it)}${required.includes(name) ? '' : ', optional'}`
    if (it.description === undefined) throw new Error(`${path} is not described.`)
    return [[`\`${path}\``, type, it.description] as FieldRow, ...below(it, path)]
  })
}

/** The rows of what a field holds: an object, a list of objects, an object of objects by name. */
function below(schema: JsonSchema, path: string): readonly FieldRow[] {
  const held = withoutNull(schema)
  if (held.properties !== undefined) return rowsOf(held, `${path}.`)
  if (isSchema(held.items)) return below(held.items, `${path}[]`)
  if (isSchema(held.additionalProperties)) return below(held.additionalProperties, `${path}.NAME`)
  return []
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && !Array.isArray(value)

const isNull = (schema: unknown): boolean => isSchema(schema) && schema.type === 'null'

function withoutNull(schema: JsonSchema): JsonSchema {
  const others = schema.anyOf?.filter((it) => !isNull(it)) ?? []
  return others.length === 1 ? (others[0] as JsonSchema) : schema
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
}

const MANY: Readonly<Record<string, string>> = {
  text: 'texts',
  'whole number': 'whole numbers',
  number: 'numbers',
  object: 'objects',
}

/** Longer ones are described elsewhere. */
const MOST_WORDS = 12

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    return name === 'Metadata' ? 'object' : shown(name)
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined)
    return schema.enum.length > MOST_WORDS
      ? 'code'
      : schema.enum.map((word) => shown(String(word))).join(', ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((it) => typeOf(it as JsonSchema)).join(' or ')
  if (schema.prefixItems !== undefined)
    return `[${schema.prefixItems.map((it) => typeOf(it as JsonSchema)).join(', ')}]`
  if (isSchema(schema.items)) return `list of ${many(typeOf(schema.items))}`
  if (isSchema(schema.additionalProperties)) return `object of ${many(typeOf(schema.additionalProperties))}`
  if (schema.format === 'date-time') return 'time'
  const types = [schema.type].flat().map(String)
  return types
    .map((type) => (schema.format === undefined || type === 'null' ? (WORDS[type] ?? type) : 'time'))
    .join(' or ')
}

const many = (type: string): string => MANY[type] ?? type

const shown = (name: string): string => `\`${name}\``
