import type {LoadedDocument} from '../../model/document.js'
import type {Metadata} from '../../model/metadata.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle, titleLine} from '../file-title.js'
import {takeFrontMatter} from './front-matter.js'
import {htmlInMarkdown} from './html-in-markdown.js'
import {primaryTag} from '../language-tag.js'
import {markdownHeading} from './markdown-heading.js'

/** Markdown and MDX. Front matter becomes metadata; HTML headings become headings, comments go; title = its `title`, else the first heading, else the file's name. */
export const markdownLoader: DocumentLoader = {
  type: 'markdown',
  extensions: ['md', 'markdown', 'mdx', 'mkd', 'mdown', 'qmd', 'rmd'],
  load(file: RawFile): LoadedDocument {
    const whole = decodeText(file.bytes, file.name)
    const {metadata, bodyOffset, bodyLine, proseOffset} = takeFrontMatter(whole)
    const text = htmlInMarkdown(bodyOffset === 0 ? whole : whole.slice(bodyOffset))
    const prose = proseOffset === bodyOffset ? text : htmlInMarkdown(whole.slice(proseOffset))
    const language = primaryTag(metadata['lang']) ?? primaryTag(metadata['language'])
    return {
      title: ownTitle(metadata) ?? markdownHeading(prose) ?? fileTitle(file.name),
      text,
      format: 'markdown',
      firstLine: bodyLine,
      language,
      ...faultOf(metadata),
      metadata: withoutFields(metadata),
    }
  },
}

/** What could not be read of the front matter, with its first line. */
function faultOf(metadata: Metadata): Pick<LoadedDocument, 'faults'> {
  const problem = metadata['front_matter_error']
  if (typeof problem !== 'string') return {}
  const [, line] = /^line (\d+) of the front matter/.exec(problem) ?? []
  return {faults: [{message: `front matter: ${problem}`, line: Number(line ?? 1)}]}
}

function ownTitle(metadata: Metadata): string | undefined {
  const title = metadata['title']
  return typeof title === 'string' || typeof title === 'number' ? titleLine(String(title)) : undefined
}

/** Title and language are fields of the document and not said twice. */
function withoutFields(metadata: Metadata): Metadata {
  const fields = new Set(['title', 'lang', 'language'])
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !fields.has(key)))
}
