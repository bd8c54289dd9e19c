import type {LoadedDocument} from '../model/document.js'
import type {DocumentLoader, DocumentLoaders, RawFile, ReadApart} from '../ports/document-loader.js'
import {COSTLY_FORMATS} from './costly-formats.js'
import {csvLoader} from './tables/delimited.js'
import {htmlLoader} from './markup/html.js'
import {jsonLinesLoader} from './json/json-lines.js'
import {jsonLoader} from './json/json.js'
import {asciidocLoader} from './lightweight/asciidoc.js'
import {orgLoader} from './lightweight/org.js'
import {markdownLoader} from './markdown/markdown.js'
import {notebookLoader} from './notebook/notebook.js'
import {configLoader, textLoader} from './plain/plain-text.js'
import {rstLoader} from './rst/rst.js'
import {codeLoader} from './plain/source-code.js'
import {subtitlesLoader} from './subtitles/subtitles.js'
import {xmlLoader} from './markup/xml.js'

/** Every loader there is: another kind of file is one more file in this folder and one more name here. */
const LOADERS: readonly DocumentLoader[] = [
  textLoader,
  markdownLoader,
  rstLoader,
  htmlLoader,
  xmlLoader,
  csvLoader,
  jsonLoader,
  jsonLinesLoader,
  configLoader,
  codeLoader,
  asciidocLoader,
  orgLoader,
  notebookLoader,
  subtitlesLoader,
]

/** Well-known names without an extension, in lower case. */
const NAMES: readonly (readonly [DocumentLoader, string])[] = [
  [
    textLoader,
    'readme license licence copying copyright notice authors contributors maintainers changelog changes news history todo install thanks credits version manifest codeowners',
  ],
  [
    codeLoader,
    'makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile rakefile gemfile procfile justfile brewfile cmakelists build workspace',
  ],
]

/**
 * All loaders, found by a file's extension or, without one, by its name (`README`, `Makefile`), in any case. Costly formats are read by
 * `apart`; without it, here.
 */
export function createLoaders(apart: ReadApart = readHere): DocumentLoaders {
  const loaders = [
    ...LOADERS,
    ...COSTLY_FORMATS.map(({type, extensions}) => ({
      type,
      extensions,
      load: (file: RawFile) => apart(type, file),
    })),
  ]
  const byExtension = new Map<string, DocumentLoader>()
  for (const loader of loaders) for (const extension of loader.extensions) byExtension.set(extension, loader)
  const byName = new Map(
    NAMES.flatMap(([loader, names]) => names.split(' ').map((name) => [name, loader] as const)),
  )
  return {
    types: loaders.map(({type, extensions}) => ({type, extensions})),
    find(fileName) {
      const lower = fileName.toLowerCase()
      const dot = lower.lastIndexOf('.')
      // The dot of a hidden file (`.env`) begins no extension.
      return dot > 0 ? byExtension.get(lower.slice(dot + 1)) : byName.get(lower)
    },
  }
}

/** Reads a file of a costly format in this thread, and what it holds. */
export async function readHere(type: string, file: RawFile): Promise<LoadedDocument> {
  const read = await COSTLY_FORMATS.find((format) => format.type === type)!.open()
  return read(file, createLoaders())
}
