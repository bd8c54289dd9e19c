import {RagError, reasonOf} from './rag-error.js'

/** Models that are files: on this machine, or on the hub that they are fetched from. */

export const modelUnusable = (name: string, why: string, cause?: unknown): RagError =>
  new RagError('MODEL_UNUSABLE', `The model ${name} can't be used: ${why}.`, {
    hint: 'It takes config.json, tokenizer.json and onnx/model.onnx of a sentence encoder. Bring them there anew (rag models pull), or name another model.',
    ...(cause === undefined ? {} : {cause}),
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

export const modelNotFetched = (name: string, why: string): RagError =>
  new RagError('MODEL_MISSING', `The model ${name} is not on this machine, and is not fetched: ${why}.`, {
    hint: 'Bring its folder here from where there is a network, and name the folder of models by RAG_MODEL_DIR.',
  })

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
      ...(cause === undefined ? {} : {cause}),
    },
  )

export const hubUnreachable = (repository: string, why: string, cause?: unknown): RagError =>
  new RagError(
    'MODEL_MISSING',
    `The model ${repository} is not on this machine, and can't be fetched: ${why}.`,
    {
      hint: 'Where there is a network: rag models pull. Then bring its folder here, and name the folder of models by RAG_MODEL_DIR. HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy.',
      ...(cause === undefined ? {} : {cause}),
    },
  )

export function modelNotRunnable(repository: string, missing: string, names: readonly string[]): RagError {
  const others = names.filter((name) => /^onnx\/model[^/]*\.onnx$/.test(name))
  const isOfNetwork = missing.startsWith('onnx/')
  return new RagError('MODEL_UNUSABLE', `The model ${repository} can't be used: it has no ${missing}.`, {
    hint:
      isOfNetwork && others.length > 0
        ? `It is there in another precision (--dtype): ${others.join(', ')}`
        : 'Many models have a copy in this format by Xenova or onnx-community: rag models pull Xenova/NAME',
  })
}

export const modelUnknown = (model: string): RagError =>
  new RagError('MODEL_UNKNOWN', `The model "${model}" is not known. Nothing was changed.`, {
    hint: 'Use lsa (built in, learned from the corpus); a folder, NAME or OWNER/NAME; openai:NAME, ollama:NAME, tei:URL or http://… for a service; external:NAME for documents that bring their vectors.',
  })

/** What was asked for by name, in the folder of models or as a folder of its own. */
export const shownModelMissing = (name: string, dir: string | undefined, isFolder: boolean): RagError =>
  isFolder
    ? new RagError('MODEL_MISSING', `The folder of the model ${name} is not there.`)
    : modelNotHere(name, dir)

/** The hub answered with another status than 200. */
export interface HubAnswer {
  readonly repository: string
  readonly revision: string
  readonly address: string
  readonly status: number
}

export function hubRefused({repository, revision, address, status}: HubAnswer): RagError {
  const isSecret = status === 401 || status === 403
  const named = revision === 'main' ? '' : ` and revision ${revision}`
  const secret = isSecret ? ', or only for those who sign in' : ''
  const why =
    status === 404 || isSecret
      ? `${address} has no model of that name${named}${secret} (${status})`
      : `${address} answered ${status}`
  return new RagError('MODEL_MISSING', `The model ${repository} can't be fetched: ${why}.`, {
    hint: isSecret
      ? 'Names are owner/name. If it is one that needs a permission, put your token into HF_TOKEN.'
      : 'Names are owner/name, with upper and lower case: Xenova/all-MiniLM-L6-v2.',
  })
}

export const hubListingBad = (repository: string): RagError =>
  new RagError('MODEL_MISSING', `The hub's answer about ${repository} is not a list of files.`, {
    hint: 'Does HF_ENDPOINT name a hub, and is nothing in between that asks to sign in?',
  })

export const hubListingEndless = (repository: string): RagError =>
  new RagError('MODEL_MISSING', `The hub's list of files of ${repository} has no end.`)

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
