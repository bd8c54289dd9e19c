import * as z from 'zod'
import type {Place} from '../../lib/model/block.js'
import {exactly} from './enumerations.js'
import {text, type Data} from './values.js'

/** Where something stands in its source. */
export const place = z
  .strictObject({
    kind: exactly<Place['kind']>()(
      'lines',
      'pages',
      'paragraphs',
      'slide',
      'rows',
      'cell',
      'message',
      'time',
    ).describe('what is counted'),
    first: z.int().min(0).describe('number of the first, from 1; of `time` its beginning in milliseconds'),
    last: z.int().min(0).describe('number of the last, inclusive; of `time` its end in milliseconds'),
    part: text(
      'the sheet of `rows`; the file within a book of `paragraphs`, where there are several',
    ).optional(),
    in_notes: z.boolean().describe('of a `slide`: its notes, not the slide itself').optional(),
  })
  .meta({id: 'Place', description: 'where something stands in the source that a person can open'})

export type PlaceData = Data<typeof place>
