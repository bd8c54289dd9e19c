/** What an error is put down to, or what it spoils. It may be about several. */
export type Subject =
  /** What was asked for: a command, a flag, a name, a setting. */
  | 'request'
  /** Something that was named, or looked for, and is not in the store. */
  | 'absent'
  /** A file or folder of documents. */
  | 'input'
  /** One line of a JSON Lines file: it is named, and the other lines are taken. */
  | 'line'
  /** One record of a batch: it is named, and the other records are taken. */
  | 'record'
  /** One batch: it is named, and the other files are loaded. */
  | 'batch'
  /** Locks, permissions, room on the disk, versions of programs: nothing that says anything about what is stored. */
  | 'environment'
  /** The writing alone: what is stored can be read. */
  | 'writing'
  /** What the database or an index file holds. */
  | 'stored'
  | 'backup'
  | 'state-file'
  /** The model, or the service, that makes vectors: the text is stored, and its chunks are pending. */
  | 'embedding'
  /** The file of a learned model: it takes a new one. */
  | 'learned-model'
  /** The vector side of a search: keyword search can answer alone. */
  | 'vector-search'
  | 'chat'
  /** This program. */
  | 'program'

export interface ErrorTraits {
  /** What a command ends with: see docs/exit-codes.md. */
  readonly exit: 1 | 2 | 4 | 5 | 6 | 7 | 8 | 130
  /** The same request may succeed later: by itself, or by what somebody else does. Whoever watches waits for it. */
  readonly transient: boolean
  readonly about: readonly Subject[]
}

/**
 * Every way `rag` can fail, as a closed set, and all that is decided by the code alone. Each has a section in docs/errors.md.
 * The wording of each case is in the folders beside this file.
 */
export const ERROR_TABLE = {
  USAGE: {exit: 2, transient: false, about: ['request']},
  BAD_NAME: {exit: 2, transient: false, about: ['request']},
  CONFIG_INVALID: {exit: 2, transient: false, about: ['request']},
  STORE_MISSING: {exit: 4, transient: false, about: ['environment']},
  CORPUS_MISSING: {exit: 4, transient: false, about: ['absent']},
  DOCUMENT_MISSING: {exit: 4, transient: false, about: ['absent']},
  SESSION_MISSING: {exit: 4, transient: false, about: ['absent']},
  NO_EXAMPLES: {exit: 4, transient: false, about: ['absent']},
  INPUT_MISSING: {exit: 4, transient: true, about: ['input', 'batch']},
  INPUT_UNREADABLE: {exit: 1, transient: true, about: ['input', 'batch']},
  NOT_TEXT: {exit: 1, transient: false, about: ['input', 'line']},
  TOO_LARGE: {exit: 1, transient: false, about: ['input', 'line', 'batch']},
  BAD_INPUT: {exit: 1, transient: false, about: ['input', 'line', 'record', 'batch']},
  BAD_VECTOR: {exit: 1, transient: false, about: ['line', 'record']},
  BATCH_DAMAGED: {exit: 5, transient: false, about: ['batch']},
  BATCH_MISSING: {exit: 5, transient: true, about: ['batch']},
  ID_TAKEN: {exit: 1, transient: false, about: ['input']},
  PRUNE_REFUSED: {exit: 1, transient: true, about: ['input']},
  STORE_UNUSABLE: {exit: 1, transient: false, about: ['environment']},
  STORE_READ_ONLY: {exit: 1, transient: false, about: ['environment', 'writing']},
  DISK_FULL: {exit: 1, transient: true, about: ['environment', 'writing']},
  STORE_DAMAGED: {exit: 5, transient: false, about: ['stored']},
  COMMITS_LOST: {exit: 5, transient: false, about: ['writing']},
  BACKUP_MISSING: {exit: 4, transient: false, about: ['backup']},
  BACKUP_DAMAGED: {exit: 5, transient: false, about: ['backup']},
  INDEX_DAMAGED: {exit: 5, transient: false, about: ['stored']},
  MODEL_DAMAGED: {exit: 5, transient: false, about: ['learned-model', 'vector-search']},
  STORE_BUSY: {exit: 6, transient: true, about: ['environment', 'writing']},
  LEASE_HELD: {exit: 6, transient: true, about: ['environment']},
  LEASE_LOST: {exit: 6, transient: true, about: ['environment']},
  // Passes when the process of the other corpus ends, but that one may watch for ever.
  STATE_HELD: {exit: 6, transient: false, about: ['state-file']},
  EMBEDDER_UNREACHABLE: {exit: 7, transient: true, about: ['embedding', 'vector-search']},
  EMBEDDER_REFUSED: {exit: 7, transient: true, about: ['embedding', 'vector-search']},
  EMBEDDER_BAD_ANSWER: {exit: 7, transient: true, about: ['embedding', 'vector-search']},
  MODEL_MISSING: {exit: 7, transient: true, about: ['embedding', 'vector-search']},
  MODEL_UNUSABLE: {exit: 8, transient: true, about: ['embedding', 'vector-search']},
  CHAT_UNREACHABLE: {exit: 7, transient: true, about: ['chat']},
  CHAT_REFUSED: {exit: 7, transient: true, about: ['chat']},
  CHAT_BAD_ANSWER: {exit: 7, transient: true, about: ['chat']},
  DIMENSION_MISMATCH: {exit: 8, transient: false, about: ['line', 'record', 'vector-search']},
  MODEL_MISMATCH: {
    exit: 8,
    transient: false,
    about: ['line', 'batch', 'embedding', 'learned-model', 'vector-search'],
  },
  MODEL_UNKNOWN: {exit: 8, transient: false, about: ['request', 'vector-search']},
  NO_VECTORS: {exit: 1, transient: false, about: ['vector-search']},
  STORE_NEWER: {exit: 8, transient: false, about: ['environment']},
  NATIVE_MODULE_MISSING: {exit: 1, transient: false, about: ['environment', 'embedding', 'vector-search']},
  INTERRUPTED: {exit: 130, transient: false, about: ['environment', 'batch']},
  INTERNAL: {exit: 1, transient: false, about: ['program']},
} as const satisfies Record<string, ErrorTraits>

export type ErrorCode = keyof typeof ERROR_TABLE

/** All of them, in the order of docs/errors.md. */
export const ERROR_CODES = /* @__PURE__ */ Object.keys(ERROR_TABLE) as readonly ErrorCode[]

export function exitOf(code: ErrorCode): number {
  return ERROR_TABLE[code].exit
}
