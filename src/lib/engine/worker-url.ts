/**
 * Where the code of a worker thread is: `dist/workers/NAME.js`. Found from `dist` upwards, because the build may put this
 * module into any file below it. Run from source, the built workers are used all the same.
 */
export function workerUrl(name: string): URL {
  const here = import.meta.url
  const dist = here.lastIndexOf('/dist/')
  const root = dist >= 0 ? here.slice(0, dist + '/dist/'.length) : new URL('../../../dist/', here).href
  return new URL(`workers/${name}.js`, root)
}
