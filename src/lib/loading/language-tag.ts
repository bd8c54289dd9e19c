/** The BCP 47 primary tag of what a source says of its language (`en-US` gives `en`), or `undefined` when it is no such tag. */
export function primaryTag(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return /^([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?$/.exec(value.trim().slice(0, 40))?.[1]?.toLowerCase()
}
