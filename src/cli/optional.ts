/** An object without its undefined members, for types whose optional members must be absent or given. */
export function optional<T extends object>(members: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

export const millisecondsOf = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.ceil(1000 * seconds)
