/** True when an absolute path without links is the folder `root` itself or lies under it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root === '/' ? '/' : `${root}/`)
}
