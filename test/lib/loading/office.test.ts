import {expect} from 'chai'
import {
  arePlacesInOrder,
  cutAtEveryKilobyte,
  headingsOf,
  loadBytes,
  loadFixture,
  placeOf,
  refusalOf,
  tableRows,
} from './load-file.js'
import {zipFile} from './zip-file.js'

const LEAVE_HEADINGS = [
  '# Leave policy',
  '# Leave policy',
  '## Sick leave',
  '## Annual leave',
  '### Carrying over',
  '# Contacts',
]
const LEAVE_TABLE = [
  '| Years | Days | Carried over |',
  '| --- | --- | --- |',
  '| 0–2 | 25 | 5 |',
  '| 3–9 | 28 | 8 |',
  '| 10+ | 30 | 10 |',
]
const LIST = '- by phone\n- by mail\n  - to the manager\n  - to the office'
const CODE = '```\ndef days(years):\n    return 25 if years < 3 else 28\n```'

for (const name of ['leave.docx', 'leave.odt', 'leave.epub'])
  describe(`${name}`, () => {
    it('has its headings, list, table, code and note', async () => {
      const document = await loadFixture(name)
      expect(document.title).to.equal('Leave policy')
      expect(document.language).to.equal('en')
      expect(document.metadata).to.include({author: 'The people office'})
      expect(headingsOf(document)).to.deep.equal(LEAVE_HEADINGS)
      expect(tableRows(document)).to.deep.equal(LEAVE_TABLE)
      for (const part of [LIST, CODE, 'A message before nine o’clock is enough.'])
        expect(document.text).to.contain(part)
      expect(document.text).not.to.match(/[↑\ue000-\uf8ff]/)
    })

    it('places each part in a numbered paragraph', async () => {
      const document = await loadFixture(name)
      expect(arePlacesInOrder(document)).to.equal(true)
      const [sick, contacts] = [placeOf(document, 'Tell your manager'), placeOf(document, 'Write to leave')]
      if (sick?.kind !== 'paragraphs' || contacts?.kind !== 'paragraphs') throw new Error('no paragraphs')
      expect(sick.first).to.be.lessThan(7)
      if (name === 'leave.epub')
        expect([sick.part, contacts.part]).to.deep.equal(['EPUB/text/ch001.xhtml', 'EPUB/text/ch002.xhtml'])
      else expect(contacts.first).to.be.greaterThan(sick.first + 10)
    })

    it('is read as far as it goes, or refused, wherever it is cut off', async function () {
      this.timeout(20_000)
      expect((await cutAtEveryKilobyte(name)).refused).to.be.greaterThan(5)
    })
  })

describe('DOCX', () => {
  it('counts paragraphs as Word does: empty ones and those in cells too', async () => {
    const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
    const document = await loadBytes(
      'a.docx',
      docx(
        `${paragraph('One.')}<w:p/>${paragraph('Three.')}<w:tbl><w:tr><w:tc>${paragraph('four')}</w:tc><w:tc>${paragraph('five')}</w:tc></w:tr></w:tbl>${paragraph('# Six.')}`,
      ),
    )
    expect(document.text).to.equal('One.\n\nThree.\n\n| four | five |\n\n\\# Six.')
    for (const [words, number] of [
      ['One', 1],
      ['Three', 3],
      ['four', 4],
      ['five', 5],
      ['Six', 6],
    ] as const)
      expect(placeOf(document, words)).to.deep.equal({kind: 'paragraphs', first: number, last: number})
  })

  it('says that a file is encrypted, of Office 97, empty, or no DOCX', async () => {
    const ole = (more: string): Uint8Array =>
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from(more, 'utf16le')])
    expect((await refusalOf('a.docx', ole('EncryptedPackage'))).message).to.equal(
      "a.docx can't be read: this DOCX is encrypted.",
    )
    expect((await refusalOf('a.docx', ole('WordDocument'))).message).to.contain('Office 97')
    expect((await loadBytes('a.docx', docx('<w:p/>'))).faults).to.deep.equal([
      {message: 'it holds no text: its paragraphs are empty'},
    ])
    expect((await refusalOf('a.docx', Buffer.from('not a zip'))).code).to.equal('BAD_INPUT')
    expect((await refusalOf('a.docx', zipFile([{name: 'b', content: 'c'}]))).code).to.equal('BAD_INPUT')
  })
})

