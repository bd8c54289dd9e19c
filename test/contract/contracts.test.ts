import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {createMemoryStore} from '../support/memory/memory-store.js'
import {openSqliteStore} from '../../src/lib/adapters/sqlite/open-store.js'
import {damagedRows} from '../support/damaged-rows.js'
import {FixedClock} from '../support/fixed-clock.js'
import {FakeProcessTable, type OpenDurableStore, type OpenStore} from '../support/store-fixtures.js'
import {corpusSnapshotsContract} from './store/corpus-snapshots.contract.js'
import {corpusStoreContract} from './store/corpus-store.contract.js'
import {documentStoreContract} from './store/document-store.contract.js'
import {durableStoreContract} from './store/durable-store.contract.js'
import {reembedContract} from './store/reembed.contract.js'
import {fencingContract} from './store/fencing.contract.js'
import {filtersContract} from './store/filters.contract.js'
import {keywordIndexContract} from './store/keyword-index.contract.js'
import {leaseStoreContract} from './store/lease-store.contract.js'
import {countsContract} from './store/counts.contract.js'
import {modelContract} from './store/model.contract.js'
import {purgeLogContract} from './store/purge-log.contract.js'
import {segmentLogContract} from './store/segment-log.contract.js'
import {sessionStoreContract} from './store/session-store.contract.js'
import {storeUpkeepContract} from './store/store-upkeep.contract.js'
import {storeVerifierContract} from './store/store-verifier.contract.js'
import {vectorStoreContract} from './store/vector-store.contract.js'

const openMemory: OpenStore = async () => {
  const surroundings = {clock: new FixedClock(), processes: new FakeProcessTable()}
  const store = createMemoryStore(surroundings)
  return {store, ...surroundings, close: () => store.close()}
}

const openSqlite: OpenDurableStore = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rag-contract-'))
  const surroundings = {clock: new FixedClock(), processes: new FakeProcessTable()}
  const file = path.join(folder, 'rag.db')
  const store = await openSqliteStore({...surroundings, path: file, access: 'create'})
  let current = store
  return {
    store,
    ...surroundings,
    reopen: async () => {
      await current.close()
      current = await openSqliteStore({...surroundings, path: file, access: 'write'})
      return current
    },
    close: async () => {
      await current.close()
      expect(damagedRows(file), 'rows whose checksum does not fit').to.deep.equal([])
      await rm(folder, {recursive: true, force: true})
    },
  }
}

const stores: readonly (readonly [string, OpenStore])[] = [
  ['memory', openMemory],
  ['sqlite', openSqlite],
]

for (const [name, open] of stores) {
  corpusStoreContract(name, open)
  documentStoreContract(name, open)
  corpusSnapshotsContract(name, open)
  vectorStoreContract(name, open)
  segmentLogContract(name, open)
  purgeLogContract(name, open)
  keywordIndexContract(name, open)
  filtersContract(name, open)
  leaseStoreContract(name, open)
  fencingContract(name, open)
  reembedContract(name, open)
  sessionStoreContract(name, open)
  storeUpkeepContract(name, open)
  storeVerifierContract(name, open)
  modelContract(name, open)
  countsContract(name, open)
}

durableStoreContract('sqlite', openSqlite)
