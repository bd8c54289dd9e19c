import {expect} from 'chai'
import type {Place} from '../../../src/lib/model/block.js'
import {isPlace, keptPlace, linesOf, placeAround, placeOf} from '../../../src/lib/model/place.js'

const PLACES: readonly Place[] = [
  {kind: 'lines', first: 3, last: 9},
  {kind: 'pages', first: 1, last: 2},
  {kind: 'paragraphs', first: 4, last: 5},
  {kind: 'paragraphs', first: 4, last: 5, part: 'one.xhtml'},
  {kind: 'slide', slide: 3, inNotes: false},
  {kind: 'rows', sheet: 'Prices', first: 2, last: 8},
  {kind: 'cell', cell: 7},
  {kind: 'message', message: 2},
  {kind: 'time', startMs: 0, endMs: 4000},
]

describe('places', () => {
  it('are kept as lines or as they are, and come back', () => {
    for (const place of [...PLACES, undefined]) expect(placeOf(keptPlace(place))).to.deep.equal(place)
    expect(linesOf(PLACES[0])).to.deep.equal([3, 9])
    expect(linesOf(PLACES[1])).to.equal(undefined)
  })

  it('go together with themselves, and no two of different kinds or parts', () => {
    for (const one of PLACES)
      for (const other of PLACES)
        expect(placeAround(one, other), JSON.stringify([one, other])).to.deep.equal(
          one === other ? one : undefined,
        )
  })

  it('grow around both in whichever order', () => {
    const around = (one: Place, other: Place, both: Place): void => {
      expect(placeAround(one, other)).to.deep.equal(both)
      expect(placeAround(other, one)).to.deep.equal(both)
    }
    around(
      {kind: 'lines', first: 3, last: 9},
      {kind: 'lines', first: 12, last: 12},
      {kind: 'lines', first: 3, last: 12},
    )
    around(
      {kind: 'rows', sheet: 'A', first: 3, last: 9},
      {kind: 'rows', sheet: 'A', first: 2, last: 4},
      {kind: 'rows', sheet: 'A', first: 2, last: 9},
    )
    around(
      {kind: 'slide', slide: 2, inNotes: false},
      {kind: 'slide', slide: 2, inNotes: true},
      {kind: 'slide', slide: 2, inNotes: false},
    )
    around(
      {kind: 'time', startMs: 5, endMs: 9},
      {kind: 'time', startMs: 1, endMs: 6},
      {kind: 'time', startMs: 1, endMs: 9},
    )
    expect(
      placeAround({kind: 'cell', cell: 1}, {kind: 'cell', cell: 2}),
      'no place holds two cells',
    ).to.equal(undefined)
  })

  it('are told from what is none', () => {
    for (const place of PLACES) expect(isPlace(JSON.parse(JSON.stringify(place))), place.kind).to.equal(true)
    const none = [
      null,
      3,
      {},
      {kind: 'lines', first: 1},
      {kind: 'lines', first: -1, last: 2},
      {kind: 'rows', first: 1, last: 2},
      {kind: 'paragraphs', first: 1, last: 2, part: 3},
      {kind: 'chapter', first: 1, last: 2},
      {kind: 'time', startMs: 1.5, endMs: 2},
    ]
    for (const it of none) expect(isPlace(it), JSON.stringify(it)).to.equal(false)
  })
})
