import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import {expect} from 'chai'
import {documentedShapes} from '../../scripts/contract/field-tables.js'
import {regionsOf, withFieldTables} from '../../scripts/contract/json-document.js'
import {fileName, schemaFiles} from '../../scripts/contract/json-schemas.js'
import {COMMANDS} from '../../src/contract/index.js'
import {examplesOf} from './json-examples.js'

const FOLDER = 'docs/schemas'
const DOCUMENT = 'docs/json.md'

/**
 * docs/schemas and docs/json.md say what the contract says. After a change of it that is meant: `npm run schemas`, or
 * `UPDATE_GOLDEN=1 npx mocha test/schemas/documents.test.ts`.
 */
describe('what is documented of --json', () => {
  const update = process.env['UPDATE_GOLDEN'] === '1'
  const golden = (file: string, actual: string): void => {
    if (update) {
      mkdirSync(path.dirname(file), {recursive: true})
      writeFileSync(file, actual)
    }
    expect(existsSync(file), `${file} is missing: run npm run schemas`).to.equal(true)
    expect(readFileSync(file, 'utf8'), `${file} is out of date: run npm run schemas`).to.equal(actual)
  }

  it('has a schema of every command that has --json, and of no other', () => {
    const {commands} = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as {
      commands: Record<string, {flags: Record<string, unknown>}>
    }
    const withJson = Object.keys(commands).filter((id) => commands[id]!.flags['json'] !== undefined)
    expect(withJson.length).to.be.greaterThan(25)
    expect(Object.keys(COMMANDS).sort()).to.deep.equal(withJson.map((id) => id.replaceAll(':', ' ')).sort())
    for (const id of withJson)
      for (const folder of [FOLDER, `${FOLDER}/requests`]) {
        const file = path.join(folder, `${fileName(id.replaceAll(':', ' '))}.json`)
        expect(existsSync(file), file).to.equal(true)
      }
  })

  for (const [name, content] of schemaFiles())
    it(`${FOLDER}/${name} is what the contract says, and a schema by draft 2020-12`, () => {
      golden(path.join(FOLDER, name), content)
      const ajv = new Ajv2020({strict: true, allowUnionTypes: true, formats: {'date-time': true}})
      expect(() => ajv.compile(JSON.parse(content) as object)).not.to.throw()
    })

  it(`${FOLDER} holds nothing else`, () => {
    const found = readdirSync(FOLDER, {recursive: true, encoding: 'utf8'}).filter((name) =>
      name.endsWith('.json'),
    )
    expect(found.map((name) => name.replaceAll(path.sep, '/')).sort()).to.deep.equal(
      [...schemaFiles().keys()].sort(),
    )
  })

  it(`${DOCUMENT} has the fields of every shape, with the words of the contract`, async () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    expect([...regionsOf(document)].sort()).to.deep.equal([...documentedShapes().keys()].sort())
    golden(DOCUMENT, await withFieldTables(document, DOCUMENT))
  })

  const examples = examplesOf(readFileSync(DOCUMENT, 'utf8'))

  it(`${DOCUMENT} shows an example of most commands`, () => {
    expect(examples.length).to.be.greaterThan(15)
  })

  for (const {section, value, shapes} of examples)
    it(`${DOCUMENT}: the example of ${section} with ${Object.keys(value).slice(0, 2).join(', ')} … is as described`, () => {
      const accepted = shapes.filter((name) => documentedShapes().get(name)!.safeParse(value).success)
      expect(accepted, `none of ${shapes.join(', ')}`).to.have.length(1)
    })
})
