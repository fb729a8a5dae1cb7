import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { startProxy } from '../../src/node/capture/proxy.ts'
import { Recorded, type Sent } from '../../src/node/capture/recorded.ts'
import type { ClientServer } from '../../src/node/server/session.ts'
import { messageReader } from '../../src/node/server/wire.ts'

const text = (value: string) => Buffer.from(`${value}\0`)
const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const message = (kind: string, ...parts: readonly Buffer[]) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body])
}
const ready = (state: string) => message('Z', Buffer.from(state))
const refusal = message('E', Buffer.from('SERROR\0C42P01\0Mno\0\0'))

/** `< ` before what the client sends, `> ` before what the server answers. */
function record(talk: readonly (readonly ['<' | '>', Buffer])[], cut: readonly number[] = []): Sent[] {
  const sent: Sent[] = []
  const recorded = new Recorded(1, each => sent.push(each))
  const client = messageReader(true, each => recorded.fromClient(each))
  const server = messageReader(false, each => recorded.fromServer(each))
  for (const [from, bytes] of talk) {
    const read = from === '<' ? client : server
    const places = [0, ...cut.map(each => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
    for (const [i, end] of places.entries()) if (i > 0) read(bytes.subarray(places[i - 1], end))
  }
  return sent
}

const talk = [
  ['<', Buffer.concat([int32(8), int32(80877103)])],
  ['<', Buffer.concat([int32(9), int32(3 << 16), Buffer.from('\0')])],
  ['>', Buffer.concat([message('R', int32(0)), ready('I')])],
  ['<', message('Q', text('BEGIN; SELECT 1'))],
  ['>', Buffer.concat([message('C', text('BEGIN')), message('C', text('SELECT 1')), ready('T')])],
  [
    '<',
    Buffer.concat([
      message('P', text('s'), text('UPDATE t SET a = $1, b = $2, c = $3'), int16(0)),
      message(
        'B',
        text(''),
        text('s'),
        int16(1),
        int16(0),
        int16(3),
        int32(2),
        Buffer.from('é'),
        int32(-1),
        int32(0),
        int16(0),
      ),
      message('E', text(''), int32(0)),
      message('P', text(''), text('SELECT wrong'), int16(0)),
      message('B', text(''), text(''), int16(0), int16(0), int16(0)),
      message('E', text(''), int32(0)),
      message('S'),
    ]),
  ],
  ['>', Buffer.concat([message('1'), message('2'), message('C', text('UPDATE 1')), refusal, ready('E')])],
  ['<', message('Q', text('ROLLBACK'))],
  ['>', Buffer.concat([message('C', text('ROLLBACK')), ready('I')])],
] as const

test('a connection is followed through its messages', () => {
  expect(record(talk).map(({ text, parameters, before, refused }) => [text, parameters, before, refused])).toEqual([
    ['BEGIN; SELECT 1', [], 'idle', null],
    ['UPDATE t SET a = $1, b = $2, c = $3', ['é', null, ''], 'open', null],
    ['SELECT wrong', [], 'open', '42P01'],
    ['ROLLBACK', [], 'failed', null],
  ])
})

test('wherever the network cuts it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 8 }), cut => {
      expect(record(talk, cut)).toEqual(record(talk))
    }),
  )
})

/** Bytes of any kind, and messages that begin as they should. */
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .array(fc.tuple(fc.constantFrom('P', 'B', 'E', 'Q', 'S', 'Z', 'C', '1', '2'), fc.uint8Array({ maxLength: 30 })))
    .map(all =>
      Buffer.concat([
        Buffer.concat([int32(9), int32(3 << 16), Buffer.from('\0')]),
        ...all.map(([kind, body]) => message(kind, Buffer.from(body))),
      ]),
    ),
)

test('any bytes end in messages or in one sentence', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (bytes, isClient) => {
      const recorded = new Recorded(1, () => {})
      const read = messageReader(isClient, each => (isClient ? recorded.fromClient(each) : recorded.fromServer(each)))
      try {
        read(bytes)
      } catch (error) {
        expect((error as Error).message).toBe('it does not speak the protocol of PostgreSQL')
      }
    }),
    { numRuns: 2000 },
  )
})

