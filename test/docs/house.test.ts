import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {expect} from 'chai'

const {STAGES, FLOOR} = createRequire(path.resolve('package.json'))('./.dependency-cruiser.cjs').house as {
  readonly STAGES: readonly (readonly string[])[]
  readonly FLOOR: readonly string[]
}
const LIB = 'src/lib'
const names = STAGES.flat()

const sources = readdirSync('src', {recursive: true, encoding: 'utf8'})
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join('src', name))
const read = (file: string): string => readFileSync(file, 'utf8')
const linesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + read(file).split('\n').length, 0)
const below = (folder: string): readonly string[] => sources.filter((file) => file.startsWith(`${folder}/`))

/** What the library's other rooms import from a stage: names by file. */
function importedFrom(stage: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const file of below(LIB).filter((one) => !one.startsWith(`${LIB}/${stage}/`)))
    for (const [, list, from] of read(file).matchAll(
      /(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)'/g,
    )) {
      if (!path.join(path.dirname(file), from!).startsWith(`${LIB}/${stage}/`)) continue
      for (const name of list!.split(',')) {
        const word = name
          .trim()
          .replace(/^type /, '')
          .split(' ')[0]!
        if (word !== '') found.set(word, file)
      }
    }
  return found
}

function exportedBy(stage: string): ReadonlySet<string> {
  const lists = [...read(`${LIB}/${stage}/index.ts`).matchAll(/export (?:type )?\{([^}]*)\} from/g)]
  return new Set(
    lists.flatMap(([, list]) => list!.split(',').map((name) => name.trim().replace(/^type /, ''))),
  )
}

describe('the house', () => {
  it('has the rooms that the layer rules name, and no others', () => {
    const rooms = readdirSync(LIB, {withFileTypes: true}).filter((entry) => entry.isDirectory())
    expect(rooms.map(({name}) => name)).to.have.members([...names, ...FLOOR, 'adapters', 'engine'])
  })

  for (const stage of names) {
    it(`${stage}: opens with a page of what it is for, its terms, promises and steps`, () => {
      const page = /^\/\*\*[^]*?\*\//.exec(read(`${LIB}/${stage}/index.ts`))?.[0] ?? ''
      for (const heading of ['**For**', '**Terms**', '**Promises**', '**Steps**'])
        expect(page).to.contain(heading)
      expect(page.split('\n').length).to.be.at.most(60)
    })

    it(`${stage}: its face exports what other rooms use of it`, () => {
      const exported = exportedBy(stage)
      const missing = [...importedFrom(stage)].filter(([name]) => !exported.has(name))
      expect(missing).to.deep.equal([])
    })

    it(`${stage}: its page names no file that is gone`, () => {
      const page = /^\/\*\*[^]*?\*\//.exec(read(`${LIB}/${stage}/index.ts`))?.[0] ?? ''
      const files = [...page.matchAll(/`([\w/-]+\.ts)`/g)].map(([, name]) => name!)
      const gone = files.filter((name) => !below(`${LIB}/${stage}`).some((file) => file.endsWith(`/${name}`)))
      expect(gone).to.deep.equal([])
    })
  }

  it('ARCHITECTURE.md lists the rooms of the library in the order in which they may use each other', () => {
    const table = /^## Rooms$([^]*?)^## /m.exec(read('ARCHITECTURE.md'))![1]!
    const listed = [...table.matchAll(/^\| `src\/lib\/([\w-]+)`/gm)].map(([, name]) => name!)
    const order = listed.filter((name) => names.includes(name))
    const levelOf = (name: string): number => STAGES.findIndex((level) => level.includes(name))
    expect(listed).to.have.members([...names, ...FLOOR, 'adapters', 'engine'])
    expect(order).to.deep.equal([...order].sort((a, b) => levelOf(a) - levelOf(b)))
  })

  it('ARCHITECTURE.md is short, and numbers what always holds from 1 on, each row with a test that is there', () => {
    const page = read('ARCHITECTURE.md')
    const rows = /^## What always holds$([^]*?)^## /m
      .exec(page)![1]!
      .split('\n')
      .filter((row) => /^\| \d/.test(row))
    expect(page.split('\n').length - 1).to.be.at.most(180)
    expect(rows.map((row) => parseInt(row.slice(2), 10))).to.deep.equal(rows.map((_, index) => index + 1))
    for (const row of rows)
      expect(existsSync(/`(test\/[^`]+)` *\|$/.exec(row)?.[1] ?? ''), row).to.equal(true)
  })

  it('keeps wiring small: engine/ has at most 20 files and 1,000 lines', () => {
    const engine = below(`${LIB}/engine`)
    expect(engine.length).to.be.at.most(20)
    expect(linesOf(engine)).to.be.at.most(1000)
  })

  it('has no stage of more than a quarter of the library', () => {
    const whole = linesOf(below(LIB))
    for (const stage of names) expect(linesOf(below(`${LIB}/${stage}`)) / whole, stage).to.be.at.most(0.25)
  })

  it('has no folder of more than 22 files', () => {
    const counts = new Map<string, number>()
    for (const file of sources) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > 22)).to.deep.equal([])
  })

  it('has no file that the layer rules look for and that is gone', () => {
    for (const stage of names) expect(existsSync(`${LIB}/${stage}/index.ts`), stage).to.equal(true)
  })
})
