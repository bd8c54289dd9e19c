import {expect} from 'chai'
import {hasOutgrown, knowsTooLittle} from '../../../src/lib/embedding/refit-rule.js'
import type {EmbeddingVersion} from '../../../src/lib/model/embedding.js'

const fitted = (fittedChunks?: number): EmbeddingVersion =>
  ({...(fittedChunks === undefined ? {} : {fittedChunks})}) as EmbeddingVersion

describe('when a model is learned anew', () => {
  it('when the corpus has doubled since', () => {
    expect(hasOutgrown(fitted(100), 199)).to.equal(false)
    expect(hasOutgrown(fitted(100), 200)).to.equal(true)
    expect(hasOutgrown(fitted(0), 0), 'what it learned from was removed for good').to.equal(true)
    expect(hasOutgrown(fitted(), 1_000_000), 'a model that is not learned here').to.equal(false)
  })

  it('when more than a fifth, and at least twenty, of the new texts have no known word', () => {
    expect(knowsTooLittle({misses: 19, empty: 19})).to.equal(false)
    expect(knowsTooLittle({misses: 20, empty: 20})).to.equal(true)
    expect(knowsTooLittle({misses: 100, empty: 20})).to.equal(false)
    expect(knowsTooLittle({misses: 100, empty: 21})).to.equal(true)
    expect(knowsTooLittle({misses: 0, empty: 0})).to.equal(false)
  })
})
