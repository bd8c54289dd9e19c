import {execFileSync} from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import {expect} from 'chai'
import {createFolderTree} from '../../../../src/lib/adapters/files/sources/folder-tree.js'
import {RagError} from '../../../../src/lib/model/errors.js'
import type {ListOptions} from '../../../../src/lib/ports/files/source-tree.js'
import {sourceTreeContract} from '../../../contract/source-tree.contract.js'

const made: string[] = []

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'rag-tree-')))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
  return root
}

after(() => {
  for (const root of made) rmSync(root, {recursive: true, force: true})
})

sourceTreeContract('the folder tree', (files, stdin) => {
  const root = folderWith(files)
  return {
    tree: createFolderTree({stdin: () => Readable.from([Buffer.from(stdin)])}),
    root,
    remove: (path) => rmSync(join(root, path)),
  }
})

describe('the folder tree', () => {
  const tree = createFolderTree()
  const paths = async (root: string, options: Partial<ListOptions> = {}): Promise<string[]> =>
    (await tree.list(root, {wanted: () => true, ...options})).files.map((file) => file.path)
  const failure = async (promise: Promise<unknown>): Promise<RagError> =>
    promise.then(
      () => {
        throw new Error('nothing was thrown')
      },
      (error: unknown) => error as RagError,
    )

  it('applies .gitignore and .ragignore of every level as git does', async () => {
    const root = folderWith({
      '.gitignore': '*.log\n/top.md\nbuild/\ndocs/*.tmp\n',
      '.ragignore': 'secret*\n!secret-not.md\n',
      'top.md': '',
      'a.log': '',
      'secret.md': '',
      'secret-not.md': '',
      'build/x.md': '',
      'sub/top.md': '',
      'sub/.gitignore': '!keep.log\nlocal.md\n/only/here.md\n',
      'sub/keep.log': '',
      'sub/other.log': '',
      'sub/local.md': '',
      'sub/only/here.md': '',
      'sub/deep/only/here.md': '',
      'sub/deep/keep.log': '',
      'local.md': '',
      'docs/a.tmp': '',
      'docs/b/a.tmp': '',
    })
    expect(await paths(root)).to.deep.equal([
      'docs/b/a.tmp',
      'local.md',
      'secret-not.md',
      'sub/deep/keep.log',
      'sub/deep/only/here.md',
      'sub/keep.log',
      'sub/top.md',
    ])
    expect(await paths(root, {ignoreFiles: false})).to.include.members(['top.md', 'build/x.md', '.gitignore'])
  })

  it('agrees with git about what is ignored', async function () {
    const files = {
      '.gitignore': 'foo/*\n!foo/bar\n**/z/*.md\nq?.txt\n[ab].md\n\\!x.md\n# note\n d.md\n',
      'foo/x.md': '',
      'foo/bar/y.md': '',
      'k/z/1.md': '',
      'k/z/1.txt': '',
      'q1.txt': '',
      'a.md': '',
      'A.md': '',
      '!x.md': '',
      'd.md': '',
      'foo/bar/.gitignore': '*\n!y.md\n',
      'foo/bar/n.md': '',
    }
    const root = folderWith(files)
    let listed: string
    try {
      execFileSync('git', ['init', '-q'], {cwd: root})
      listed = execFileSync('git', ['ls-files', '-o', '--exclude-per-directory=.gitignore', '-z'], {
        cwd: root,
      }).toString()
    } catch {
      console.log('      skipped: there is no git here')
      return this.skip()
    }
    const expected = listed.split('\0').filter((path) => path !== '' && !/(^|\/)\./.test(path))
    expect(await paths(root)).to.deep.equal(expected.sort())
  })

  it('follows links to files inside only, and reports those that lead out or nowhere', async () => {
    const outside = folderWith({'secret.md': 'top secret', 'dir/s.md': ''})
    const root = folderWith({'a.md': 'alpha', 'sub/b.md': '', '.git/c.md': ''})
    symlinkSync('a.md', join(root, 'in.md'))
    symlinkSync('sub', join(root, 'in-folder'))
    symlinkSync('..', join(root, 'sub/loop'))
    symlinkSync(join(outside, 'secret.md'), join(root, 'out.md'))
    symlinkSync(join(outside, 'dir'), join(root, 'out-folder'))
    symlinkSync('nowhere', join(root, 'dangling.md'))
    symlinkSync('.git/c.md', join(root, 'git.md'))
    symlinkSync('self', join(root, 'self'))
    const listing = await tree.list(root, {wanted: () => true})
    expect(listing.files.map((file) => [file.path, file.sizeBytes])).to.deep.equal([
      ['a.md', 5],
      ['in.md', 5],
      ['sub/b.md', 0],
    ])
    const problems = new Map(listing.problems.map((problem) => [problem.path, problem.error.message]))
    expect([...problems.keys()]).to.include.members(['dangling.md', 'out-folder', 'out.md', 'self'])
    expect(problems.get('dangling.md')).to.equal('dangling.md: the link leads nowhere.')
    expect(problems.get('out.md')).to.include(`leads out of the folder, to ${outside}/secret.md`)
  })

  it('does not read out of the root, even when a link is put in the place of a file or folder', async () => {
    const outside = folderWith({'a.md': 'secret'})
    const root = folderWith({'a.md': 'alpha', 'sub/a.md': 'alpha'})
    const [top, deep] = (await tree.list(root, {wanted: () => true})).files
    if (top === undefined || deep === undefined) throw new Error('not listed')
    rmSync(join(root, 'a.md'))
    symlinkSync(join(outside, 'a.md'), join(root, 'a.md'))
    rmSync(join(root, 'sub'), {recursive: true})
    symlinkSync(outside, join(root, 'sub'))
    for (const file of [top, deep, {...top, absolutePath: `${root}/../${outside.split('/').at(-1)}/a.md`}]) {
      const error = await failure(tree.read(file, 100, root))
      expect(error.code).to.equal('INPUT_UNREADABLE')
      expect(error.message).to.include('leads out of')
    }
  })

  it('skips pipes, and tells folders and devices from files', async () => {
    const root = folderWith({'a.md': ''})
    execFileSync('mkfifo', [join(root, 'pipe.md')])
    expect(await paths(root)).to.deep.equal(['a.md'])
    for (const path of [root, join(root, 'pipe.md'), '/dev/null']) {
      expect((await failure(tree.stat(path))).code).to.equal('BAD_INPUT')
      const file = {path: 'x', absolutePath: path, sizeBytes: 0, mtimeMs: 0}
      expect((await failure(tree.read(file, 100))).code).to.equal('BAD_INPUT')
    }
    expect((await failure(tree.list(join(root, 'a.md'), {wanted: () => true}))).code).to.equal(
      'INPUT_MISSING',
    )
  })

  it('takes every name that is UTF-8, and reports one that is not', async () => {
    const names = [
      '-rf.md',
      ' sp ace .md',
      'new\nline.md',
      'back\\slash.md',
      '[a]*{b}?!.md',
      'été 漢字 😀.md',
      '\uFFFD.md',
    ]
    const root = folderWith({
      ...Object.fromEntries(names.map((name) => [name, name])),
      'odd\\\n[x]/in.md': 'x',
    })
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9, 0x2e, 0x6d, 0x64])]), 'latin')
    const listing = await tree.list(root, {wanted: () => true})
    expect(listing.files.map((file) => file.path)).to.deep.equal([...names, 'odd\\\n[x]/in.md'].sort())
    expect(listing.problems.map((problem) => problem.error.message)).to.deep.equal([
      '\uFFFD.md: its name is not valid UTF-8, so it can have no document id; rename it.',
    ])
    for (const file of listing.files) expect(await tree.read(file, 100, root)).to.have.length(file.sizeBytes)
  })

  it('stops reading a file that is longer than it was, and reads those without a size', async () => {
    const root = folderWith({'grow.md': 'x'})
    const [file] = (await tree.list(root, {wanted: () => true})).files
    if (file === undefined) throw new Error('not listed')
    appendFileSync(file.absolutePath, 'y'.repeat(10))
    expect((await failure(tree.read(file, 5, root))).code).to.equal('TOO_LARGE')
    const proc = {path: 'p', absolutePath: '/proc/self/maps', sizeBytes: 0, mtimeMs: 0}
    expect((await tree.read(proc, 1_000_000)).length).to.be.greaterThan(4096)
    expect((await failure(tree.read(proc, 1000))).code).to.equal('TOO_LARGE')
    const memory = {...proc, absolutePath: '/proc/self/mem'}
    expect((await failure(tree.read(memory, 1000))).code).to.equal('INPUT_UNREADABLE')
  })

  it('takes globs that try to leave the root for what they are: no match', async () => {
    const root = folderWith({'a/x.md': '', 'b.md': ''})
    expect(await paths(`${root}/a`, {include: ['../*.md', '{..,x}/b.md']})).to.deep.equal([])
    expect(await paths(root, {include: ['/b.md', 'a/']})).to.deep.equal(['a/x.md', 'b.md'])
  })

  it('gives an empty listing of an empty folder', async () => {
    const listing = await tree.list(folderWith({}), {wanted: () => true})
    expect(listing).to.deep.include({files: [], problems: [], seen: 0})
  })
})
