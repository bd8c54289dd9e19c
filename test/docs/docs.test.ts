import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {first} from '../../src/lib/adapters/sqlite/migrations/0001-first.js'
import {rebuild} from '../../src/lib/adapters/sqlite/migrations/0003-rebuild.js'
import {sessions} from '../../src/lib/adapters/sqlite/migrations/0005-sessions.js'
import {EXIT_DAMAGED, EXIT_DONE, EXIT_INTERRUPTED, EXIT_PARTIAL} from '../../src/cli/exit-codes.js'
import {SETTINGS, type Setting} from '../../src/cli/settings/settings.js'
import {ERROR_CODES, exitOf} from '../../src/lib/index.js'

const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (file: string): string => readFileSync(file, 'utf8')

/** The anchor that GitHub makes of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const withoutCode = (text: string): string => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** Calls `check` for each link of a document: what it points at, and the anchor. */
function eachLink(file: string, check: (target: string, hash: string | undefined) => void): void {
  for (const [, link] of withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link!)) continue
    const [target, hash] = link!.split('#')
    check(target === '' ? file : path.join(path.dirname(file), target!), hash)
  }
}

const hasCommand = (name: RegExp) => (): boolean => {
  const {commands} = JSON.parse(read('oclif.manifest.json')) as {commands: Record<string, unknown>}
  return Object.keys(commands).some((id) => name.test(id))
}
const dependsOn = (name: RegExp) => (): boolean => {
  const {dependencies, optionalDependencies} = JSON.parse(read('package.json')) as Record<string, object>
  return Object.keys({...dependencies, ...optionalDependencies}).some((id) => name.test(id))
}

/** How to see that something the README lists as missing exists. */
const MISSING: Readonly<Record<string, () => boolean>> = {
  'job queue': hasCommand(/^(jobs|worker)/),
  'HTTP server': hasCommand(/^serve/),
  MCP: hasCommand(/^mcp/),
  PostgreSQL: dependsOn(/^(pg|postgres)$/),
  Qdrant: dependsOn(/qdrant/),
  Redis: dependsOn(/redis/),
}

