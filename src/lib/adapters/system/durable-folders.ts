import {closeSync, fsyncSync, mkdirSync, openSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

/**
 * Makes a folder and those above it, one by one (Node's own recursive mkdir never returns below /proc), each durable when it returns.
 * What is there stays, also when another process makes it meanwhile. Throws the system's error, also when a file has one of the names.
 */
export function makeFolders(folder: string): void {
  if (isFolder(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process was quicker.
    if (!isFolder(folder)) throw error
  }
  syncFolder(parent)
}

/** Returns when the names in a folder are on the medium. A folder that this user may not open is left to the system. */
export function syncFolder(folder: string): void {
  let handle: number
  try {
    handle = openSync(folder, 'r')
  } catch (error) {
    if (['EACCES', 'EPERM', 'EISDIR'].includes(String((error as NodeJS.ErrnoException).code))) return
    throw error
  }
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const isFolder = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() === true
