import {bareAddress} from '../../secrets/addresses.js'
import {RagError} from '../rag-error.js'
import {usage} from '../usage.js'

/** Settings: of config.json and of the environment. */

/** A setting that can't be taken. */
export interface ConfigProblem {
  readonly message: string
  /** What to edit or remove: a variable, or a key of a file, or the whole file. */
  readonly culprit: string
}

export const configInvalid = (problems: readonly ConfigProblem[]): RagError =>
  new RagError('CONFIG_INVALID', problems.map(({message}) => message).join(' '), {
    hint: `Correct or remove: ${problems.map(({culprit}) => culprit).join('; ')}`,
  })

/** `variable` is the one of the environment that names the proxy. */
export const badProxy = (variable: 'HTTPS_PROXY' | 'HTTP_PROXY'): RagError =>
  new RagError('CONFIG_INVALID', `${variable} is not the http(s) address of a proxy.`, {
    hint: 'Set it to something like http://proxy.example:3128, or unset it.',
  })

export const wrongSetting = (
  label: string,
  shown: string,
  wanted: string,
  culprit: string,
): ConfigProblem => ({
  message: `${label}: ${shown} is not ${wanted}.`,
  culprit,
})

export const configUnreadable = (path: string, why: string): ConfigProblem => ({
  message: `${path} could not be read: ${why}.`,
  culprit: path,
})

export const configNotAnObject = (path: string): ConfigProblem => ({
  message: `${path} is not a JSON object.`,
  culprit: path,
})

/** `near`: the setting that was probably meant. */
export const notASetting = (label: string, near: string | undefined): ConfigProblem => ({
  message: `${label} is not a setting${near === undefined ? '' : ` (did you mean "${near}"?)`}.`,
  culprit: label,
})

export const dataDirEmpty = (): RagError =>
  usage('--data-dir is empty.', 'Name the folder of the store: --data-dir DIR')

/** `variable` names the address of a service. */
export const notAnAddress = (variable: string): RagError =>
  usage(
    `${variable} is not an http(s) address.`,
    'Set it to something like http://127.0.0.1:11434, or unset it.',
  )

/** An address with a password in it, which would be stored and shown with it. */
export interface SecretAddress {
  /** Who names it: `--model`, `EMBED_ENDPOINT`. */
  readonly what: string
  readonly address: string
  /** The variable that the key belongs in. */
  readonly variable: string
}

export const addressHoldsPassword = ({what, address, variable}: SecretAddress): RagError =>
  usage(
    `${what} names an address with a password or key in it, which would be stored and shown with it. Nothing was changed.`,
    `Put the key into ${variable} (${variable}='Basic …', base64 of NAME:PASSWORD, for a name and password), and name the address without it: ${bareAddress(address)}`,
  )
