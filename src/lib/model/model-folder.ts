/** A model that runs in this process, as it lies on the disk: a folder of `config.json`, `tokenizer.json` and `onnx/model*.onnx`. */
export interface ModelFolder {
  /** `owner/name` or `name` for one in the folder of models; else its path. */
  readonly name: string
  readonly path: string
  /** Class of the network by its maker: `BertModel`. */
  readonly architecture: string
  readonly dimension: number
  /** Most tokens of a text; what is over it is cut off. */
  readonly maxTokens: number
  /** As its maker says. */
  readonly pooling?: 'mean' | 'cls'
  /** By precision, the most exact first. */
  readonly weights: readonly ModelWeights[]
  /** Of all files. */
  readonly bytes: number
  /** What of the hub it is, when it was pulled from there. */
  readonly pulled?: PulledFrom
}

export interface ModelWeights {
  /** `fp32`, `fp16`, `q8`, … */
  readonly dtype: string
  /** Below the folder; the network first, then files of its weights where they are apart. */
  readonly files: readonly string[]
  readonly bytes: number
}

export interface PulledFrom {
  readonly repository: string
  readonly revision: string
  readonly at: string
}

/** What lies where a model should be, and can't be used. */
export interface BrokenModel {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly problem: string
}

/** A file of a pulled model as it came, to be held against what is there now. */
export interface PulledFile {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** Names of files by precision, as models in this format have them. */
const SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const

export type ModelDtype = keyof typeof SUFFIXES

/** From the most exact to the smallest. */
export const MODEL_DTYPES = Object.keys(SUFFIXES) as readonly ModelDtype[]

/** The file of the network in this precision. */
export const networkFile = (dtype: ModelDtype): string => `onnx/model${SUFFIXES[dtype]}.onnx`

/** A name that means a folder on this machine. */
export const isModelPath = (name: string): boolean => /^(\.{1,2})?[\\/]|^\.{1,2}$|^[A-Za-z]:[\\/]/.test(name)

/** A name as hubs and the folder of models have them: `name` or `owner/name`. */
export const isModelName = (name: string): boolean =>
  /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(name) && !name.includes('..') && name.length <= 200
