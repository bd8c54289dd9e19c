import type {Corpus} from '../../model/corpus.js'
import {describeLoss, type LostCommits} from '../../model/lost-commits.js'
import type {EmbeddingVersion} from '../../model/embedding.js'
import type {FindingCode, Severity} from '../../model/operations/finding.js'
import type {Segment} from '../../model/segment.js'
import type {OrphanFile} from '../../ports/files/artifact-files.js'
import type {PendingReport, RowFault, RowFaultKind} from '../../ports/store/store-verifier.js'
import type {Diagnosis, Mend} from './diagnosis.js'

/* Makers of all findings: their wording is here and nowhere else. */

const REPAIR = 'rag verify --repair'
const FROM_BACKUP =
  'Keep a copy of the folder, then restore it from a backup, or ingest the documents into a new one. Suspect the disk.'

type Wording = readonly [severity: Severity, code: FindingCode, where: string, message: string, fix: string]

function diagnosis([severity, code, where, message, fix]: Wording, mend?: Mend): Diagnosis {
  return {finding: {severity, code, where, message, fix}, mend}
}

export const ofCorpus = (corpus: Pick<Corpus, 'name'>): string => `corpus ${corpus.name}`

export const databaseDamaged = (where: string, fault: string): Diagnosis =>
  diagnosis([
    'error',
    'DATABASE_DAMAGED',
    where,
    `The database is damaged: ${fault.replace(/\.$/, '')}.`,
    FROM_BACKUP,
  ])

export const commitsGone = (lost: LostCommits): Diagnosis =>
  diagnosis([
    'error',
    'COMMITS_LOST',
    'rag.db',
    `${describeLoss(lost)} that were reported as done are gone: the write-ahead log was damaged or lost.`,
    'Restore from a backup: rag restore DIR. Or go on without them: rag verify --accept-loss. Suspect the disk.',
  ])

export const referenceBroken = (fault: {table: string; parent: string; count: number}): Diagnosis =>
  diagnosis(
    [
      'error',
      'REFERENCE_BROKEN',
      'rag.db',
      `${fault.count} rows of "${fault.table}" point at rows of "${fault.parent}" that are gone.`,
      REPAIR,
    ],
    {what: 'references'},
  )

export const keywordsDamaged = (where: string, corpusId: number, fault: string): Diagnosis =>
  diagnosis(['error', 'KEYWORDS_DAMAGED', where, `The keyword index is damaged: ${fault}.`, REPAIR], {
    what: 'keywords',
    corpusId,
  })

/** Rows by number. */
export const rowsNotAsStored = (table: string, count: number, rows: readonly number[]): Diagnosis =>
  diagnosis([
    'error',
    'ROW_DAMAGED',
    `rag.db ${table}`,
    `${count} rows are not what was stored (${rows.join(', ')}${count > rows.length ? ', …' : ''}): their checksums do not fit. They are shown to nobody. Suspect the disk.`,
    `${REPAIR} sets flipped bits right. For what is left: restore from a backup, or ingest the documents again with --force`,
  ])

/** How a fault of rows is worded: code, and what so many rows are. */
const ROW_FAULTS: Readonly<Record<RowFaultKind, readonly [FindingCode, string]>> = {
  'chunk-count': ['CHUNK_COUNT_WRONG', 'documents have another number of chunks than they say'],
  'chunk-orphan': ['CHUNK_ORPHANED', 'chunks belong to no document'],
  'chunk-of-deleted': ['CHUNK_NOT_DELETED', 'deleted documents have chunks that are not'],
  text: ['TEXT_DAMAGED', 'chunks have a text that is not the recorded one'],
  'vector-orphan': ['VECTOR_ORPHANED', 'vectors belong to no chunk'],
  vector: ['VECTOR_DAMAGED', 'vectors have the wrong length, or numbers that are not usable'],
  'keyword-count': ['KEYWORDS_INCOMPLETE', 'entries of the keyword index are missing or too many'],
  'keyword-terms': ['KEYWORDS_DAMAGED', 'chunks are not found by words of theirs in the keyword index'],
  'keyword-totals': ['KEYWORDS_DAMAGED', 'totals of the keyword index are not those of its entries'],
  'keyword-leftovers': ['KEYWORDS_STALE', 'keyword index still counts removed chunks when it ranks'],
  counts: ['COUNTS_WRONG', 'kept counts of documents, chunks and vectors are not those of the rows'],
}

const TEXT_FIX =
  'Nothing stored can mend it: ingest the documents again with --force, or restore from a backup. Suspect the disk.'
const VECTOR_FIX = `${REPAIR} removes them; the next ingest of their documents embeds them anew`

export function rowFault(corpus: Corpus, {kind, count, examples}: RowFault): Diagnosis {
  const [code, what] = ROW_FAULTS[kind]
  const names = examples.length > 0 ? ` (${examples.join(', ')}${count > examples.length ? ', …' : ''})` : ''
  const fix = kind === 'text' ? TEXT_FIX : kind === 'vector' ? VECTOR_FIX : REPAIR
  const message = `${count} ${what}${names}.`
  if (kind === 'text') return diagnosis(['error', code, ofCorpus(corpus), message, fix])
  const what2 = kind.startsWith('keyword-') ? 'keywords' : 'rows'
  const severity: Severity = kind === 'keyword-leftovers' ? 'warning' : 'error'
  return diagnosis([severity, code, ofCorpus(corpus), message, fix], {what: what2, corpusId: corpus.id})
}

export function vectorsPending(corpus: Corpus, pending: PendingReport): Diagnosis {
  const more = pending.documents > pending.examples.length ? ', …' : ''
  return diagnosis([
    'info',
    'VECTORS_PENDING',
    ofCorpus(corpus),
    `${pending.chunks} chunks of ${pending.documents} documents have no vector yet (${pending.examples.join(', ')}${more}).`,
    `rag ingest … --corpus ${corpus.name}`,
  ])
}

