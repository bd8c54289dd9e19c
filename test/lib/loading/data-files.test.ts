import {expect} from 'chai'
import fc from 'fast-check'
import {firstJsonFault} from '../../../src/lib/loading/json/json-fault.js'
import {load, millisecondsOf, refusal} from './loading.js'

describe('the CSV loader', () => {
  it('makes a line of every record, whatever the delimiter', () => {
    for (const [delimiter, name] of [
      [',', 'a.csv'],
      [';', 'a.csv'],
      ['\t', 'a.tsv'],
      ['|', 'a.csv'],
    ] as const) {
      const source = [
        ['name', 'text'],
        ['Ann', '"one\ntwo"'],
        ['', 'x'],
        ['Bob', '"a ""q"""'],
      ]
        .map((row) => row.join(delimiter))
        .join('\r\n')
      expect(load(name, source), delimiter).to.deep.equal({
        title: 'a',
        text: 'name: Ann; text: one two\ntext: x\nname: Bob; text: a "q"',
        format: 'records',
        firstLine: 2,
        metadata: {},
      })
    }
  })

  it('takes a first record with numbers for data', () => {
    expect(load('a.csv', '1,x\n2,y')).to.deep.include({text: '1; x\n2; y', firstLine: 1})
  })

  it('names the line of a fault', () => {
    expect(refusal('a.csv', 'a,b\n1,"2" x\n').message).to.match(/^a\.csv is not valid CSV: .*line 2/i)
    expect(refusal('a.csv', 'a,b\n1,"never closed\n\n').code).to.equal('BAD_INPUT')
  })

  it('does not grow without bound', () => {
    const wide = Array.from({length: 2000}, (_, at) => `${'column'.repeat(10)}${at}`).join(',')
    const source = `${wide}\n${`${'1,'.repeat(1999)}1\n`.repeat(300)}`
    expect(load('a.csv', source).text.length).to.be.lessThan(9 * source.length + 70_000)
  })
})

describe('the JSON loader', () => {
  it('takes a document with a text field', () => {
    const source = {
      title: 'T',
      content: 'line one\nline two',
      lang: 'en',
      year: 2020,
      ok: true,
      tag: 'x',
      more: {deep: ['a', 'b']},
    }
    expect(load('a.json', JSON.stringify(source))).to.deep.equal({
      title: 'T',
      text: 'line one\nline two\n\nlang: en\nmore.deep: a, b',
      format: 'text',
      firstLine: 1,
      language: 'en',
      metadata: {year: 2020, ok: true, tag: 'x'},
    })
  })

  it('renders any other shape', () => {
    expect(load('a.json', '[{"a":1,"b":{"c":"x"}},{"a":2,"n":null}]').text).to.equal('a: 1\nb.c: x\n\na: 2')
    expect(load('a.json', '"just text"').text).to.equal('just text')
    expect(load('a.json', '{"p":"two\\nlines"}').text).to.equal('p:\ntwo\nlines')
    expect(load('n.json', '{"name":"pkg","v":"1"}').title).to.equal('pkg')
  })

  it('names line and column of a fault', () => {
    expect(refusal('a.json', '{\n  "a": 1,\n  b: 2\n}').message).to.equal(
      'a.json is not valid JSON: line 3, column 3: found "b" where a key in double quotes should be.',
    )
    expect(refusal('a.json', '{"a": [1, 2').message).to.include(
      'line 1, column 12: the text ends where "," or "]"',
    )
    expect(refusal('a.json', '').message).to.include(
      'line 1, column 1: the text ends where a value should be',
    )
    expect(refusal('a.json', '{"a":1}}').message).to.include('column 8: found "}" where the end should be')
  })

  it('finds the fault of everything that JSON.parse refuses', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '1',
        '-',
        'true',
        'nul',
        ' ',
        '\n',
        '\\',
        '1.e',
      ),
      {maxLength: 12},
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const source = parts.join('')
        let isJson = true
        try {
          JSON.parse(source)
        } catch {
          isJson = false
        }
        const fault = firstJsonFault(source)
        if (isJson) expect(fault).to.match(/the text ends where the end should be$/)
        else expect(fault).to.not.match(/the text ends where the end should be$/)
      }),
      {numRuns: 3000},
    )
  })

  it('is not harmed by depth, strange keys and escapes', () => {
    expect(refusal('a.json', '['.repeat(100_000)).code).to.equal('BAD_INPUT')
    expect(refusal('a.json', '['.repeat(100_000) + ']'.repeat(100_000)).message).to.include('levels deep')
    const got = load('a.json', '{"text":"a\\u0000b\\ud800","__proto__":{"x":1},"constructor":"c"}')
    expect(got.text).to.equal('a b\uFFFD')
    expect(Object.keys(got.metadata)).to.deep.equal(['constructor'])
    const wide = `{"${'k'.repeat(50_000)}":[${'{"a":1},'.repeat(50_000)}0]}`
    expect(load('a.json', wide).text.length).to.be.lessThan(20 * wide.length)
  })

  it('is linear on 20 MB', () => {
    const source = JSON.stringify(
      Array.from({length: 200_000}, (_, at) => ({id: at, text: 'word '.repeat(18)})),
    )
    expect(millisecondsOf(() => load('a.json', source))).to.be.lessThan(4000)
  })
})

describe('the JSON Lines loader', () => {
  it('makes paragraphs of records', () => {
    const got = load('a.jsonl', '{"title":"T","text":"body"}\r\n\n{"q":"x","n":1}\n')
    expect(got).to.deep.include({title: 'a', text: 'T\nbody\n\nq: x\nn: 1', format: 'text'})
  })

  it('names a bad line', () => {
    expect(refusal('a.jsonl', '{"a":1}\n{"a":\n').message).to.equal(
      'a.jsonl is not valid JSON Lines: line 2, column 6: the text ends where a value should be.',
    )
  })
})
