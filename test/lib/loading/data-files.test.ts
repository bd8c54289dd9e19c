import {expect} from 'chai'
import {parse} from 'csv-parse/sync'
import fc from 'fast-check'
import {jsonFault} from '../../../src/lib/loading/json/json-fault.js'
import {quoteNumbers} from '../../../src/lib/loading/json/json-numbers.js'
import {readRecords} from '../../../src/lib/loading/tables/read-records.js'
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
        places: [
          {start: 0, end: 24, place: {kind: 'lines', first: 2, last: 3}},
          {start: 25, end: 32, place: {kind: 'lines', first: 4, last: 4}},
          {start: 33, end: 55, place: {kind: 'lines', first: 5, last: 5}},
        ],
        metadata: {},
      })
    }
  })

  it('reads what is CSV as csv-parse does', () => {
    const cell = fc.string({unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' x', '1'), maxLength: 6})
    fc.assert(
      fc.property(fc.array(fc.array(cell, {minLength: 1, maxLength: 4}), {maxLength: 8}), (rows) => {
        const quoted = (value: string): string =>
          /["\n,]|^ | $/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
        const source = rows.map((row) => row.map(quoted).join(',')).join('\n')
        const {records, faults} = readRecords(source, ',')
        expect(faults).to.deep.equal([])
        expect(records.map(({cells}) => cells)).to.deep.equal(
          parse(source, {
            relax_column_count: true,
            skip_empty_lines: true,
            skip_records_with_empty_values: true,
            record_delimiter: '\n',
          }),
        )
      }),
      {numRuns: 500},
    )
  })

  it('reads what is no CSV as far as it goes, and names the lines', () => {
    const faultsOf = (source: string): unknown =>
      load('a.csv', source).faults?.map(({line, message}) => [line, message])
    const inner = 'a quote within a field without quotes'
    const open = 'a quote that is not closed as it should be'
    for (const [source, text, faults] of [
      ['a,b\npipe,3/4" wide\nrod,x', 'a: pipe; b: 3/4" wide\na: rod; b: x', [[2, inner]]],
      ['a,b\n1,The "Red" Barn\n', 'a: 1; b: The "Red" Barn', [[2, inner]]],
      ['a,b\n1,"say \\"hi\\", then go"\n', 'a: 1; b: say "hi", then go', undefined],
      ['a,b\n1, "after a blank, too"\n', 'a: 1; b: after a blank, too', undefined],
      [
        'a,b\n1,"The "Red" Barn"\n2,x',
        'a: 1; b: The "Red" Barn\na: 2; b: x',
        [[2, 'quotes within a field that are not doubled']],
      ],
      ['a,b\n1,"said" he, and left\n2,"x"', 'a: 1; b: "said" he; and left\na: 2; b: x', [[2, open]]],
      [
        'a,b\n1,"never closed\n2,y\n3,"cut o',
        'a: 1; b: "never closed\na: 2; b: y\na: 3; b: "cut o',
        [
          [2, open],
          [4, open],
        ],
      ],
    ] as const) {
      expect(load('a.csv', source).text, source).to.equal(text)
      expect(faultsOf(source), source).to.deep.equal(faults)
    }
  })

  it('finds the header below a title, comments or sep=, with years or a name twice in it', () => {
    for (const [source, text] of [
      [
        'sep=;\nname;note\nOar;"long; light"\nSail;torn',
        'name: Oar; note: long; light\nname: Sail; note: torn',
      ],
      [
        '#####\n# Harbour list\n# id,quay\n7,north\n8,south',
        '#####\n# Harbour list\nid: 7; quay: north\nid: 8; quay: south',
      ],
      [
        'Report of dues,,\nship,dues,paid\nIda,4,yes\nAda,5,no',
        'Report of dues\nship: Ida; dues: 4; paid: yes\nship: Ada; dues: 5; paid: no',
      ],
      ['land,2023,2024\nChad,1,2\nPeru,3,4', 'land: Chad; 2023: 1; 2024: 2\nland: Peru; 2023: 3; 2024: 4'],
      ['name,value,value\nx,1,2\ny,3,4', 'name: x; value: 1; value: 2\nname: y; value: 3; value: 4'],
      ['a,b,\n1,2,\n3,4,', 'a: 1; b: 2\na: 3; b: 4'],
      ['no,no\nno,yes', 'no; no\nno; yes'],
    ] as const)
      expect(load('a.csv', source).text).to.equal(text)
  })

  it('is linear on hostile quotes', () => {
    for (const source of ['"', '"a\n', '""', '"a\\"b\n', '"" "\n', 'a"b,', '"\n"a'])
      expect(
        millisecondsOf(() => load('a.csv', source.repeat(300_000))),
        source,
      ).to.be.lessThan(2000)
  })

  it('takes a first record with numbers for data', () => {
    expect(load('a.csv', '1,x\n2,y')).to.deep.include({text: '1; x\n2; y', firstLine: 1})
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
      places: [],
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

  it('reads comments and trailing commas', () => {
    const source = '{ // one\n  "a": "x // y", /* two\n  lines */ "b": [1, 2,], // end,\n  "c": "/* z */",\n}'
    expect(load('a.json', source)).to.deep.include({text: 'a: x // y\nb: 1, 2\nc: /* z */'})
    expect(load('a.json', '[1, /* , */ ]')).to.not.have.property('faults')
  })

  it('reads what is no JSON as text, and names line and reason', () => {
    for (const [source, line, why] of [
      ['{\n  "a": 1,\n  b: 2\n}', 3, 'found "b" where a key in double quotes should be'],
      ['{"a":1}}', 1, 'found "}" where the end should be'],
      ['{"a": NaN}', 1, 'found "N" where a value should be'],
    ] as const)
      expect(load('a.json', source)).to.deep.include({
        text: source,
        faults: [{message: `no valid JSON: ${why}`, line}],
      })
    expect(load('a.json', ' \n')).to.include({text: ''}).and.not.have.property('faults')
    expect(load('a.json', '{"a":1}\n{"a":2}\n').text).to.equal('a: 1\n\na: 2')
    // Half of a file is no file: it may be being written.
    for (const [source, why] of [
      ['{"a": [1, 2', 'line 1, column 12: the text ends where "," or "]" should be.'],
      ['{"a": 1,\n "b": "cut o', 'line 2, column 7: a text in quotes that never ends.'],
    ] as const)
      expect(refusal('a.json', source).message).to.equal(`a.json is not valid JSON: ${why}`)
    expect(refusal('a.json', '['.repeat(5000)).message).to.match(/not valid JSON: .*levels deep/)
  })

  it('keeps the digits of numbers as they stand', () => {
    const numbers = ['12345678901234567890', '9007199254740993', '1.10', '-0', '1e5', '1E-7', '0.1', '42']
    const source = `{"list": [${numbers.join(', ')}], "in": {"n": 1.50, "s": "2.50 \\" 3.0"}}`
    expect(load('a.json', source).text).to.equal(`list: ${numbers.join(', ')}\nin.n: 1.50\nin.s: 2.50 " 3.0`)
    expect(load('a.jsonl', '{"id": 90071992547409931}').text).to.equal('id: 90071992547409931')
    const document = '{"text": "body", "price": 1.10, "id": 90071992547409931, "n": 3}'
    expect(load('a.json', document).metadata).to.deep.equal({price: 1.1, id: '90071992547409931', n: 3})
    fc.assert(
      fc.property(fc.json({maxDepth: 3}), (json) => {
        expect(JSON.parse(quoteNumbers(json).replace(/"\\u0001#([^"]*)"/g, '$1'))).to.deep.equal(
          JSON.parse(json),
        )
      }),
    )
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
        const fault = jsonFault(source).why
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

  it('keeps a line that is no JSON as it is, and names it', () => {
    expect(load('a.jsonl', '{"a":1}\n{"a":"cut o\n{"a":2}\n')).to.deep.include({
      text: 'a: 1\n\n{"a":"cut o\n\na: 2',
      faults: [{message: 'no valid JSON: a text in quotes that never ends', line: 2}],
      places: [1, 2, 3].map((line, i) => ({
        start: [0, 6, 19][i],
        end: [4, 17, 23][i],
        place: {kind: 'lines', first: line, last: line},
      })),
    })
    const deep = load('a.jsonl', `{"a":1}\n${'['.repeat(5000)}\n`)
    expect([deep.text, deep.faults?.[0]?.message]).to.deep.equal([
      'a: 1\n\n',
      'left out: it is nested more than 200 levels deep',
    ])
  })
})
