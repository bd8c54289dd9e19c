import {chatBadAnswer} from '../../model/errors/model/chat.js'
import {createParser} from 'eventsource-parser'
import {placeOf, type ChatPost} from './post-stream.js'
import {LONGEST_LINE} from './text-lines.js'

/** The data of server-sent events in a text that comes in pieces. @throws RagError CHAT_BAD_ANSWER for a text that is none */
export async function* eventsOf(pieces: AsyncIterable<string>, post: ChatPost): AsyncIterable<string> {
  const ready: string[] = []
  let fault: string | undefined
  const parser = createParser({
    maxBufferSize: LONGEST_LINE,
    onEvent: ({data}) => ready.push(data),
    onError: ({type}) => {
      if (type === 'max-buffer-size-exceeded') fault = 'an event of its answer has no end'
      else if (type === 'unknown-field') fault = 'it sends no event stream'
    },
  })
  const feed = (text: string): readonly string[] => {
    parser.feed(text)
    if (fault !== undefined) throw chatBadAnswer(post.name, placeOf(post.url), fault)
    return ready.splice(0)
  }
  for await (const piece of pieces) yield* feed(piece)
  // Some services leave the empty line away that ends the last event.
  yield* feed('\n')
}