for (const name of ['deck.pptx', 'deck.odp'])
  describe(`${name}`, () => {
    it('has a heading a slide, its lists, tables and notes, each on its slide', async () => {
      const document = await loadFixture(name)
      expect(document.title).to.equal('The mill in numbers')
      expect(headingsOf(document)).to.deep.equal([
        '## The mill in numbers',
        '## Where the water comes from',
        '## What it costs',
      ])
      expect(document.text).to.contain('- the river\n- the pond\n  - in summer only')
      expect(tableRows(document)).to.deep.equal([
        '| Year | Repairs | Wages |',
        '| --- | --- | --- |',
        '| 2019 | 1200 | 30000 |',
        '| 2020 | 900 | 31000 |',
      ])
      expect(placeOf(document, 'the pond')).to.deep.equal({kind: 'slide', slide: 2, inNotes: false})
      expect(placeOf(document, 'dug in 1820')).to.deep.equal({kind: 'slide', slide: 2, inNotes: true})
      expect(placeOf(document, '31000')).to.deep.equal({kind: 'slide', slide: 3, inNotes: false})
      expect(arePlacesInOrder(document)).to.equal(true)
    })

    it('is read as far as it goes, or refused, wherever it is cut off', async function () {
      this.timeout(20_000)
      expect((await cutAtEveryKilobyte(name)).refused).to.be.greaterThan(5)
    })
  })

