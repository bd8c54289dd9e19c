import * as z from 'zod'
import type {ErrorCode} from '../../lib/model/errors/error-table.js'
import type {ModelDtype} from '../../lib/model/model-folder.js'
import type {Intent} from '../../lib/model/operations/answer.js'
import type {FindingCode, Severity} from '../../lib/model/operations/finding.js'
import type {CacheMode, SearchMode} from '../../lib/model/operations/query.js'
import type {RebuildAction} from '../../lib/model/operations/rebuild.js'

/**
 * The closed sets of words that requests and results hold. They stand here as promised to the outside and in the model as used inside;
 * `exactly` compares both at compile time, so that neither can gain or lose a member alone, and nothing is imported at run time.
 */
export const exactly =
  <T extends string>() =>
  <const L extends readonly T[]>(
    ...members: [T] extends [L[number]] ? L : never
  ): z.ZodEnum<{[K in L[number]]: K}> =>
    z.enum(members as readonly L[number][]) as z.ZodEnum<{[K in L[number]]: K}>

export const searchMode = exactly<SearchMode>()('hybrid', 'keyword', 'vector')

export const cacheMode = exactly<CacheMode>()('use', 'refresh', 'off')

export const intent = exactly<Intent>()(
  'definition',
  'comparison',
  'how-to',
  'list',
  'yes-no',
  'number',
  'when',
  'who',
  'where',
  'why',
  'other',
)

export const rebuildAction = exactly<RebuildAction>()('rebuild', 'reembed', 'fill', 'compact', 'rollback')

export const modelDtype = exactly<ModelDtype>()('fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4')

export const severity = exactly<Severity>()('error', 'warning', 'info')

export const findingCode = exactly<FindingCode>()(
  'DATABASE_DAMAGED',
  'COMMITS_LOST',
  'ROW_DAMAGED',
  'REFERENCE_BROKEN',
  'KEYWORDS_DAMAGED',
  'KEYWORDS_INCOMPLETE',
  'KEYWORDS_STALE',
  'CHUNK_COUNT_WRONG',
  'CHUNK_ORPHANED',
  'CHUNK_NOT_DELETED',
  'TEXT_DAMAGED',
  'VECTOR_ORPHANED',
  'VECTOR_DAMAGED',
  'VECTORS_PENDING',
  'COUNTS_WRONG',
  'SEGMENT_ROW_WRONG',
  'SEGMENT_DAMAGED',
  'SEGMENT_DISAGREES',
  'SEGMENT_UNREACHABLE',
  'MODEL_DAMAGED',
  'FILE_UNREADABLE',
  'FILE_LEFT_OVER',
  'VERSION_LEFT_OVER',
  'DELETE_UNFINISHED',
  'LEASE_OF_DEAD',
  'FOLDER_RIGHTS',
  'CACHE_DAMAGED',
)

export const errorCode = exactly<ErrorCode>()(
  'USAGE',
  'BAD_NAME',
  'CONFIG_INVALID',
  'STORE_MISSING',
  'CORPUS_MISSING',
  'DOCUMENT_MISSING',
  'SESSION_MISSING',
  'NO_EXAMPLES',
  'INPUT_MISSING',
  'INPUT_UNREADABLE',
  'NOT_TEXT',
  'TOO_LARGE',
  'BAD_INPUT',
  'BAD_VECTOR',
  'BATCH_DAMAGED',
  'BATCH_MISSING',
  'ID_TAKEN',
  'PRUNE_REFUSED',
  'STORE_UNUSABLE',
  'STORE_READ_ONLY',
  'DISK_FULL',
  'STORE_DAMAGED',
  'COMMITS_LOST',
  'BACKUP_MISSING',
  'BACKUP_DAMAGED',
  'INDEX_DAMAGED',
  'MODEL_DAMAGED',
  'STORE_BUSY',
  'LEASE_HELD',
  'LEASE_LOST',
  'STATE_HELD',
  'EMBEDDER_UNREACHABLE',
  'EMBEDDER_REFUSED',
  'EMBEDDER_BAD_ANSWER',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'CHAT_UNREACHABLE',
  'CHAT_REFUSED',
  'CHAT_BAD_ANSWER',
  'DIMENSION_MISMATCH',
  'MODEL_MISMATCH',
  'MODEL_UNKNOWN',
  'NO_VECTORS',
  'STORE_NEWER',
  'NATIVE_MODULE_MISSING',
  'INTERRUPTED',
  'INTERNAL',
)
