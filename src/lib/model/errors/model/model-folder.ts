import {RagError, reasonOf} from '../rag-error.js'

/** Models that are files on this machine. */

export const modelUnusable = (name: string, why: string, cause?: unknown): RagError =>
  new RagError('MODEL_UNUSABLE', `The model ${name} can't be used: ${why}.`, {
    hint: 'It takes config.json, tokenizer.json and onnx/model.onnx of a sentence encoder. Bring them there anew (rag models pull), or name another model.',
    cause,
  })

export const modelNotHere = (name: string, where: string | undefined): RagError =>
  new RagError(
    'MODEL_MISSING',
    where === undefined
      ? `The model ${name} is not on this machine.`
      : `The model ${name} is not on this machine; it would be in ${where}.`,
    {hint: `Fetch it with: rag models pull ${name}`},
  )

export const modelFolderMissing = (path: string): RagError =>
  new RagError('MODEL_MISSING', `The folder of the model ${path} is not there.`, {
    hint: 'Bring it back, or put a copy of it into the folder of models (RAG_MODEL_DIR): it is found there by its last name.',
  })

/** What was asked for by name, in the folder of models or as a folder of its own. */
export const shownModelMissing = (name: string, dir: string | undefined, isFolder: boolean): RagError =>
  isFolder
    ? new RagError('MODEL_MISSING', `The folder of the model ${name} is not there.`)
    : modelNotHere(name, dir)

export const modelRuntimeMissing = (cause: unknown): RagError =>
  new RagError(
    'NATIVE_MODULE_MISSING',
    'Models can not be run here: the optional package @xenova/transformers is not installed, or not for this machine.',
    {hint: 'Install it with: npm install --include=optional. Or use --model lsa, or a service.', cause},
  )

export const encoderStopped = (name: string, why: string, cause?: unknown): RagError =>
  new RagError(
    'MODEL_UNUSABLE',
    `The model ${name} stopped while it embedded: ${why}. What was embedded before is kept.`,
    {
      hint: 'Run the same command again; with less memory used at once: --embed-batch-size 8.',
      cause,
    },
  )

export const modelDiskFull = (cause: unknown): RagError =>
  new RagError('DISK_FULL', `The model can't be written: ${reasonOf(cause)}.`, {
    hint: 'Make room, or name a folder on another disk by RAG_MODEL_DIR. Nothing of the model was kept.',
    cause,
  })

export const modelFolderReadOnly = (dir: string, cause: unknown): RagError =>
  new RagError('STORE_READ_ONLY', `No model can be kept in ${dir}: ${reasonOf(cause)}.`, {
    hint: 'Name a folder that can be written by RAG_MODEL_DIR.',
    cause,
  })

export const badDtype = (known: readonly string[], dtype: string): RagError =>
  new RagError('USAGE', `--dtype must be one of ${known.join(', ')}, not ${dtype}.`)
