import {expect} from 'chai'
import {
  arePlacesInOrder,
  cutAtEveryKilobyte,
  headingsOf,
  loadBytes,
  loadFixture,
  placeOf,
  refusalOf,
} from './load-file.js'

describe('mail', () => {
  it('has its subject, who wrote it, its text with quoted replies, and the text of its attachments', async () => {
    const document = await loadFixture('mill.eml')
    expect(document.title).to.equal('Größe der Mühle')
    expect(document.metadata).to.deep.equal({
      from: 'Ada Weir <ada@example.org>',
      to: 'mill@example.org',
      date: '2020-03-02T09:00:00.000Z',
    })
    expect(document.text).to.match(
      /^# Größe der Mühle\n\nFrom: Ada Weir <ada@example\.org>\nTo: mill@example\.org\nDate: 2020/,
    )
    expect(document.text).to.contain(
      'four metres high.\n\n> How high is the wheel?\n\nFrom here one sees the weir.',
    )
    expect(headingsOf(document).slice(0, 4)).to.deep.equal([
      '# Größe der Mühle',
      '## leave.docx',
      '### Leave policy',
      '### Leave policy',
    ])
    expect(placeOf(document, 'doctor’s note')).to.deep.equal({kind: 'message', message: 1})
    expect(document.faults).to.deep.equal([
      {message: 'message 1: attachment "turn.exe" is of a type that is not read'},
    ])
  })

  it('of a mailbox has a heading a message, each in its place', async () => {
    const document = await loadFixture('mill.mbox')
    expect(headingsOf(document)).to.deep.equal(['# The first', '# The second', '### Herons', '# The third'])
    expect(document.text).to.contain('From now on we count them.')
    expect(document.text).not.to.contain('>From')
    expect(placeOf(document, 'otter')).to.deep.equal({kind: 'message', message: 1})
    expect(placeOf(document, '- three')).to.deep.equal({kind: 'message', message: 2})
    expect(placeOf(document, 'kingfishers')).to.deep.equal({kind: 'message', message: 3})
    expect(document.metadata).to.deep.equal({messages: 3})
    expect(arePlacesInOrder(document)).to.equal(true)
  })

  it('that is no mail is refused', async () => {
    expect((await refusalOf('a.eml', Buffer.from('no header'))).code).to.equal('BAD_INPUT')
    expect((await refusalOf('a.mbox', Buffer.from('Subject: x\n\ny'))).message).to.equal(
      'a.mbox is not valid mbox: line 1 does not begin with "From ".',
    )
  })

  it('is read as far as it goes, wherever it is cut off', async () => {
    expect((await cutAtEveryKilobyte('mill.eml')).read).to.be.greaterThan(10)
  })

  it('names an attachment that can not be read, and reads the rest', async () => {
    const {text, faults} = await loadBytes(
      'a.eml',
      Buffer.from(
        'Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nThe words.\n--b\nContent-Disposition: attachment; filename=a.pdf\n\nnot a PDF\n--b--\n',
      ),
    )
    expect(text).to.contain('The words.')
    expect(faults?.[0]?.message).to.match(/^message 1: attachment: a\.pdf is not valid PDF/)
  })
})
