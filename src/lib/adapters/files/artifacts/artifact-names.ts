/** The process that stages files, as it is written into their names. */
export interface StagingProcess {
  readonly pid: number
  /** Any name of this machine; characters that are not safe in a file name are replaced. */
  readonly host: string
  /** Whether a process of this machine is running. */
  readonly isAlive: (pid: number) => boolean
}

/** What a staged file's name tells. */
export interface StagedName {
  readonly host: string
  readonly pid: number
}

export const CORRUPT_SUFFIX = '.corrupt'

const STAGED = /^\.[^/]+\.([A-Za-z0-9_]+)-(\d{1,10})-\d+\.tmp$/

/** A host name as it stands in staged names. */
export const hostTag = (host: string): string => host.replace(/[^A-Za-z0-9]/g, '_').slice(0, 40) || '_'

/** `seg-1-9.hnsw` → `.seg-1-9.hnsw.HOST-PID-COUNTER.tmp`. */
export const stagedName = (base: string, tag: string, pid: number, counter: number): string =>
  `.${base}.${tag}-${pid}-${counter}.tmp`

/** Reads such a name; undefined for any other. */
export function parseStagedName(base: string): StagedName | undefined {
  const match = STAGED.exec(base)
  return match ? {host: match[1]!, pid: Number(match[2])} : undefined
}

/** Relative, `/` between parts, no part that is empty, hidden, `..` or unsafe on some system. */
export function isArtifactName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 1024 &&
    name.split('/').every((part) => /^[A-Za-z0-9_~+@=,-][A-Za-z0-9._~+@=,-]{0,199}$/.test(part))
  )
}

/** What files of a kind are called. Whatever else lies in the same folders is somebody's own. */
const NAMES = {
  segment: /^seg-\d+-\d+(?:~\d+)?\.hnsw$/,
  model: /^v\d+(?:~\d+)?\.lsa$/,
  /** Made ready for a restore, and, with other pages, once more. */
  database: /^rag(?:~\d+)?\.db(?:-pages\.tmp)?$/,
  'database of a backup': /^rag-\d+(?:~\d+)?\.db$/,
  'settings of a backup': /^config(?:~\d+)?\.json$/,
} as const

/** What is set aside, and what SQLite keeps beside a database, have the name with something behind it. */
const BESIDE = /(?:\.corrupt|-wal|-shm|-journal)$/

/** Tells by its base name whether a file may be one of these kinds, whole, staged or set aside. */
export function namesOf(...kinds: readonly (keyof typeof NAMES)[]): (base: string) => boolean {
  return (base) => {
    const name = base.replace(BESIDE, '')
    return parseStagedName(name) !== undefined || kinds.some((kind) => NAMES[kind].test(name))
  }
}

/** `a/seg.hnsw`, 2 → `a/seg~2.hnsw`: another name for when the first is taken. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  const hasExtension = dot > name.lastIndexOf('/')
  return hasExtension ? `${name.slice(0, dot)}~${number}${name.slice(dot)}` : `${name}~${number}`
}
