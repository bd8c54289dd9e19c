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
  {
    type: 'docx',
    extensions: ['docx', 'docm', 'dotx'],
    open: async () => (await import('./office/docx.js')).readDocx,
  },
  {
    type: 'pptx',
    extensions: ['pptx', 'pptm', 'ppsx'],
    open: async () => (await import('./office/pptx.js')).readPptx,
  },
  {
    type: 'xlsx',
    extensions: ['xlsx', 'xlsm', 'xltx'],
    open: async () => (await import('./office/xlsx.js')).readXlsx,
  },
  {
    type: 'opendocument',
    extensions: ['odt', 'ods', 'odp', 'ott'],
    open: async () => (await import('./opendocument/opendocument.js')).readOpenDocument,
  },
  {type: 'epub', extensions: ['epub'], open: async () => (await import('./epub/epub.js')).readEpub},
  {type: 'eml', extensions: ['eml'], open: async () => (await import('./mail/mail.js')).readEml},
  {type: 'mbox', extensions: ['mbox', 'mbx'], open: async () => (await import('./mail/mail.js')).readMbox},
]
