import type {DocumentLoader, DocumentLoaders} from '../ports/document-loader.js'
import {csvLoader} from './tables/delimited.js'
import {htmlLoader} from './markup/html.js'
import {jsonLinesLoader} from './json/json-lines.js'
import {jsonLoader} from './json/json.js'
import {markdownLoader} from './markdown/markdown.js'
import {configLoader, textLoader} from './plain/plain-text.js'
import {rstLoader} from './rst/rst.js'
import {codeLoader} from './plain/source-code.js'
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

/** All loaders, found by a file's extension or, without one, by its name (`README`, `Makefile`), in any case. */
export function createLoaders(): DocumentLoaders {
  const byExtension = new Map<string, DocumentLoader>()
  for (const loader of LOADERS) for (const extension of loader.extensions) byExtension.set(extension, loader)
  const byName = new Map(
    NAMES.flatMap(([loader, names]) => names.split(' ').map((name) => [name, loader] as const)),
  )
  return {
    types: LOADERS.map(({type, extensions}) => ({type, extensions})),
    find(fileName) {
      const lower = fileName.toLowerCase()
      const dot = lower.lastIndexOf('.')
      // The dot of a hidden file (`.env`) begins no extension.
      return dot > 0 ? byExtension.get(lower.slice(dot + 1)) : byName.get(lower)
    },
  }
}
