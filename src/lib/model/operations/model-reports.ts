import type {ModelFamily} from '../model-family.js'
import type {BrokenModel, ModelFolder} from '../model-folder.js'

export type ListedModel = (ModelFolder | BrokenModel) & {
  /** That are embedded by it. */
  readonly corpora: readonly string[]
}

export interface ModelList {
  /** Where they lie. */
  readonly dir?: string | undefined
  readonly models: readonly ListedModel[]
}

export interface ModelReport extends ModelFolder {
  /** How it is used unless something else is asked for. */
  readonly ways: ModelFamily
  readonly corpora: readonly string[]
  /** Files that are not as they came, each with what is wrong; absent for a model that was not pulled. */
  readonly damage?: readonly string[] | undefined
}

export interface PullRequest {
  /** `owner/name`; a bare name means that of Xenova. */
  readonly name: string
  readonly dtype?: string | undefined
  readonly revision?: string | undefined
  /** Also when it is here already. */
  readonly force?: boolean | undefined
}

export interface PulledModel extends ModelFolder {
  /** False when it was here already. */
  readonly fetched: boolean
  readonly seconds: number
}
