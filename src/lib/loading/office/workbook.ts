import {attributeOf, readXml} from '../archive/xml-part.js'
import {formatOf, type NumberFormat} from './number-formats.js'
import {readRelations, type OfficePackage} from './package-parts.js'

export interface Workbook {
  readonly sheets: readonly {readonly name: string; readonly part: string}[]
  readonly strings: readonly string[]
  /** By the style of a cell. */
  readonly formats: readonly NumberFormat[]
  readonly is1904: boolean
}

/** What the sheets of a workbook share. */
export async function readWorkbook(from: OfficePackage): Promise<Workbook> {
  const root = await readRelations(from, '')
  const part = [...root.values()].find(({type}) => type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  const relations = await readRelations(from, part)
  const shared = (type: string): string | undefined => {
    const target = [...relations.values()].find((relation) => relation.type === type)?.target
    return target !== undefined && from.archive.has(target) ? target : undefined
  }
  const sheets: {name: string; part: string}[] = []
  let is1904 = false
  await readXml(
    {...from, part},
    {
      open: (name, attributes) => {
        if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributeOf(attributes, 'date1904') ?? '')
        const relation =
          name === 'sheet' ? relations.get(attributeOf(attributes, 'id', true) ?? '') : undefined
        if (relation?.type === 'worksheet')
          sheets.push({name: attributes['name'] ?? '', part: relation.target})
      },
    },
  )
  return {
    sheets,
    is1904,
    strings: await readStrings(from, shared('sharedStrings')),
    formats: await readFormats(from, shared('styles')),
  }
}

async function readStrings(from: OfficePackage, part: string | undefined): Promise<readonly string[]> {
  const strings: string[] = []
  if (part === undefined) return strings
  let text = ''
  let isText = false
  let phonetic = 0
  await readXml(
    {...from, part},
    {
      open: (name) => {
        if (name === 'si') text = ''
        else if (name === 'rPh') phonetic++
        isText = name === 't' && phonetic === 0
      },
      text: (more) => {
        if (isText) text += more
      },
      close: (name) => {
        isText = false
        if (name === 'rPh') phonetic--
        else if (name === 'si') strings.push(text)
      },
    },
  )
  return strings
}

async function readFormats(from: OfficePackage, part: string | undefined): Promise<readonly NumberFormat[]> {
  const formats: NumberFormat[] = []
  if (part === undefined) return formats
  const codes = new Map<number, string>()
  let inCells = false
  await readXml(
    {...from, part},
    {
      open: (name, attributes) => {
        const id = Number(attributes['numFmtId'])
        if (name === 'numFmt') codes.set(id, attributes['formatCode'] ?? '')
        else if (name === 'cellXfs') inCells = true
        else if (name === 'xf' && inCells) formats.push(formatOf(id, codes.get(id)))
      },
      close: (name) => {
        if (name === 'cellXfs') inCells = false
      },
    },
  )
  return formats
}
