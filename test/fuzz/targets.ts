import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import type {FileHandle} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {crc32} from 'node:zlib'
import {encode} from '@msgpack/msgpack'
import hnswlib from 'hnswlib-node'
import {readCopies} from '../../src/lib/adapters/hnsw/segment-copies.js'
import {checkUpperLayers, readShape} from '../../src/lib/adapters/hnsw/segment-format.js'
import {decodeHeader, decodeRecord} from '../../src/lib/codec/decode-record.js'
import {formatExportManifest, parseExportManifest} from '../../src/lib/export/export-manifest.js'
import {createLoaders} from '../../src/lib/loading/create-loaders.js'
import {encodeHead, encodeRows, HEADER_BYTES} from '../../src/lib/lsa/model-file.js'
import {ModelReader} from '../../src/lib/lsa/model-reader.js'
import {isAbout} from '../../src/lib/model/errors.js'
import type {RandomAccessFiles} from '../../src/lib/ports/files/random-access-files.js'
import {itemsOf} from '../support/batch-bytes.js'
import type {Target} from './fuzz.js'

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)
const bytesOf = (content: string): Uint8Array => Buffer.from(content)

const codec: Target = {
  name: 'codec',
  corpus: () => {
    const record = {
      text: 'bees',
      embedding: [0.5, 1, 2],
      metadata: {n: 1, when: new Date(0), deep: [{a: null}]},
    }
    const rag = {doc_id: 'a', n: 1, of: 1, lines: [1, 2], tokens: 3, vector: 'dense', document: {title: 'A'}}
    const batches = [
      {version: 1, source: 's', created_at: '2026-01-01T00:00:00Z', embedding_dim: 3, records: [record, {}]},
      {records: [{...record, rag}], rag: {corpus: 'c', settings: {}, provider: 'p', model: 'm'}},
      [record, {text: Buffer.from('bytes'), embedding: Buffer.alloc(12)}],
      {text: 'alone', embedding: {nd: true, type: '<f4', shape: [2], data: Buffer.alloc(8)}},
    ]
    return Promise.resolve(batches.map((batch) => encode(batch)))
  },
  run: async (input) => {
    for (const item of await itemsOf(input, {size: 7})) {
      if (item.kind === 'header') decodeHeader(item.fields)
      if (item.kind !== 'record') continue
      try {
        decodeRecord(item.fields, {embeddingDim: 3})
      } catch (error) {
        if (!isAbout(error, 'record')) throw error
      }
    }
  },
}

/** Sealed anew, so that what is inside is looked at; as it is, too. */
const manifest: Target = {
  name: 'manifest',
  corpus: () => {
    const file = {file: 'a.msgpack', records: 1, size_bytes: 10, sha256: 'a'.repeat(64), run: 1}
    const run = {run: 1, since: 0, corpus_version: 2, complete: false, model: 'f', content_fingerprint: 'c'}
    const whole = {
      format: 'rag-export' as const,
      format_version: 1 as const,
      corpus: 'c',
      corpus_version: 3,
      content_fingerprint: 'f',
      documents: 1,
      records: 1,
      settings: {model: 'lsa'},
      model: {provider: 'lsa', model: 'lsa', dimension: 8, fingerprint: 'f', fitted_chunks: 3},
      files: [file],
      runs: [{...run, documents: 1, records: 1, deleted: ['x']}],
    }
    return Promise.resolve([bytesOf(formatExportManifest(whole, {sha256: () => 'x', key: () => 'x'}))])
  },
  run: (input) => {
    // Whatever the seal says, it holds.
    const seal = /"sha256": "([^"]*)"\s*\}\s*$/.exec(text(input))?.[1] ?? 'x'
    return parseExportManifest(text(input), 'manifest.json', {sha256: () => seal, key: () => seal})
  },
}

