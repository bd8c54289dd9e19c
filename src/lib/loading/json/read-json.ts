import {JsonTooDeep, parseJson} from '../../model/input/parse-json.js'
import {quoteNumbers} from './json-numbers.js'
import {jsonFault, type JsonFault} from './json-fault.js'
import {withoutComments} from './json-comments.js'

/** What was read of a JSON text; `value` is undefined when it is none. */
export interface ReadJson {
  readonly value: unknown
  readonly fault?: JsonFault | undefined
}

/**
 * Parses JSON, with comments and trailing commas as configuration files have them. Numbers that a double does not hold as they are written
 * come as `WrittenNumber` texts.
 * @throws JsonTooDeep
 */
export function readJson(source: string): ReadJson {
  try {
    return {value: parseJson(quoteNumbers(source))}
  } catch (error) {
    if (error instanceof JsonTooDeep) throw error
  }
  try {
    return {value: parseJson(quoteNumbers(withoutComments(source)))}
  } catch (error) {
    if (error instanceof JsonTooDeep) throw error
    return {value: undefined, fault: jsonFault(source)}
  }
}
