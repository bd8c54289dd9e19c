/** What a long call is doing. `total` is absent while unknown, and may be an estimate. Counts never go back within a phase. */
export interface ProgressEvent {
  readonly phase:
    'scan' | 'read' | 'fetch' | 'fit' | 'embed' | 'index' | 'delete' | 'compact' | 'verify' | 'check' | 'copy'
  readonly done: number
  readonly total?: number
  readonly unit: 'files' | 'documents' | 'records' | 'chunks' | 'vectors' | 'steps' | 'bytes'
}
