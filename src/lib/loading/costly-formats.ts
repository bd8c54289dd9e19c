import type {LoadedDocument} from '../model/document.js'
import type {DocumentLoaders, RawFile} from '../ports/document-loader.js'

/** Reads a file; `within` reads what it holds: attachments, chapters. */
export type CostlyRead = (file: RawFile, within: DocumentLoaders) => LoadedDocument | Promise<LoadedDocument>

/** A format whose reading may take long, or much memory, or a large library: it is done apart. */
export interface CostlyFormat {
  readonly type: string
  readonly extensions: readonly string[]
  /** Loads the reader. */
  open(): Promise<CostlyRead>
}

export const COSTLY_FORMATS: readonly CostlyFormat[] = [
  {type: 'pdf', extensions: ['pdf'], open: async () => (await import('./pdf/pdf.js')).readPdf},
]
