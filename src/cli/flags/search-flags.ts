import * as Flags from '@oclif/core/flags'
import {
  corpusFlag,
  csvRawFlag,
  embedTimeoutFlag,
  filterFlag,
  nullFlag,
  numberFlag,
  wholeFlag,
} from './flags.js'
import {SEARCH_FORMATS} from '../reporters/search-writer.js'

/** The flags of `rag search`. */
export const searchFlags = {
  corpus: corpusFlag,
  mode: Flags.option({
    description: 'sides to ask: words, meaning, or both fused',
    options: ['hybrid', 'keyword', 'vector'] as const,
  })(),
  'top-k': wholeFlag('top-k', {
    char: 'k',
    description: 'hits to return, 1 to 1000; default 10',
    least: 1,
    most: 1000,
  }),
  filter: filterFlag(),
  'min-score': numberFlag('min-score', {
    description: 'drop hits that score less',
    least: -1000,
    most: 1000,
  }),
  weight: numberFlag('weight', {
    description: "weight of the vector side, 0 to 1; default: the corpus's own",
    least: 0,
    most: 1,
  }),
  fusion: Flags.option({
    description: 'how the two sides are fused: weighted scores or reciprocal ranks',
    options: ['weighted', 'rrf'] as const,
  })(),
  unit: Flags.option({
    description: 'rank chunks, or documents by their best chunk',
    options: ['chunk', 'document'] as const,
  })(),
  context: wholeFlag('context', {
    description: 'neighbouring chunks to show on either side',
    least: 0,
    most: 20,
  }),
  'embed-timeout': embedTimeoutFlag,
  explain: Flags.boolean({description: "show each side's rank and score"}),
  format: Flags.option({
    description:
      'how hits are written; files: PATH:LINE of each document once (with -0 the path alone, for xargs); --json means json',
    options: SEARCH_FORMATS,
  })(),
  null: nullFlag,
  'csv-raw': csvRawFlag,
  'no-cache': Flags.boolean({description: 'neither use nor keep cached results'}),
  refresh: Flags.boolean({description: 'search anew, and keep the result', exclusive: ['no-cache']}),
  queries: Flags.string({
    description: 'run many: a file (or -) with a query a line, or JSONL {"_id","text"}',
    helpValue: 'FILE',
  }),
}
