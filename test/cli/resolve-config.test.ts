import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {findDataDir} from '../../src/cli/settings/find-data-dir.js'
import {resolveConfig} from '../../src/cli/settings/resolve-config.js'
import {RagError} from '../../src/lib/index.js'

describe('settings', () => {
  let cwd: string
  const inside = (...parts: string[]): string => path.join(cwd, ...parts)
  const writeConfig = (content: string): void => {
    mkdirSync(inside('.rag'), {recursive: true})
    writeFileSync(inside('.rag', 'config.json'), content)
  }
  const failure = (work: () => unknown): RagError => {
    try {
      work()
    } catch (error) {
      if (error instanceof RagError) return error
      throw error
    }
    throw new Error('it did not fail')
  }

  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'rag-config-')))
  })
  afterEach(() => rmSync(cwd, {recursive: true}))

  it('takes a flag before an environment variable before the file before the default', () => {
    writeConfig('{"model":"from-file","corpus":"from-file","top_k":5}')
    const env = {RAG_MODEL: 'from-env', EMBED_MODEL_NAME: 'second'}
    const config = resolveConfig({model: 'from-flag'}, {cwd, env})
    expect(config.model).to.deep.equal({value: 'from-flag', origin: 'flag', where: '--model'})
    expect(resolveConfig({}, {cwd, env}).model).to.deep.equal({
      value: 'from-env',
      origin: 'env',
      where: 'RAG_MODEL',
    })
    expect(resolveConfig({}, {cwd, env: {EMBED_MODEL_NAME: 'second'}}).model.where).to.equal(
      'EMBED_MODEL_NAME',
    )
    const file = inside('.rag', 'config.json')
    expect(resolveConfig({}, {cwd, env: {}}).model).to.deep.equal({
      value: 'from-file',
      origin: 'file',
      where: file,
    })
    expect(config.top_k).to.deep.equal({value: 5, origin: 'file', where: file})
    expect(config.batch_size).to.deep.equal({value: 100, origin: 'default', where: 'default'})
  })

  it('takes an empty variable for one that is not set', () => {
    expect(resolveConfig({}, {cwd, env: {RAG_MODEL: '', RAG_DATA_DIR: ''}}).model.value).to.equal(undefined)
  })

  it('names every wrong value at once', () => {
    writeConfig('{"top_k":0,"chunk_siz":5,"max_file_size":"64MB"}')
    const error = failure(() => resolveConfig({}, {cwd, env: {RAG_MAX_WORKERS: 'many'}}))
    expect(error.code).to.equal('CONFIG_INVALID')
    expect(error.message)
      .to.contain('RAG_MAX_WORKERS: "many"')
      .and.to.contain('"top_k"')
      .and.to.contain('"chunk_size"?')
    const file = inside('.rag', 'config.json')
    expect(error.hint).to.equal(
      `Correct or remove: "chunk_siz" in ${file}; the environment variable RAG_MAX_WORKERS; "top_k" in ${file}`,
    )
  })

  for (const broken of ['{', '[]', 'null', '"x"', '']) {
    it(`refuses a config.json of ${JSON.stringify(broken)}`, () => {
      writeConfig(broken)
      const error = failure(() => resolveConfig({}, {cwd, env: {}}))
      expect(error.message).to.contain('config.json is not a JSON object')
      expect(error.hint).to.equal(`Correct or remove: ${inside('.rag', 'config.json')}`)
    })
  }

  describe('the data folder', () => {
    it('is the nearest .rag here or above', () => {
      mkdirSync(inside('.rag'))
      mkdirSync(inside('a', 'b', 'c'), {recursive: true})
      writeFileSync(inside('a', '.rag'), 'a file is no store')
      const found = findDataDir(undefined, {cwd: inside('a', 'b', 'c'), env: {}})
      expect(found).to.deep.include({value: inside('.rag'), origin: 'found'})
      mkdirSync(inside('a', 'b', '.rag'))
      expect(findDataDir(undefined, {cwd: inside('a', 'b', 'c'), env: {}}).value).to.equal(
        inside('a', 'b', '.rag'),
      )
    })

    it('is ./.rag when there is none, and is not made', () => {
      const found = findDataDir(undefined, {cwd: '/nowhere/at/all', env: {}})
      expect(found).to.deep.equal({value: '/nowhere/at/all/.rag', origin: 'default', where: 'default'})
    })

    it('comes from --data-dir before RAG_DATA_DIR, relative to this folder', () => {
      const env = {RAG_DATA_DIR: 'from-env'}
      expect(findDataDir('flag', {cwd, env})).to.deep.include({value: inside('flag'), origin: 'flag'})
      expect(findDataDir(undefined, {cwd, env})).to.deep.include({value: inside('from-env'), origin: 'env'})
      expect(() => findDataDir('', {cwd, env})).to.throw(RagError)
    })
  })
})
