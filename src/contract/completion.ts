import * as z from 'zod'
import * as v from './parts/values.js'

const shell = z.enum(['bash', 'zsh', 'fish']).describe('the shell')

export const completionRequest = z.strictObject({shell})

export const completionResult = z.strictObject({shell, script: v.text('what the shell is to read')})

export type CompletionResult = v.Data<typeof completionResult>
