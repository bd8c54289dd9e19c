import {createRequire} from 'node:module'
import {pathToFileURL} from 'node:url'

/**
 * The URL that starts a worker of the library from its TypeScript source; `path` is relative to `src/lib/adapters`.
 * The loader that mocha registers on the main thread is not inherited by worker threads, so the worker registers its own.
 */
export function sourceWorkerUrl(path: string): URL {
  const entry = new URL(`../../src/lib/adapters/${path}`, import.meta.url).href
  // Not import.meta.resolve: mocha loads test files as CommonJS where it can, and there is no such function then. What
  // `require` finds is the CommonJS twin of the module that a worker needs.
  const twin = createRequire(import.meta.url).resolve('tsx/esm/api')
  const loader = pathToFileURL(twin.replace(/\.cjs$/, '.mjs')).href
  const script = `import {register} from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(entry)})`
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`)
}
