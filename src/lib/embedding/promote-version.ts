import type {HeldCorpus} from '../corpus/held-corpus.js'
import type {EmbeddingVersion} from '../model/embedding.js'
import {vacuumFiles} from '../corpus/corpus-folders.js'
import {dropRetired} from '../corpus/drop-retired.js'
import type {Services} from '../ports/services.js'
import type {Renewal} from './embedding-request.js'

/**
 * One step puts the new version in the place of the old; then the old one's rows and files are orphans, unless it is to be
 * kept. One is kept at most: the latest for which that was asked. Who asks for a new version without keeping the old one
 * gives up also what was kept before; a version that is made because the corpus grew leaves it.
 */
export async function promoteVersion(
  services: Pick<Services, 'indexFiles' | 'modelFiles' | 'store'>,
  {corpus, lease}: HeldCorpus,
  version: EmbeddingVersion,
  renew?: Renewal,
): Promise<void> {
  const store = await services.store.write('write')
  const keepOld = renew?.keepOld === true || version.keepsOld === true
  const allowPending = version.provider === 'external'
  const settings = renew?.settings ? {settings: renew.settings} : {}
  await store.setLiveVersion(version.id, lease, {
    allowPending,
    keepOld,
    releaseKept: renew !== undefined,
    ...settings,
  })
  await dropRetired(store, corpus, lease)
  await vacuumFiles(services, store, corpus)
}
