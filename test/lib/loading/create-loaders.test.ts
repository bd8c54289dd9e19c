import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {createLoaders} from '../../../src/lib/loading/create-loaders.js'
import {load} from './loading.js'

describe('createLoaders', () => {
  const loaders = createLoaders()

  it('finds a loader by extension or well-known name, in any case', () => {
    const types = (names: string): string[] => names.split(' ').map((name) => loaders.find(name)?.type ?? '-')
    expect(types('a.md A.MDX x.tar.rst p.xhtml f.xml t.tsv j.json l.ndjson c.yml s.py n.txt')).to.deep.equal([
      'markdown',
      'markdown',
      'rst',
      'html',
      'xml',
      'csv',
      'json',
      'jsonl',
      'config',
      'code',
      'text',
    ])
    expect(types('README LICENSE Makefile Dockerfile')).to.deep.equal(['text', 'text', 'code', 'code'])
    expect(types('a.png unknown .md constructor x.constructor a.exe')).to.deep.equal([
      '-',
      '-',
      '-',
      '-',
      '-',
      '-',
    ])
  })

  it('gives no extension to two loaders', () => {
    const all = loaders.types.flatMap(({extensions}) => extensions)
    expect(all).to.have.length(new Set(all).size)
    expect(all.every((extension) => extension === extension.toLowerCase())).to.equal(true)
  })

  it('takes source code and configuration as they are', () => {
    expect(load('a.py', 'def f():\r\n\treturn 1\n')).to.deep.equal({
      title: 'a.py',
      text: 'def f():\n\treturn 1\n',
      format: 'code',
      firstLine: 1,
      metadata: {},
    })
    expect(load('a.yaml', 'a: 1').format).to.equal('text')
  })

  it('loads every document of the collections', async function () {
    const root = path.resolve('../shared/data/docs')
    if (!existsSync(root)) {
      console.log(`      skipped: there is no ${root}`)
      return this.skip()
    }
    const folders = [
      'haiku-rag',
      'restic-doc',
      'rust-book',
      'llm-docs',
      'medquad-xml/9_CDC_QA',
      'llamaindex-ts',
    ]
    let count = 0
    for (const folder of folders) {
      for (const entry of readdirSync(path.join(root, folder), {recursive: true, withFileTypes: true})) {
        const loader = entry.isFile() ? loaders.find(entry.name) : undefined
        if (loader === undefined) continue
        const loaded = await loader.load({
          name: entry.name,
          bytes: readFileSync(path.join(entry.parentPath, entry.name)),
        })
        expect(loaded.title, entry.name).to.match(/\S/)
        expect(/[\r\0]/.test(loaded.text), entry.name).to.equal(false)
        count++
      }
    }
    expect(count).to.be.greaterThan(400)
  })
})
