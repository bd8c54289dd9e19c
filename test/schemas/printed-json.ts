import {readFileSync} from 'node:fs'
import {Ajv2020} from 'ajv/dist/2020.js'
import {expect} from 'chai'
import type * as z from 'zod'
import {fileName} from '../../scripts/contract/json-schemas.js'
import {COMMANDS, errorResult, type CommandContract, type CommandName} from '../../src/contract/index.js'

const ajv = new Ajv2020({strict: true, allowUnionTypes: true, formats: {'date-time': true}})

/** What commands printed, held against the contract and against the schemas that are published of it. */
export class PrintedJson {
  /** The shapes that were printed: `search --queries`, or `search --format jsonl` for lines. */
  readonly seen = new Set<string>()
  /** Commands that were seen failing. */
  readonly failed = new Set<string>()

  /** A document that `--json` printed, which must have the shape of this way to ask for it. */
  result(command: CommandName, way: string, stdout: string): void {
    const {results}: CommandContract = COMMANDS[command]
    this.#expect(`${fileName(command)}.json`, results[way], JSON.parse(stdout))
    this.seen.add(command === 'watch' ? `watch ${way}` : way)
  }

  /** Lines of JSON, each of the shape of this way to ask for them. */
  lines(command: CommandName, way: string, stdout: string): void {
    const {lines}: CommandContract = COMMANDS[command]
    const all = stdout.split('\n').filter((line) => line !== '')
    expect(all.length).to.be.greaterThan(0)
    for (const line of all) this.#expect(`lines/${fileName(command)}.json`, lines?.[way], JSON.parse(line))
    this.seen.add(`lines of ${way}`)
  }

  /** What a command that failed printed. */
  failure(command: CommandName, stdout: string): string {
    const value = JSON.parse(stdout) as {error: {code: string}}
    this.#expect('error.json', errorResult, value)
    this.failed.add(command)
    return value.error.code
  }

  #expect(file: string, schema: z.ZodType | undefined, value: unknown): void {
    const parsed = schema?.safeParse(value)
    expect(parsed?.success, `${file}: ${parsed?.error?.message ?? 'no such shape'}`).to.equal(true)
    const published = ajv.compile(JSON.parse(readFileSync(`docs/schemas/${file}`, 'utf8')) as object)
    expect(published(value), `${file}: ${ajv.errorsText(published.errors)}`).to.equal(true)
  }
}
