/**
 * # corpus: settings, leases and folders of a corpus
 *
 * **For**: what every use case does before it can begin: find the corpus, settle its settings, become its one writer, know its folders and what is cached of it.
 *
 * **Terms**
 * - *settings*: what a corpus is built with, kept with it; those given with a call are laid over them.
 * - *lease*: the right to write a corpus; held by one process, with a token that grows.
 * - *orphan*: an index or model file that no row names.
 *
 * **Promises**
 * - A lease is given back whatever happens, and renewed every 10 s meanwhile.
 * - Removing orphans never fails, spares what a row names and what a living process is staging, and harms nothing when cut off.
 * - Settings that contradict each other are refused before anything is made.
 *
 * **Steps** of a write
 * ```
 *   findCorpus ─► effectiveSettings ─► withLease ─► mergeSettings ─► … the work … ─► lease given back
 * ```
 */
export {
  cachePrune,
  cachePurge,
  cacheStats,
  purgeCorpusFromCaches,
  purgeFromCaches,
  uncache,
} from './caches.js'
export {corpusFolder, namedFiles, vacuumFiles, vacuumVersionFiles, versionFolder} from './corpus-folders.js'
export {effectiveSettings, mergeSettings, newSettings, withSpec} from './corpus-settings.js'
export {documentKey} from './document-key.js'
export {dropRetired} from './drop-retired.js'
export {findCorpus} from './find-corpus.js'
export type {HeldCorpus} from './held-corpus.js'
export {requireCorpus} from './require-corpus.js'
export {acquireLease, type LeaseJob, withLease, withSoleLease} from './with-lease.js'
