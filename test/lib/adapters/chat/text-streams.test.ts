import {expect} from 'chai'
import {eventsOf} from '../../../../src/lib/adapters/chat/text-events.js'
import {linesOf} from '../../../../src/lib/adapters/chat/text-lines.js'
import type {ChatPost} from '../../../../src/lib/adapters/chat/post-stream.js'
import {rejects} from '../../../support/store-fixtures.js'

const post = {name: 'openai:m', url: new URL('https://chat.test/v1')} as ChatPost

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text)
}
async function all(read: typeof eventsOf, ...texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for await (const one of read(pieces(...texts), post)) found.push(one)
  return found
}

describe('eventsOf', () => {
  it('gives the data of events, wherever the text is cut', async () => {
    const text =
      ': comment\nretry: 10\nid: 7\nevent: delta\ndata: {"a":\ndata: 1}\n\ndata:{"b":2}\r\n\r\ndata: [DONE]\n\n'
    const expected = ['{"a":\n1}', '{"b":2}', '[DONE]']
    expect(await all(eventsOf, text)).to.deep.equal(expected)
    expect(await all(eventsOf, ...text)).to.deep.equal(expected)
    for (let at = 0; at < text.length; at += 3)
      expect(await all(eventsOf, text.slice(0, at), text.slice(at))).to.deep.equal(expected)
  })

  it('takes a last event without its empty line, but none that is cut within a line', async () => {
    expect(await all(eventsOf, 'data: 1\n\ndata: 2\n')).to.deep.equal(['1', '2'])
    expect(await all(eventsOf, 'data: 1\n\ndata: {"cho')).to.deep.equal(['1'])
  })

  it('refuses what is no event stream, and what has no end', async () => {
    await rejects(all(eventsOf, '{"choices": []}\n'), 'CHAT_BAD_ANSWER')
    await rejects(all(eventsOf, 'hello\n'), 'CHAT_BAD_ANSWER')
    const block = 'x'.repeat(100_000)
    let sent = 0
    async function* endless(start: string, more: string): AsyncGenerator<string> {
      yield await Promise.resolve(start)
      for (;;) {
        sent++
        yield await Promise.resolve(more)
      }
    }
    for (const [start, more] of [
      ['data: ', block],
      ['data: 1\n', `data: ${block}\n`],
    ] as const)
      await rejects(eventsOf(endless(start, more), post)[Symbol.asyncIterator]().next(), 'CHAT_BAD_ANSWER')
    expect(sent).to.be.below(30)
  })
})

describe('linesOf', () => {
  it('gives lines, wherever the text is cut, and the last without its end', async () => {
    expect(await all(linesOf, 'a\r\nb', 'c\n\nd')).to.deep.equal(['a', 'bc', '', 'd'])
  })

  it('refuses a line that has no end', async () => {
    await rejects(all(linesOf, ...Array.from({length: 20}, () => 'x'.repeat(100_000))), 'CHAT_BAD_ANSWER')
  })
})
