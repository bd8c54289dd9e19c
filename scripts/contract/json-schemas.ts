import * as z from 'zod'
import {COMMANDS, errorResult, type CommandContract} from '../../src/contract/index.js'

type JsonSchema = z.core.JSONSchema.BaseSchema

export type Side = 'request' | 'result'

/**
 * A schema as JSON Schema (draft 2020-12). A result may gain fields that a client does not know yet; a request with a field that is not
 * known is refused.
 */
export function jsonSchemaOf(schema: z.ZodType, side: Side): JsonSchema {
  return z.toJSONSchema(schema, {
    override: ({jsonSchema}) => {
      tidy(jsonSchema)
      if (side === 'result' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties
    },
  })
}

/** Takes out what says nothing: bounds that every number has, the pattern of a format, that names of fields are texts. */
function tidy(schema: JsonSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.format !== undefined) delete schema.pattern
  const names = schema.propertyNames
  if (typeof names === 'object' && names.enum === undefined) delete schema.propertyNames
}

/** The files of docs/schemas, by their paths below it, with their content. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const files = new Map([
    ['error.json', written(errorResult, 'result', 'What a command that failed prints with --json')],
  ])
  for (const [command, {requests, results, lines}] of Object.entries<CommandContract>(COMMANDS)) {
    const name = `${fileName(command)}.json`
    const what = command === 'watch' ? 'a line of rag watch --json' : `rag ${command} --json`
    files.set(name, written(anyOf(Object.values(results)), 'result', `What ${what} prints`))
    files.set(`requests/${name}`, written(anyOf(requests), 'request', `What rag ${command} is asked for`))
    if (lines === undefined) continue
    const ways = Object.keys(lines).map((way) => `rag ${way}`)
    files.set(
      `lines/${name}`,
      written(anyOf(Object.values(lines)), 'result', `A line of ${ways.join(' or ')}`),
    )
  }
  return files
}

/** The name of a command in names of files: `docs-list`. */
export const fileName = (command: string): string => command.replaceAll(' ', '-')

function anyOf(schemas: readonly z.ZodType[]): z.ZodType {
  const [first, ...others] = schemas
  if (first === undefined) throw new Error('A command has a request and a result.')
  return others.length === 0 ? first : z.union(schemas)
}

function written(schema: z.ZodType, side: Side, title: string): string {
  const {$schema, ...rest} = jsonSchemaOf(schema, side)
  return `${JSON.stringify({$schema, title, ...rest}, null, 2)}\n`
}
