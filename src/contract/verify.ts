import * as z from 'zod'
import {findingCode, severity} from './parts/enumerations.js'
import {waitSeconds, yes} from './parts/request-parts.js'
import * as v from './parts/values.js'

export const verifyRequest = z.strictObject({
  corpus: v.text('only this corpus; default: all').optional(),
  sample: z.number().min(0).max(1).optional().meta({
    description:
      'share of the vectors that look for themselves in their segment (at least 20 each), and of the chunks that are looked for by their words (at least 1,000 a corpus)',
    default: 0.01,
  }),
  max_duration: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('seconds after which nothing new is begun; what was looked at longest ago comes first'),
  repair: yes('mend what was found, then look again'),
  accept_loss: yes(
    'go on without commits that were reported as done and are gone; a backup may still have them',
  ),
  wait: waitSeconds,
})

export const finding = z.strictObject({
  severity: severity.describe('`error`: damaged; `warning`: to be tidied; `info`: worth knowing'),
  code: findingCode.describe('what was found'),
  where: v.text('a file, a corpus, or the database'),
  message: v.text('what is wrong, in words'),
  fix: v.text('what mends it'),
})

export const verifyResult = z.strictObject({
  ok: v.flag('no finding is an `error`; else the exit code is 5'),
  findings: z.array(finding).describe('what was found; after `--repair`, what is left'),
  checked: z
    .strictObject({
      files: v.count('files'),
      bytes: v.count('their size'),
      vectors: v.count('vectors'),
      documents: v.count('documents'),
    })
    .describe('what was looked at'),
  seconds: v.duration('how long it took'),
  complete: v.flag('false when `--max-duration` ran out before everything was looked at'),
  interrupted: v.interrupted,
  repaired: v.texts('what `--repair` and `--accept-loss` did, in words'),
})

export type VerifyResult = v.Data<typeof verifyResult>
