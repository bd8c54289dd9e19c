/** A value and where it came from; `where` names the flag, the variable or the file. */
export interface Resolved<T> {
  readonly value: T
  readonly origin: 'flag' | 'env' | 'file' | 'found' | 'default'
  readonly where: string
}
