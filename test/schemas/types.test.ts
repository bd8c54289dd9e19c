import {expect} from 'chai'
import type {SearchMode} from '../../src/lib/model/operations/query.js'
import {exactly} from '../../src/contract/parts/enumerations.js'
import {
  COMMANDS,
  type CommandResult,
  type ConfigResult,
  type CorpusDeleteResult,
  type Data,
} from '../../src/contract/index.js'

/**
 * Promises that the compiler keeps: each line below an `@ts-expect-error` must not compile, or `npm run types` fails.
 * Nothing of it is of use at run time.
 */
describe('the types of the contract', () => {
  const whole: CorpusDeleteResult = {corpus: 'a', deleted: true, documents: 1, chunks: 1, bytes_freed: 1}

  it('know every field of a result', () => {
    const {bytes_freed, ...rest} = whole
    // @ts-expect-error A field is missing.
    const missing: CorpusDeleteResult = rest
    // @ts-expect-error A field is misspelled.
    const misspelled: CorpusDeleteResult = {...rest, bytesFreed: bytes_freed}
    // @ts-expect-error A field is not known.
    const more: CorpusDeleteResult = {...whole, zork: 1}
    // @ts-expect-error No command prints it.
    const nobodys: CommandResult = {zork: 1}
    expect([missing, misspelled, more, nobodys]).to.have.length(4)
  })

  it('let nobody change a result, at any depth', () => {
    const config: ConfigResult = {settings: {corpus: {value: 'a', origin: 'flag', from: '--corpus'}}}
    // @ts-expect-error It is read only.
    whole.corpus = 'b'
    // @ts-expect-error So is what it holds.
    config.settings['corpus']!.value = 'b'
    expect(whole.corpus).to.equal('b')
  })

  it('are equal to those of the model where a set is closed', () => {
    const all = exactly<SearchMode>()('hybrid', 'keyword', 'vector')
    // @ts-expect-error A member is missing.
    const fewer = exactly<SearchMode>()('hybrid', 'keyword')
    // @ts-expect-error The model does not have it.
    const more = exactly<SearchMode>()('hybrid', 'keyword', 'vector', 'fuzzy')
    const mode: Data<typeof all> = 'keyword'
    expect([all, fewer, more].map((it) => it.options.length)).to.deep.equal([3, 2, 4])
    expect(mode).to.equal('keyword')
  })

  it('say what may be asked', () => {
    const [request] = COMMANDS.search.requests
    const asked: Data<typeof request> = {query: 'a', top_k: 3}
    // @ts-expect-error It is `top_k`.
    const misspelled: Data<typeof request> = {query: 'a', topK: 3}
    expect([asked, misspelled].map((it) => request.safeParse(it).success)).to.deep.equal([true, false])
  })
})
