import type {Corpus} from '../../model/corpus.js'
import {corpusName, type CorpusName} from '../../model/names.js'
import type {Diagnosis, Mend} from './diagnosis.js'

/** A stored vector that is to be replaced. */
export type VectorRepair = Omit<Extract<Mend, {readonly what: 'vector'}>, 'what' | 'corpusId'>

/** One step of the repair of a corpus. */
export type RepairStep =
  | {readonly step: 'rows' | 'keywords' | 'purges'}
  | {readonly step: 'vectors'; readonly vectors: readonly VectorRepair[]}
  /** Ids of embedding versions whose model is damaged. */
  | {readonly step: 'models'; readonly versionIds: readonly number[]}
  | {readonly step: 'segments'; readonly segmentIds: readonly number[]}
  /** Embedding versions that were replaced, then files that no row names. */
  | {readonly step: 'versions' | 'orphan-files'}

export interface CorpusRepairPlan {
  readonly corpusId: number
  readonly name: CorpusName
  /** In the order in which they are done. */
  readonly steps: readonly RepairStep[]
}

export interface RepairPlan {
  /** Why nothing is to be mended at all. */
  readonly refusal?: string | undefined
  readonly corpora: readonly CorpusRepairPlan[]
  /** Folders of corpora that are gone, with their names. */
  readonly strayFolders: readonly {readonly folder: string; readonly name: CorpusName}[]
  /** Whether a killed restore left files. */
  readonly restoreLeftovers: boolean
}

const NOTHING: RepairPlan = {corpora: [], strayFolders: [], restoreLeftovers: false}

/** Whether there is anything that a repair could mend; if not, `planRepair` needs no corpora. */
export const isRepairable = (diagnoses: readonly Diagnosis[]): boolean =>
  !isDatabaseDamaged(diagnoses) && diagnoses.some(({mend}) => mend !== undefined)

const isDatabaseDamaged = (diagnoses: readonly Diagnosis[]): boolean =>
  diagnoses.some(({finding}) => finding.code === 'DATABASE_DAMAGED')

/** Orders what mends the findings, corpus by corpus. A damaged database is left as it is: writing to it could make it worse. Pure. */
export function planRepair(
  diagnoses: readonly Diagnosis[],
  corpora: readonly Pick<Corpus, 'id' | 'name'>[],
): RepairPlan {
  if (isDatabaseDamaged(diagnoses))
    return {...NOTHING, refusal: 'Nothing was mended: the database itself is damaged.'}
  const mends = diagnoses.flatMap(({mend}) => (mend ? [mend] : []))
  return {
    corpora: corpora.flatMap(({id, name}) => {
      const own = mends.filter((mend) => concerns(mend, id))
      return own.length === 0 ? [] : [{corpusId: id, name, steps: stepsFor(own)}]
    }),
    strayFolders: mends.flatMap((mend) => (mend.what === 'stray-folder' ? strayFolder(mend.folder) : [])),
    restoreLeftovers: mends.some(({what}) => what === 'restore'),
  }
}

const concerns = (mend: Mend, corpusId: number): boolean =>
  'corpusId' in mend ? mend.corpusId === corpusId : mend.what === 'references'

/** Rows first: what is removed there is neither indexed nor learned from. Orphan files last: they are more by then. */
function stepsFor(mends: readonly Mend[]): readonly RepairStep[] {
  const isAsked = (...whats: readonly Mend['what'][]): boolean => mends.some(({what}) => whats.includes(what))
  const of = <W extends Mend['what']>(what: W): readonly Extract<Mend, {readonly what: W}>[] =>
    mends.filter((mend): mend is Extract<Mend, {readonly what: W}> => mend.what === what)
  const vectors = of('vector').map(({versionId, seq, vector}) => ({versionId, seq, vector}))
  const versionIds = [...new Set(of('model').map(({versionId}) => versionId))]
  const segmentIds = [...new Set(of('segment').map(({segmentId}) => segmentId))]
  return [
    ...(isAsked('rows', 'references') ? [{step: 'rows'} as const] : []),
    ...(isAsked('keywords') ? [{step: 'keywords'} as const] : []),
    ...(vectors.length > 0 ? [{step: 'vectors', vectors} as const] : []),
    ...(versionIds.length > 0 ? [{step: 'models', versionIds} as const] : []),
    ...(segmentIds.length > 0 ? [{step: 'segments', segmentIds} as const] : []),
    ...(isAsked('purge') ? [{step: 'purges'} as const] : []),
    {step: 'versions'},
    {step: 'orphan-files'},
  ]
}

/** A folder whose name is none of a corpus is left alone. */
function strayFolder(folder: string): RepairPlan['strayFolders'] {
  try {
    return [{folder, name: corpusName(folder.replace('~', '/'))}]
  } catch {
    return []
  }
}
