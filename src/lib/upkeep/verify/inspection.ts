import {isAbout, RagError, reasonOf} from '../../model/errors.js'
import type {Corpus} from '../../model/corpus.js'
import type {ArtifactFiles} from '../../ports/files/artifact-files.js'
import type {FittedModel} from '../../ports/embedder.js'
import type {PendingChunk} from '../../model/embedding.js'
import type {KeywordEntry, Store} from '../../ports/store/store.js'
import type {Clock, ProgressSink} from '../../ports/surroundings.js'
import type {SegmentLoader} from '../../ports/vector-index.js'
import type {Diagnosis} from './diagnosis.js'
import {databaseDamaged} from './findings.js'
import type {TimeBudget} from './time-budget.js'

/** What the checks read, and by what. */
export interface InspectionTools {
  readonly store: Store
  readonly indexFiles: ArtifactFiles
  readonly modelFiles: ArtifactFiles
  /** The database of a restore under way. */
  readonly restoreFiles: ArtifactFiles
  /** The folder of a corpus among both kinds of files. */
  readonly folderOf: (corpus: Pick<Corpus, 'name'>) => string
  readonly loader: SegmentLoader
  /** Fingerprint of the analyser of `termsOf`. */
  readonly analyser: string
  /** The terms that the keyword index should hold of a chunk. */
  readonly termsOf: (chunk: PendingChunk) => Promise<KeywordEntry>
  readonly model: () => Promise<FittedModel>
  readonly clock: Clock
}

/** One run of the checks: collects what they find and count, and shows how far they are. */
export class Inspection {
  readonly tools: InspectionTools
  readonly budget: TimeBudget
  readonly diagnoses: Diagnosis[] = []
  readonly checked = {files: 0, bytes: 0, vectors: 0, documents: 0}
  /** False as soon as something was left out because time ran out. */
  isComplete = true
  /** The database's own check found damage: anything may go wrong from here on. */
  isDamaged = false
  /** Rows are not what was stored; each check does without those. */
  hasDamagedRows = false
  readonly #onProgress: ProgressSink | undefined
  #steps = 1
  #done = 0

  constructor(tools: InspectionTools, budget: TimeBudget, onProgress?: ProgressSink) {
    this.tools = tools
    this.budget = budget
    this.#onProgress = onProgress
  }

  add(...diagnoses: readonly Diagnosis[]): void {
    this.diagnoses.push(...diagnoses)
  }

  /** Announces more steps of work. */
  expect(steps: number): void {
    this.#steps += steps
  }

  step(): void {
    this.#done++
    this.#onProgress?.({
      phase: 'verify',
      done: this.#done,
      total: Math.max(this.#steps, this.#done),
      unit: 'steps',
    })
  }

  /** Runs a check; what a damaged database makes it stumble over becomes a finding. Errors of the surroundings are thrown. */
  async guard<T>(where: string, check: () => Promise<T>): Promise<T | undefined> {
    try {
      return await check()
    } catch (error) {
      if (this.hasDamagedRows && error instanceof RagError && error.code === 'STORE_DAMAGED') {
        // What was found already keeps this check from its end.
        this.isComplete = false
        return undefined
      }
      if (!this.#isDamage(error)) throw error
      this.isDamaged = true
      this.add(databaseDamaged(where, reasonOf(error)))
      return undefined
    }
  }

  #isDamage(error: unknown): boolean {
    if (error instanceof RagError) return !isAbout(error, 'environment')
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return this.isDamaged || error instanceof SyntaxError || code.startsWith('SQLITE_')
  }
}