test('a long message in many chunks is joined once, and small ones around it stay whole', () => {
  const long = message('Q', text('x'.repeat(4 << 20)))
  const bytes = Buffer.concat([message('S'), long, message('S'), message('Q', text('SELECT 1'))])
  const kinds: string[] = []
  const read = messageReader(false, each => kinds.push(`${each.kind} ${each.body.length}`))
  const concat = vi.spyOn(Buffer, 'concat')
  for (let at = 0; at < bytes.length; at += 1024) read(bytes.subarray(at, at + 1024))
  const copied = concat.mock.calls.reduce((sum, [, length = 0]) => sum + length, 0)
  concat.mockRestore()
  expect(kinds).toEqual(['S 0', `Q ${(4 << 20) + 1}`, 'S 0', 'Q 9'])
  expect(copied).toBeLessThan(2 * bytes.length)
})

test('what a proxy keeps is bounded, and what it does not keep is counted', async () => {
  const server = {
    openWire: async (receive: (bytes: Uint8Array) => void) => ({
      send: async () => receive(ready('I')),
      end: async () => {},
    }),
  } as unknown as ClientServer
  const proxy = await startProxy(server, { room: 20 })
  const socket = connect(proxy.port, '127.0.0.1')
  try {
    const start = Buffer.concat([int32(9), int32(3 << 16), Buffer.from('\0')])
    const queries = ['SELECT 1', 'x'.repeat(30), 'SELECT 2'].map(sql => message('Q', text(sql)))
    socket.write(Buffer.concat([start, ...queries]))
    await expect.poll(() => proxy.left(), { timeout: 20_000 }).toBe(2)
    expect(proxy.sent.map(each => each.text)).toEqual(['SELECT 1'])
  } finally {
    socket.destroy()
    await proxy.stop()
  }
})

test('whole numbers and text are read in binary form, by the types that client or server name, and nothing else is', () => {
  const bigint = Buffer.alloc(8)
  bigint.writeBigInt64BE(20240101000000n)
  const values = [bigint, int32(-7), int16(3), Buffer.from('1_a'), Buffer.from([1]), Buffer.alloc(3)]
  const types = [20, 23, 21, 25, 16, 20].map(int32)
  const bind = message(
    'B',
    ...[text(''), text('s'), int16(1), int16(1), int16(values.length)],
    ...values.flatMap(value => [int32(value.length), value]),
    int16(0),
  )
  const parse = (named: readonly Buffer[]) => message('P', text('s'), text('INSERT'), int16(named.length), ...named)
  const read = ['20240101000000', '-7', '3', '1_a', null, '']
  const start = ['<', Buffer.concat([int32(9), int32(3 << 16), Buffer.from('\0')])] as const
  const run = ['<', Buffer.concat([bind, message('E', text(''), int32(0)), message('S')])] as const
  // As pgx does it …
  const asked = [
    start,
    ['<', Buffer.concat([parse([]), message('D', Buffer.from('S'), text('s')), message('S')])],
    ['>', Buffer.concat([message('1'), message('t', int16(types.length), ...types), message('n'), ready('I')])],
    run,
  ] as const
  expect(record(asked).map(({ parameters }) => parameters)).toEqual([read])
  // … and as JDBC does.
  expect(record([start, ['<', parse(types)], run]).map(({ parameters }) => parameters)).toEqual([read])
  expect(record([start, ['<', parse([])], run])[0]?.parameters).toEqual(values.map(() => null))
})

test('one line says that connections wait for each other on a server with one session', async () => {
  const answers: (() => void)[] = []
  const server = {
    name: 'PGlite',
    servesMany: false,
    openWire: async (receive: (bytes: Uint8Array) => void) => ({
      send: async (messages: Uint8Array) => {
        if (Buffer.from(messages).includes('BEGIN')) return receive(ready('T'))
        if (messages[0] === 0) return receive(ready('I'))
        return new Promise<void>(resolve => answers.push(resolve))
      },
      end: async () => {},
    }),
  } as unknown as ClientServer
  const told: string[] = []
  const proxy = await startProxy(server, { patience: 20, tell: line => told.push(line) })
  const sockets = ['BEGIN', 'SELECT 1', 'SELECT 2'].map(sql => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write(Buffer.concat([int32(9), int32(3 << 16), Buffer.from('\0'), message('Q', text(sql))]))
    return socket
  })
  try {
    await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(2)
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1)
    expect(told[0]).toMatch(
      /^Connection \d of the command waits for its connection \d, .* because PGlite has one session\./,
    )
    for (const answer of answers) answer()
  } finally {
    for (const socket of sockets) socket.destroy()
    await proxy.stop()
  }
  expect(told).toHaveLength(1)
})
