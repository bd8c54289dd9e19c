import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'

const FILES = ['src', 'bin'].flatMap((folder) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name)),
)
const text = (file: string): string => readFileSync(file, 'utf8')

/** Whatever a file imports, statically, at run time or as a type, as paths below the project. */
function importsOf(file: string): string[] {
  const specifiers = [...text(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    ([, name]) => name!,
  )
  return specifiers
    .filter((name) => name.startsWith('.'))
    .map((name) => path.join(path.dirname(file), name).replace(/\.js$/, '.ts'))
}

describe('the composition root', () => {
  it('alone imports adapters: nothing else of the library does, nor do commands', () => {
    expect(FILES.length).to.be.greaterThan(300)
    const others = FILES.filter((file) => !/^src\/lib\/(engine|adapters)\//.test(file))
    const offenders = others.filter((file) =>
      importsOf(file).some((imported) => imported.startsWith('src/lib/adapters/')),
    )
    expect(offenders).to.deep.equal([])
    const wiring = FILES.filter((file) => file.startsWith('src/lib/engine/'))
    expect(
      wiring.flatMap(importsOf).filter((one) => one.startsWith('src/lib/adapters/')).length,
    ).to.be.greaterThan(20)
  })

  it('names the store in one file', () => {
    const naming = FILES.filter((file) => text(file).includes('openSqliteStore'))
    expect(naming.sort()).to.deep.equal([
      'src/lib/adapters/sqlite/open-store.ts',
      'src/lib/engine/create-services.ts',
    ])
  })
})
