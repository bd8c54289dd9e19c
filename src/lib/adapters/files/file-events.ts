import {realpathSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import type {FileEvents} from '../../ports/files/file-events.js'
import {systemCode} from './system-errors.js'

/** No events at all: whoever waits, waits for the time to pass. */
export function pollingOnly(): FileEvents {
  return new Waiting(() => Promise.resolve())
}

/**
 * Events of chokidar. When the operating system has no room for more watches, `onTrouble` is told which setting to raise, and what is
 * there from then on is polling alone.
 */
export async function createFileEvents(
  folders: readonly string[],
  onTrouble: (message: string) => void,
): Promise<FileEvents> {
  const {watch} = await import('chokidar')
  const roots = new Set(folders.map(realPath))
  const watcher = watch([...roots], {
    // Links can lead round in circles, of which it makes paths without end. What they lead to is seen at intervals.
    followSymlinks: false,
    ignoreInitial: true,
    persistent: true,
    awaitWriteFinish: false,
    // A store, a state file or figures that are written in the folder itself would wake the watcher that writes them.
    ignored: (path) => !roots.has(resolve(path)) && /^[.]|^node_modules$|[.]prom$/.test(basename(path)),
  })
  let hasFailed = false
  let isLate = false
  let isReady = (): void => undefined
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  const events = new Waiting(() => watcher.close())
  watcher.on('all', () => events.wake())
  watcher.on('ready', () => {
    // No event came for what changed before, after the first round: then there is one more round.
    if (isLate) events.wake()
    isReady()
  })
  watcher.on('error', (error) => {
    if (hasFailed) return
    hasFailed = true
    isReady()
    const isFull = systemCode(error) === 'ENOSPC' || systemCode(error) === 'EMFILE'
    onTrouble(
      isFull ? tooMany(systemCode(error)) : `Changes are not told (${String(error)}); looking at intervals.`,
    )
    void watcher.close()
    // Closing takes all listeners away, and an error that is still on its way would end the process.
    watcher.on('error', () => undefined)
  })
  // Whoever looks when it is ready sees all that came before, and is told of all that comes later.
  isLate = await isLater(ready, READY_MS)
  return events
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return resolve(folder)
  }
}

/** Of very many folders it takes long to watch all; the first round need not wait for that. */
const READY_MS = 1000

async function isLater(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), ms)
  })
  const isLate = await Promise.race([event.then(() => false), late])
  clearTimeout(timer)
  return isLate
}

const tooMany = (code: string): string =>
  code === 'ENOSPC'
    ? 'The system has no room for more file watches (raise fs.inotify.max_user_watches); looking at intervals instead.'
    : 'The system has no room for more watchers (raise fs.inotify.max_user_instances); looking at intervals instead.'

class Waiting implements FileEvents {
  readonly #end: () => Promise<void>
  #hasChanged = false
  #wake: (() => void) | undefined

  constructor(end: () => Promise<void>) {
    this.#end = end
  }

  wake(): void {
    this.#hasChanged = true
    this.#wake?.()
  }

  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done, {once: true})
      this.#wake = done
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#wake = undefined
        this.#hasChanged = false
        resolve()
      }
      function done(): void {
        end()
      }
      if (this.#hasChanged || signal.aborted) end()
    })
  }

  close(): Promise<void> {
    return this.#end()
  }
}
