/** A share from 0 to 1, as people write it: `5%`, `0.05`. Undefined when it is none. */
export function parseShare(raw: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,9})?)( ?%)?$/.exec(raw.trim())
  if (match === null) return undefined
  const share = Number(match[1]) / (match[2] === undefined ? 1 : 100)
  return share <= 1 ? share : undefined
}
