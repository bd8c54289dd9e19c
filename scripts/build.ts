/**
 * Builds `dist/` and the oclif manifest: `tsx scripts/build.ts [--no-types]`.
 * Everything is made in a folder beside `dist/` and swapped in at the end, so that a failed build leaves the old one as it was.
 */
import {execFileSync} from 'node:child_process'
import {readdir, readFile, rename, rm} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build, type Plugin} from 'esbuild'
import {slimOclif, writeRare} from './slim-oclif.ts'
import {writeManifest} from './write-manifest.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
// A name of its own: two builds at the same time must not mix.
const fresh = join(root, 'node_modules/.cache', `rag-build-${process.pid}`)
const dist = join(root, 'dist')

/** Native modules, and packages that load files of their own at run time. */
const EXTERNAL = [
  'better-sqlite3',
  'hnswlib-node',
  'pino',
  '@bokuweb/zstd-wasm',
  '@aws-sdk/client-bedrock-runtime',
  '@xenova/transformers',
]
/** What oclif asks for only when it runs from source. */
const NEVER_USED = ['typescript', 'ts-node', 'tsx']

/**
 * The bundler splits by file: importing an error class from the library's face would load the whole engine. For static imports of drivers the face is
 * therefore shown without `openRag`, which they load with `import()` when they need it.
 */
const faceWithoutEngine: Plugin = {
  name: 'face-without-engine',
  setup: (builder) => {
    const face = join(root, 'src/lib/index.ts')
    builder.onResolve({filter: /\/lib\/index\.js$/}, ({kind}) =>
      kind === 'import-statement' ? {path: face, namespace: 'face', sideEffects: false} : undefined,
    )
    builder.onLoad({filter: /.*/, namespace: 'face'}, async () => ({
      contents: (await readFile(face, 'utf8')).replace(/^export \{openRag\}.*$/m, ''),
      loader: 'ts',
      resolveDir: dirname(face),
    }))
  },
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), {recursive: true}).catch(() => [])
  return entries
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(root, folder, name))
}

async function bundle(): Promise<void> {
  const commands = await filesBelow('src/commands')
  const workers = await filesBelow('src/lib/engine/workers')
  const out = (path: string): string => relative(join(root, 'src'), path).replace(/\.ts$/, '')
  await build({
    entryPoints: [
      ...commands.map((path) => ({in: path, out: out(path)})),
      ...workers.map((path) => ({in: path, out: out(path).replace(/^lib\/engine\//, '')})),
      {in: join(root, 'src/lib/index.ts'), out: 'lib/index'},
      {in: join(root, 'src/cli/main.ts'), out: 'cli/main'},
    ],
    outdir: fresh,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...EXTERNAL, ...NEVER_USED],
    plugins: [faceWithoutEngine, slimOclif],
    // Names stay: they are in error messages and stack traces. The rest is for a quicker start.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages in an ES module call `require` for the modules of Node.
    banner: {
      js: "import {createRequire as makeRequire} from 'node:module';const require=makeRequire(import.meta.url);",
    },
  })
}

/** Puts the new build in place of the old. Another build may do the same at this moment: the last one stays. */
async function swapIn(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await rm(dist, {recursive: true, force: true})
    try {
      return await rename(fresh, dist)
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

await bundle()
await writeRare(root, fresh)
if (!process.argv.includes('--no-types')) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(fresh, 'types')], {
    cwd: root,
    stdio: 'inherit',
  })
}
await swapIn()
await writeManifest(root)
