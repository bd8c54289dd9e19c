import {RagError} from '../rag-error.js'

/** Models that are fetched from the hub. */

export const modelNotFetched = (name: string, why: string): RagError =>
  new RagError('MODEL_MISSING', `The model ${name} is not on this machine, and is not fetched: ${why}.`, {
    hint: 'Bring its folder here from where there is a network, and name the folder of models by RAG_MODEL_DIR.',
  })

export const hubUnreachable = (repository: string, why: string, cause?: unknown): RagError =>
  new RagError(
    'MODEL_MISSING',
    `The model ${repository} is not on this machine, and can't be fetched: ${why}.`,
    {
      hint: 'Where there is a network: rag models pull. Then bring its folder here, and name the folder of models by RAG_MODEL_DIR. HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy.',
      cause,
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
