import type {Services} from '../../src/lib/ports/services.js'

/**
 * Services of which only some are there. Asking for another one throws its name: a use case that comes to need more than its test gives
 * it is noticed.
 */
export function handMadeServices<Name extends keyof Services>(parts: Pick<Services, Name>): Services {
  return new Proxy(parts as Services, {
    get(target, name) {
      if (!(name in target)) throw new Error(`The use case asked for services.${String(name)}.`)
      return target[name as keyof Services]
    },
  })
}
