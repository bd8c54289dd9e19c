import {expect} from 'chai'
import {placeOf} from '../../../src/lib/model/place.js'
import {createChunker} from '../../../src/lib/text/index.js'
import {load} from './loading.js'

const placesIn = (name: string, content: string): readonly unknown[] =>
  createChunker({size: 8, overlap: 0})
    .chunk(load(name, content))
    .map((chunk) => placeOf(chunk))

describe('places of chunks', () => {
  it('are lines of the file for JSON Lines, blank ones counted', () => {
    const lines = [
      '',
      '{"text": "wool and yarn"}',
      '',
      '{"text": "reefs,\\nand sheets in a gale of wind now"}',
    ]
    expect(placesIn('a.jsonl', lines.join('\r\n'))).to.deep.equal([
      {kind: 'lines', first: 2, last: 2},
      {kind: 'lines', first: 4, last: 4},
      {kind: 'lines', first: 4, last: 4},
    ])
  })

  it('are none where only lines of a rendering could be told', () => {
    const none = (name: string, content: string): void => {
      expect(new Set(placesIn(name, content)), name).to.deep.equal(new Set([undefined]))
    }
    none('a.html', '<title>t</title>\n\n<p>Wool and yarn.</p>\n<p>Reefs and sheets in a gale of wind.</p>')
    none('a.xml', '<a>\n\n<b>Wool and yarn.</b>\n<b>Reefs and sheets in a gale of wind.</b></a>')
    none('a.json', '{"a":\n\n"Wool and yarn.", "b": "Reefs and sheets in a gale of wind."}')
  })

  it('are lines of the file for an XML file that holds no element', () => {
    expect(placesIn('a.xml', '\n\nWool and yarn.\n')).to.deep.equal([{kind: 'lines', first: 3, last: 3}])
  })
})
