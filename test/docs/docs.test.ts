import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {first} from '../../src/lib/adapters/sqlite/migrations/0001-first.js'
import {rebuild} from '../../src/lib/adapters/sqlite/migrations/0003-rebuild.js'
import {sessions} from '../../src/lib/adapters/sqlite/migrations/0005-sessions.js'
import {SETTINGS} from '../../src/cli/settings/settings.js'

const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs').map((name) => `docs/${name}`),
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
      symbols.filter((name) => !words.has(name) && !['CORPUS', 'UPDATE_GOLDEN'].includes(name)),
    ).to.deep.equal([])
  })

  it('README.md names every command', () => {
    const {commands} = JSON.parse(read('oclif.manifest.json')) as {commands: Record<string, unknown>}
    const ids = Object.keys(commands)
    expect(ids).to.include('ingest')
    for (const id of ids) expect(read('README.md')).to.contain(`\`rag ${id.replaceAll(':', ' ')}`)
  })

  it('README.md names every setting with its variables', () => {
    for (const [name, {env}] of Object.entries(SETTINGS).filter(([name]) => name !== 'database_url'))
      for (const word of [name, ...env]) expect(read('README.md')).to.contain(`\`${word}\``)
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
