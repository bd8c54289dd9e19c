import * as z from 'zod'
import * as v from './parts/values.js'

export const configRequest = z.strictObject({})

export const configResult = z.strictObject({
  settings: z
    .record(
      z.string(),
      z.strictObject({
        value: z
          .union([z.string(), z.number()])
          .nullable()
          .describe('null where the library decides; `"(hidden)"` for secrets'),
        origin: z
          .enum(['flag', 'env', 'file', 'found', 'default'])
          .describe('who gave it; `found`: a `.rag` folder above this one'),
        from: v.text('the flag, the variable or the file'),
      }),
    )
    .describe('every setting, by name'),
})

export type ConfigResult = v.Data<typeof configResult>
