import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {inspectStore, snapshotCorpus} from './corpus-snapshot.js'
import {seededNumbers, SeededText} from './seeded-text.js'
import {TempHome} from './temp-home.js'

/** Enough for an index file (2,048 vectors) and a database that takes a while to copy. */
const DOCUMENTS = 290
/** Until the program is loaded, nothing can be hit. */
const START_MS = 60

export interface KillCounts {
  readonly faults: readonly string[]
  readonly kills: number
  /** Rounds that were through before the kill came. */
  readonly finished: number
  /** Kills after which there was the new content, not the old. */
  readonly after: number
}

/** Fills a home's store with an index file, a model and some hundred documents. */
export async function fillStore(home: TempHome): Promise<void> {
  const text = new SeededText(7, 96)
  mkdirSync(home.path('docs'), {recursive: true})
  for (let i = 0; i < DOCUMENTS; i++)
    home.write(`docs/d${i}.md`, `# Document ${i}\n\n${text.document(i % 20, 15, 13)}`)
  await home.ok('ingest', '--dir', 'docs', '--chunk-size', '24', '--chunk-overlap', '0', '--quiet')
}

/** Kills `rag backup` at random instants; after each kill the backup before or the new one must be whole. */
export async function killBackups(home: TempHome, rounds: number, seed: number): Promise<KillCounts> {
  const random = seededNumbers(seed)
  const faults: string[] = []
  let [kills, finished, after, number] = [0, 0, 0, 0]
  const {tookMs} = await home.ok('backup', 'undisturbed')
  for (let round = 1; kills < rounds; round++) {
    await home.ok('docs', 'upsert', '--doc-id', 'changing', '--text', `round${round} of changes`, '--quiet')
    const ran = await home.run(['backup', 'copies'], {timeoutMs: START_MS + random() * tookMs})
    const note = (fault: string): void => void faults.push(`backup round ${round}: ${fault}`)
    if (ran.signal === 'SIGKILL') kills++
    else if (ran.code === 0) finished++
    else note(`exit ${String(ran.code)}: ${ran.stderr}`)
    const checked = await home.run(['restore', 'copies', '--dry-run', '--json', '--into', 'nowhere'])
    if (number === 0 && !existsSync(home.path('copies/manifest.json'))) {
      if (checked.code !== 4) note(`no backup yet, and exit ${String(checked.code)}`)
      continue
    }
    if (checked.code !== 0) {
      note(checked.stdout)
      continue
    }
    const now = (JSON.parse(checked.stdout) as {number: number}).number
    if (now < number || now > number + 1) note(`backup ${now} after ${number}`)
    if (ran.signal === undefined && now !== number + 1) note('done, and not there')
    if (now > number && ran.signal === 'SIGKILL') after++
    number = now
    if (round % 4 === 0) {
      await home.ok('backup', 'copies')
      // One that finds nothing new keeps its number.
      const {number: next, files} = JSON.parse(readFileSync(home.path('copies/manifest.json'), 'utf8')) as {
        number: number
        files: {file: string}[]
      }
      if (next !== now && next !== now + 1) note(`backup ${next} after ${now}`)
      number = next
      const found = filesIn(home.path('copies')).filter((name) => name.startsWith('data/'))
      if (
        found.join() !==
        files
          .map(({file}) => file)
          .sort()
          .join()
      )
        note(`orphans: ${found.join(', ')}`)
    }
  }
  return {faults, kills, finished, after}
}

/**
 * Kills `rag restore` at random instants, of two backups in turn; after each kill the store must be whole, and be that of the one
 * or of the other.
 */
export async function killRestores(home: TempHome, rounds: number, seed: number): Promise<KillCounts> {
  const random = seededNumbers(seed)
  const faults: string[] = []
  let [kills, finished, after] = [0, 0, 0]
  await home.ok('backup', 'one')
  const contents = [JSON.stringify(snapshotCorpus(home.data, 'default'))]
  await home.ok('docs', 'upsert', '--doc-id', 'only-in-two', '--text', 'only in the second backup')
  await home.ok('docs', 'delete', 'd7.md', '--hard')
  await home.ok('backup', 'two')
  contents.push(JSON.stringify(snapshotCorpus(home.data, 'default')))
  const {tookMs} = await home.ok('restore', 'two')
  let current = 1
  for (let round = 1; kills < rounds; round++) {
    const next = 1 - current
    const ran = await home.run(['restore', ['one', 'two'][next]!], {timeoutMs: START_MS + random() * tookMs})
    const note = (fault: string): void => void faults.push(`restore round ${round}: ${fault}`)
    if (ran.signal === 'SIGKILL') kills++
    else if (ran.code === 0) finished++
    else note(`exit ${String(ran.code)}: ${ran.stderr}`)
    const searched = await home.run(['search', 'only in the second backup', '--mode', 'keyword', '--json'])
    if (searched.code !== 0) note(`search: ${searched.stderr}`)
    inspectStore(home.data).faults.forEach(note)
    const found = contents.indexOf(JSON.stringify(snapshotCorpus(home.data, 'default')))
    if (found < 0) note('the store is neither the one nor the other')
    else if (ran.signal === undefined && found !== next) note('done, and it is the old one')
    else if (found === next && ran.signal === 'SIGKILL') after++
    current = found < 0 ? next : found
  }
  await home.ok('restore', 'one')
  await home.ok('ingest', '--dir', 'docs', '--prune')
  const orphans = filesIn(home.data).filter((name) => /tmp|restore|~/.test(path.basename(name)))
  if (orphans.length > 0) faults.push(`orphans after a whole restore: ${orphans.join(', ')}`)
  return {faults, kills, finished, after}
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}
