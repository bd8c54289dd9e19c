import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {build as bundle, type Plugin} from 'esbuild'

/**
 * Packages that oclif requires at start but needs only for rare work (globbing for commands, help templates, spinners). They are kept out of
 * the bundle, in files of their own that are loaded on first use: it saves about 25 ms of every start.
 */
const RARELY_USED = ['cli-spinners', 'ejs', 'lilconfig', 'minimatch', 'tinyglobby']
const NAMESPACE = 'on-first-use'
const FOLDER = 'rare'

/** An esbuild plugin that puts a proxy in the place of rarely used CommonJS packages. `writeRare` makes what the proxies load. */
export const slimOclif: Plugin = {
  name: 'slim-oclif',
  setup: (build) => {
    // The first localeCompare of a process loads the collation tables, which takes 8 ms; the ids of commands are plain ASCII.
    build.onLoad({filter: /@oclif\/core\/lib\/.*\.js$/}, async ({path}) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        /\b([ab])\.(\w+)\.localeCompare\(([ab])\.\2\)/g,
        '($1.$2 < $3.$2 ? -1 : Number($1.$2 > $3.$2))',
      ),
    }))
    build.onResolve({filter: new RegExp(`^(${RARELY_USED.join('|')})$`)}, ({path, kind}) =>
      kind === 'require-call' ? {path, namespace: NAMESPACE} : undefined,
    )
    build.onResolve({filter: /.*/, namespace: NAMESPACE}, ({path}) => ({path, external: true}))
    build.onLoad({filter: /.*/, namespace: NAMESPACE}, ({path}) => ({
      // The path is seen from dist/chunks, where what commands share ends up. `__esModule` is asked for by importers before anything is
      // used, and none of these packages has it.
      contents: `
        let real
        const load = () => (real ??= require('../${FOLDER}/${path}.cjs'))
        module.exports = new Proxy({}, {get: (_, key) => (key === '__esModule' ? undefined : load()[key])})`,
    }))
  },
}

/** Bundles each rarely used package into a file of its own, beside the chunks; as oclif sees it, by `require`. */
export async function writeRare(root: string, dist: string): Promise<void> {
  for (const name of RARELY_USED) {
    await bundle({
      stdin: {
        contents: `module.exports = require('${name}')`,
        resolveDir: join(root, 'node_modules/@oclif/core'),
      },
      outfile: join(dist, FOLDER, `${name}.cjs`),
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      minify: true,
      logLevel: 'warning',
    })
  }
}
