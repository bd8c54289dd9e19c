import {expect} from 'chai'
import {parseFilter} from '../../src/cli/flags/parse-filter.js'
import {parseSize} from '../../src/cli/flags/parse-size.js'
import {readQueries} from '../../src/cli/requests/read-queries.js'
import {suggest} from '../../src/cli/suggest.js'
import {RagError} from '../../src/lib/index.js'

describe('parsing of arguments', () => {
  it('reads sizes', () => {
    const sizes = ['1048576', '64MB', '64m', '1.5 GiB', '512k', '10b', '2TB']
    expect(sizes.map(parseSize)).to.deep.equal([
      1048576,
      64 * 1024 ** 2,
      64 * 1024 ** 2,
      1.5 * 1024 ** 3,
      512 * 1024,
      10,
      2 * 1024 ** 4,
    ])
    for (const wrong of ['', '0', '-1', '1e9', 'MB', '1 apple', '1.5.5k', '9'.repeat(400)]) {
      expect(parseSize(wrong), wrong).to.equal(undefined)
    }
  })

  it('reads filters; the first operator counts', () => {
    expect(parseFilter('year>=2020')).to.deep.equal({field: 'year', op: '>=', value: '2020'})
    expect(parseFilter('team != a=b')).to.deep.equal({field: 'team', op: '!=', value: 'a=b'})
    expect(parseFilter('x<1')).to.deep.equal({field: 'x', op: '<', value: '1'})
    expect(parseFilter('a.b=')).to.deep.equal({field: 'a.b', op: '=', value: ''})
    for (const wrong of ['', 'year', '=x', 'a!b', ' =x'])
      expect(() => parseFilter(wrong), wrong).to.throw(RagError)
  })

  it('reads queries with the end of the last line, CRLF and ids', () => {
    expect(readQueries('')).to.deep.equal([])
    expect(readQueries('a\r\n{"id":"x","query":"b"}')).to.deep.equal([
      {kind: 'query', id: '1', text: 'a'},
      {kind: 'query', id: 'x', text: 'b'},
    ])
    expect(readQueries('{"text":" "}\n{"text":5}\n').map(({kind}) => kind)).to.deep.equal(['bad', 'bad'])
  })

  it('suggests what is near, and nothing else', () => {
    expect(suggest('serch', ['ingest', 'search'])).to.equal('search')
    expect(suggest('xyzzy', ['ingest', 'search'])).to.equal(undefined)
    expect(suggest('x'.repeat(100_000), ['search'])).to.equal(undefined)
  })
})
