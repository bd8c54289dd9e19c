/** Memory of this process that is in use, in bytes, all threads together. */
export function residentBytes(): number {
  return process.memoryUsage.rss()
}
