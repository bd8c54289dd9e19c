/** The stages of the library in the order of their use: each may use those above it in this list, and none beside or below it. */
const STAGES = [
  ['kernel'],
  ['text'],
  ['loading', 'lsa'],
  ['corpus'],
  ['documents'],
  ['indexing'],
  ['embedding'],
  ['purge'],
  ['rebuild', 'export', 'upkeep', 'retrieve'],
  ['ingest', 'answer', 'examples'],
  ['replay'],
  ['watch'],
]
const FLOOR = ['model', 'ports', 'codec']
const forbid = (name, comment, from, to) => ({name, comment, severity: 'error', from, to})
const owner = (name, home, packages) =>
  forbid(
    name,
    `Only ${home} may touch this; reach it through a port.`,
    {path: '^src/', pathNot: `^src/lib/${home}/`},
    {path: `node_modules/(@types/)?(${packages})/`},
  )

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Move the shared type down to model/.', {}, {circular: true}),
    forbid(
      'drivers-use-the-face',
      'Need more of the library? Widen src/lib/index.ts. The wording of errors is in one place for all.',
      {path: '^(bin|src/(commands|cli|http))/'},
      {path: '^src/lib/', pathNot: '^src/lib/(index[.]ts$|model/errors/)'},
    ),
    forbid(
      'errors-are-worded-once',
      'Word it by a maker in src/lib/model/errors.',
      {path: '^(bin|src)/', pathNot: '^src/lib/model/errors/'},
      {path: '^src/lib/model/errors/(usage|phrases)[.]ts$'},
    ),
    forbid(
      'commands-do-not-share',
      'Shared command code belongs in src/cli.',
      {path: '^src/commands/'},
      {path: '^src/commands/'},
    ),
    forbid(
      'lib-knows-no-driver',
      'The library must run without a terminal.',
      {path: '^src/lib/'},
      {path: ['^src/(cli|commands|http|contract)/', 'node_modules/(@oclif|cli-progress)/']},
    ),
    forbid(
      'contract-is-data',
      'contract/ says what goes in and out; it imports zod and itself, and of the model types.',
      {path: '^src/contract/'},
      {pathNot: ['^src/contract/', '^src/lib/model/', 'node_modules/zod/']},
    ),
    forbid(
      'contract-runs-alone',
      'Of the model contract/ imports types only.',
      {path: '^src/contract/'},
      {path: '^src/lib/', dependencyTypesNot: ['type-only']},
    ),
    forbid(
      'commands-load-no-zod',
      'Import types of the contract: a cold command must not load zod.',
      {path: '^(bin|src/(commands|cli))/'},
      {path: ['^src/contract/', 'node_modules/zod/'], dependencyTypesNot: ['type-only']},
    ),
    forbid(
      'model-is-the-floor',
      'model/ imports model/ and nothing else.',
      {path: '^src/lib/model/'},
      {pathNot: '^src/lib/model/'},
    ),
    forbid(
      'ports-see-model',
      'A port mentions model types only.',
      {path: '^src/lib/ports/'},
      {pathNot: '^src/lib/(model|ports)/'},
    ),
    forbid(
      'codec-sees-model',
      'Bytes in, model out.',
      {path: '^src/lib/codec/'},
      {path: '^src/lib/', pathNot: '^src/lib/(model|codec)/'},
    ),
    ...STAGES.flatMap((level, i) =>
      level.map((stage) =>
        forbid(
          `stages-go-down-from-${stage}`,
          'A stage uses stages above it in STAGES, and ports; engine/ chooses the adapters.',
          {path: `^src/lib/${stage}/`},
          {
            pathNot: `^src/lib/(${[...FLOOR, ...STAGES.slice(0, i).flat(), stage].join('|')})/`,
            path: '^src/',
          },
        ),
      ),
    ),
    forbid(
      'adapters-are-strangers',
      'Compose adapters in engine/. All of them make folders in one way.',
      {path: '^src/lib/adapters/([^/]+)/'},
      {
        path: '^src/lib/',
        pathNot: [
          '^src/lib/(model|ports|codec|kernel)/',
          '^src/lib/adapters/$1/',
          '^src/lib/adapters/system/durable-folders[.]ts$',
        ],
      },
    ),
    forbid(
      'only-engine-wires',
      'engine/ is the composition root.',
      {path: '^src/lib/', pathNot: '^src/lib/(engine|adapters)/'},
      {path: '^src/lib/adapters/'},
    ),
    forbid(
      'store-is-chosen-once',
      'Ask services.store for it; engine/create-services.ts alone knows which store it is.',
      {path: '^(bin|src)/', pathNot: '^src/lib/(engine/create-services[.]ts$|adapters/sqlite/)'},
      {path: '^src/lib/adapters/sqlite/open-store[.]ts$'},
    ),
    owner('sqlite-owner', 'adapters/sqlite', 'better-sqlite3'),
    owner('hnsw-owner', 'adapters/hnsw', 'hnswlib-node'),
    owner('msgpack-owner', 'codec', 'msgpackr'),
    forbid(
      'fs-behind-adapters',
      'Take ArtifactFiles or SourceTree.',
      {path: '^src/lib/', pathNot: '^src/lib/(adapters|engine/workers|kernel/threads)/'},
      {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|child_process|net|http|https|worker_threads)$',
      },
    ),
    forbid('no-orphans', 'Dead file.', {orphan: true, path: '^src/', pathNot: '^src/commands/'}, {}),
    forbid(
      'no-dev-deps',
      'A production install would break.',
      {path: '^(src|bin)/'},
      {dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only']},
    ),
    forbid('no-test-imports', 'Test code never ships.', {path: '^(src|bin)/'}, {path: '^test/'}),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
}

/** Read by the test that holds the documents against these lists. Not a rule. */
Object.defineProperty(module.exports, 'house', {value: {STAGES, FLOOR}, enumerable: false})
