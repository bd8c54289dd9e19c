import type {getDocumentProxy} from 'unpdf'
import type {PdfPage} from './page-furniture.js'
import {rowsOf, type Fragment} from './page-rows.js'

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>

/** More pieces of text than a page can show: what comes after them is not read. */
const MAX_FRAGMENTS = 200_000

type Matrix = readonly [number, number, number, number, number, number]

interface TextItem {
  readonly str: string
  readonly dir: string
  readonly transform: readonly number[]
  readonly width: number
  readonly height: number
  readonly fontName: string
}

/** The rows of one page; apart from them what is turned on its side, each piece a row. */
export async function readPage(pdf: PdfDocument, number: number): Promise<PdfPage> {
  const page = await pdf.getPage(number)
  const view = page.getViewport({scale: 1})
  const {items, styles} = await page.getTextContent({disableNormalization: false})
  const upright: Fragment[] = []
  const turned: Fragment[] = []
  for (const item of items.slice(0, MAX_FRAGMENTS)) {
    if (!('str' in item) || item.str === '') continue
    const isMono = styles[item.fontName]?.fontFamily === 'monospace'
    const {fragment, isUpright} = fragmentOf(item, view.transform as unknown as Matrix, isMono)
    if (isUpright) upright.push(fragment)
    else turned.push({...fragment, y: turned.length * fragment.size * 3})
  }
  page.cleanup()
  return {number, height: view.height, rows: rowsOf(upright), turned: rowsOf(turned)}
}

function fragmentOf(
  item: TextItem,
  view: Matrix,
  isMono: boolean,
): {readonly fragment: Fragment; readonly isUpright: boolean} {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform
  const across = view[0] * a + view[2] * b
  const down = view[1] * a + view[3] * b
  const height = Math.hypot(view[0] * c + view[2] * d, view[1] * c + view[3] * d)
  const fragment = {
    x: view[0] * e + view[2] * f + view[4],
    y: view[1] * e + view[3] * f + view[5],
    width: item.width,
    size: height || item.height || 1,
    text: item.str,
    font: item.fontName,
    isMono,
    isRightToLeft: item.dir === 'rtl',
  }
  return {fragment, isUpright: across > 0 && Math.abs(down) < 0.1 * across}
}
