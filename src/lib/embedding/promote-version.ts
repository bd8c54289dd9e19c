import type {Corpus, CorpusSettings} from '../model/corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import type {Lease} from '../ports/store/lease.js'
import type {Store} from '../ports/store/store.js'
import {vacuumFiles} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import type {Services} from '../ports/services.js'

export interface PromoteJob {
  readonly store: Store
  readonly corpus: Corpus
  readonly lease: Lease
  /** What was asked of the new version; absent when it was made because the corpus had grown. */
  readonly renew?: {readonly keepOld: boolean; readonly settings?: CorpusSettings | undefined} | undefined
}

/**
 * One step puts the new version in the place of the old; then the old one's rows and files are orphans, unless it is to be
 * kept. One is kept at most: the latest for which that was asked. Who asks for a new version without keeping the old one
 * gives up also what was kept before; a version that is made because the corpus grew leaves it.
 */
export async function promoteVersion(
  services: Pick<Services, 'indexFiles' | 'modelFiles'>,
  {store, corpus, lease, renew}: PromoteJob,
  version: EmbeddingVersion,
): Promise<void> {
  const keepOld = renew?.keepOld === true || version.keepsOld === true
  const allowPending = version.provider === 'external'
  const settings = renew?.settings ? {settings: renew.settings} : {}
  await store.setLiveVersion(version.id, lease, {
    allowPending,
    keepOld,
    forgetKept: renew !== undefined,
    ...settings,
  })
  await dropRetired(store, corpus, lease)
  await vacuumFiles(services, store, corpus)
}
