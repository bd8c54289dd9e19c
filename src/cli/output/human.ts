/** `1,234,567`, the same in every locale; without spaces, which would be field separators to awk. */
export function showCount(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `2 files`, `1 file`. */
export function plural(count: number, word: string, many = `${word}s`): string {
  return `${showCount(count)} ${count === 1 ? word : many}`
}

/** A word in the plural as it stands beside a count: `1 file`, `2 files`. */
export function counted(count: number, words: string): string {
  return `${showCount(count)} ${count === 1 ? words.replace(/s$/, '') : words}`
}

/** Bytes as people read them, in powers of 1024: `512 B`, `1.4 MB`. */
export function showBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return unit === 0 ? `${bytes} B` : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Seconds as people read them: `0.42 s`, `12.3 s`, `2 min 5 s`, `1 h 12 min`. */
export function showDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A moment as ISO 8601 in UTC, to the second: `2026-11-20T11:44:54Z`. */
export function showTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
