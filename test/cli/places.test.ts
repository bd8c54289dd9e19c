import {expect} from 'chai'
import {placeJson} from '../../src/cli/json/place.js'
import {showPlace} from '../../src/cli/output/places.js'
import {place as schema} from '../../src/contract/parts/place.js'
import type {Place} from '../../src/lib/index.js'

const SHOWN: readonly (readonly [Place, string, object])[] = [
  [{kind: 'lines', first: 3, last: 3}, 'line 3', {first: 3, last: 3}],
  [{kind: 'lines', first: 3, last: 9}, 'lines 3–9', {first: 3, last: 9}],
  [{kind: 'pages', first: 4, last: 4}, 'page 4', {first: 4, last: 4}],
  [{kind: 'paragraphs', first: 2, last: 5}, 'paragraphs 2–5', {first: 2, last: 5}],
  [
    {kind: 'paragraphs', first: 2, last: 5, part: 'ch2.xhtml'},
    'paragraphs 2–5 of ch2.xhtml',
    {first: 2, last: 5, part: 'ch2.xhtml'},
  ],
  [{kind: 'slide', slide: 7, inNotes: false}, 'slide 7', {first: 7, last: 7, in_notes: false}],
  [{kind: 'slide', slide: 7, inNotes: true}, 'notes of slide 7', {first: 7, last: 7, in_notes: true}],
  [
    {kind: 'rows', sheet: 'Pri\u202ece', first: 2, last: 8},
    'rows 2–8 of Pri\\u202ece',
    {first: 2, last: 8, part: 'Pri\u202ece'},
  ],
  [{kind: 'cell', cell: 3}, 'cell 3', {first: 3, last: 3}],
  [{kind: 'message', message: 12}, 'message 12', {first: 12, last: 12}],
  [{kind: 'time', startMs: 62_900, endMs: 3_723_000}, '1:02–1:02:03', {first: 62_900, last: 3_723_000}],
]

describe('a place', () => {
  for (const [place, shown, json] of SHOWN)
    it(`is shown as ${shown}, and printed as JSON as is documented`, () => {
      expect(showPlace(place)).to.equal(shown)
      expect(placeJson(place)).to.deep.equal({kind: place.kind, ...json})
      expect(schema.safeParse(placeJson(place)).success).to.equal(true)
    })

  it('that is none is shown as nothing, and printed as null', () => {
    expect(showPlace(undefined)).to.equal('')
    expect(placeJson(undefined)).to.equal(null)
  })
})
