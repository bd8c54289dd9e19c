import {format, resolveConfig} from 'prettier'
import {fieldTable} from './field-tables.js'

const REGION = /<!-- fields: (.+?) -->\n[^]*?<!-- end of fields -->/g

/** The document with the table of each marked region made anew from the contract. */
export async function withFieldTables(document: string, path: string): Promise<string> {
  const filled = document.replaceAll(
    REGION,
    (_, name: string) => `<!-- fields: ${name} -->\n\n${fieldTable(name)}\n\n<!-- end of fields -->`,
  )
  return format(filled, {...(await resolveConfig(path)), filepath: path})
}

/** The names of the regions, in order. */
export const regionsOf = (document: string): readonly string[] =>
  [...document.matchAll(REGION)].map(([, name]) => name!)
