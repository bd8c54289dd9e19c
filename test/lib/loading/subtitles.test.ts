import {expect} from 'chai'
import {loadBytes, placeOf, refusalOf} from './load-file.js'

describe('subtitles', () => {
  it('of SubRip are what is said, each at its time, with paragraphs at pauses', async () => {
    const document = await loadBytes(
      'a.srt',
      Buffer.from(
        '1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>The otter</i>\r\nswims.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}It dives.\r\n\r\n3\r\n01:00:00,000 --> 01:00:01,000\r\n1984\r\n',
      ),
    )
    expect(document.text).to.equal('The otter swims.\nIt dives.\n\n1984')
    expect(placeOf(document, 'swims')).to.deep.equal({kind: 'time', startMs: 1000, endMs: 2500})
    expect(placeOf(document, '1984')).to.deep.equal({kind: 'time', startMs: 3_600_000, endMs: 3_601_000})
  })

  it('of WebVTT name who speaks, without notes and styles, and say rolling lines once', async () => {
    const {text} = await loadBytes(
      'a.vtt',
      Buffer.from(
        'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE not\nspoken\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ada>Fish &amp; chips\n\n00:02.000 --> 00:03.000\nFirst line\n\n00:03.000 --> 00:04.000\nFirst line\nand second\n',
      ),
    )
    expect(text).to.equal('Ada: Fish & chips\nFirst line\nand second')
  })

  it('without a time are refused; a time that can not be read is named', async () => {
    expect((await refusalOf('a.srt', Buffer.from('words'))).code).to.equal('BAD_INPUT')
    const {text, faults} = await loadBytes(
      'a.srt',
      Buffer.from('1\n00:01:00,000 --> 00:01:01,000\nOne\n\n2\nx --> y\nTwo\n'),
    )
    expect([text, faults]).to.deep.equal([
      'One',
      [{message: 'a time that can not be read; its cue is left out', line: 6}],
    ])
  })
})