describe('the documents', () => {
  it('are those that the README names', () => {
    expect(DOCUMENTS).to.include.members(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])
  })

  for (const file of DOCUMENTS) {
    it(`${file}: every link leads somewhere`, () => {
      eachLink(file, (target, hash) => {
        expect(existsSync(target), `${file} → ${target}`).to.equal(true)
        if (hash === undefined) return
        const anchors = [...read(target).matchAll(/^#+ (.+)$/gm)].map((match) => anchor(match[1]!))
        expect(anchors, `${file} → ${target}#${hash}`).to.include(hash)
      })
    })

    it(`${file}: every path of the project that it names is there`, () => {
      const named = [...read(file).matchAll(/`((?:src|test|scripts|examples|docs|bin)\/[\w./-]+)`/g)].map(
        ([, name]) => name!,
      )
      const gone = named.filter((name) => !existsSync(name))
      expect(gone).to.deep.equal([])
    })

    it(`${file}: every script of package.json that it names is there`, () => {
      const {scripts} = JSON.parse(read('package.json')) as {scripts: Record<string, string>}
      const named = [...read(file).matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(test))\b/g)].map(
        ([, run, test]) => run ?? test,
      )
      expect(Object.keys(scripts)).to.include.members(named)
    })
  }

  it('ARCHITECTURE.md names no symbol that is gone', () => {
    const files = readdirSync('src', {recursive: true, encoding: 'utf8'}).filter((name) =>
      name.endsWith('.ts'),
    )
    const words = new Set(files.flatMap((name) => read(path.join('src', name)).match(/\w+/g) ?? []))
    const symbols = [
      ...read('ARCHITECTURE.md').matchAll(/`([A-Za-z]\w*[a-z][A-Z]\w*|[A-Z][A-Z_]+)(?:\.(\w+))?`/g),
    ].flatMap(([, name, member]) => [name!, ...(member === undefined ? [] : [member])])
    expect(symbols.length).to.be.greaterThan(40)
    expect(
      symbols.filter((name) => !words.has(name) && !['CORPUS', 'UPDATE_GOLDEN', 'STAGES'].includes(name)),
    ).to.deep.equal([])
  })

  it('README.md names every command', () => {
    const {commands} = JSON.parse(read('oclif.manifest.json')) as {commands: Record<string, unknown>}
    const ids = Object.keys(commands)
    expect(ids).to.include('ingest')
    for (const id of ids) expect(read('README.md')).to.contain(`\`rag ${id.replaceAll(':', ' ')}`)
  })

  it('README.md names every setting with its variables', () => {
    for (const [name, {env}] of Object.entries<Setting<unknown>>(SETTINGS).filter(([, {unused}]) => !unused))
      for (const word of [name, ...env]) expect(read('README.md')).to.contain(`\`${word}\``)
  })

  it('README.md and docs/exit-codes.md name every exit code, and no other', () => {
    const all = new Set([EXIT_DONE, EXIT_PARTIAL, EXIT_DAMAGED, EXIT_INTERRUPTED, ...ERROR_CODES.map(exitOf)])
    const codes = [...all].sort((a, b) => a - b)
    const list = /^Exit codes: ([^:]+): see/m.exec(read('README.md'))?.[1] ?? ''
    expect(list.split(', ').map((entry) => Number(/^\d+/.exec(entry)?.[0]))).to.deep.equal(codes)
    const rows = [...read('docs/exit-codes.md').matchAll(/^\| +(\d+) \|/gm)]
    expect(rows.map(([, code]) => Number(code))).to.deep.equal(codes)
  })

  it('README.md lists as missing only what is missing', () => {
    const section = read('README.md').split('## Not in this version\n')[1]?.split('\n## ')[0] ?? ''
    const items = section.split(' In a corpus of ')[0]!.split(/\.\s|, | and /)
    const named = items.map((item) => item.trim().replace(/^(?:an?) | files$|\.$/gi, '')).filter(Boolean)
    expect(named.length).to.be.greaterThan(3)
    expect(named.filter((item) => !(item in MISSING))).to.deep.equal([])
    expect(named.filter((item) => MISSING[item]!())).to.deep.equal([])
  })

  it('package.json names no package that nothing imports', () => {
    const {dependencies, optionalDependencies, devDependencies} = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >
    const textOf = (...folders: string[]): string =>
      folders
        .flatMap((folder) =>
          readdirSync(folder, {recursive: true, encoding: 'utf8'}).map((name) => path.join(folder, name)),
        )
        .filter((name) => /\.(?:ts|c?js|mjs)$/.test(name))
        .map(read)
        .join('\n')
    const isNamedIn = (text: string) => (name: string) => new RegExp(`['"]${name}(?:/[^'"]*)?['"]`).test(text)
    const isRun = isNamedIn(textOf('src', 'bin'))
    expect(
      Object.keys({...dependencies, ...optionalDependencies}).filter((name) => !isRun(name)),
    ).to.deep.equal([])
    const isTested = isNamedIn(textOf('test', 'scripts') + read('eslint.config.js'))
    const tools = /^(?:@types\/.*|c8|dependency-cruiser|eslint|mocha|onnx-proto|prettier|tsx|typescript)$/
    const unused = Object.keys(devDependencies!).filter((name) => !tools.test(name) && !isTested(name))
    expect(unused).to.deep.equal([])
  })

  it('docs/on-disk-format.md has every table and column', () => {
    const text = read('docs/on-disk-format.md')
    const sql = first.sql + rebuild.sql + sessions.sql
    const tables = [...sql.matchAll(/CREATE TABLE (\w+) \(\n([^]*?)\n\) STRICT/g)]
    expect(tables.length).to.be.greaterThan(5)
    for (const [, table, columns] of tables) {
      const section = text.split(`### ${table!}\n`)[1]?.split(/^##/m)[0] ?? ''
      const names = columns!.split('\n').map((line) => line.trim().split(' ')[0]!)
      for (const name of names.filter((word) => /^[a-z_]+$/.test(word)))
        expect(section, `${table!}.${name}`).to.contain(`\`${name}\``)
    }
  })
})
