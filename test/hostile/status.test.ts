import { spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cli, project } from '../node/kit/program.ts'

// What answers as a database may be anybody's: it never ends, says too much, or asks for what it should not have.

const files = { 'db/migrations/1_users.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' }
const SSL_REQUEST = 80877103

function message(kind: string, ...parts: readonly (string | number | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map(part => {
      if (typeof part !== 'number') return Buffer.from(part)
      const number = Buffer.alloc(4)
      number.writeInt32BE(part)
      return number
    }),
  )
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const short = (value: number) => Buffer.from([value >> 8, value & 255])
const welcome = Buffer.concat([message('R', 0), message('Z', 'I')])
const column = (name: string) => [`${name}\0`, 0, short(0), 25, short(-1 & 0xffff), -1, short(0)]
const row = (value: string) => message('D', short(1), value.length, value)
const error = (text: string) => message('E', `SERROR\0C42000\0M${text}\0`, '\0')

/** A server that answers each packet, the first one after encryption was refused, as a function says. It never closes a connection. */
async function serverOf(answer: (packet: Buffer, count: number, socket: Socket) => void) {
  const received: Buffer[] = []
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    let count = 0
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', data => {
      received.push(data)
      if (data.length === 8 && data.readInt32BE(4) === SSL_REQUEST) socket.write('N')
      else answer(data, count++, socket)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received: () => Buffer.concat(received).toString('latin1'),
  }
}

/** The status of a small project, in little memory; killed after a time in which it would have ended many times. */
async function status(url: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--max-old-space-size=120', cli, 'status', '--database-url', url, ...args], {
    cwd: project(files),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 40_000,
    killSignal: 'SIGKILL',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { code, said }
}

/** Writes again and again, as fast as it is read. */
function endlessly(socket: Socket, data: Buffer) {
  const more = () => {
    while (!socket.destroyed && socket.write(data));
  }
  socket.on('drain', more)
  more()
}

const many = Buffer.concat(Array.from({ length: 1000 }, () => row('x')))
const notices = Buffer.concat(Array.from({ length: 1000 }, () => message('N', 'Mx\0', '\0')))

describe('a server', () => {
  test.each<[string, (count: number, socket: Socket) => void, string]>([
    [
      'whose error message has no end',
      (_, socket) => {
        socket.write(Buffer.from([0x45, 0x7f, 0xff, 0xff, 0xff]))
        endlessly(socket, Buffer.alloc(65536, 'x'))
      },
      'The database cannot be reached: ',
    ],
    [
      'whose error message lacks its last byte',
      (_, socket) => socket.write(message('E', 'SERROR\0Mx\0')),
      "The database cannot be reached: the server does not speak PostgreSQL's protocol.",
    ],
    [
      'that greets for ever',
      (_, socket) => endlessly(socket, message('S', 'name\0value\0')),
      'The database cannot be reached: the server sent ',
    ],
    [
      'whose rows have no end',
      (count, socket) => {
        socket.write(count === 0 ? welcome : message('T', short(1), ...column('path')))
        if (count > 0) endlessly(socket, many)
      },
      'The database cannot be read: the server sent far more rows than were asked for.',
    ],
    [
      'that says something beside the answer, for ever',
      (count, socket) => (count === 0 ? socket.write(welcome) : endlessly(socket, notices)),
      'The database cannot be read: the server sent far more rows than were asked for.',
    ],
    [
      'that has one value read again and again',
      (count, socket) => {
        if (count === 0) return socket.write(welcome)
        const value = Buffer.alloc(2_000_000, 'x')
        value.writeInt32BE(-value.length, value.length - 4)
        return socket.write(
          Buffer.concat([
            message('T', short(1), ...column('path')),
            message('D', short(0x7fff), value.length - 4, value),
          ]),
        )
      },
      "The database cannot be read: the server does not speak PostgreSQL's protocol.",
    ],
    [
      'with more columns than there are bytes',
      (count, socket) => socket.write(count === 0 ? welcome : message('T', short(90))),
      "The database cannot be read: the server does not speak PostgreSQL's protocol.",
    ],
    [
      'that answers another question',
      (count, socket) =>
        socket.write(
          count === 0
            ? welcome
            : Buffer.concat([
                message('T', short(1), ...column('path')),
                row('{'),
                message('C', 'SELECT 1\0'),
                message('Z', 'T'),
              ]),
        ),
      'The database cannot be read: its answers are not those of PostgreSQL.',
    ],
    [
      'that does not take leave',
      (count, socket) => socket.write(count === 0 ? welcome : Buffer.concat([error('no'), message('Z', 'E')])),
      'The database cannot be read: no.',
    ],
    [
      'that refuses and does not take leave',
      (_, socket) => socket.write(error('not you')),
      'The database cannot be reached: not you.',
    ],
    ['that says nothing at all', () => {}, 'The database cannot be reached: timeout expired.'],
    [
      'that begins and says nothing more',
      (_, socket) => socket.write(message('R', 0)),
      'The database cannot be reached: timeout expired.',
    ],
  ])('%s: one line', async (_, answer, line) => {
    const { port } = await serverOf((__, count, socket) => answer(count, socket))
    const { code, said } = await status(`postgres://app@127.0.0.1:${port}/shop?connect_timeout=5`)
    expect(said).toContain(`migrate-lint: ${line}`)
    expect(said).not.toContain('internal error')
    expect(said.length).toBeLessThan(1000)
    expect(code).toBe(2)
  })

  test('is shortened, without characters that act on a terminal', async () => {
    const { port } = await serverOf((_, __, socket) =>
      socket.write(error(`\u001b]0;x\u0007\u202e${'long '.repeat(10_000)}`)),
    )
    const { code, said } = await status(`postgres://app@127.0.0.1:${port}/shop`, '--debug')
    expect([...said].filter(character => /(?!\n)[\p{Cc}\p{Cf}]/u.test(character))).toEqual([])
    expect(said).toContain('␛]0;x␇\\u{202e}long long')
    expect(said.length).toBeLessThan(3000)
    expect(code).toBe(2)
  })
})

describe('a password', () => {
  const asking = () =>
    serverOf((_, count, socket) =>
      socket.write(count === 0 ? message('R', 3) : error('password authentication failed')),
    )

  test('is not sent in clear text to another machine that has refused to encrypt', async () => {
    const { port, received } = await asking()
    const { code, said } = await status(`postgres://app:s3cret@0.0.0.0:${port}/shop`)
    expect(received()).toContain('app')
    expect(received()).not.toContain('s3cret')
    expect(said).toContain(
      'The database cannot be reached: the server asks for the password in clear text, and nothing encrypts the connection. Ask for encryption with sslmode=require',
    )
    expect(code).toBe(2)
  })

  test.each([
    ['on this machine', (port: number) => `postgres://app:s3cret@127.0.0.1:${port}/shop`],
    [
      'where the address wants no encryption',
      (port: number) => `postgres://app:s3cret@0.0.0.0:${port}/shop?sslmode=disable`,
    ],
  ])('is sent %s', async (_, url) => {
    const { port, received } = await asking()
    const { code, said } = await status(url(port))
    expect(received()).toContain('s3cret')
    expect(said).toContain('password authentication failed')
    expect(said).not.toContain('s3cret')
    expect(code).toBe(2)
  })
})
