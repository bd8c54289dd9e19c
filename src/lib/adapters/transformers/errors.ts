import {RagError} from '../../model/errors.js'

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

export const folderMissing = (path: string): RagError =>
  new RagError('MODEL_MISSING', `The folder of the model ${path} is not there.`, {
    hint: 'Bring it back, or put a copy of it into the folder of models (RAG_MODEL_DIR): it is found there by its last name.',
  })

export const nothingFetched = (name: string, why: string): RagError =>
  new RagError('MODEL_MISSING', `The model ${name} is not on this machine, and is not fetched: ${why}.`, {
    hint: 'Bring its folder here from where there is a network, and name the folder of models by RAG_MODEL_DIR.',
  })

export const runtimeMissing = (cause: unknown): RagError =>
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
