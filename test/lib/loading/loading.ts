import {createLoaders} from '../../../src/lib/loading/create-loaders.js'
import type {LoadedDocument} from '../../../src/lib/model/document.js'
import {RagError} from '../../../src/lib/model/errors.js'

const loaders = createLoaders()

/** Loads bytes or text under a file name whose loader does not wait for anything. */
export function load(name: string, content: string | Uint8Array): LoadedDocument {
  const loader = loaders.find(name)
  if (loader === undefined) throw new Error(`no loader takes ${name}`)
  const loaded = loader.load({name, bytes: typeof content === 'string' ? Buffer.from(content) : content})
  if (loaded instanceof Promise) throw new Error(`the loader of ${name} makes callers wait`)
  return loaded
}

/** The error of loading what can't be loaded. */
export function refusal(name: string, content: string | Uint8Array): RagError {
  try {
    load(name, content)
  } catch (error) {
    if (error instanceof RagError) return error
    throw error
  }
  throw new Error(`${name} was loaded`)
}

/** Milliseconds that a call takes. */
export function millisecondsOf(call: () => void): number {
  const start = performance.now()
  call()
  return performance.now() - start
}
