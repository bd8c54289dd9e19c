import {noBatchMatches, noBatchNamed} from '../model/errors/request/ingest.js'
import {setIncomplete} from '../model/errors/files/exported-batch.js'
import type {ReplayRequest} from '../model/operations/replay.js'
import type {BatchFiles} from '../ports/files/batch-files.js'
import type {Services} from '../ports/services.js'
import {dueBatches, type DueBatches} from './exports/due-batches.js'
import {deletionsOf, missingIn, unnamedIn, type StandingBatch} from './exports/export-standing.js'
import type {ReplayedFile} from './replay-file.js'
import {passedOver, refusedFiles} from './settled-files.js'
import {openExports, type ReplayedExports, type TakenBefore} from './exports/replayed-exports.js'
import type {OpenState} from './use-replay-state.js'

/** What is known of the exports once the files of a call are done. */
export interface HeldExports {
  readonly missing: readonly StandingBatch[]
  /** Ids that the exports name as deleted, and that may go. */
  readonly deletions: readonly string[]
  readonly notes: readonly string[]
}

/** What there is to do of a set: batches to read, and those of which nothing is to be read, with what became of them. */
export interface DueFiles {
  readonly paths: DueBatches['paths']
  readonly settled: readonly ReplayedFile[]
}

/** The batches that a call names, held against the exports that they are of. */
export class BatchSet {
  readonly files: BatchFiles
  readonly exports: ReplayedExports
  /** In the order of the call, without those that a later run beside them holds everything of, by another model. */
  readonly paths: readonly string[]
  readonly #all: readonly string[]
  /** How many records each has that is not among `paths`. */
  readonly #outOfDate: ReadonlyMap<string, number>

  private constructor(
    files: BatchFiles,
    exports: ReplayedExports,
    all: readonly string[],
    outOfDate: ReadonlyMap<string, number>,
  ) {
    this.files = files
    this.exports = exports
    this.paths = without(all, [...outOfDate.keys()])
    this.#all = all
    this.#outOfDate = outOfDate
  }

  /** @throws RagError USAGE | INPUT_MISSING when nothing matches */
  static async find(
    services: Pick<Services, 'digest' | 'files'>,
    {globs = [], files: named = []}: Pick<ReplayRequest, 'files' | 'globs'>,
  ): Promise<BatchSet> {
    if (globs.length + named.length === 0) throw noBatchNamed()
    const files = await services.files.batchFiles()
    const found = globs.length > 0 ? await files.expand(globs) : []
    if (found.length + named.length === 0) throw noBatchMatches(globs)
    const all = [...new Set([...found, ...named])]
    const exports = await openExports(services)
    return new BatchSet(files, exports, all, await exports.outOfDate(all))
  }

  /** @throws RagError BATCH_MISSING when a batch of an export is not there */
  async requireWhole(before: TakenBefore): Promise<void> {
    const [first, ...others] = missingIn(await this.exports.standings(this.#all, [], before))
    if (first) throw setIncomplete(first.path, first.records, others.length)
  }

  /** What is not done yet, by the state. */
  async due(state: Pick<OpenState, 'due'>, before: TakenBefore): Promise<DueFiles> {
    const {files, exports} = this
    const {paths, refused} = await dueBatches({files, exports, before}, await state.due(this.paths))
    const outOfDate = await state.due([...this.#outOfDate.keys()])
    const passed = await passedOver(
      files,
      outOfDate.map((path) => [path, this.#outOfDate.get(path) ?? 0]),
    )
    return {paths, settled: [...passed, ...refusedFiles(refused)]}
  }

  /** How the exports stand once files are done. `isPart`: the caller names the batches as they come, the others later. */
  async outcome(
    done: readonly ReplayedFile[],
    before: TakenBefore,
    {isPart}: {readonly isPart: boolean},
  ): Promise<HeldExports> {
    const {exports} = this
    const standings = await exports.standings(this.#all, done, before)
    const unlabelled = done.filter(({file, isExported}) => isExported && !exports.isKnown(file)).length
    const named = new Set(this.#all.map((path) => exports.absolute(path)))
    const unnamed = isPart ? 0 : unnamedIn(standings).filter(({path}) => !named.has(path)).length
    return {
      missing: missingIn(standings),
      deletions: standings.flatMap(deletionsOf),
      notes: [
        ...(this.#outOfDate.size > 0 ? [outOfDateNote(this.#outOfDate.size)] : []),
        ...(unnamed > 0 ? [unnamedNote(unnamed)] : []),
        ...(unlabelled > 0 ? [unlabelledNote(unlabelled)] : []),
      ],
    }
  }

  /** All of the set but these paths. */
  without(paths: readonly string[]): readonly string[] {
    return without(this.#all, paths)
  }
}

function without(paths: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others)
  return paths.filter((path) => !left.has(path))
}

const outOfDateNote = (count: number): string =>
  `${count} of the files hold vectors of a model that was given up; a later run beside them holds all of it by the new one, and is taken instead.`

const unnamedNote = (count: number): string =>
  `${count} more of the batches that manifest.json names lie beside those that were named here; they were not taken, and what their runs delete is kept. Name them too, or name those that were taken before in a --state-file.`

const unlabelledNote = (count: number): string =>
  `${count} of the batches were written by rag export, and no manifest.json lies beside them: whether a batch is missing, and which documents were deleted, can't be told. Copy the whole folder.`
