import {notAFact} from '../../lib/model/errors/request/sessions.js'

/** `KEY=VALUE` words as facts. @throws RagError USAGE */
export function profileFacts(words: readonly string[]): Readonly<Record<string, string>> {
  const facts = words.map((word): [string, string] => {
    const at = word.indexOf('=')
    const key = word.slice(0, at).trim()
    if (at < 1 || key === '' || word.length > 500) throw notAFact(word)
    return [key, word.slice(at + 1).trim()]
  })
  return Object.fromEntries(facts)
}
