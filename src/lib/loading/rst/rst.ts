import type {LoadedDocument} from '../../model/document.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {fenceLiteralBlocks} from './rst-blocks.js'
import {atxTitles} from './rst-titles.js'

const ROLE = /:[A-Za-z][\w.+:-]{0,40}:`([^`\n]{1,300})`/g

/**
 * reStructuredText, turned into Markdown line by line: titles become `#` headings, literal and code blocks fences. Every line keeps its
 * number, so that places found point into the source. Directives stay as text; `:role:` marks are taken off.
 */
export const rstLoader: DocumentLoader = {
  type: 'rst',
  extensions: ['rst', 'rest'],
  load(file: RawFile): LoadedDocument {
    const lines = decodeText(file.bytes, file.name).split('\n')
    const inCode = fenceLiteralBlocks(lines)
    const title = atxTitles(lines, inCode)
    for (let at = 0; at < lines.length; at++) {
      if (inCode[at] !== 1) lines[at] = withoutRoles(lines[at] ?? '')
    }
    return {
      title: (title === undefined ? undefined : titleLine(withoutRoles(title))) ?? fileTitle(file.name),
      text: lines.join('\n'),
      format: 'markdown',
      firstLine: 1,
      metadata: {},
    }
  },
}

function withoutRoles(line: string): string {
  if (!line.includes(':`')) return line
  return line.replace(ROLE, (_, inner: string) => `\`${/^(.*\S)\s*<[^<>]*>$/.exec(inner)?.[1] ?? inner}\``)
}
