// A zip archive of stored entries (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16), enough for what a
// test needs to hand to the page.

export function zip(entries: Record<string, Buffer | string>): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(entries)) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)];
    const facts = Buffer.alloc(22);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    const common = Buffer.concat([Buffer.from([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x58]), facts.subarray(10), u16(name.length), u16(0)]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), u16(20), common, u16(0), u16(0), u16(0), Buffer.alloc(4), u32(offset), name]));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const count = u16(central.length);
  const end = Buffer.concat([Buffer.from('PK\x05\x06'), u16(0), u16(0), count, count, u32(directory.length), u32(offset), u16(0)]);
  return Buffer.concat([...parts, directory, end]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
