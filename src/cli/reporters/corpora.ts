import type {CorpusDeletion, CorpusReport, StatusReport} from '../../lib/index.js'
import {plural, showBytes, showCount, showTime} from '../output/human.js'
import {isDirty} from '../json/corpora.js'
import {bold, type Screen} from '../output/screen.js'
import {pairs, table} from './table.js'

const COLUMNS = [
  {title: 'CORPUS', cut: true},
  {title: 'DOCUMENTS', right: true},
  {title: 'CHUNKS', right: true},
  {title: 'VECTORS', right: true},
  {title: 'PENDING', right: true},
  {title: 'MODEL', cut: true},
  {title: 'INDEX', right: true},
  {title: 'UPDATED'},
]

/** The corpora of a store, one a line. */
export function renderCorpora(corpora: readonly CorpusReport[], screen: Screen): string {
  const rows = corpora.map((c) => [
    c.corpus,
    showCount(c.documents),
    showCount(c.chunks),
    showCount(c.vectors),
    showCount(c.pending),
    modelOf(c),
    showBytes(c.bytes),
    showTime(c.updatedAtMs),
  ])
  return table(COLUMNS, rows, screen)
}

/** One corpus, with the settings it was built with. */
export function renderCorpus(c: CorpusReport, screen: Screen): string {
  const {settings: s} = c
  const languages = Object.entries(c.languages).map(([language, n]) => `${language} ${showCount(n)}`)
  const facts = pairs([
    ['Documents', showCount(c.documents)],
    ['Chunks', `${showCount(c.chunks)}, ${showCount(c.pending)} without a vector`],
    ['Vectors', `${showCount(c.vectors)}${c.dummy > 0 ? `, and ${showCount(c.dummy)} placeholders` : ''}`],
    ['Model', `${modelOf(c)}, embedding version ${c.embeddingVersion}`],
    [
      'Index',
      `${plural(c.segments, 'segment')}, ${plural(c.tail, 'vector')} not yet in one, ${showBytes(c.bytes)}`,
    ],
    ...(c.keptVersion === undefined
      ? []
      : [['Kept', `embedding version ${c.keptVersion}, for rag rebuild --rollback`] as const]),
    ['Languages', languages.join(', ') || 'none'],
    ['Chunking', `${showCount(s.chunkSize)} tokens, overlap ${showCount(s.chunkOverlap)}`],
    ['Vector weight', s.vectorWeight === undefined ? "the model's own" : String(s.vectorWeight)],
    ['Version', showCount(c.version)],
    ['Fingerprint', c.fingerprint],
    ['Created', showTime(c.createdAtMs)],
    ['Updated', showTime(c.updatedAtMs)],
    ['Written by', c.writer ?? 'no one now'],
  ])
  return `${bold(c.corpus, screen)}\n${facts}`
}

/** What the deletion of a corpus took away. */
export function renderCorpusDeletion({corpus, documents, chunks, bytesFreed}: CorpusDeletion): string {
  const gone = `${plural(documents, 'document')}, ${plural(chunks, 'chunk')}, ${showBytes(bytesFreed)} of index and model files`
  return `Deleted corpus ${corpus}: ${gone}.\n`
}

/** The health of a store. */
export function renderStatus(report: StatusReport, screen: Screen): string {
  const word = (ok: boolean): string => (ok ? 'ok' : 'NOT OK')
  const {buildInfo: build, corpora} = report
  const dirty = corpora.filter(isDirty).length
  const facts = pairs([
    ['Store', `${report.dataDir} (format ${build.storeFormat})`],
    ['Database', `${word(report.dbOk)}, ${showBytes(report.databaseBytes)}`],
    [
      'Indexes',
      word(report.indexStoreOk) +
        (dirty > 0 ? `; ${showCount(dirty)} of ${showCount(corpora.length)} with work waiting` : ''),
    ],
    ['Version', `rag ${build.version}, Node ${build.node}`],
  ])
  const notes = report.notes.map((note) => `- ${note}\n`).join('')
  const list = corpora.length === 0 ? 'There is no corpus yet.\n' : renderCorpora(corpora, screen)
  return `${bold(report.ok ? 'All is well.' : 'Something is wrong.', screen)}\n${facts}\n${list}${notes === '' ? '' : `\n${notes}`}`
}

function modelOf({model, dimension}: CorpusReport): string {
  return dimension > 0 ? `${model} (${dimension})` : model
}
