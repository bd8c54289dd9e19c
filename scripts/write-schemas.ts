/** Writes docs/schemas and the field tables of docs/json.md from src/contract: `npm run schemas`. */
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {withFieldTables} from './contract/json-document.js'
import {schemaFiles} from './contract/json-schemas.js'

const DOCUMENT = 'docs/json.md'
const FOLDER = 'docs/schemas'

rmSync(FOLDER, {recursive: true, force: true})
for (const [name, content] of schemaFiles()) {
  const file = join(FOLDER, name)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, content)
}
writeFileSync(DOCUMENT, await withFieldTables(readFileSync(DOCUMENT, 'utf8'), DOCUMENT))
