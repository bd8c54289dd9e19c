import {usage} from '../../lib/index.js'

/** `KEY=VALUE` words as facts. @throws RagError USAGE */
export function profileFacts(words: readonly string[]): Readonly<Record<string, string>> {
  const facts = words.map((word): [string, string] => {
    const at = word.indexOf('=')
    const key = word.slice(0, at).trim()
    if (at < 1 || key === '' || word.length > 500)
      throw usage(
        `--profile-update: "${word.slice(0, 120)}" is not KEY=VALUE.`,
        'For example: --profile-update team=people',
      )
    return [key, word.slice(at + 1).trim()]
  })
  return Object.fromEntries(facts)
}
