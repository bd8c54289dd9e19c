import {expect} from 'chai'
import type {MessageSource, NewMessage} from '../../../src/lib/model/session.js'
import type {Turn} from '../../../src/lib/ports/store/session-store.js'
import {eachOpens, openCorpus, rejects, type OpenStore} from '../../support/store-fixtures.js'

const source = (docId: string, more: Partial<MessageSource> = {}): MessageSource => ({
  n: 1,
  corpus: 'books',
  docId,
  chunkId: `${docId}#c0001`,
  place: {kind: 'lines', first: 1, last: 10},
  ...more,
})

/** A question with its answer. */
export const turn = (question: string, answer: string, ...sources: MessageSource[]): Turn => {
  const base: NewMessage = {role: 'user', text: question, corpus: 'books', sources: []}
  return {
    question: {...base, standaloneQuery: `${question}!`, intent: 'who'},
    answer: {...base, role: 'assistant', text: answer, model: 'extractive', sources},
  }
}

/** What every `SessionStore` promises. */
export function sessionStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: SessionStore`, () => {
    const tested = eachOpens(open)

    it('keeps where sources stand, also such as have no lines', async () => {
      const {store} = tested()
      const books = await openCorpus(store)
      await books.put({id: 'a', texts: ['red']})
      const {place: _, ...nowhere} = source('a')
      const sources = [source('a'), source('a', {place: {kind: 'slide', slide: 3, inNotes: true}}), nowhere]
      await store.appendTurn({id: 'c1'}, turn('where?', 'There [1].', ...sources))
      expect((await store.readSession('c1'))!.log[1]!.sources).to.deep.equal(sources)
    })

    it('keeps turns in order with all that was said of them, and counts them', async () => {
      const {store, clock} = tested()
      const books = await openCorpus(store)
      await books.put({id: 'a', texts: ['red']})
      expect(await store.readSession('c1')).to.equal(undefined)
      const startedAt = clock.now()
      expect(await store.appendTurn({id: 'c1', user: 'ann'}, turn('who?', 'Ann [1].', source('a')))).to.equal(
        1,
      )
      clock.advance(5)
      expect(await store.appendTurn({id: 'c1'}, turn('and?', 'Nobody.'))).to.equal(2)
      const session = (await store.readSession('c1'))!
      expect(session).to.include({id: 'c1', user: 'ann', messages: 4, title: 'who?', createdAtMs: startedAt})
      expect(session.updatedAtMs).to.equal(startedAt + 5)
      expect(session.log.map((it) => [it.ordinal, it.role, it.text, it.redacted])).to.deep.equal([
        [1, 'user', 'who?', false],
        [2, 'assistant', 'Ann [1].', false],
        [3, 'user', 'and?', false],
        [4, 'assistant', 'Nobody.', false],
      ])
      expect(session.log[0]).to.deep.include({standaloneQuery: 'who?!', intent: 'who', atMs: startedAt})
      expect(session.log[1]).to.deep.include({model: 'extractive', sources: [source('a')]})
      const {log} = (await store.readSession('c1', 2))!
      expect(log.map((it) => it.ordinal)).to.deep.equal([3, 4])
    })
    it('lists the latest first, by user, and refuses a turn of another user', async () => {
      const {store, clock} = tested()
      for (const [id, user] of [
        ['c1', 'ann'],
        ['c2', 'bob'],
        ['c3', 'ann'],
      ] as const) {
        await store.appendTurn({id, user}, turn(`${id}?`, 'yes'))
        clock.advance(1)
      }
      const ids = async (scope: Parameters<typeof store.listSessions>[0]): Promise<string[]> =>
        (await store.listSessions(scope)).map((it) => it.id)
      expect(await ids({})).to.deep.equal(['c3', 'c2', 'c1'])
      expect(await ids({limit: 1})).to.deep.equal(['c3'])
      expect(await ids({user: 'ann'})).to.deep.equal(['c3', 'c1'])
      expect(await ids({user: 'ann', ids: ['c1', 'c2']})).to.deep.equal(['c1'])
      await rejects(store.appendTurn({id: 'c1', user: 'bob'}, turn('x', 'y')), 'USAGE')
      expect((await store.readSession('c1'))!.messages).to.equal(2)
    })
    it('removes what is named and nothing else', async () => {
      const {store} = tested()
      for (const id of ['c1', 'c2', 'c3']) await store.appendTurn({id, user: 'ann'}, turn('x', 'y'))
      await store.learn('ann', {terms: ['x'], traits: {}})
      await store.learn('bob', {terms: ['y'], traits: {}})
      expect(await store.deleteSessions({ids: ['c2', 'nope']})).to.deep.include({
        sessions: ['c2'],
        messages: 2,
        profiles: 0,
      })
      expect(await store.readSession('c2')).to.equal(undefined)
      expect(await store.deleteSessions({user: 'ann'}, {profiles: true})).to.deep.include({
        sessions: ['c1', 'c3'],
        messages: 4,
        profiles: 1,
      })
      expect(await store.getProfile('ann')).to.equal(undefined)
      expect((await store.getProfile('bob'))!.interests).to.deep.equal([['y', 1]])
      expect(await store.listSessions({})).to.deep.equal([])
    })
    it('merges what questions teach into a profile', async () => {
      const {store, clock} = tested()
      expect(await store.getProfile('ann')).to.equal(undefined)
      await store.learn('ann', {
        terms: ['leave', 'sick'],
        topic: 'sick leave?',
        traits: {team: 'people', x: '1'},
      })
      clock.advance(3)
      await store.learn('ann', {terms: ['leave'], topic: 'parental leave?', traits: {x: ''}})
      expect(await store.getProfile('ann')).to.deep.equal({
        user: 'ann',
        interests: [
          ['leave', 1.9],
          ['sick', 0.9],
        ],
        traits: {team: 'people'},
        recentTopics: ['parental leave?', 'sick leave?'],
        questions: 2,
        updatedAtMs: clock.now(),
      })
    })
    it('takes the text of answers made from a document that is removed for good; a soft delete changes nothing', async () => {
      const {store} = tested()
      const books = await openCorpus(store)
      await books.put({id: 'a', texts: ['red']}, {id: 'b', texts: ['blue']})
      await store.appendTurn({id: 'c1'}, turn('q1', 'red [1]', source('a')))
      await store.appendTurn({id: 'c1'}, turn('q2', 'blue [1]', source('b')))
      await store.appendTurn({id: 'c1'}, turn('q3', 'both', source('b'), {...source('a'), n: 2}))
      await store.appendTurn({id: 'c2'}, turn('q4', 'other corpus', source('b')))
      const texts = async (id: string): Promise<(readonly [string, boolean, number])[]> =>
        (await store.readSession(id))!.log.map((it) => [it.text, it.redacted, it.sources.length] as const)
      await books.remove('a')
      expect((await texts('c1'))[1]).to.deep.equal(['red [1]', false, 1])
      await store.purgeDocuments(books.id, ['a'], books.lease)
      expect(await texts('c1')).to.deep.equal([
        ['q1', false, 0],
        ['', true, 0],
        ['q2', false, 0],
        ['blue [1]', false, 1],
        ['q3', false, 0],
        ['', true, 0],
      ])
      await store.deleteCorpus(books.id, books.lease)
      expect((await texts('c1'))[3]).to.deep.equal(['', true, 0])
      expect((await texts('c2'))[1]).to.deep.equal(['', true, 0])
    })
    it('keeps an answer that comes too late without its text', async () => {
      const {store} = tested()
      const books = await openCorpus(store)
      await books.put({id: 'a', texts: ['red']}, {id: 'b', texts: ['blue']})
      await store.appendTurn({id: 'c1'}, turn('q1', 'blue [1]', source('b')))
      await store.purgeDocuments(books.id, ['a'], books.lease)
      await store.appendTurn({id: 'c1'}, turn('q2', 'red [1]', source('a')))
      await store.appendTurn({id: 'c1'}, turn('q3', 'blue again', source('b')))
      const {log} = (await store.readSession('c1'))!
      expect(log.map((it) => it.text)).to.deep.equal(['q1', 'blue [1]', 'q2', '', 'q3', 'blue again'])
      expect(log[3]!.redacted).to.equal(true)
    })
    it('needs no lease: turns are added while another writes a corpus', async () => {
      const {store} = tested()
      const books = await openCorpus(store)
      await books.put({id: 'a', texts: ['red']})
      const turns = Array.from({length: 8}, (_, i) => store.appendTurn({id: 'c1'}, turn(`q${i}`, `a${i}`)))
      expect((await Promise.all(turns)).sort()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
      await books.put({id: 'b', texts: ['blue']})
    })
  })
}
