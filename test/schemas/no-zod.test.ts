import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'

/** Files of the build that are loaded with one: by static imports, and, with `lazily`, by `import()` too. */
function loadedWith(entry: string, lazily: boolean): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [path.resolve('dist', entry)]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const text = readFileSync(file, 'utf8')
    const pattern = lazily
      ? /(?:from|import)\s*\(?\s*["'](\.[^"']+\.js)["']/g
      : /(?:from|import)\s*["'](\.[^"']+\.js)["']/g
    for (const [, target] of text.matchAll(pattern)) {
      const next = path.resolve(path.dirname(file), target!)
      if (existsSync(next)) open.push(next)
    }
  }
  return seen
}

/** Words that stand in zod whoever bundles it. */
const isZod = (text: string): boolean => /ZodType|\$ZodCheck|["']zod["'/]/.test(text)

describe('the build', () => {
  it('knows zod when it sees it', () => {
    expect(isZod(readFileSync('node_modules/zod/v4/core/schemas.js', 'utf8'))).to.equal(true)
  })

  const commands = readdirSync('dist/commands', {recursive: true, encoding: 'utf8'}).filter((name) =>
    name.endsWith('.js'),
  )
  for (const entry of ['cli/main.js', ...commands.map((name) => `commands/${name}`)])
    it(`loads no zod with ${entry}, at once or later`, () => {
      const files = [...loadedWith(entry, true)]
      expect(files.length).to.be.greaterThan(1)
      expect(
        files.filter((file) => isZod(readFileSync(file, 'utf8'))).map((file) => path.relative('dist', file)),
      ).to.deep.equal([])
    })

  it('follows static imports and, apart from them, those that come later', () => {
    const [at, all] = [loadedWith('commands/search.js', false), loadedWith('commands/search.js', true)]
    expect(at.size).to.be.greaterThan(3)
    expect(all.size).to.be.greaterThan(at.size)
  })
})
