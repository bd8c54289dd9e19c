import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {makeFolders} from '../../../../src/lib/adapters/system/durable-folders.js'

describe('durable folders', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rag-folders-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  it('are made with those above them, and stay when they are there', () => {
    const deep = path.join(folder, 'a', 'b', 'c')
    makeFolders(deep)
    makeFolders(deep)
    expect(statSync(deep).isDirectory()).to.equal(true)
  })

  it('are not made where a file has one of the names', () => {
    writeFileSync(path.join(folder, 'a'), '')
    expect(() => makeFolders(path.join(folder, 'a', 'b'))).to.throw(/ENOTDIR|EEXIST/)
  })

  it('are not made below a folder of the system, and tell at once', () => {
    expect(() => makeFolders('/proc/none/of/this')).to.throw(/ENOENT|EACCES|EPERM/)
  })
})
