import type {ExamplesRequest} from '../../lib/index.js'
import {flagTwice} from '../../lib/model/errors/request/command-line.js'
import {msgpackToStdout} from '../../lib/model/errors/files/examples.js'
import {twoAnswerers} from '../../lib/model/errors/request/search.js'

/** What the flags of `rag examples build` are parsed to. */
interface ExamplesFlags {
  readonly out: string
  readonly 'msgpack-out'?: string | undefined
  readonly 'per-doc'?: number | undefined
  readonly seed?: number | undefined
  readonly filter?: ExamplesRequest['filters'] | undefined
  readonly 'chat-model'?: string | undefined
  readonly extractive: boolean
  readonly timeout?: number | undefined
  readonly force: boolean
  readonly 'dry-run': boolean
}

/** The request that the flags make; `chatModel` is the one that is configured. @throws RagError USAGE */
export function examplesRequest(
  corpus: string,
  flags: object,
  {chatModel, json}: {readonly chatModel: string | undefined; readonly json: boolean},
): ExamplesRequest {
  const given = flags as ExamplesFlags
  if (given.extractive && given['chat-model'] !== undefined) throw twoAnswerers()
  if (given['msgpack-out'] === '-') throw msgpackToStdout()
  const prints = given.out === '-'
  if (prints && json && !given['dry-run']) throw flagTwice('--out -', '--json')
  return {
    corpus,
    force: given.force,
    dryRun: given['dry-run'],
    out: prints ? undefined : given.out,
    msgpackOut: given['msgpack-out'],
    perDocument: given['per-doc'],
    seed: given.seed,
    filters: given.filter,
    chatModel: given.extractive ? undefined : chatModel,
    budgetMs: given.timeout === undefined ? undefined : Math.ceil(1000 * given.timeout),
  }
}
