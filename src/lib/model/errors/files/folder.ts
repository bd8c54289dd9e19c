import {RagError} from '../rag-error.js'

/** What is met in a folder of documents and passed over. The rest of the folder is taken. */

const passedOver = (path: string, why: string): RagError =>
  new RagError('INPUT_UNREADABLE', `${path}: ${why}.`)

export const entryUnreadable = (path: string, why: string): RagError => passedOver(path, why)

export const folderUnreadable = (path: string, why: string): RagError =>
  passedOver(path, `the folder can't be read: ${why}`)

export const nameNotUtf8 = (path: string): RagError =>
  passedOver(path, 'its name is not valid UTF-8, so it can have no document id; rename it')

export const linkLeadsOut = (path: string, target: string): RagError =>
  passedOver(path, `the link leads out of the folder, to ${target}`)

export const linkLeadsNowhere = (path: string): RagError => passedOver(path, 'the link leads nowhere')

export const linkNotFollowed = (path: string, why: string): RagError =>
  passedOver(path, `the link can't be followed: ${why}`)

/** The ignore file `path` is too large to be read for rules. */
export const ignoreFileTooLarge = (path: string, maxBytes: number): RagError =>
  notApplied(path, `it holds more than ${maxBytes} bytes`)

export const ignoreFileUnreadable = (path: string, why: string): RagError => notApplied(path, why)

export const ignoreRulesTooComplex = (path: string, maxStars: number): RagError =>
  passedOver(path, `rules with more than ${maxStars} stars are not applied`)

const notApplied = (path: string, why: string): RagError =>
  passedOver(path, `its rules are not applied: ${why}`)
