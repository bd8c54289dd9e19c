import {expect} from 'chai'
import {checkHistory} from '../../support/histories/check-history.js'
import type {Call, Contents, ReadCall, WriteCall} from '../../support/histories/history.js'

let ids = 0
const write = (
  [begin, end]: readonly [number, number?],
  writes: WriteCall['writes'],
  more: Partial<WriteCall> = {},
): WriteCall => {
  const common = {
    id: ++ids,
    client: 'w',
    corpus: 'c',
    what: 'write',
    verb: 'upsert',
    outcome: 'done',
  } as const
  return {...common, begin, end, writes, ...more}
}
const read = (
  [begin, end]: readonly [number, number],
  saw: Contents,
  more: Partial<ReadCall> = {},
): ReadCall => {
  const common = {id: ++ids, client: 'r', corpus: 'c', what: 'read', outcome: 'done', about: 'all'} as const
  return {...common, begin, end, saw, ...more}
}
const faults = (calls: readonly Call[], final: Contents): readonly string[] =>
  checkHistory({calls, final: {c: final}})

describe('the checker of histories', () => {
  describe('accepts', () => {
    const good: Readonly<Record<string, readonly [readonly Call[], Contents]>> = {
      'a write that is read': [
        [write([1, 2], {a: 'x'}, {version: 1}), read([3, 4], {a: 'x'}, {version: 1})],
        {a: 'x'},
      ],
      'a read beside a write that sees what was before': [
        [write([1, 2], {a: 'x'}), write([3, 6], {a: 'y'}), read([4, 5], {a: 'x'})],
        {a: 'y'},
      ],
      'a read beside a write that sees it': [
        [write([1, 2], {a: 'x'}), write([3, 6], {a: 'y'}), read([4, 5], {a: 'y'})],
        {a: 'y'},
      ],
      'a killed write that was done': [
        [write([1], {a: 'x'}, {outcome: 'unknown'}), read([3, 4], {a: 'x'})],
        {a: 'x'},
      ],
      'a killed write that was not done': [
        [write([1], {a: 'x'}, {outcome: 'unknown'}), read([3, 4], {})],
        {},
      ],
      'a refused write that is not there': [[write([1, 2], {a: 'x'}, {outcome: 'refused'})], {}],
      'a deletion': [[write([1, 2], {a: 'x'}), write([3, 4], {a: null}), read([5, 6], {})], {}],
      'either of two writes at once': [[write([1, 4], {a: 'x'}), write([2, 3], {a: 'y'})], {a: 'x'}],
      'a read of some documents': [
        [write([1, 2], {a: 'x', b: 'y'}), read([3, 4], {a: 'x'}, {about: ['a']})],
        {a: 'x', b: 'y'},
      ],
      'a late holder that had written before it lost its lease': [
        [
          write([1, 9], {a: 'x', b: 'x'}, {outcome: 'late', lostTo: [1000]}),
          write([4, 5], {a: 'y'}, {id: 1000}),
        ],
        {a: 'y', b: 'x'},
      ],
    }
    for (const [name, [calls, final]] of Object.entries(good))
      it(name, () => expect(faults(calls, final)).to.deep.equal([]))
  })

  describe('refuses', () => {
    const bad: Readonly<Record<string, readonly [readonly Call[], Contents, RegExp]>> = {
      'a lost write': [
        [write([1, 2], {a: 'x'})],
        {},
        /of the end.*a is not there, though upsert \d+ by w \(c\) \(x\) was done/,
      ],
      'a lost update': [[write([1, 2], {a: 'x'}), write([3, 4], {a: 'y'})], {a: 'x'}, /a holds x, though/],
      'a write that is not seen by a later read': [
        [write([1, 2], {a: 'x'}), read([3, 4], {})],
        {a: 'x'},
        /a is not there/,
      ],
      'a document that a read of it does not find': [
        [write([1, 2], {a: 'x'}), read([3, 4], {}, {about: ['a']})],
        {a: 'x'},
        /a is not there/,
      ],
      'a deleted document that is seen': [
        [write([1, 2], {a: 'x'}), write([3, 4], {a: null}), read([5, 6], {a: 'x'})],
        {},
        /a holds x, though.*a deletion/,
      ],
      'a deleted document that is back at the end': [
        [write([1, 2], {a: 'x'}), write([3, 4], {a: null})],
        {a: 'x'},
        /a deletion/,
      ],
      'what nobody wrote': [[read([1, 2], {a: 'x'})], {}, /x, which nobody wrote/],
      'what nobody wrote there': [
        [write([1, 2], {a: 'x'})],
        {a: 'x', b: 'x'},
        /b holds x, which nobody wrote/,
      ],
      'what was not yet written': [
        [read([1, 2], {a: 'x'}), write([3, 4], {a: 'x'})],
        {a: 'x'},
        /nobody wrote/,
      ],
      'a refused write that took effect': [
        [write([1, 2], {a: 'x'}, {outcome: 'refused'})],
        {a: 'x'},
        /was refused/,
      ],
      'a late holder that wrote over the one who took its lease': [
        [write([1, 9], {a: 'x'}, {outcome: 'late', lostTo: [1001]}), write([4, 5], {a: 'y'}, {id: 1001})],
        {a: 'x'},
        /a holds x, though upsert 1001/,
      ],
      'a late holder that wrote elsewhere after it lost its lease': [
        [
          write([1, 9], {a: 'x', b: 'x'}, {outcome: 'late', lostTo: [1002]}),
          write([4, 5], {a: 'y'}, {id: 1002}),
          read([6, 7], {a: 'y'}),
        ],
        {a: 'y', b: 'x'},
        /b holds x.*gone before/,
      ],
      'a killed write that comes after its process has ended': [
        [write([1, 2], {a: 'x'}, {outcome: 'unknown'}), read([3, 4], {})],
        {a: 'x'},
        /gone before/,
      ],
      'versions that go down for one client': [
        [read([1, 2], {}, {version: 7}), read([3, 4], {}, {version: 6})],
        {},
        /version 6, after 7/,
      ],
      'a version below that of a write that was done': [
        [write([1, 2], {a: 'x'}, {version: 3}), read([3, 4], {a: 'x'}, {version: 2})],
        {a: 'x'},
        /version 2, after 3/,
      ],
      'two writes that made one version': [
        [write([1, 4], {a: 'x'}, {version: 3}), write([2, 5], {b: 'x'}, {version: 3})],
        {a: 'x', b: 'x'},
        /both made version 3/,
      ],
    }
    for (const [name, [calls, final, fault]] of Object.entries(bad))
      it(name, () => expect(faults(calls, final).join('\n')).to.match(fault))
  })
})
