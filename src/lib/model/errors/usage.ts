import {RagError} from './rag-error.js'

/** A request that makes no sense. Only makers of this folder call it: dependency-cruiser holds that. */
export const usage = (message: string, hint?: string): RagError => new RagError('USAGE', message, {hint})