interface SegmentPlace {
  readonly corpusId: number
  readonly segment: Segment
}

const mendSegment = ({corpusId, segment}: SegmentPlace): Mend => ({
  what: 'segment',
  corpusId,
  segmentId: segment.id,
})

const about =
  (code: FindingCode, message: (why: string) => string) =>
  (place: SegmentPlace, why: string): Diagnosis =>
    diagnosis(['error', code, `indexes/${place.segment.file}`, message(why), REPAIR], mendSegment(place))

export const segmentRowWrong = about('SEGMENT_ROW_WRONG', (why) => `The row of the segment is wrong: ${why}.`)

export const segmentDamaged = about(
  'SEGMENT_DAMAGED',
  (why) =>
    `The segment can't be used: ${why}. Its vectors are compared one by one meanwhile; nothing is lost.`,
)

export const segmentDisagrees = about(
  'SEGMENT_DISAGREES',
  (why) => `The segment is not what the stored vectors say: ${why}.`,
)

export const segmentUnreachable = ({segment}: SegmentPlace, missed: number, asked: number): Diagnosis =>
  diagnosis([
    'info',
    'SEGMENT_UNREACHABLE',
    `indexes/${segment.file}`,
    `${missed} of ${asked} sampled vectors are not found by an index search, which is approximate.`,
    'Nothing is to be done.',
  ])

/** A vector of the database in which one bit was flipped, as it was before. */
export interface FlippedVector {
  readonly seq: number
  readonly vector: Float32Array
}

export const vectorFlipped = (version: EmbeddingVersion, {seq, vector}: FlippedVector): Diagnosis =>
  diagnosis(
    [
      'error',
      'VECTOR_DAMAGED',
      `vector ${seq}`,
      'A bit of the vector was flipped in the database: with it set right it is what the index says, whose SHA-256 holds. Suspect the disk.',
      `${REPAIR} sets it right`,
    ],
    {what: 'vector', corpusId: version.corpusId, versionId: version.id, seq, vector},
  )

export const modelDamaged = (version: EmbeddingVersion, why: string): Diagnosis =>
  diagnosis(
    [
      'error',
      'MODEL_DAMAGED',
      `models/${version.modelFile?.file ?? ''}`,
      `The learned model can't be used: ${why}. Keyword search answers alone meanwhile.`,
      `${REPAIR} learns it anew from the stored texts`,
    ],
    {what: 'model', corpusId: version.corpusId, versionId: version.id},
  )

export const fileUnreadable = (where: string, why: string): Diagnosis =>
  diagnosis([
    'error',
    'FILE_UNREADABLE',
    where,
    `The file can't be read: ${why}`,
    'Check its rights, and the disk.',
  ])

const LEFT_OVER: Readonly<Record<OrphanFile['kind'], string>> = {
  staged: 'was being written when its process ended',
  'set-aside': 'was set aside because it was damaged',
  unnamed: 'is used by nothing',
}

export const leftOver = (where: string, {kind, sizeBytes}: OrphanFile, mend: Mend | undefined): Diagnosis =>
  diagnosis(
    [
      'warning',
      'FILE_LEFT_OVER',
      where,
      `The file (${sizeBytes} bytes) ${LEFT_OVER[kind]}.`,
      mend
        ? `${REPAIR}, or the next ${mend.what === 'restore' ? 'restore' : 'ingest'}`
        : 'Remove it by hand.',
    ],
    mend,
  )

export const leftWithoutCorpora = (where: string, {kind, sizeBytes}: OrphanFile): Diagnosis =>
  diagnosis([
    'warning',
    'FILE_LEFT_OVER',
    where,
    `The file (${sizeBytes} bytes) ${LEFT_OVER[kind]}: the store knows no corpus at all.`,
    'If its database was lost, restore it from a backup: rag restore DIR. Else remove the file by hand.',
  ])

export const versionLeftOver = (corpus: Corpus, number: number): Diagnosis =>
  diagnosis(
    [
      'warning',
      'VERSION_LEFT_OVER',
      ofCorpus(corpus),
      `Embedding version ${number} was replaced and is not kept, but its vectors and files are still there.`,
      `${REPAIR}, or the next ingest`,
    ],
    {what: 'orphans', corpusId: corpus.id},
  )

export const deleteUnfinished = (corpus: Corpus, documents: number): Diagnosis =>
  diagnosis(
    [
      'error',
      'DELETE_UNFINISHED',
      ofCorpus(corpus),
      `A hard delete of ${documents === 1 ? '1 document' : `${documents} documents`} was cut off: no search finds them, but bytes of them may still be in index and model files, in the log of the database or in caches.`,
      `${REPAIR}, the next ingest, or the same rag docs delete --hard`,
    ],
    {what: 'purge', corpusId: corpus.id},
  )

export const leaseOfDead = (corpus: string, holder: string): Diagnosis =>
  diagnosis([
    'info',
    'LEASE_OF_DEAD',
    `corpus ${corpus}`,
    `It was being written by ${holder}, which is gone.`,
    'Nothing is to be done: the next command that writes takes over.',
  ])

export const folderRights = (where: string, message: string, fix: string): Diagnosis =>
  diagnosis(['warning', 'FOLDER_RIGHTS', where, message, fix])

export const cacheDamaged = (where: string, why: string): Diagnosis =>
  diagnosis([
    'warning',
    'CACHE_DAMAGED',
    where,
    `The cache can't be used: ${why}. No command needs it.`,
    'Nothing is to be done: it is set aside and made anew when it is next used.',
  ])
