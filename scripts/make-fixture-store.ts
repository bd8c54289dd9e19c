/**
 * Makes the store of the present format that tests open for ever after: `npx tsx scripts/make-fixture-store.ts`.
 * Run once for each released format, on the release itself; a store that is there is never made anew.
 */
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import {STORE_FORMAT} from '../src/lib/adapters/sqlite/migrate.js'
import {openRag} from '../src/lib/index.js'
import {publishSegment} from '../test/support/publish-segment.js'
import {SeededVectors} from '../test/support/seeded-vectors.js'

const LARGEST_BYTES = 300_000
const target = path.resolve(`test/fixtures/stores/format-${STORE_FORMAT}`)
if (existsSync(target)) throw new Error(`${target} is there already; a released format never changes.`)
const inputs = mkdtempSync(path.join(tmpdir(), 'rag-fixture-'))
mkdirSync(path.dirname(target), {recursive: true})

const rag = await openRag({dataDir: target})
try {
  writeFileSync(path.join(inputs, 'stones.jsonl'), stones())
  await rag.ingest({
    corpus: 'acme/stones',
    jsonl: path.join(inputs, 'stones.jsonl'),
    settings: {model: 'external:fixture'},
  })
  const notes = path.join(inputs, 'notes')
  mkdirSync(notes)
  for (const [name, text] of Object.entries(notesText())) writeFileSync(path.join(notes, name), text)
  await rag.ingest({corpus: 'notes', dirs: [notes]})
  await rag.deleteDocuments('notes', ['gone.md'])
} finally {
  await rag.close()
  rmSync(inputs, {recursive: true})
}
await publishSegment(target, 'acme/stones')
await publishSegment(target, 'notes')
// A tail, besides the segment.
const again = await openRag({dataDir: target})
const late = path.join(tmpdir(), `rag-fixture-late-${process.pid}.jsonl`)
try {
  writeFileSync(
    late,
    `${JSON.stringify({doc_id: 'late', chunks: [{text: 'obsidian is volcanic glass', embedding: [0, 0, 0, 0, 0, 0, 0, 9]}]})}\n`,
  )
  await again.ingest({corpus: 'acme/stones', jsonl: late})
} finally {
  await again.close()
  rmSync(late)
}
shrink(path.join(target, 'rag.db'))
const bytes = readdirSync(target, {recursive: true, withFileTypes: true})
  .filter((entry) => entry.isFile())
  .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0)
console.log(`${target}: ${bytes} bytes`)
if (bytes > LARGEST_BYTES) throw new Error(`It is larger than ${LARGEST_BYTES} bytes.`)

/** Small pages, so that the file is a third of its size in the repository; a program opens a store of any size of page. */
function shrink(database: string): void {
  const db = new Database(database)
  db.pragma('journal_mode = DELETE')
  db.pragma('page_size = 4096')
  db.exec('VACUUM')
  db.pragma('journal_mode = WAL')
  db.close()
}

/** Forty documents of one passage with a vector of eight numbers each. */
function stones(): string {
  const vectors = new SeededVectors(8, 7, 4)
  const kinds = ['granite', 'basalt', 'marble', 'slate']
  return Array.from({length: 40}, (_, i) =>
    JSON.stringify({
      doc_id: `stone-${i}`,
      title: `Stone ${i}`,
      metadata: {kind: kinds[i % 4]!, weight: i},
      chunks: [
        {
          text: `sample ${i} is a piece of ${kinds[i % 4]!} from quarry ${i % 7}`,
          embedding: [...vectors.next()],
        },
      ],
    }),
  ).join('\n')
}

function notesText(): Record<string, string> {
  return {
    'bread.md':
      '# Bread\n\nKnead the dough for ten minutes and let it rise for an hour.\n\n## Baking\n\nBake the loaf in a hot oven.\n',
    'garten.md':
      '# Garten\n\nDie Schnecken kommen in der Dämmerung. Man sammelt sie abends unter Brettern.\n',
    'sailing.md':
      '# Sailing\n\nReef the mainsail before the wind comes. A boat with too much sail heels over.\n',
    'bees.md':
      '# Bees\n\nBees swarm in May, when the hive is full. The old queen leaves with half of the colony.\n',
    'oven.txt': 'The oven is hot when flour thrown on its floor turns brown at once.\n',
    'gone.md': '# Gone\n\nThis note on zeppelins was deleted.\n',
  }
}
