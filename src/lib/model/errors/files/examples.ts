import {listDocuments} from '../phrases.js'
import {RagError} from '../rag-error.js'
import {usage} from '../usage.js'
import {inputMissing} from './source.js'

/** Files of training examples. */

const refused = (message: string, hint: string): RagError =>
  new RagError('USAGE', `${message}. Nothing was written.`, {hint})

export const examplesFolderMissing = (folder: string, path: string): RagError =>
  inputMissing(folder, `folder to write ${path} into`)

export const leadsNowhere = (path: string): RagError =>
  refused(`${path} is a link that leads nowhere`, 'Name a file, or remove the link.')

/** `what` it is: "a folder". */
export const notARegularFile = (path: string, what: string): RagError =>
  refused(`${path} is ${what}`, 'Name a file, or print the examples with --out -')

export const noExamplesFile = (path: string): RagError =>
  refused(
    `${path} is there already and holds something else than examples`,
    'Name another file, or replace it with --force.',
  )

export const sameFileTwice = (path: string): RagError =>
  refused(`Both files are ${path}`, 'Name two files: --out FILE --msgpack-out OTHER')

export const examplesNotWritten = (path: string, why: string, cause: unknown): RagError =>
  new RagError('STORE_UNUSABLE', `${path} could not be written: ${why}. No file of examples was changed.`, {
    hint: 'Name a file in a folder that may be written: --out FILE',
    cause,
  })

export const examplesTooSlow = (name: string, ms: number): RagError =>
  new RagError(
    'CHAT_UNREACHABLE',
    `The chat model ${name} did not finish within ${ms / 1000} s. No file of examples was written or changed.`,
    {
      hint: 'Give it more time with --timeout SECONDS, or let the documents give the examples alone: --extractive',
    },
  )

export const examplesInterrupted = (): RagError =>
  new RagError('INTERRUPTED', 'Interrupted: no file of examples was written or changed.', {
    hint: 'Run the same command again; it begins anew.',
  })

export const examplesAllMalformed = (model: string, calls: number): RagError =>
  new RagError(
    'CHAT_BAD_ANSWER',
    `None of ${calls} replies of ${model} is the JSON that was asked for. No file was written or changed.`,
    {
      hint: 'Name another model with --chat-model, or let the documents give the examples alone: --extractive',
    },
  )

export const noDocumentsForExamples = (corpus: string, isFiltered: boolean): RagError =>
  new RagError(
    'NO_EXAMPLES',
    `Corpus "${corpus}" has no documents${isFiltered ? ' that pass --filter' : ''}. No file was written or changed.`,
    {hint: listDocuments(corpus)},
  )

export const noExamplesFound = (corpus: string, documents: number): RagError =>
  new RagError(
    'NO_EXAMPLES',
    `None of ${documents} documents of corpus "${corpus}" gives an example: no heading with a statement under it, no definition, no key sentence. No file was written or changed.`,
    {hint: 'Let a chat model write them: --chat-model NAME'},
  )

export const msgpackToStdout = (): RagError =>
  usage('--msgpack-out needs a file: a batch is no text to print.', 'Print the JSON Lines with: --out -')
