import {attributeOf, readXml} from '../archive/xml-part.js'
import type {OfficePackage} from './package-parts.js'

interface ParagraphStyle {
  readonly id: string
  name: string
  basedOn: string
  /** From 0; 9 is text. */
  level: number | undefined
}

const STYLES = 'word/styles.xml'
const TEXT_LEVEL = 9

/** The names of paragraph styles that are headings by their outline level, or by the style they are based on, with the level from 1 to 6. */
export async function headingStyles(from: OfficePackage): Promise<ReadonlyMap<string, number>> {
  const styles = new Map<string, ParagraphStyle>()
  let style: ParagraphStyle | undefined
  if (from.archive.has(STYLES))
    await readXml(
      {...from, part: STYLES},
      {
        open: (name, attributes) => {
          const value = attributeOf(attributes, 'val') ?? ''
          if (name === 'style') {
            const id = attributeOf(attributes, 'styleId') ?? ''
            style = {id, name: '', basedOn: '', level: undefined}
            if (attributeOf(attributes, 'type') === 'paragraph') styles.set(id, style)
          } else if (!style) return
          else if (name === 'name') style.name = value
          else if (name === 'basedOn') style.basedOn = value
          else if (name === 'outlineLvl') style.level = Number(value)
        },
        close: (name) => {
          if (name === 'style') style = undefined
        },
      },
    )
  const headings = new Map<string, number>()
  for (const {id, name} of styles.values()) {
    const level = levelOf(styles, id)
    // A quote mark in a name can't stand in mammoth's style map.
    if (level !== undefined && level < 6 && name !== '' && !/['\\]/.test(name)) headings.set(name, level + 1)
  }
  return headings
}

function levelOf(styles: ReadonlyMap<string, ParagraphStyle>, id: string): number | undefined {
  let style = styles.get(id)
  for (let steps = 0; style && steps < 20; steps++) {
    if (style.level !== undefined) return style.level === TEXT_LEVEL ? undefined : style.level
    style = styles.get(style.basedOn)
  }
  return undefined
}
