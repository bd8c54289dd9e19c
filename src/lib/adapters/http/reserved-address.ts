import {BlockList, isIP, type LookupFunction} from 'node:net'

/** Where machines of a cloud tell their credentials, and what only this machine's own network knows. */
const RESERVED = new BlockList()
RESERVED.addSubnet('169.254.0.0', 16, 'ipv4')
RESERVED.addSubnet('0.0.0.0', 8, 'ipv4')
RESERVED.addAddress('100.100.100.200', 'ipv4')
RESERVED.addAddress('192.0.0.192', 'ipv4')
RESERVED.addSubnet('fe80::', 10, 'ipv6')
RESERVED.addAddress('fd00:ec2::254', 'ipv6')
RESERVED.addAddress('::', 'ipv6')
const NAMES = /^(metadata|metadata\.google\.internal|metadata\.goog|instance-data(\.ec2\.internal)?)\.?$/i

/** Whether a host is link-local, or one that tells metadata of the machine: no redirect from elsewhere leads there. */
export function isReserved(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const kind = isIP(host)
  if (kind === 0) return NAMES.test(host)
  return RESERVED.check(host, kind === 4 ? 'ipv4' : 'ipv6')
}

/** The name of a host stands for an address that is reserved. */
export class ReservedAddress extends Error {}

/** Looks names up, and gives no address of a name that has a reserved one: what a name says of its host is known only when it connects. */
export function lookupUnreserved(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({address}) => address)
      if (error === null && addresses.some(isReserved))
        callback(new ReservedAddress(`${hostname} is a reserved address`), found, family)
      else callback(error, found, family)
    })
}
