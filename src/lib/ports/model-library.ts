import type {BrokenModel, ModelDtype, ModelFolder, PulledFile} from '../model/model-folder.js'
import type {ProgressSink} from './surroundings.js'

export interface PullOptions {
  /** Precision of the weights; `fp32` by default. */
  readonly dtype?: ModelDtype | undefined
  /** A branch, tag or commit of the repository. Default `main`. */
  readonly revision?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the bytes received so far. */
  readonly onProgress?: ProgressSink | undefined
}

/** A repository of models on the network. */
export interface ModelHub {
  /** The address, as shown to people. */
  readonly address: string
  /**
   * Fetches what is needed to run a model into a new folder, each file checked against the hash that the hub names. Says within
   * 5 s that there is no way to the hub. What was fetched when it fails is the caller's to remove.
   * @throws RagError MODEL_MISSING | MODEL_UNUSABLE | DISK_FULL | INTERRUPTED
   */
  fetch(
    repository: string,
    into: string,
    options: PullOptions,
  ): Promise<{readonly revision: string; readonly files: readonly PulledFile[]}>
}

/** Models that run in this process. */
export interface ModelLibrary {
  /** Where they lie; undefined when no folder was named, and only paths can be opened. */
  readonly dir: string | undefined
  list(): Promise<readonly (ModelFolder | BrokenModel)[]>
  /**
   * By name or path, undefined when there is none. A bare name also means one of any owner.
   * @throws RagError MODEL_UNUSABLE when a folder is there but no model in it
   */
  find(name: string): Promise<ModelFolder | undefined>
  /**
   * Brings a model here. Atomic: a killed pull leaves nothing that is taken for a model.
   * @throws RagError as `ModelHub.fetch`; MODEL_MISSING when there is no network or no folder to keep it in
   */
  pull(name: string, options: PullOptions): Promise<ModelFolder>
  /** Files of a pulled model that are not as they came, each with what is wrong; undefined for a model that was not pulled. */
  damage(model: ModelFolder): Promise<readonly string[] | undefined>
}
