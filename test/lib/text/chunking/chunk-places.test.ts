import {expect} from 'chai'
import type {PlacedSpan} from '../../../../src/lib/model/document.js'
import {placeOf} from '../../../../src/lib/model/place.js'
import {createChunker} from '../../../../src/lib/text/index.js'
import {ChunkPlaces} from '../../../../src/lib/text/chunking/chunk-places.js'

const page = (start: number, end: number, number: number): PlacedSpan => ({
  start,
  end,
  place: {kind: 'pages', first: number, last: number},
})

describe('ChunkPlaces', () => {
  it('takes the place around what a stretch covers, to the character', () => {
    const places = new ChunkPlaces([page(0, 10, 1), page(10, 20, 2), page(25, 30, 4)])
    expect(places.of(0, 10)).to.deep.equal({kind: 'pages', first: 1, last: 1})
    expect(places.of(5, 11)).to.deep.equal({kind: 'pages', first: 1, last: 2})
    expect(places.of(9, 26)).to.deep.equal({kind: 'pages', first: 1, last: 4})
    expect(places.of(20, 25), 'between two').to.equal(undefined)
    expect(places.of(12, 13), 'back again').to.deep.equal({kind: 'pages', first: 2, last: 2})
    expect(places.of(30, 40)).to.equal(undefined)
  })

  it('takes of several kinds or parts that which holds most of the stretch, and of equals the first', () => {
    const places = new ChunkPlaces([
      {start: 0, end: 4, place: {kind: 'rows', sheet: 'A', first: 1, last: 1}},
      {start: 4, end: 10, place: {kind: 'rows', sheet: 'B', first: 1, last: 3}},
      {start: 10, end: 12, place: {kind: 'cell', cell: 1}},
      {start: 12, end: 20, place: {kind: 'rows', sheet: 'B', first: 4, last: 4}},
    ])
    expect(places.of(0, 20)).to.deep.equal({kind: 'rows', sheet: 'B', first: 1, last: 4})
    expect(places.of(2, 6)).to.deep.equal({kind: 'rows', sheet: 'A', first: 1, last: 1})
  })

  it('gives chunks the place of their words, not of the space around them', () => {
    const text = 'First words here.\n\n' + 'Second words come now, and more of them. '.repeat(4)
    const chunks = createChunker({size: 24, overlap: 0}).chunk({
      title: 'T',
      text,
      format: 'text',
      firstLine: 1,
      places: [page(0, 17, 3), page(19, text.length, 4)],
      metadata: {},
    })
    expect(chunks.map(({text, ...chunk}) => [text.split(' ')[0]!.trim(), placeOf(chunk)])).to.deep.include([
      'First',
      {kind: 'pages', first: 3, last: chunks[0]!.text.includes('Second') ? 4 : 3},
    ])
    expect(placeOf(chunks.at(-1)!)).to.deep.equal({kind: 'pages', first: 4, last: 4})
  })
})