const NAMES = ['a.md', 'a.html', 'a.xml', 'a.rst', 'a.csv', 'a.json', 'a.jsonl', 'a.yml', 'a.txt', 'a.py']
const SAMPLES = [
  '---\ntitle: A\ntags: [a, b]\n---\n# H\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n',
  '<html lang=de><title>T</title><body><h1>A</h1><table><tr><td>1</table><p>&amp;&#x41;<pre>x</pre>',
  '<?xml version="1.0"?><a b="c"><!-- d --><![CDATA[e]]><f>&lt;</f></a>',
  'Title\n=====\n\n.. note:: x\n\n   y\n\n* a\n* b\n',
  'a,b\n"x ""y""",2\n',
  '{"title":"A","text":"b\\u00e9","c":[1,{"d":null}]}',
  '{"text":"a"}\n{"text":"b"}\n',
  'a: 1\n',
  'plain\r\ntext',
  'def f():\n  return 1\n',
]

/** The first byte chooses the format. */
const loaders: Target = {
  name: 'loaders',
  corpus: () =>
    Promise.resolve(SAMPLES.map((sample, i) => Buffer.concat([Uint8Array.of(i), bytesOf(sample)]))),
  run: (input) => {
    const name = NAMES[(input[0] ?? 0) % NAMES.length]!
    return createLoaders()
      .find(name)!
      .load({name, bytes: input.subarray(1)})
  },
}

const inMemory = (bytes: Uint8Array): RandomAccessFiles => ({
  open: () =>
    Promise.resolve({
      read: (buffer, position) => {
        const part = bytes.subarray(position, position + buffer.length)
        buffer.set(part)
        return Promise.resolve(part.length)
      },
      sizeBytes: () => Promise.resolve(bytes.length),
      close: () => Promise.resolve(),
    }),
  create: () => Promise.reject(new Error('read only')),
  unlink: () => Promise.reject(new Error('read only')),
})

const TERMS = Array.from({length: 100}, (_, i) => `term${String(i).padStart(3, '0')}`)

/** Checksums of header and directory are made right, so that what they say is looked at. */
const lsa: Target = {
  name: 'lsa',
  corpus: () => {
    const values = new Float32Array(100 * 4).fill(0.5)
    const head = encodeHead({dimension: 4, inputs: 10, analyser: 'a', terms: TERMS})
    const rows = encodeRows(values, new Float32Array(100).fill(1), 4, {from: 0, to: 100})
    return Promise.resolve([Buffer.concat([head, rows])])
  },
  run: async (input) => {
    const bytes = Buffer.from(input)
    if (bytes.length >= HEADER_BYTES) {
      const length = bytes.readUInt32LE(8 + 4 * 5)
      bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length)), 8 + 4 * 6)
      bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4)
    }
    const reader = await ModelReader.open(inMemory(bytes), 'm.lsa', {dimension: 4, analyser: 'a'})
    for (const term of ['term000', 'term070', 'zzz', '']) await reader.row(term)
    await reader.tables()
    await reader.close()
  },
}

const hnsw: Target = {
  name: 'hnsw',
  corpus: () => {
    const folder = mkdtempSync(join(tmpdir(), 'rag-fuzz-'))
    const index = new hnswlib.HierarchicalNSW('cosine', 4)
    index.initIndex(60, 4)
    for (let i = 0; i < 60; i++) index.addPoint([Math.sin(i), Math.cos(i), i % 7, 1], i)
    index.writeIndexSync(join(folder, 'a'))
    const bytes = readFileSync(join(folder, 'a'))
    rmSync(folder, {recursive: true})
    return Promise.resolve([bytes])
  },
  run: async (input) => {
    const file = {
      stat: () => Promise.resolve({size: input.length}),
      read: (buffer: Uint8Array, at: number, length: number, position: number) => {
        const part = input.subarray(position, position + length)
        buffer.set(part, at)
        return Promise.resolve({bytesRead: part.length})
      },
    } as unknown as FileHandle
    const shape = await readShape(file, 4)
    await checkUpperLayers(file, shape)
    await readCopies(file, shape)
  },
  // The loader makes one error of whatever these say; what they did not foresee is none of it.
  isRefusal: (error) =>
    error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError),
}

export const TARGETS: readonly Target[] = [codec, manifest, loaders, lsa, hnsw]
