import {existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect} from 'chai'
import {nodeFileOperations} from '../../../../src/lib/adapters/files/file-operations.js'
import {makeFolder} from '../../../../src/lib/adapters/files/make-folder.js'

describe('makeFolder', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'rag-folder-'))
  })
  afterEach(() => rmSync(root, {recursive: true}))

  const make = (name: string): Promise<void> => makeFolder(nodeFileOperations, path.join(root, name))
  const codeOf = (name: string): Promise<string | undefined> =>
    make(name).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    )

  it('makes those above it too, and takes one that is there, also by a link', async () => {
    await make('a/b/c')
    await make('a/b/c')
    symlinkSync('a', path.join(root, 'link'))
    await make('link')
    await make('link/d/e')
    expect(existsSync(path.join(root, 'a/d/e'))).to.equal(true)
  })

  it('takes one that others make at the same time', async () => {
    await Promise.all(Array.from({length: 20}, () => make('p/q/r/s')))
    const slow = {
      ...nodeFileOperations,
      async makeFolder(folder: string): Promise<void> {
        const isParent = folder.endsWith('u')
        await nodeFileOperations.makeFolder(folder)
        // Between this step and the next, another process is quicker.
        if (isParent) mkdirSync(path.join(folder, 'v'))
      },
    }
    await makeFolder(slow, path.join(root, 'u/v'))
    expect(existsSync(path.join(root, 'u/v'))).to.equal(true)
  })

  it('rejects where there can be none, and returns', async () => {
    writeFileSync(path.join(root, 'file'), '')
    symlinkSync('/nowhere/at/all', path.join(root, 'dangling'))
    expect(await codeOf('file')).to.equal('EEXIST')
    expect(await codeOf('file/below')).to.equal('ENOTDIR')
    expect(await codeOf('dangling')).to.equal('ENOENT')
    if (existsSync('/proc/self'))
      expect(
        await makeFolder(nodeFileOperations, '/proc/nope/x').catch(
          (error: NodeJS.ErrnoException) => error.code,
        ),
      ).to.equal('ENOENT')
  })
})
