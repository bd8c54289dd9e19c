/** What stands for a secret. */
export const MASK = '***'

/** Query parameters whose value is a key. */
const SECRET_PARAMETER =
  /([?&;](?:[\w.-]*[_.-])?(?:key|apikey|token|secret|password|passwd|pwd|sig|signature|code|auth)=)([^&#\s]+)/gi
/** `name:password@host`, as a proxy may be given. */
const BARE_USER_INFO = /^[^/\s:@]+:[^/\s@]+@[^/\s@]+$/
const USER_INFO = /^((?:\w+:)?(?:[a-z][a-z0-9+.-]*:)?\/\/)([^/?#\s]*)@/i

/** What is secret of an address: the password, a name that stands alone, values of parameters that hold keys. */
export function secretsIn(address: string): readonly string[] {
  const [, , userInfo] = USER_INFO.exec(BARE_USER_INFO.test(address) ? `//${address}` : address) ?? []
  const values = [...address.matchAll(SECRET_PARAMETER)].map(([, , value = '']) => value)
  return userInfo === undefined ? values : [passwordOf(userInfo), ...values]
}

/** An address, or a model's name that holds one, as it may be shown and kept: without name and password. */
export function withoutPassword(address: string): string {
  return address.replace(USER_INFO, `$1${MASK}@`)
}

/** Whether an address holds what must not be stored or shown with it. */
export function holdsPassword(address: string): boolean {
  const [, , userInfo = MASK] = USER_INFO.exec(address) ?? []
  return userInfo !== MASK || address.search(SECRET_PARAMETER) >= 0
}

/** The address as it is to be named: nothing in the place of name and password. */
export function bareAddress(address: string): string {
  return address
    .replace(USER_INFO, '$1')
    .replaceAll(SECRET_PARAMETER, '')
    .replace(/^([^?]*)&/, '$1?')
}

/** The header that a key is sent in. One that names its scheme, `Basic` or `Bearer`, is sent as it is. */
export const authorization = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : {authorization: /^(Basic|Bearer) /i.test(key) ? key : `Bearer ${key}`}

/** Of `name:password`; a name that stands alone is a token. */
export const passwordOf = (userInfo: string): string => userInfo.slice(userInfo.indexOf(':') + 1)
