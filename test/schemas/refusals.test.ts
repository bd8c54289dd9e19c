import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import fc from 'fast-check'
import * as z from 'zod'
import {documentedShapes} from '../../scripts/contract/field-tables.js'
import {COMMANDS, errorResult} from '../../src/contract/index.js'
import {examplesOf} from './json-examples.js'

type Spoil = readonly [what: string, spoil: (copy: unknown) => void]

const at = (value: unknown, path: readonly (string | number)[]): Record<string, unknown> =>
  path.reduce<unknown>((it, key) => (it as Record<string, unknown>)[key], value) as Record<string, unknown>

const bare = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema

/** All ways to make a value wrong at one place: a field too many, one too few, one of another type, a number below 0. */
function spoils(schema: unknown, value: unknown, path: readonly (string | number)[] = []): readonly Spoil[] {
  const it = bare(schema)
  if (it instanceof z.ZodArray)
    return (value as readonly unknown[]).flatMap((element, i) => spoils(it.element, element, [...path, i]))
  if (!(it instanceof z.ZodObject) || value === null) return []
  const where = path.join('.')
  const tooMany: Spoil = [`${where}.zork`, (copy) => (at(copy, path)['zork'] = 1)]
  const members = Object.entries(it.shape as Record<string, z.ZodType>).flatMap(
    ([name, type]): readonly Spoil[] => {
      const held = (value as Record<string, unknown>)[name]
      if (held === undefined) return []
      const tooFew: Spoil = [`no ${where}.${name}`, (copy) => void delete at(copy, path)[name]]
      const set = (what: unknown): Spoil => [
        `${where}.${name} = ${JSON.stringify(what)}`,
        (copy) => (at(copy, path)[name] = what),
      ]
      const isOptional = type instanceof z.ZodOptional
      const isLeaf = held === null || typeof held !== 'object'
      return [
        ...(isOptional ? [] : [tooFew]),
        ...(isLeaf ? [set({zork: true}), set(['zork'])] : [set('zork')]),
        ...(bare(type) instanceof z.ZodNumber && name !== 'score' ? [set(-1)] : []),
        ...(bare(type) instanceof z.ZodEnum ? [set('zork')] : []),
        ...spoils(type, held, [...path, name]),
      ]
    },
  )
  return [tooMany, ...members]
}

describe('a schema of the contract', () => {
  const shapes = documentedShapes()
  const known = examplesOf(readFileSync('docs/json.md', 'utf8')).flatMap(({value, shapes: names}) => {
    const name = names.find((it) => shapes.get(it)!.safeParse(value).success)!
    return [{name, schema: shapes.get(name)!, value}]
  })

  it('refuses what is right in all but one place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known.keys()), fc.nat(), (i, pick) => {
        const {name, schema, value} = known[i]!
        const all = spoils(schema, value)
        const [what, spoil] = all[pick % all.length]!
        const copy = structuredClone(value)
        spoil(copy)
        expect(schema.safeParse(copy).success, `${name}: ${what}`).to.equal(false)
      }),
      {numRuns: 2000},
    )
  })

  const search = COMMANDS.search.requests[0]
  const requests: readonly (readonly [string, z.ZodType, unknown])[] = [
    ['a search without a query', search, {}],
    ['a field that is not known', search, {query: 'a', topk: 3}],
    ['more hits than can be asked for', search, {query: 'a', top_k: 1001}],
    ['a part of a hit', search, {query: 'a', top_k: 2.5}],
    ['a number as text', search, {query: 'a', top_k: '3'}],
    ['a mode that does not exist', search, {query: 'a', mode: 'fuzzy'}],
    ['a filter that is a text', search, {query: 'a', filters: ['year>=2023']}],
    [
      'an operator that does not exist',
      search,
      {query: 'a', filters: [{field: 'year', op: '~', value: '1'}]},
    ],
    ['a weight over 1', search, {query: 'a', weight: 1.5}],
    ['a delete of nothing', COMMANDS['docs delete'].requests[0], {doc_ids: []}],
    ['a wait for ever', COMMANDS.verify.requests[0], {wait: Infinity}],
    [
      'metadata that is no JSON',
      COMMANDS['docs upsert'].requests[0],
      {doc_id: 'a', text: 'b', metadata: {at: new Date(0)}},
    ],
    ['an error code that does not exist', errorResult, {error: {code: 'OOPS', message: 'x', hint: null}}],
    ['an error without a hint', errorResult, {error: {code: 'USAGE', message: 'x'}}],
  ]
  for (const [what, schema, value] of requests)
    it(`refuses ${what}`, () => {
      expect(schema.safeParse(value).success).to.equal(false)
    })

  it('takes a request that says everything', () => {
    const request = {
      query: 'sick leave',
      corpus: 'acme/docs',
      mode: 'hybrid',
      top_k: 5,
      filters: [{field: 'year', op: '>=', value: '2023'}],
      min_score: 0.1,
      weight: 0.5,
      fusion: 'rrf',
      unit: 'document',
      context: 1,
      explain: true,
      cache: 'refresh',
    }
    expect(search.parse(request)).to.deep.equal(request)
  })
})
