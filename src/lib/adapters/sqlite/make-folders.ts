import {mkdirSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

/**
 * Makes a folder and those above it, one by one: Node's own recursive mkdir never returns below /proc. Throws the system's error, also
 * when a file has one of the names.
 */
export function makeFolders(folder: string): void {
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process was quicker.
    if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) throw error
  }
}
