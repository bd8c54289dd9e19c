import {HTML_BREAK as BREAK, HtmlBlocks} from './html-blocks.js'
import type {MarkupHandler} from './markup-events.js'

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '))
/** What these hold is no text, however far it goes. */
const CODE = set('script style')
const DROPPED = set(
  'script style nav noscript template svg math iframe object canvas audio video select datalist noembed noframes',
)
const ATTRIBUTES = set('html meta img pre code')
const META_NAMES = set('description keywords author')
const BLOCKS =
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr html ' +
  'legend main menu p section summary caption tbody thead tfoot option'

type Action = (blocks: HtmlBlocks) => void

const endBlock: Action = (blocks) => blocks.endBlock()
const blockActions = BLOCKS.split(' ').map((name) => [name, endBlock] as const)

const opening: ReadonlyMap<string, Action> = new Map<string, Action>([
  ...blockActions,
  ...[1, 2, 3, 4, 5, 6].map((level): [string, Action] => [
    `h${level}`,
    (blocks) => blocks.startHeading(level),
  ]),
  ['tr', (blocks) => blocks.startRow(true)],
  ['table', (blocks) => blocks.startRow(false)],
  ['td', (blocks) => blocks.startCell(false)],
  ['th', (blocks) => blocks.startCell(true)],
  ['ul', (blocks) => blocks.list(1)],
  ['ol', (blocks) => blocks.list(1)],
  ['li', (blocks) => blocks.startItem()],
  ['br', (blocks) => blocks.inline(BREAK)],
])

const closing: ReadonlyMap<string, Action> = new Map<string, Action>([
  ...blockActions,
  ...[1, 2, 3, 4, 5, 6].map((level): [string, Action] => [`h${level}`, (blocks) => blocks.endHeading()]),
  ['pre', (blocks) => blocks.endPre()],
  ['code', (blocks) => blocks.codeMark()],
  ['tr', (blocks) => blocks.endRow()],
  ['table', (blocks) => blocks.endRow()],
  ['td', (blocks) => blocks.inline(' ')],
  ['th', (blocks) => blocks.inline(' ')],
  ['li', endBlock],
  ['ul', (blocks) => blocks.list(-1)],
  ['ol', (blocks) => blocks.list(-1)],
])

/** Turns the events of an HTML page into Markdown blocks, a title, a language and `meta` values. */
export class HtmlReader implements MarkupHandler {
  readonly blocks = new HtmlBlocks()
  readonly meta = new Map<string, string>()
  title = ''
  language: string | undefined
  readonly #kept: ReadonlySet<string>
  #dropping = ''
  #droppingDepth = 0
  #inTitle = false

  /** @param kept elements that are not dropped, though others of their kind are */
  constructor(kept: ReadonlySet<string> = new Set()) {
    this.#kept = kept
  }

  /** The element that was being dropped when the page ended; empty when none was. */
  get unclosed(): string {
    return CODE.has(this.#dropping) ? '' : this.#dropping
  }

  wantsAttributes(name: string): boolean {
    return ATTRIBUTES.has(name)
  }

  text(text: string): void {
    if (this.#inTitle) this.title += this.title.length < 5000 ? text : ''
    else if (this.#dropping === '') this.blocks.inline(text)
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#dropping !== '') {
      if (name === this.#dropping) this.#droppingDepth++
      return
    }
    if (this.#kept.has(name)) this.blocks.endBlock()
    else if (DROPPED.has(name)) {
      this.#dropping = name
      this.#droppingDepth = 1
      this.blocks.inline(' ')
    } else if (ATTRIBUTES.has(name)) this.#openWithAttributes(name, attributes)
    else this.#openElement(name)
  }

  close(name: string): void {
    if (this.#dropping !== '') {
      if (name === this.#dropping && --this.#droppingDepth === 0) this.#dropping = ''
      return
    }
    if (name === 'title') this.#inTitle = false
    else closing.get(name)?.(this.blocks)
  }

  end(): void {
    this.blocks.finish()
  }

  #openElement(name: string): void {
    if (name === 'title') this.#inTitle = this.title === ''
    else opening.get(name)?.(this.blocks)
  }

  #openWithAttributes(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'html') this.language ??= attributes.get('lang') ?? attributes.get('xml:lang')
    else if (name === 'meta') this.#openMeta(attributes)
    else if (name === 'img') this.blocks.inline(` ${attributes.get('alt') ?? ''} `)
    else if (name === 'pre') this.blocks.startPre(languageOfClass(attributes.get('class')))
    else {
      this.blocks.preLanguage(languageOfClass(attributes.get('class')))
      this.blocks.codeMark()
    }
  }

  #openMeta(attributes: ReadonlyMap<string, string>): void {
    const name = attributes.get('name')?.toLowerCase() ?? ''
    const content = attributes.get('content')?.trim() ?? ''
    if (META_NAMES.has(name) && content !== '' && !this.meta.has(name))
      this.meta.set(name, content.slice(0, 2000))
  }
}

function languageOfClass(className: string | undefined): string {
  return (
    /(?:^|\s)(?:language|lang|highlight-source)-([\w+#-]{1,30})/.exec(className?.slice(0, 300) ?? '')?.[1] ??
    ''
  )
}
