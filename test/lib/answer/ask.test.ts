import {expect} from 'chai'
import {ask} from '../../../src/lib/answer/ask.js'
import {systemDigest} from '../../../src/lib/adapters/system/digest.js'
import type {AnswerReport, AskRequest} from '../../../src/lib/model/operations/answer.js'
import type {ChatModel} from '../../../src/lib/ports/chat-model.js'
import type {Services} from '../../../src/lib/ports/services.js'
import {SearchEngine} from '../../../src/lib/retrieve/search-engine.js'
import {createAnalyser} from '../../../src/lib/text/analysis/create-analyser.js'
import {FixedClock} from '../../support/fixed-clock.js'
import {handMadeServices} from '../../support/hand-made-services.js'
import {createMemoryCache} from '../../support/memory/memory-cache.js'
import {createMemoryStore} from '../../support/memory/memory-store.js'
import {FakeProcessTable, openCorpus, rejects, type WrittenCorpus} from '../../support/store-fixtures.js'

const CACHE_LIMITS = {embeddings: 1e6, retrieval: 1e6, answers: 1e6}
const BUILD = {version: '1.2.3', node: 'v20', storeFormat: 7}
const CHAT: ChatModel = {
  name: 'test:chat',
  answer: async () => ({text: 'On ice [1].', complete: true}),
  close: () => Promise.resolve(),
}

describe('ask', () => {
  let books: WrittenCorpus
  let services: Services
  let searches: SearchEngine
  beforeEach(async () => {
    const clock = new FixedClock()
    const store = createMemoryStore({clock, processes: new FakeProcessTable()})
    books = await openCorpus(store, 'books')
    // The terms of these texts are their own words, in lower case.
    await books.put(
      {id: 'walrus', texts: ['a walrus can sleep on ice in winter for twelve weeks']},
      {id: 'sea', texts: ['a seal in summer']},
    )
    const cache = createMemoryCache({clock, limits: CACHE_LIMITS})
    services = handMadeServices({
      clock,
      digest: systemDigest,
      analyser: createAnalyser(),
      build: BUILD,
      store: {
        read: async () => store,
        write: async () => store,
        takeDamage: () => Promise.resolve([]),
        reopen: async () => {},
      },
      cache: async () => cache,
    })
    searches = new SearchEngine(services)
  })

  const put = (more: Partial<AskRequest> = {}): Promise<AnswerReport> =>
    ask(
      {services, searches, chatModel: async () => CHAT},
      'books',
      {query: 'walrus sleep winter', mode: 'keyword', ...more},
      {},
    )

  it('answers from passages by keyword with no model and no index at all', async () => {
    const report = await put()
    expect(report).to.include({found: true, extractive: true, model: 'extractive'})
    expect(report.answer).to.match(/twelve weeks/)
    expect(report.citations.map(({docId}) => docId)).to.deep.equal(['walrus'])
  })

  it('answers again from the cache until the corpus changes', async () => {
    await put()
    expect((await put()).cache.answerHit).to.equal(true)
    await books.put({id: 'more', texts: ['a walrus in winter']})
    expect((await put()).cache.answerHit).to.equal(false)
  })

  it('lets a chat model answer, and keeps the conversation', async () => {
    const report = await put({chatModel: 'test:chat', conversation: 'c1'})
    expect(report).to.include({answer: 'On ice [1].', model: 'test:chat', extractive: false})
    expect((await books.store.readSession('c1'))?.log.map(({role}) => role)).to.deep.equal([
      'user',
      'assistant',
    ])
  })

  it('refuses an empty question and a corpus that is not there', async () => {
    await rejects(put({query: ' '}), 'USAGE')
    await rejects(
      ask({services, searches, chatModel: async () => CHAT}, 'gone', {query: 'x'}, {}),
      'CORPUS_MISSING',
    )
  })
})
