import type {OrphanFile} from '../../../ports/files/artifact-files.js'
import {CORRUPT_SUFFIX, parseStagedName, type StagingProcess} from './artifact-names.js'
import type {FileOperations} from '../file-operations.js'

/** A staged file of another machine is an orphan when a file this much younger lies beside it. */
const FOREIGN_STAGED_MS = 24 * 60 * 60 * 1000

export interface VacuumRules {
  readonly operations: FileOperations
  readonly self: StagingProcess
  /** `self.host` as it stands in staged names. */
  readonly tag: string
  /** Absolute path of a name relative to the root; the root itself for ''. */
  readonly path: (name: string) => string
  /** Whether a file of that base name may be one to be vacuumed at all. */
  readonly isOurs: (base: string) => boolean
  /** Whether this process is writing that file (absolute path). */
  readonly isStaged: (path: string) => boolean
  /** Whether this process is writing a file in that folder (absolute path). */
  readonly holdsStaged: (folder: string) => boolean
  readonly keep: ReadonlySet<string>
  /** Files set aside are orphans at once. */
  readonly evenSetAside?: boolean
  /** Folders that are passed over. */
  readonly except?: ReadonlySet<string>
}

export interface Vacuumed {
  readonly removed: string[]
  bytes: number
}

interface Found {
  readonly name: string
  readonly base: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

const below = (folder: string, base: string): string => (folder === '' ? base : `${folder}/${base}`)

/** Clears one folder and those in it; passes over whatever cannot be read or removed. */
export async function vacuumFolder(rules: VacuumRules, folder: string, vacuumed: Vacuumed): Promise<void> {
  if (rules.except?.has(folder)) return
  const {folders, files} = await listed(rules, folder)
  for (const name of folders) await vacuumFolder(rules, name, vacuumed)
  const isOrphan = orphanRule(rules, files)
  for (const file of files) if (isOrphan(file)) await removeFile(rules, file, vacuumed)
  if (folder !== '' && !rules.holdsStaged(rules.path(folder)))
    await rules.operations.removeEmptyFolder(rules.path(folder)).catch(() => undefined)
}

/** What there is to be vacuumed in a folder and those in it. */
export async function findOrphans(rules: VacuumRules, folder: string): Promise<OrphanFile[]> {
  const {folders, files} = await listed(rules, folder)
  const below = await Promise.all(folders.map((name) => findOrphans(rules, name)))
  const isOrphan = orphanRule({...rules, evenSetAside: true}, files)
  const here = files
    .filter(isOrphan)
    .map(({name, base, sizeBytes}) => ({file: name, sizeBytes, kind: kindOf(base)}))
  return [...below.flat(), ...here]
}

function kindOf(base: string): OrphanFile['kind'] {
  if (parseStagedName(base)) return 'staged'
  return base.endsWith(CORRUPT_SUFFIX) ? 'set-aside' : 'unnamed'
}

async function listed(
  {operations, path}: VacuumRules,
  folder: string,
): Promise<{folders: string[]; files: Found[]}> {
  const entries = await operations.list(path(folder)).catch(() => [])
  const folders = entries.filter((entry) => entry.isFolder).map((entry) => below(folder, entry.name))
  const files: Found[] = []
  for (const entry of entries) {
    if (entry.isFolder) continue
    const name = below(folder, entry.name)
    const facts = await operations.stat(path(name)).catch(() => undefined)
    if (facts) files.push({name, base: entry.name, sizeBytes: facts.sizeBytes, modifiedMs: facts.modifiedMs})
  }
  return {folders, files}
}

async function removeFile({operations, path}: VacuumRules, file: Found, vacuumed: Vacuumed): Promise<void> {
  const gone = await operations.unlink(path(file.name)).then(
    () => true,
    () => false,
  )
  if (!gone) return
  vacuumed.removed.push(file.name)
  vacuumed.bytes += file.sizeBytes
}

/**
 * A file set aside as corrupt stays for inspection while it is missed: until a whole one has its name, or nothing asks for that name any
 * more, as others have been made in its place, or its corpus is deleted.
 */
function orphanRule(rules: VacuumRules, files: readonly Found[]): (file: Found) => boolean {
  const kept = new Set(files.filter((file) => rules.keep.has(file.name)).map((file) => file.name))
  const youngestMs = files.reduce((latest, file) => Math.max(latest, file.modifiedMs), 0)
  return (file) => {
    if (rules.keep.has(file.name) || !rules.isOurs(file.base)) return false
    const staged = parseStagedName(file.base)
    if (staged && staged.host !== rules.tag) return youngestMs - file.modifiedMs > FOREIGN_STAGED_MS
    if (staged && staged.pid !== rules.self.pid) return !rules.self.isAlive(staged.pid)
    if (staged) return !rules.isStaged(rules.path(file.name))
    if (file.base.endsWith(CORRUPT_SUFFIX)) {
      const name = file.name.slice(0, -CORRUPT_SUFFIX.length)
      return rules.evenSetAside === true || !rules.keep.has(name) || kept.has(name)
    }
    return true
  }
}
