import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createBatchFiles} from '../../src/lib/adapters/files/batches/batch-files.js'
import {createExportFolder} from '../../src/lib/adapters/files/batches/export-folder.js'
import {nodeFileOperations, type FileOperations} from '../../src/lib/adapters/files/file-operations.js'
import {createTextFiles} from '../../src/lib/adapters/files/text-files.js'
import {exportCorpus} from '../../src/lib/export/export-corpus.js'
import {systemDigest as digest} from '../../src/lib/adapters/system/digest.js'
import {parseExportManifest, type ExportManifest} from '../../src/lib/export/export-manifest.js'
import {requireOwnFolder} from '../../src/lib/export/export-place.js'
import {beginGathering, gatherBatches} from '../../src/lib/export/gather-batches.js'
import {ReplayedExports} from '../../src/lib/replay/exports/replayed-exports.js'
import type {Corpus} from '../../src/lib/model/corpus.js'
import {RagError} from '../../src/lib/model/errors.js'
import type {ExportRequest} from '../../src/lib/model/operations/export.js'
import type {CorpusSnapshot, SnapshotDocument} from '../../src/lib/ports/store/corpus-snapshot.js'

/** In memory where there is such a folder: what is tested is the order of the calls, and every one is made hundreds of times. */
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A corpus of as many documents as its version says; of the last, each text is another than a version before. */
export function snapshotAt(version: number): CorpusSnapshot {
  const corpus = {
    id: 1,
    name: 'c',
    settings: {model: 'lsa'},
    version,
    state: `s${version}`,
    createdAtMs: 5,
    updatedAtMs: version,
  }
  const live = {
    ...{
      id: 1,
      corpusId: 1,
      number: 1,
      provider: 'lsa',
      model: 'lsa',
      dimension: 3,
      fingerprint: 'f',
      state: 'live',
    },
    ...{createdAtMs: 5, modelFile: {file: 'm', sizeBytes: 5, sha256: digest.sha256('model')}},
  }
  const documents = Array.from({length: version}, (_, i) => documentOf(i, version))
  const since = (from = 0): readonly SnapshotDocument[] => documents.filter((_, i) => i >= from)
  return {
    corpus: corpus as unknown as Corpus,
    live: live as unknown as NonNullable<CorpusSnapshot['live']>,
    count: (from) => Promise.resolve({documents: since(from).length, chunks: since(from).length, empty: 0}),
    async *documents(from) {
      yield* since(from)
    },
    readThrough: () => {
      throw new Error('an export reads documents by another way')
    },
    deletedSince: (from) => Promise.resolve(from < version ? [`gone-${version}`] : []),
    close: () => Promise.resolve(),
  }
}

function documentOf(i: number, version: number): SnapshotDocument {
  const text = i === version - 1 ? `text ${i} of version ${version}` : `text ${i}`
  const chunk = {
    ordinal: 1,
    text,
    heading: [],
    startLine: 1,
    endLine: 1,
    tokens: 3,
    overlap: 0,
    kind: 'dense' as const,
  }
  const source = {source: `/d${i}`, readAtMs: 7, pipeline: 'p'}
  return {
    ...{
      docId: `d${i}`,
      docHash: digest.sha256(text),
      title: '',
      language: 'en',
      metadata: {},
      source,
      updatedAtMs: 7,
    },
    chunks: [{...chunk, vector: Float32Array.of(i, version, 1)}],
  }
}

/** A folder that is exported to by whatever file operations. */
export class ExportWorld {
  readonly root: string
  readonly dir: string
  readonly #operations: FileOperations

  constructor({
    like,
    operations = nodeFileOperations,
  }: {like?: ExportWorld; operations?: FileOperations} = {}) {
    this.root = mkdtempSync(path.join(BASE, 'rag-export-'))
    this.dir = path.join(this.root, 'new', 'out')
    this.#operations = operations
    writeFileSync(path.join(this.root, 'model'), 'model')
    if (like && existsSync(like.dir)) {
      mkdirSync(path.dirname(this.dir))
      cpSync(like.dir, this.dir, {recursive: true})
    }
  }

  /** A folder that others export to. */
  static at(dir: string): Pick<ExportWorld, 'content' | 'hidden' | 'taken'> {
    const world = new ExportWorld()
    world.remove()
    return Object.assign(world, {dir})
  }

  remove(): void {
    rmSync(this.root, {recursive: true, force: true})
  }

  /** As `rag export` does, but for the lock. */
  async export(version: number, more: Partial<ExportRequest> = {}): Promise<void> {
    const folder = createExportFolder(this.dir, this.#operations)
    const snapshot = snapshotAt(version)
    const claim = {corpus: snapshot.corpus, name: 'c', gathers: false}
    await requireOwnFolder({folder, digest}, claim)
    await folder.make()
    const before = await requireOwnFolder({folder, digest}, claim)
    const tools = {snapshot, folder, digest, before, modelPath: path.join(this.root, 'model'), baseName: 'c'}
    await exportCorpus(tools, {corpus: 'c', dir: this.dir, maxRecords: 2, ...more}, {})
  }

  /** As `rag ingest --msgpack-out` does when it is through, and, in a new folder, before it begins. */
  async gather(version: number): Promise<void> {
    const folder = createExportFolder(this.dir, this.#operations)
    const snapshot = snapshotAt(version)
    const claim = {corpus: snapshot.corpus, name: 'c', gathers: true}
    await requireOwnFolder({folder, digest}, claim)
    await folder.make()
    await folder.requireWritable()
    const before =
      (await requireOwnFolder({folder, digest}, claim)) ??
      (await beginGathering({snapshot: snapshotAt(0), folder, digest}))
    const tools = {snapshot, folder, digest, modelPath: path.join(this.root, 'model'), baseName: 'c'}
    await gatherBatches(tools, before, {})
  }

  manifest(): ExportManifest | undefined {
    const at = path.join(this.dir, 'manifest.json')
    return existsSync(at) ? parseExportManifest(readFileSync(at, 'utf8'), at, digest) : undefined
  }

  /** All that is there but for what is hidden, by name. */
  content(): Readonly<Record<string, string>> {
    if (!existsSync(this.dir)) return {}
    const names = readdirSync(this.dir).filter((name) => !name.startsWith('.'))
    return Object.fromEntries(
      names.sort().map((name) => [name, readFileSync(path.join(this.dir, name), 'latin1')]),
    )
  }

  hidden(): readonly string[] {
    return existsSync(this.dir) ? readdirSync(this.dir).filter((name) => name.startsWith('.')) : []
  }

  /** The batches that `rag replay` would take, by name. */
  async taken(): Promise<Readonly<Record<string, string>>> {
    const files = createBatchFiles()
    const exports = new ReplayedExports({
      files,
      digest,
      texts: createTextFiles(nodeFileOperations),
      retryMs: 0,
    })
    const taken: Record<string, string> = {}
    for (const at of await files.expand([`${this.dir}/*.msgpack`])) {
      const file = await files.open(at)
      try {
        await exports.check(file)
        taken[path.basename(at)] = readFileSync(at, 'latin1')
      } catch (error) {
        if (!(error instanceof RagError && error.code === 'BATCH_DAMAGED')) throw error
      } finally {
        await file.close()
      }
    }
    return taken
  }
}