for (const name of ['stock.xlsx', 'stock.ods'])
  describe(`${name}`, () => {
    it('has a heading a sheet, and tables with dates, percents and results of formulas, each row in its place', async () => {
      const document = await loadFixture(name)
      expect(document.text).to.match(/^## Stock\n\nStock of the mill\n\n\| Grain \|/)
      expect(headingsOf(document)).to.deep.equal(['## Stock', '## People'])
      expect(tableRows(document)).to.deep.equal([
        '| Grain | Sacks | Bought | Share |',
        '| --- | --- | --- | --- |',
        '| Rye | 12.5 | 2020-03-01 | 25% |',
        '| Wheat \\| spelt | 37.5 |  | 75% |',
        '| twice | twice | 1 |  |',
        '| Name | Since |',
        '| --- | --- |',
        '| Ada | 1999 |',
      ])
      expect(placeOf(document, 'Wheat')).to.deep.equal({kind: 'rows', sheet: 'Stock', first: 5, last: 5})
      expect(placeOf(document, 'Ada')).to.deep.equal({kind: 'rows', sheet: 'People', first: 2, last: 2})
      expect(arePlacesInOrder(document)).to.equal(true)
    })

    it('is read as far as it goes, or refused, wherever it is cut off', async function () {
      this.timeout(20_000)
      expect((await cutAtEveryKilobyte(name)).refused).to.be.greaterThan(5)
    })
  })

describe('XLSX', () => {
  it('goes on under the same columns below an empty row, and names columns of mere numbers by their letters', async () => {
    const row = (r: number, ...cells: readonly (string | number)[]): string =>
      `<row r="${r}">${cells.map((cell) => (typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join('')}</row>`
    const text = async (rows: string): Promise<string> => (await loadBytes('a.xlsx', xlsx(rows))).text
    expect(await text(row(1, 'a', 'b') + row(2, 'x', 1) + row(4, 'y', 2))).to.equal(
      '## One\n\n| a | b |\n| --- | --- |\n| x | 1 |\n\n| a | b |\n| --- | --- |\n| y | 2 |',
    )
    expect(await text(row(1, 1, 0.1 + 0.2))).to.equal('## One\n\n| A | B |\n| --- | --- |\n| 1 | 0.3 |')
  })
})

describe('a document in a zip archive', () => {
  it('that unpacks to far more than it holds is refused before', async () => {
    const part = {name: 'xl/workbook.xml', content: ' '.repeat(100 * 1024 ** 2)}
    const refused = await refusalOf('bomb.xlsx', zipFile([part]))
    expect([refused.code, refused.message]).to.deep.equal([
      'TOO_LARGE',
      'bomb.xlsx was not read: xl/workbook.xml unpacks to 100 MB, over 200 times what it holds. The other files are not affected.',
    ])
  })

  it('that declares less than it unpacks to is refused when it has unpacked that much', async () => {
    for (const [name, part] of [
      ['bomb.xlsx', 'xl/workbook.xml'],
      ['bomb.docx', 'word/document.xml'],
      ['bomb.odt', 'content.xml'],
    ] as const) {
      const refused = await refusalOf(
        name,
        zipFile([{name: part, content: '<a/>'.repeat(1_000_000), declared: 300}]),
      )
      expect(refused.code).to.equal('BAD_INPUT')
      expect(refused.message).to.match(/too many bytes/)
    }
  })

  it('with elements within elements without end is refused', async () => {
    const refused = await refusalOf(
      'deep.ods',
      zipFile([{name: 'content.xml', content: '<a>'.repeat(1_000_000)}]),
    )
    expect(refused.message).to.equal('deep.ods is not valid ODS: content.xml is nested over 500 levels deep.')
  })

  it('whose parts are encrypted is named', async () => {
    const manifest = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>'
    const odt = zipFile([
      {name: 'META-INF/manifest.xml', content: manifest},
      {name: 'content.xml', content: 'x'},
    ])
    expect((await refusalOf('a.odt', odt)).message).to.equal("a.odt can't be read: this ODT is encrypted.")
    const locked = zipFile([{name: 'content.xml', content: 'x', isEncrypted: true}])
    expect((await refusalOf('a.ods', locked)).message).to.equal("a.ods can't be read: this ODS is encrypted.")
    const book = zipFile([
      {
        name: 'a.opf',
        content:
          '<package><manifest><item id="i" href="c.xhtml"/></manifest><spine><itemref idref="i"/></spine></package>',
      },
      {name: 'c.xhtml', content: 'x'},
      {name: 'META-INF/encryption.xml', content: '<e><enc:CipherReference URI="c.xhtml"/></e>'},
    ])
    expect((await refusalOf('a.epub', book)).message).to.equal(
      "a.epub can't be read: this EPUB is encrypted.",
    )
  })
})

describe('EPUB', () => {
  it('gives a chapter without a heading its title of the table of contents', async () => {
    const book = zipFile([
      {
        name: 'META-INF/container.xml',
        content: '<container><rootfiles><rootfile full-path="o/a.opf"/></rootfiles></container>',
      },
      {
        name: 'o/a.opf',
        content:
          '<package><metadata><dc:title>Mills</dc:title><dc:creator>A. Weir</dc:creator></metadata><manifest><item id="n" href="t.ncx" media-type="application/x-dtbncx+xml"/><item id="i" href="c%201.xhtml"/></manifest><spine><itemref idref="i"/></spine></package>',
      },
      {
        name: 'o/t.ncx',
        content:
          '<ncx><navMap><navPoint><navLabel><text>Of rivers</text></navLabel><content src="c%201.xhtml#top"/></navPoint></navMap></ncx>',
      },
      {name: 'o/c 1.xhtml', content: '<html><body><p>Water runs.</p><p>It falls.</p></body></html>'},
    ])
    const document = await loadBytes('a.epub', book)
    expect([document.title, document.text]).to.deep.equal([
      'Mills',
      '# Of rivers\n\nWater runs.\n\nIt falls.',
    ])
    expect(document.metadata).to.deep.equal({author: 'A. Weir'})
    expect(placeOf(document, 'It falls')).to.deep.equal({
      kind: 'paragraphs',
      first: 2,
      last: 2,
      part: 'o/c 1.xhtml',
    })
  })
})

function docx(body: string): Uint8Array<ArrayBuffer> {
  const types = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
  return zipFile([
    {
      name: '[Content_Types].xml',
      content: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${types}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      content:
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    },
    {
      name: 'word/document.xml',
      content: `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    },
  ])
}

function xlsx(rows: string): Uint8Array<ArrayBuffer> {
  return zipFile([
    {name: 'xl/workbook.xml', content: '<workbook><sheets><sheet name="One" r:id="s"/></sheets></workbook>'},
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: '<Relationships><Relationship Id="s" Type="a/worksheet" Target="one.xml"/></Relationships>',
    },
    {name: 'xl/one.xml', content: `<worksheet><sheetData>${rows}</sheetData></worksheet>`},
  ])
}
