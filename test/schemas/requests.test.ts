import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import * as z from 'zod'
import {COMMANDS, type CommandName} from '../../src/contract/index.js'
import {askFlags} from '../../src/cli/flags/ask-flags.js'
import {examplesFlags} from '../../src/cli/flags/examples-flags.js'
import {ingestFlags} from '../../src/cli/flags/ingest-flags.js'
import {replayFlags} from '../../src/cli/flags/replay-flags.js'
import {searchFlags} from '../../src/cli/flags/search-flags.js'
import {watchFlags} from '../../src/cli/flags/watch-flags.js'

/** Flags that say how a result is shown, or where the store is: no part of what is asked for. */
const OF_THE_FACE = [
  'data-dir',
  'json',
  'quiet',
  'debug',
  'format',
  'stream',
  'metrics',
  'yes',
  'stats',
  'null',
  'csv-raw',
]

/** Flags that have another name in the request, of all commands or of one. */
const RENAMED: Readonly<Record<string, string>> = {
  dir: 'dirs',
  filter: 'filters',
  glob: 'globs',
  'ask no-cache': 'cache',
  'ask refresh': 'cache',
  'ask extractive': 'chat_model',
  'examples build extractive': 'chat_model',
  'search no-cache': 'cache',
  'search refresh': 'cache',
  'docs upsert file': 'text',
  'cache purge': 'tables',
}

/** Commands whose `--format` is of what they make, not of how it is shown. */
const FORMAT_IS_ASKED: readonly string[] = ['export']

interface Manifest {
  readonly commands: Readonly<Record<string, {readonly flags: Readonly<Record<string, unknown>>}>>
}

const membersOf = (command: CommandName): Readonly<Record<string, z.ZodType>> =>
  Object.assign({}, ...COMMANDS[command].requests.map((it) => it.shape as object)) as Record<
    string,
    z.ZodType
  >

describe('a request of the contract', () => {
  const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest

  for (const [id, {flags}] of Object.entries(commands)) {
    const command = id.replaceAll(':', ' ') as CommandName
    it(`of rag ${command} says what its flags say`, () => {
      const asked = Object.keys(flags).filter(
        (flag) => !OF_THE_FACE.includes(flag) || (flag === 'format' && FORMAT_IS_ASKED.includes(command)),
      )
      const names = asked.map(
        (flag) => RENAMED[`${command} ${flag}`] ?? RENAMED[flag] ?? flag.replaceAll('-', '_'),
      )
      expect(names.filter((name) => !(name in membersOf(command)))).to.deep.equal([])
    })
  }

  type Flag = {
    readonly parse?: (raw: string, context: object, flag: object) => Promise<unknown>
    readonly options?: readonly string[]
  }
  const families: readonly (readonly [CommandName, Readonly<Record<string, unknown>>])[] = [
    ['ask', askFlags],
    ['examples build', examplesFlags],
    ['ingest', ingestFlags],
    ['replay', replayFlags],
    ['search', searchFlags],
    ['watch', watchFlags],
  ]
  for (const [command, flags] of families) {
    const members = membersOf(command)
    for (const [flag, definition] of Object.entries(flags) as [string, Flag][]) {
      const schema = members[RENAMED[flag] ?? flag.replaceAll('-', '_')]
      const bare = schema instanceof z.ZodOptional ? schema.unwrap() : schema
      if (bare instanceof z.ZodNumber && flag !== 'max-file-size')
        it(`of rag ${command} has the range of --${flag}`, async () => {
          const {minimum = -1e9, maximum = 1e9} = z.toJSONSchema(bare) as {minimum?: number; maximum?: number}
          const takes = async (value: number): Promise<boolean> =>
            (await definition.parse!(String(value), {}, definition).catch(() => undefined)) === value
          const step = bare.format === 'safeint' ? 1 : 0.001
          for (const edge of [minimum, maximum].map((it) => Math.max(-2000, Math.min(it, 2e6))))
            for (const value of [edge - step, edge, edge + step])
              expect(await takes(value), String(value)).to.equal(bare.safeParse(value).success)
        })
      if (bare instanceof z.ZodEnum && definition.options !== undefined)
        it(`of rag ${command} has the words of --${flag}`, () => {
          expect([...(bare.options as string[])].sort()).to.deep.equal([...definition.options!].sort())
        })
    }
  }
})
