import {expect} from 'chai'
import {RagError} from '../../src/lib/model/errors.js'
import type {SourceLine, SourceTree} from '../../src/lib/ports/files/source-tree.js'

export interface SourceTreeUnderTest {
  readonly tree: SourceTree
  /** Absolute path of the root that holds the given files. */
  readonly root: string
  remove(path: string): void
}

/** What every source tree keeps. `make` gives one whose root holds `files` (relative path → content) and whose standard input is `stdin`. */
export function sourceTreeContract(
  name: string,
  make: (files: Readonly<Record<string, string>>, stdin: string) => SourceTreeUnderTest,
): void {
  const all = {wanted: (): boolean => true}
  const files = {
    'b.md': 'beta',
    'a.md': 'alpha',
    'Z.md': 'zed',
    'sub/deep/c.txt': 'one\r\ntwo\n\nlast',
    'sub/pic.PNG': 'png',
    'sub/none': 'x',
    '.hidden.md': 'h',
    'node_modules/m.md': 'm',
    '.git/config': 'g',
    '.rag/rag.db': 'r',
  }
  const codeOf = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof RagError ? error.code : String(error)),
    )
  const gather = async (lines: AsyncIterable<SourceLine>): Promise<[number, number, string, boolean][]> => {
    const out: [number, number, string, boolean][] = []
    for await (const line of lines) {
      out.push([line.number, line.offset, Buffer.from(line.bytes).toString(), line.tooLong])
    }
    return out
  }

  describe(`${name} keeps the SourceTree contract`, () => {
    it('lists files in code unit order with size, and leaves out hidden folders and node_modules', async () => {
      const {tree, root} = make(files, '')
      const listing = await tree.list(root, all)
      expect(listing.files.map((file) => file.path)).to.deep.equal([
        'Z.md',
        'a.md',
        'b.md',
        'sub/deep/c.txt',
        'sub/none',
        'sub/pic.PNG',
      ])
      expect(listing.files[1]).to.include({sizeBytes: 5, absolutePath: `${listing.root}/a.md`})
      expect(listing.problems).to.deep.equal([])
      expect(listing.seen).to.be.greaterThanOrEqual(6)
    })

    it('lists nothing of folders that are left out', async () => {
      const {tree, root} = make(files, '')
      const {root: real} = await tree.list(root, all)
      const paths = async (...leaveOut: string[]): Promise<string[]> =>
        (await tree.list(root, {...all, leaveOut})).files.map(({path}) => path)
      expect(await paths(`${real}/sub`, `${real}/not-there`)).to.deep.equal(['Z.md', 'a.md', 'b.md'])
      expect(await paths(`${real}/sub/deep`))
        .to.include('sub/none')
        .and.not.include('sub/deep/c.txt')
      expect(await paths(`${real}/su`)).to.include('sub/none')
    })

    it('lists hidden files without ignore files, but never .git and .rag', async () => {
      const {tree, root} = make(files, '')
      const listing = await tree.list(root, {...all, ignoreFiles: false})
      const paths = listing.files.map((file) => file.path)
      expect(paths).to.include.members(['.hidden.md', 'node_modules/m.md'])
      expect(paths.some((path) => /^\.(git|rag)\//.test(path))).to.equal(false)
    })

    it('counts the files that are not wanted by extension', async () => {
      const {tree, root} = make(files, '')
      const listing = await tree.list(root, {wanted: (file) => file.endsWith('.md')})
      expect(listing.files.map((file) => file.path)).to.deep.equal(['Z.md', 'a.md', 'b.md'])
      expect([...listing.otherTypes].sort()).to.deep.equal([
        ['', 1],
        ['png', 1],
        ['txt', 1],
      ])
    })

    it('includes and excludes by glob at any depth', async () => {
      const {tree, root} = make(files, '')
      const paths = async (options: {include?: string[]; exclude?: string[]}): Promise<string[]> =>
        (await tree.list(root, {...all, ...options})).files.map((file) => file.path)
      expect(await paths({include: ['*.txt']})).to.deep.equal(['sub/deep/c.txt'])
      expect(await paths({include: ['*.md', '*.txt'], exclude: ['b.md', 'deep']})).to.deep.equal([
        'Z.md',
        'a.md',
      ])
      expect(await paths({exclude: ['sub/deep']})).to.not.include('sub/deep/c.txt')
    })

    it('reads a file whole, refuses one byte too much, and tells one that is gone', async () => {
      const {tree, root, remove} = make(files, '')
      const listing = await tree.list(root, all)
      const file = listing.files.find((each) => each.path === 'a.md')
      if (file === undefined) throw new Error('a.md was not listed')
      expect(Buffer.from(await tree.read(file, 5, root)).toString()).to.equal('alpha')
      expect(await codeOf(tree.read(file, 4, root))).to.equal('TOO_LARGE')
      remove('a.md')
      expect(await codeOf(tree.read(file, 5, root))).to.equal('INPUT_MISSING')
      expect(await tree.exists(file.absolutePath)).to.equal(false)
    })

    it('knows what is there', async () => {
      const {tree, root} = make(files, '')
      expect(await tree.exists(`${root}/b.md`)).to.equal(true)
      expect(await tree.exists(`${root}/sub`)).to.equal(true)
      expect(await tree.exists(`${root}/nope/x`)).to.equal(false)
      const real = (await tree.list(root, all)).root
      expect(await tree.hasFile(`${real}/b.md`, real)).to.equal(true)
      expect(await tree.hasFile(`${real}/sub`, real)).to.equal(false)
      expect(await tree.hasFile(`${real}/b.md`, `${real}/sub`)).to.equal(false)
      expect(await tree.hasFile(`${real}/nope/x`, real)).to.equal(false)
      expect(await tree.stat(`${root}/b.md`)).to.include({sizeBytes: 4})
      expect(await codeOf(tree.stat(`${root}/nope`))).to.equal('INPUT_MISSING')
      expect(await codeOf(tree.list(`${root}/nope`, all))).to.equal('INPUT_MISSING')
    })

    it('reads standard input up to a limit', async () => {
      const {tree} = make(files, 'from a pipe')
      expect(Buffer.from(await tree.readStdin(11)).toString()).to.equal('from a pipe')
      expect(await codeOf(make(files, 'from a pipe').tree.readStdin(10))).to.equal('TOO_LARGE')
    })

    it('gives lines with number and offset, whatever ends them', async () => {
      const {tree, root} = make(files, 'x\ny\n')
      expect(await gather(tree.lines(`${root}/sub/deep/c.txt`, 100))).to.deep.equal([
        [1, 0, 'one', false],
        [2, 5, 'two', false],
        [3, 9, '', false],
        [4, 10, 'last', false],
      ])
      expect(await gather(tree.lines('-', 100))).to.deep.equal([
        [1, 0, 'x', false],
        [2, 2, 'y', false],
      ])
    })

    it('gives a line that is too long without its bytes, and goes on', async () => {
      const {tree, root} = make({'l.txt': 'abcd\nabcde\r\nabcd\r\nabcdef'}, '')
      expect(await gather(tree.lines(`${root}/l.txt`, 4))).to.deep.equal([
        [1, 0, 'abcd', false],
        [2, 5, '', true],
        [3, 12, 'abcd', false],
        [4, 18, '', true],
      ])
      expect(await codeOf(gather(tree.lines(`${root}/none`, 4)))).to.equal('INPUT_MISSING')
    })

    it('stops when asked to', async () => {
      const {tree, root} = make(files, '')
      const signal = AbortSignal.abort()
      expect(await codeOf(tree.list(root, all, signal))).to.equal('INTERRUPTED')
      expect(await codeOf(gather(tree.lines(`${root}/b.md`, 100, signal)))).to.equal('INTERRUPTED')
    })
  })
}
