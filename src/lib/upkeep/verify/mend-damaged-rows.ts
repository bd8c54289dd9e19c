import {RagError} from '../../model/errors.js'
import type {Services} from '../../ports/services.js'
import {WHOLE_STORE} from '../../ports/store/lease.js'
import type {DamagedRowsMended, StoreVerifier} from '../../ports/store/store-verifier.js'
import type {CallOptions} from '../../model/operations/call.js'
import {withLease} from '../../corpus/with-lease.js'
import {orLater} from './repair-store.js'

type Needs = Pick<Services, 'clock' | 'logger' | 'processes' | 'store' | 'waitMs'>

const PAGE = 2000

/**
 * Mends rows that are not what was stored, before anything is decided by them; under the lease of the whole store. Nothing is written to a
 * database whose structure is damaged. Returns what was done, in words.
 */
export async function mendDamagedRows(services: Needs, {signal}: CallOptions): Promise<readonly string[]> {
  const notes: string[] = []
  if (!(await hasDamagedRows(services))) return notes
  const store = await services.store.write('write')
  if ((await store.checkStructure()).faults.length > 0) return notes
  await orLater(notes, () =>
    withLease(services, {store, corpus: WHOLE_STORE, purpose: 'repair', signal}, async (lease) => {
      notes.push(...describe(await store.mendDamagedRows(lease)))
    }),
  )
  return notes
}

/** False too where the structure is damaged: what looks the store over says so. */
async function hasDamagedRows(services: Pick<Services, 'store'>): Promise<boolean> {
  const store = await services.store.read()
  try {
    for (const {table} of await store.checkedTables()) if (await isDamaged(store, table)) return true
  } catch (error) {
    if (!(error instanceof RagError && error.code === 'STORE_DAMAGED')) throw error
  }
  return false
}

async function isDamaged(store: Pick<StoreVerifier, 'checkChecksums'>, table: string): Promise<boolean> {
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const page = await store.checkChecksums(table, {after, limit: PAGE})
    if (page.damaged.length > 0) return true
    if (page.checked < PAGE || page.last <= after) return false
    after = page.last
  }
}

function describe(mended: DamagedRowsMended): string[] {
  const parts = [
    [mended.flipped, 'rows had one flipped bit, which was set right'],
    [mended.vectorsRemoved, 'damaged vectors were removed; the next ingest embeds their chunks anew'],
    [mended.segmentsRemoved, 'damaged rows of index segments were removed; the next ingest builds them anew'],
    [mended.documentsMarked, 'documents were marked: the next ingest reads them anew'],
  ] as const
  const left = mended.left.length
  return [
    ...parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`),
    ...(left > 0
      ? [`${left} rows can be mended by nothing that is stored (${mended.left.slice(0, 5).join(', ')}).`]
      : []),
  ]
}
