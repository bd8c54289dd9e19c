/**
 * # loading: bytes of a file to text
 *
 * **For**: reading each format that people have: title, text as Markdown, metadata, first line. A folder a format family.
 *
 * **Terms**
 * - *loader*: reads one format; chosen by the file's name, or by its first bytes.
 * - *front matter*: metadata at the head of a file, YAML or TOML.
 * - *costly format*: one whose reading may take long or much memory; a thread of its own reads it (`apart`), within limits.
 * - *place*: where in a text something is wrong, as line and column.
 *
 * **Promises**
 * - What can't be read is an error with the place, never silence: not text, too deep, broken.
 * - Time and memory are bounded on hostile input: nesting, entities, long lines, bad encodings.
 * - A file that takes too long or too much is given up and named; the next is read.
 * - Pure: no files, no clock; the same bytes give the same text.
 *
 * **Steps**
 * ```
 *   bytes ─► binary? ─► encoding ─► loader by name ─► front matter, title ─► text
 *   bytes ─► thread ─► reader of a costly format ─► text, with the place of each part of it
 * ```
 */
export {ApartReader} from './apart/apart-reader.js'
export type {LoadingService} from './apart/loading-service.js'
export {createLoaders, readHere} from './create-loaders.js'
