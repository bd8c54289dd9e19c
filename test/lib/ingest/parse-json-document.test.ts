import {expect} from 'chai'
import fc from 'fast-check'
import {parseJsonDocument, parseMetadata} from '../../../src/lib/ingest/parse-json-document.js'
import {RagError} from '../../../src/lib/model/errors.js'

const codeOf = (line: string): string => {
  try {
    parseJsonDocument(line)
    return 'taken'
  } catch (error) {
    return error instanceof RagError ? error.code : String(error)
  }
}

describe('parseJsonDocument', () => {
  it('takes or refuses any JSON by a RagError, never by another error', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 0, [], {}, [{}], [{text: 'x'}]))
    const document = fc.record(
      {doc_id: part, id: part, title: part, text: part, metadata: part, chunks: part},
      {requiredKeys: []},
    )
    fc.assert(
      fc.property(fc.oneof(document, fc.jsonValue()), (value) => {
        expect(codeOf(JSON.stringify(value))).to.be.oneOf(['taken', 'BAD_INPUT', 'BAD_VECTOR'])
      }),
    )
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(codeOf(line)).to.be.oneOf(['taken', 'BAD_INPUT'])
      }),
    )
  })

  it('reaches no prototype', () => {
    const line =
      '{"doc_id":"a","text":"t","metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"k":1}}'
    const {metadata} = parseJsonDocument(line)
    expect(Object.keys(metadata)).to.deep.equal(['constructor', 'k'])
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined)
    expect(Object.getPrototypeOf(metadata)).to.equal(Object.prototype)
    expect(codeOf('{"__proto__":{"doc_id":"a","text":"t"}}')).to.equal('BAD_INPUT')
  })

  it('refuses what is nested too deep, in time', () => {
    for (const depth of [101, 5000, 500_000]) {
      const nested = '['.repeat(depth) + ']'.repeat(depth)
      expect(codeOf(`{"doc_id":"a","text":"t","metadata":{"k":${nested}}}`), String(depth)).to.equal(
        'BAD_INPUT',
      )
    }
    expect(parseMetadata(JSON.parse(`{"k":${'['.repeat(90)}1${']'.repeat(90)}}`))).to.have.property('k')
  })

  it('leaves nothing in a text that a database or UTF-8 can’t hold', () => {
    const {text, docId} = parseJsonDocument('{"doc_id":"a\\u0000b","text":"x\\u0000y\\ud800z\\r\\nq\\r"}')
    expect(text).to.equal('x\ufffdy\ufffdz\nq\n')
    expect(docId).to.equal('a\ufffdb')
  })

  it('makes no null of a number that is too large', () => {
    for (const metadata of ['{"n": 1e400}', '{"n": {"m": [1, -1e999]}}'])
      expect(() => parseJsonDocument(`{"doc_id":"a","text":"t","metadata":${metadata}}`)).to.throw(
        /"metadata" holds a number that is too large: write it as a text/,
      )
    expect(parseJsonDocument('{"doc_id":"a","text":"t","metadata":{"n": 1e300}}').metadata).to.deep.equal({
      n: 1e300,
    })
  })

  it('names what is wrong with a vector', () => {
    const error = (embedding: string): string => {
      try {
        parseJsonDocument(`{"doc_id":"a","chunks":[{"text":"t"},{"text":"u","embedding":${embedding}}]}`)
        return ''
      } catch (thrown) {
        return (thrown as Error).message
      }
    }
    expect(error('[1,null]')).to.match(/chunk 2.*number 2 is not a number but null/)
    expect(error('[1,1e999]')).to.match(/chunk 2.*number 2 is Infinity/)
    expect(error('[1,1e39]')).to.match(/chunk 2.*number 2/)
    expect(error('"x"')).to.match(/chunk 2.*not an array/)
    expect(error('[0,0]')).to.match(/chunk 2.*zero/)
  })
})
