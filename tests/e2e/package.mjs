// A folder as a zip (stored, not compressed: APPNOTE 4.3), for packages that tests put in the bank themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

function crc32(bytes) {
  let crc = ~0
  for (const byte of bytes) { crc ^= byte; for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0) }
  return ~crc >>> 0
}

export function zipOf(folder) {
  const local = [], central = []
  let offset = 0
  for (const name of readdirSync(folder).sort()) {
    const data = readFileSync(join(folder, name)), path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0); common.writeUInt16LE(0x800, 2); common.writeUInt16LE(0x21, 8); common.writeUInt32LE(crc32(data), 10); common.writeUInt32LE(data.length, 14); common.writeUInt32LE(data.length, 18); common.writeUInt16LE(path.length, 22)
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, path]))
    local.push(head)
    offset += head.length
  }
  const directory = Buffer.concat(central), end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4); end.writeUInt16LE(central.length, 6); end.writeUInt32LE(directory.length, 8); end.writeUInt32LE(offset, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
