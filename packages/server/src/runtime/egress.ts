import { BlockList, isIP } from 'node:net'

/** Which addresses the program may call, by `CITYLOOP_EGRESS`. */
export type Egress = { mayReach(address: string, port: number): boolean }

/** What is not global unicast: IANA's special-purpose registries for IPv4 (RFC 6890 and its updates) and IPv6. */
const specialV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const specialV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48']

/**
 * Reads the setting: `any`, or a list of `public` (global unicast addresses), CIDR ranges, and `host:port` pairs of addresses. Throws an error that names the
 * part that is none of these.
 */
export function parseEgress(text: string): Egress {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.includes('any')) return { mayReach: () => true }
  const added = new BlockList()
  const pairs = new Set<string>()
  for (const part of parts) {
    if (part === 'public') continue
    const range = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(part)
    const pair = /^\[?([0-9a-f.:]+?)\]?:(\d{1,5})$/i.exec(part)
    const family = isIP(range?.[1] ?? '')
    if (range !== null && family !== 0 && Number(range[2]) <= (family === 4 ? 32 : 128))
      added.addSubnet(range[1] ?? '', Number(range[2]), family === 4 ? 'ipv4' : 'ipv6')
    else if (pair !== null && isIP(pair[1] ?? '') !== 0) pairs.add(`${pair[1]} ${pair[2]}`)
    else
      throw new Error(
        `CITYLOOP_EGRESS must be "any", or a list of "public", ranges such as 10.1.0.0/16 and pairs such as 10.1.2.3:8080; "${part}" is none of these`,
      )
  }
  const special = new BlockList()
  for (const cidr of specialV4) special.addSubnet(cidr.split('/')[0] ?? '', Number(cidr.split('/')[1]), 'ipv4')
  for (const cidr of specialV6) special.addSubnet(cidr.split('/')[0] ?? '', Number(cidr.split('/')[1]), 'ipv6')
  const globalV6 = new BlockList()
  globalV6.addSubnet('2000::', 3, 'ipv6')

  return {
    mayReach(given, port) {
      const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(given)
      const address = mapped?.[1] ?? given
      const family = isIP(address)
      if (family === 0) return false
      const kind = family === 4 ? 'ipv4' : 'ipv6'
      if (added.check(address, kind) || pairs.has(`${address} ${port}`)) return true
      if (!parts.includes('public') || special.check(address, kind)) return false
      return family === 4 || globalV6.check(address, 'ipv6')
    },
  }
}
