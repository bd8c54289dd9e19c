import type {LoadedDocument, LoadFault} from '../../model/document.js'
import {notValid} from '../../model/errors/files/source.js'
import type {DocumentLoader, RawFile} from '../../ports/document-loader.js'
import {decodeText} from '../encoding/decode-text.js'
import {fileTitle} from '../file-title.js'
import {PlacedText} from '../placed/placed-text.js'

interface Cue {
  readonly startMs: number
  readonly endMs: number
  readonly lines: string[]
}

/** A silence this long parts paragraphs. */
const PAUSE_MS = 2000
const STAMP = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})`
const TIMING = new RegExp(String.raw`^\s*${STAMP}\s*-->\s*${STAMP}`)
/** Blocks of WebVTT that are not spoken. */
const UNSPOKEN = /^(?:NOTE|STYLE|REGION)(?:\s|$)/

/** Subtitles (`.srt`, `.vtt`): what is said, a line a cue, each at its time; a paragraph ends where there is a pause. Marks of style are left out. */
export const subtitlesLoader: DocumentLoader = {
  type: 'subtitles',
  extensions: ['srt', 'vtt'],
  load(file: RawFile): LoadedDocument {
    const source = decodeText(file.bytes, file.name)
    const {cues, faults} = readCues(source)
    if (cues.length === 0 && source.trim() !== '' && !/^\s*WEBVTT/.test(source))
      throw notValid(file.name, 'subtitles', 'it has no time such as 00:01:02,500 --> 00:01:04,000')
    const text = new PlacedText()
    let before: Cue | undefined
    for (const cue of cues) {
      const said = saidIn(cue, before)
      const {startMs, endMs} = cue
      text.block(
        said,
        {kind: 'time', startMs, endMs},
        before !== undefined && startMs - before.endMs < PAUSE_MS,
      )
      if (said !== '') before = cue
    }
    return {
      title: fileTitle(file.name),
      text: text.text(),
      format: 'text',
      firstLine: 1,
      metadata: {},
      places: text.places(),
      ...(faults.length > 0 ? {faults} : {}),
    }
  },
}

function readCues(source: string): {readonly cues: readonly Cue[]; readonly faults: readonly LoadFault[]} {
  const cues: Cue[] = []
  const faults: LoadFault[] = []
  const lines = source.split('\n')
  let open: Cue | undefined
  let isUnspoken = false
  lines.forEach((line, at) => {
    const timing = TIMING.exec(line)
    if (timing) {
      open = {startMs: milliseconds(timing, 1), endMs: milliseconds(timing, 5), lines: []}
      cues.push(open)
      isUnspoken = false
    } else if (line.includes('-->')) {
      open = undefined
      faults.push({message: 'a time that can not be read; its cue is left out', line: at + 1})
    } else if (line.trim() === '') isUnspoken = false
    else if (UNSPOKEN.test(line) && (lines[at - 1] ?? '').trim() === '') isUnspoken = true
    // The name of a cue stands right above its time.
    else if (!isUnspoken && !(lines[at + 1] ?? '').includes('-->')) open?.lines.push(line)
  })
  return {cues, faults}
}

function milliseconds(match: RegExpExecArray, first: number): number {
  const part = (at: number): number => Number(match[first + at] ?? 0)
  return (part(0) * 3600 + part(1) * 60 + part(2)) * 1000 + Number((match[first + 3] ?? '0').padEnd(3, '0'))
}

/** The words of a cue without marks; lines that roll up from the cue before are not said again. */
function saidIn({lines}: Cue, before: Cue | undefined): string {
  const last = before?.lines.map(plain).filter(Boolean) ?? []
  const own = lines.map(plain).filter(Boolean)
  return own.filter((line) => own.length === 1 || !last.includes(line)).join(' ')
}

function plain(line: string): string {
  return line
    .replace(/<v(?:\.[\w.]+)?\s+([^>]{1,100})>/g, '$1: ')
    .replace(/<\/?[\w.:]*(?:\s[^<>]{0,200})?>/g, '')
    .replace(/\{\\[^}]{0,100}\}/g, '')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', nbsp: ' '}
