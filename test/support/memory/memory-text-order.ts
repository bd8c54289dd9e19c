/** Orders texts by code point, as SQLite orders UTF-8. (`<` orders by UTF-16 unit, which puts U+1F600 before U+FB00.) */
export function compareText(a: string, b: string): number {
  let at = 0
  while (at < a.length && at < b.length) {
    const left = a.codePointAt(at)!
    const right = b.codePointAt(at)!
    if (left !== right) return left - right
    at += left > 0xffff ? 2 : 1
  }
  return a.length - b.length
}
