import {expect} from 'chai'
import {
  arePlacesInOrder,
  cutAtEveryKilobyte,
  fixture,
  headingsOf,
  loadFixture,
  placeOf,
  refusalOf,
  tableRows,
} from './load-file.js'

describe('PDF', function () {
  this.timeout(30_000)

  it('gives headings by size, and what the file says of itself', async () => {
    const document = await loadFixture('leave-office.pdf')
    expect(document.title).to.equal('Leave policy')
    expect(document.language).to.equal('en')
    expect(document.metadata).to.include({pages: 1, author: 'The people office'})
    expect(headingsOf(document)).to.deep.equal([
      '# Leave policy',
      '## Leave policy',
      '### Sick leave',
      '### Annual leave',
      '#### Carrying over',
      '## Contacts',
    ])
    expect(document.text).to.contain('- by phone\n- by mail')
    expect(document.text).to.contain('```\ndef days(years):\n    return 25 if years < 3 else 28\n```')
  })

  it('gives tables as tables with a header', async () => {
    expect(tableRows(await loadFixture('leave-office.pdf'))).to.deep.equal([
      '| Years | Days | Carried over |',
      '| --- | --- | --- |',
      '| 0–2 | 25 | 5 |',
      '| 3–9 | 28 | 8 |',
      '| 10+ | 30 | 10 |',
    ])
    expect(tableRows(await loadFixture('paper.pdf'))).to.include.members([
      '| Wheel | Height | Power |',
      '| Breast | 3.8 | 9 |',
    ])
  })

  it('reads columns one after the other, without running heads and page numbers, each block on its page', async () => {
    const document = await loadFixture('paper.pdf')
    expect(headingsOf(document)).to.deep.equal([
      '# Water and Wheels',
      '## 1 Introduction',
      '### 1.1 Overshot wheels',
      '## 2 Measurements',
      '### 2.1 Losses',
      '## 3 Conclusion',
    ])
    expect(document.text).not.to.match(/Journal of Mills|Volume 7|^\d$/m)
    // Lines of the other column stand between these on the page.
    const sentence =
      'The wheel turns because water falls on it, and it goes on for as long as the river runs above the weir and the gate is open.'
    expect(document.text).to.contain(`The left column ends with the otter. ${sentence} ${sentence}`)
    expect(document.text).to.contain(`The right column speaks of the heron. ${sentence} ${sentence}`)
    expect(document.text).not.to.match(/[a-z]- [a-z]/)
    expect(placeOf(document, 'Introduction')).to.deep.equal({kind: 'pages', first: 1, last: 1})
    expect(placeOf(document, 'Overshot | 4.2')).to.deep.equal({kind: 'pages', first: 2, last: 2})
    expect(placeOf(document, 'turn(wheel)')).to.deep.equal({kind: 'pages', first: 4, last: 4})
    expect(arePlacesInOrder(document)).to.equal(true)
  })

  it('names pages without text, and refuses a file without any', async () => {
    const document = await loadFixture('partly-scanned.pdf')
    expect(document.text).to.equal('First page in words.\n\nLast page in words.')
    expect(document.faults).to.deep.equal([{message: 'pages 2–3 of 4: no text, an image or empty'}])
    const refused = await refusalOf('scanned.pdf', fixture('scanned.pdf'))
    expect([refused.code, refused.message]).to.deep.equal([
      'NOT_TEXT',
      'scanned.pdf holds no text: its page is an image or empty.',
    ])
  })

  it('says that a file is encrypted', async () => {
    const refused = await refusalOf('locked.pdf', fixture('locked.pdf'))
    expect([refused.code, refused.message]).to.deep.equal([
      'NOT_TEXT',
      "locked.pdf can't be read: this PDF is encrypted.",
    ])
  })

  it('reads what is left of a file that was cut off, or refuses it', async () => {
    const {read, refused} = await cutAtEveryKilobyte('paper.pdf')
    expect(read + refused).to.equal(Math.ceil(fixture('paper.pdf').length / 1024))
  })
})
