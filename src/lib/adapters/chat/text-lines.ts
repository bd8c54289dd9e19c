import {chatBadAnswer} from '../../model/errors/model/chat.js'
import {placeOf, type ChatPost} from './post-stream.js'

/** Longer than any line or event that a chat service sends. */
export const LONGEST_LINE = 1024 * 1024

/** The lines of a text that comes in pieces, without their ends; also a last one without an end. @throws RagError CHAT_BAD_ANSWER */
export async function* linesOf(pieces: AsyncIterable<string>, post: ChatPost): AsyncIterable<string> {
  let held = ''
  for await (const piece of pieces) {
    const lines = (held + piece).split('\n')
    held = lines.pop() ?? ''
    if (held.length > LONGEST_LINE)
      throw chatBadAnswer(post.name, placeOf(post.url), 'a line of its answer has no end')
    for (const line of lines) yield line.replace(/\r$/, '')
  }
  if (held !== '') yield held
}
