import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {DiskEvent} from './read-log.js'

/** How much of what was not synced a power cut leaves: all of it, nothing of it, or some, torn at sectors. */
export type Survival = 'all' | 'none' | 'some'

type Change = {readonly offset: number; readonly data: Buffer} | {readonly size: number}

class FileNode {
  durable: Buffer = Buffer.alloc(0)
  pending: Change[] = []
}

/** Names that change together: both of a rename or none. */
type Renaming = readonly (readonly [string, Node | undefined])[]

class FolderNode {
  readonly durable = new Map<string, Node>()
  readonly current = new Map<string, Node>()
  pending: Renaming[] = []
}

type Node = FileNode | FolderNode

const SECTOR = 512

/**
 * A disk that keeps what was synced, and of the rest what it likes: writes of a file in any choice, the last one torn; names of a folder
 * as they were after any of their changes. A sync of a file keeps its content, not its name; a sync of a folder keeps its names.
 */
export class DiskModel {
  readonly #root = new FolderNode()

  apply(event: DiskEvent): void {
    switch (event.kind) {
      case 'create':
        return this.#name([[event.path, new FileNode()]])
      case 'make':
        return this.#name([[event.path, new FolderNode()]])
      case 'remove':
        return this.#name([[event.path, undefined]])
      case 'link':
        return this.#name([[event.to, this.#find(event.path)]])
      case 'rename':
        return this.#name([
          [event.path, undefined],
          [event.to, this.#find(event.path)],
        ])
      case 'write':
        this.#file(event.path)?.pending.push({offset: event.offset, data: event.data})
        return
      case 'cut':
        this.#file(event.path)?.pending.push({size: event.size})
        return
      case 'sync':
        return this.#sync(this.#find(event.path))
    }
  }

  /** Writes what a power cut leaves of the disk into an empty folder. */
  leave(folder: string, survival: Survival, random: () => number): void {
    leaveFolder(this.#root, folder, {survival, random})
  }

  #sync(node: Node | undefined): void {
    if (node instanceof FileNode) {
      node.durable = changed(node.durable, node.pending)
      node.pending = []
    } else if (node) {
      for (const names of node.pending) setAll(node.durable, names)
      node.pending = []
    }
  }

  /** Names in several folders change in each of them for itself. */
  #name(names: Renaming): void {
    const byFolder = new Map<FolderNode, [string, Node | undefined][]>()
    for (const [name, node] of names) {
      const folder = this.#find(path.dirname(name))
      if (!(folder instanceof FolderNode)) continue
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), [path.basename(name), node]])
    }
    for (const [folder, changes] of byFolder) {
      setAll(folder.current, changes)
      folder.pending.push(changes)
    }
  }

  #find(name: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const part of name.split('/').filter((it) => it !== '' && it !== '.'))
      node = node instanceof FolderNode ? node.current.get(part) : undefined
    return node
  }

  #file(name: string): FileNode | undefined {
    const node = this.#find(name)
    return node instanceof FileNode ? node : undefined
  }
}

interface Choice {
  readonly survival: Survival
  readonly random: () => number
}

function setAll(names: Map<string, Node>, changes: Renaming): void {
  for (const [name, node] of changes)
    if (node) names.set(name, node)
    else names.delete(name)
}

function leaveFolder(node: FolderNode, folder: string, choice: Choice): void {
  mkdirSync(folder, {recursive: true})
  for (const [name, child] of namesLeft(node, choice)) {
    const at = path.join(folder, name)
    if (child instanceof FolderNode) leaveFolder(child, at, choice)
    // Shared memory of a system that is gone.
    else if (!name.endsWith('-shm')) writeFileSync(at, contentLeft(child, choice))
  }
}

function namesLeft(node: FolderNode, {survival, random}: Choice): ReadonlyMap<string, Node> {
  if (survival === 'all') return node.current
  const names = new Map(node.durable)
  const kept = survival === 'none' ? 0 : Math.floor(random() * (node.pending.length + 1))
  for (const changes of node.pending.slice(0, kept)) setAll(names, changes)
  return names
}

function contentLeft(node: FileNode, {survival, random}: Choice): Buffer {
  if (survival === 'none') return node.durable
  if (survival === 'all') return changed(node.durable, node.pending)
  const kept = node.pending.filter(() => random() < 0.6)
  const last = kept.at(-1)
  if (last && 'data' in last && random() < 0.5) kept[kept.length - 1] = torn(last, random)
  return changed(node.durable, kept)
}

/** As far as some sector of 512 bytes, or of 4,096. */
function torn(change: {offset: number; data: Buffer}, random: () => number): Change {
  const sector = random() < 0.5 ? SECTOR : 8 * SECTOR
  const end = change.offset + Math.floor(random() * change.data.length)
  const length = Math.max(0, Math.floor(end / sector) * sector - change.offset)
  return {offset: change.offset, data: change.data.subarray(0, length)}
}

function changed(durable: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return durable
  let size = durable.length
  let most = size
  for (const change of changes) {
    size =
      'size' in change
        ? change.size
        : Math.max(size, change.data.length ? change.offset + change.data.length : 0)
    most = Math.max(most, size)
  }
  const bytes = Buffer.alloc(most)
  durable.copy(bytes)
  let end = durable.length
  for (const change of changes) {
    if ('size' in change) {
      bytes.fill(0, Math.min(end, change.size))
      end = change.size
    } else if (change.data.length > 0) {
      change.data.copy(bytes, change.offset)
      end = Math.max(end, change.offset + change.data.length)
    }
  }
  return bytes.subarray(0, end)
}
