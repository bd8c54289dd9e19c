import type {BackupManifest} from '../../model/operations/backup.js'
import type {CorpusName} from '../../model/names.js'
import {holdsAStore, wouldTakeOthers} from '../../model/errors/store/restore.js'

/** What is at the place that is restored into. */
export type RestoreTarget =
  | {readonly state: 'missing'}
  /** A database that can't be opened. */
  | {readonly state: 'damaged'}
  | {
      readonly state: 'store'
      readonly corpora: readonly CorpusName[]
      /** Corpora that are being written now. */
      readonly writing: readonly string[]
    }

export interface RestoreFacts {
  /** Of a backup that was found whole. */
  readonly manifest: Pick<BackupManifest, 'corpus' | 'leftOut'>
  readonly backupDir: string
  readonly dataDir: string
  readonly target: RestoreTarget
  readonly options: {
    readonly onlyNew?: boolean | undefined
    readonly force?: boolean | undefined
    readonly keepOld?: boolean | undefined
  }
}

export interface RestorePlan {
  /** Corpora that are replaced or lost. */
  readonly replaced: readonly CorpusName[]
  /**
   * What becomes of what is there: a damaged database goes under another name, a store that is to be kept is backed up beside it, else
   * the database is replaced.
   */
  readonly old: 'none' | 'set-aside' | 'back-up' | 'replace'
  /** Corpora whose writers keep the restore from beginning. */
  readonly writing: readonly string[]
  /** For a person, about the backup. */
  readonly notes: readonly string[]
}

/**
 * What a restore does to what is there; the same for a run and a dry run. Pure.
 * @throws RagError USAGE when more would be lost than was said
 */
export function planRestore({manifest, backupDir, dataDir, target, options}: RestoreFacts): RestorePlan {
  const notes = manifest.leftOut.map(
    ({file, reason}) =>
      `${file} was not in order when the backup was made (${reason}); the next ingest makes it anew.`,
  )
  const nothing = {replaced: [], writing: [], notes}
  if (target.state === 'missing') return {...nothing, old: 'none'}
  if (target.state === 'damaged') {
    if (options.onlyNew) throw holdsAStore(dataDir, [])
    return {...nothing, old: 'set-aside'}
  }
  const {corpora, writing} = target
  if (options.onlyNew && corpora.length > 0) throw holdsAStore(dataDir, corpora)
  const others = corpora.filter((name) => name !== manifest.corpus)
  const isLoss = manifest.corpus !== undefined && others.length > 0
  if (isLoss && !options.force && !options.keepOld) throw wouldTakeOthers(backupDir, manifest.corpus, others)
  const old = corpora.length === 0 ? 'none' : options.keepOld ? 'back-up' : 'replace'
  return {replaced: corpora, old, writing, notes}
}

/** What a dry run adds to the notes: what it would come upon. */
export function foreseen({old, writing}: RestorePlan): readonly string[] {
  if (old === 'set-aside') return ['The database there is damaged; it would be kept under another name.']
  if (writing.length === 0) return []
  return [`Being written now, which would stop the restore: ${writing.join(', ')}.`]
}
