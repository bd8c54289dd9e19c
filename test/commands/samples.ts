import type {
  CorpusReport,
  DocumentRecord,
  Hit,
  IngestReport,
  SearchReport,
  StatusReport,
} from '../../src/lib/index.js'

export const hit = (rank: number, more: Partial<Hit> = {}): Hit => ({
  rank,
  score: 1 / rank,
  docId: `doc${rank}.md`,
  chunkId: `doc${rank}.md#c0001`,
  title: `Title ${rank}`,
  text: 'You have thirty days of sick leave.',
  heading: ['Leave', 'Sick leave'],
  lines: [10, 12],
  metadata: {year: 2024},
  scores: {keyword: {score: 0.5, rank}, vector: {score: 0.25}},
  snippet: {
    text: 'thirty days of sick leave',
    marks: [
      [15, 19],
      [20, 25],
    ],
  },
  ...more,
})

export const searchReport = (more: Partial<SearchReport> = {}): SearchReport => ({
  query: 'sick leave',
  corpus: 'default',
  mode: 'hybrid',
  hits: [hit(1), hit(2)],
  totalFound: 17,
  tookMs: 3.25,
  corpusVersion: 4,
  degraded: false,
  notes: [],
  explain: {terms: ['sick', 'leav'], weight: 0.5, fusion: 'weighted', segments: 1, tail: 0, pending: 0},
  ...more,
})

export const ingestReport = (more: Partial<IngestReport> = {}): IngestReport => ({
  corpus: 'default',
  model: 'lsa',
  dimension: 256,
  documents: {added: 3, updated: 1, unchanged: 1200, deleted: 0, failed: 0},
  chunks: {added: 40, kept: 2, deleted: 1, total: 15_321, pending: 0},
  cache: {embedHits: 10, embedMisses: 30, hitRate: 0.25},
  checkpoints: 2,
  seconds: 12.5,
  textSeconds: 1.5,
  documentsPerSecond: 96.3,
  chunksPerSecond: 3.2,
  indexDir: '/store/indexes/default/1',
  failed: [],
  ignored: {'.png': 3},
  notes: [],
  interrupted: false,
  ...more,
})

export const corpusReport = (more: Partial<CorpusReport> = {}): CorpusReport => ({
  corpus: 'acme/docs',
  tenant: 'acme',
  namespace: 'docs',
  model: 'lsa',
  embeddingVersion: 2,
  dimension: 256,
  documents: 1204,
  chunks: 15_321,
  vectors: 15_300,
  pending: 21,
  dummy: 0,
  segments: 3,
  tail: 0,
  version: 9,
  fingerprint: 'f00d',
  bytes: 5_500_000,
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  updatedAtMs: Date.UTC(2026, 1, 2, 3, 4, 5),
  languages: {en: 1200, de: 4},
  settings: {model: 'lsa', chunkSize: 256, chunkOverlap: 32, dimension: 256},
  ...more,
})

export const statusReport = (more: Partial<StatusReport> = {}): StatusReport => ({
  ok: true,
  dataDir: '/store',
  dbOk: true,
  indexStoreOk: true,
  jobQueueOk: true,
  buildInfo: {version: '0.1.0', node: '20.20.2', storeFormat: 1},
  databaseBytes: 4096,
  corpora: [corpusReport()],
  notes: [],
  ...more,
})

export const documentRecord = (more: Partial<DocumentRecord> = {}): DocumentRecord => ({
  id: 1,
  docId: 'guides/leave.md',
  docHash: 'abc123',
  title: 'Leave',
  language: 'en',
  source: {source: '/home/kb/guides/leave.md', sizeBytes: 2048},
  metadata: {year: 2024},
  chunks: 2,
  createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  updatedAtMs: Date.UTC(2026, 1, 2, 3, 4, 5),
  ...more,
})
