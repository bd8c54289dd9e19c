import type {ReplayRequest} from '../../lib/index.js'
import {modelGiven, modelWays} from '../flags/model-flags.js'
import {optional} from '../optional.js'
import {isJsonArray, ownFile, storeFolders} from '../output/own-file.js'
import type {RagConfig} from '../settings/resolve-config.js'

/** Flags of a command that loads batches, as parsed. */
export interface BatchFlagValues {
  readonly glob: string[] | undefined
  readonly reembed: boolean
  readonly 'skip-existing': boolean
  readonly 'dummy-fill': number | undefined
  readonly dtype?: string | undefined
  readonly pooling?: 'mean' | 'cls' | undefined
  readonly 'query-prefix'?: string | undefined
  readonly 'passage-prefix'?: string | undefined
  readonly sleep: number | undefined
  readonly archive: string | undefined
  readonly compress: boolean
  readonly 'state-file': string | undefined
}

/** @throws RagError USAGE for a file of the store, or one that holds anything else */
function stateFile(path: string | undefined, settings: RagConfig): string | undefined {
  if (path !== undefined)
    ownFile(
      {flag: '--state-file', path, kind: 'JSON array of the files that are done', isOfKind: isJsonArray},
      storeFolders(settings),
    )
  return path
}

/** What the flags ask for. */
export function replayRequest(
  flags: BatchFlagValues,
  {corpus, settings, cwd}: {readonly corpus: string; readonly settings: RagConfig; readonly cwd: string},
): ReplayRequest {
  return {
    corpus,
    settings: optional({model: modelGiven(settings.model.value, cwd), ...modelWays(flags)}),
    reembed: flags.reembed,
    skipExisting: flags['skip-existing'],
    ...optional({
      globs: flags.glob,
      dummyFill: flags['dummy-fill'],
      embedBatchSize: settings.embed_batch_size.value,
      sleepMs: flags.sleep === undefined ? undefined : 1000 * flags.sleep,
      stateFile: stateFile(flags['state-file'], settings),
      archive: flags.archive === undefined ? undefined : {dir: flags.archive, compress: flags.compress},
    }),
  } as ReplayRequest
}
